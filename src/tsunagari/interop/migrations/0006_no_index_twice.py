"""A relation whose column leads an index already has no index of its own: every save paid for both."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("encounters", "0018_no_index_twice"),
        ("families", "0008_no_index_twice"),
        ("interop", "0005_no_town_only_indexes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="rosterrow",
            name="household",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="roster_rows",
                to="families.household",
            ),
        ),
        migrations.AlterField(
            model_name="rosterrow",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="roster_rows",
                to="interop.import",
            ),
        ),
        migrations.AlterField(
            model_name="rosterrow",
            name="visit",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="encounters.visit",
            ),
        ),
    ]
