"""Row-level security of visits and records; former texts cannot be changed."""

from django.db import migrations

from tsunagari.base import rls


class Migration(migrations.Migration):
    dependencies = [("encounters", "0001_initial"), ("families", "0002_walls")]
    operations = [
        rls.tenant_parent("encounters_visit"),
        rls.tenant_parent("encounters_consultation"),
        rls.tenant_table("encounters_visit", parents={"household_id": "families_household", "agency_id": "places_agency"}),
        rls.tenant_table("encounters_visitperson", parents={"visit_id": "encounters_visit", "person_id": "families_person"}),
        rls.tenant_table("encounters_consultation", parents={"household_id": "families_household", "agency_id": "places_agency"}),
        rls.tenant_table("encounters_consultationperson", parents={"consultation_id": "encounters_consultation", "person_id": "families_person"}),
        rls.tenant_table("encounters_consultationrevision", parents={"consultation_id": "encounters_consultation"}),
        rls.tenant_table("encounters_consultationread", parents={"consultation_id": "encounters_consultation"}),
        rls.tenant_parent("encounters_draft"),
        rls.tenant_table(
            "encounters_draft",
            parents={
                "agency_id": "places_agency",
                "household_id": "families_household",
                "consultation_id": "encounters_consultation",
                "split_from_id": "encounters_draft",
            },
        ),
        rls.append_only("encounters_consultationrevision"),
    ]
