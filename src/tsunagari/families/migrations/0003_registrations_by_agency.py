"""An agency's registrations by the day they end: those that stand, and those of a month that ended."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("families", "0002_walls")]
    operations = [
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(fields=["agency", "ends_on"], name="registration_by_agency"),
        ),
        migrations.AlterField(
            model_name="registration",
            name="agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.agency",
            ),
        ),
    ]
