"""Consent is a column of the index: a plan made without values cannot see that it fits a condition of one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("encounters", "0016_seals_in_order")]
    operations = [
        migrations.AddIndex(
            "consultation",
            models.Index(
                fields=["municipality", "consent", "-occurred_at"],
                name="record_shared_newest",
                condition=models.Q(household__isnull=False),
            ),
        ),
        migrations.RemoveIndex("consultation", "record_shared"),
    ]
