"""Charts that ended, and records about nobody known, by agency."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("encounters", "0006_record_walls")]

    operations = [
        migrations.AddIndex(
            model_name="chart",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", False)),
                fields=["agency", "-closed_on"],
                name="chart_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(
                condition=models.Q(("household__isnull", True)),
                fields=["agency", "-occurred_at"],
                name="record_of_nobody",
            ),
        ),
    ]
