"""families_find is planned for what is asked.

PostgreSQL 18 keeps the plan of a function in SQL and after five calls stops looking at what is asked: for words it
knows nothing about it then walks the town instead of asking the index of grams.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("families", "0005_registration_ends")]
    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION families_find(text[], integer) SET plan_cache_mode = force_custom_plan",
            "ALTER FUNCTION families_find(text[], integer) RESET plan_cache_mode",
        ),
    ]
