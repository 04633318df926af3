"""A town's number alone finds no row: every index of it went, for it also spoils plans made without values."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("interop", "0004_rosters"),
        ("places", "0004_site_times"),
    ]

    operations = [
        migrations.AlterField(
            model_name="rosterrow",
            name="municipality",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.municipality",
            ),
        ),
    ]
