"""Row-level security of reports."""

from django.db import migrations

from tsunagari.base import rls


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("encounters", "0002_walls")]
    operations = [
        rls.tenant_parent("reports_report"),
        rls.tenant_table("reports_reportingrule", parents={"agency_id": "places_agency"}),
        rls.tenant_table("reports_report", parents={"agency_id": "places_agency", "amends_id": "reports_report"}),
        rls.tenant_table("reports_reportcomment", parents={"report_id": "reports_report"}),
        rls.tenant_table("reports_reporttemplate"),
        rls.tenant_table(
            "reports_sharedrecord",
            parents={"agency_id": "places_agency", "consultation_id": "encounters_consultation"},
        ),
    ]
