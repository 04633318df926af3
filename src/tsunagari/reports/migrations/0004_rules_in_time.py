"""Every rule has its month; one rule for each agency and month."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_asked_since")]
    operations = [
        migrations.AlterField(
            "reportingrule",
            "starts_on",
            models.DateField(
                verbose_name="いつの報告から", help_text="the first of a month; holds until the next one begins"
            ),
        ),
        migrations.AlterField(
            "reportingrule",
            "items",
            models.JSONField(
                null=True, help_text="{ReportItem: Asking}; NULL: from here on the agency is asked what all are"
            ),
        ),
        migrations.AddConstraint(
            "reportingrule",
            models.UniqueConstraint(
                fields=["municipality", "agency", "starts_on"], name="reporting_rule_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            "reportingrule",
            models.CheckConstraint(condition=Q(starts_on__day=1), name="reporting_rule_of_months"),
        ),
        migrations.AddConstraint(
            "reportingrule",
            models.CheckConstraint(
                condition=Q(items__isnull=False) | Q(agency__isnull=False), name="reporting_rule_says"
            ),
        ),
    ]
