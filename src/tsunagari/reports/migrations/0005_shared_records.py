"""Records an agency told the city of (そのつど共有), behind the wall."""

import django.db.models.deletion
from django.db import migrations, models

from tsunagari.base import rls


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0004_rules_in_time"),
        ("encounters", "0013_circulation"),
        ("places", "0004_site_times"),
    ]
    operations = [
        migrations.CreateModel(
            name="SharedRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(help_text="of the record")),
                ("shared_at", models.DateTimeField()),
                ("shared_by", models.BigIntegerField(null=True)),
                ("shared_by_name", models.CharField(max_length=80)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_by", models.BigIntegerField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.agency"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shared_with_city",
                        to="encounters.consultation",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.municipality"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(undone_at__isnull=True),
                        fields=("consultation",),
                        name="shared_record_once",
                    )
                ]
            },
        ),
        rls.tenant_table(
            "reports_sharedrecord",
            parents={"agency_id": "places_agency", "consultation_id": "encounters_consultation"},
        ),
    ]
