from __future__ import annotations

from django.db import migrations

from linli.cases.sql import SEARCH_FUNCTION


class Migration(migrations.Migration):
    """The search function runs as the owner of the tables; see cases/sql.py."""

    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunSQL(SEARCH_FUNCTION, "DROP FUNCTION IF EXISTS linli_search_cases(tsquery, integer)"),
    ]
