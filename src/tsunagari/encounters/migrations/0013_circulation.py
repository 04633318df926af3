"""What somebody sealed, the last first."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("encounters", "0012_plans")]
    operations = [
        migrations.AddIndex(
            "seal",
            models.Index(
                fields=["user_id", "agency", "-sealed_at"],
                name="seal_made",
                condition=Q(sealed_at__isnull=False, withdrawn_at__isnull=True),
            ),
        ),
    ]
