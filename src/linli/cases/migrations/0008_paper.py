from __future__ import annotations

from django.db import migrations, models

CHANNELS = ["page", "desk", "paper", "api", "import", "patrol", "wechat", "hotline", "open311"]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_counted"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="cases_case_channel_known",
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", CHANNELS)),
                name="cases_case_channel_known",
            ),
        ),
    ]
