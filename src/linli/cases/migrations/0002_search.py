from __future__ import annotations

from django.db import migrations

from linli.cases.sql import SEARCH_FUNCTION
from linli.kernel.walls import SCOPE_FUNCTION


class Migration(migrations.Migration):
    """The search function runs as the owner of the tables; see cases/sql.py."""

    dependencies = [("cases", "0001_initial")]
    operations = [
        # The walls are raised after all migrations; the function's body needs the scope now.
        migrations.RunSQL(SCOPE_FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH_FUNCTION, "DROP FUNCTION IF EXISTS linli_search_cases(tsquery, integer)"),
    ]
