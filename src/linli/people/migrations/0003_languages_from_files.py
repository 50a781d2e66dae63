from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_keys_of_programs"),
    ]

    operations = [
        migrations.AlterField(
            model_name="account",
            name="language",
            field=models.CharField(default="zh-hans", max_length=10),
        ),
    ]
