"""Open seals lie in the order in which they are shown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("encounters", "0015_no_town_only_indexes")]
    operations = [
        migrations.RemoveIndex("seal", "seal_open"),
        migrations.AddIndex(
            "seal",
            models.Index(
                fields=["user_id", "agency", "due_on", "asked_at"],
                name="seal_open",
                condition=models.Q(sealed_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ),
    ]
