"""One standing main card a household again: taking the index of the key away took this one too, being on that column."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("families", "0008_no_index_twice")]

    operations = [
        migrations.RunSQL(
            "CREATE UNIQUE INDEX IF NOT EXISTS card_main ON families_card (household_id)"
            " WHERE main AND state = 'active'",
            migrations.RunSQL.noop,
        ),
    ]
