from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial")]

    operations = [
        migrations.AddField(model_name="run", name="late", field=models.JSONField(default=dict)),
    ]
