"""Row-level security of files brought in."""

from django.db import migrations

from tsunagari.base import rls


class Migration(migrations.Migration):
    dependencies = [("interop", "0001_initial"), ("encounters", "0002_walls")]
    operations = [
        rls.tenant_parent("interop_import"),
        rls.tenant_table("interop_import", parents={"agency_id": "places_agency"}),
        rls.tenant_table("interop_rostermapping", parents={"agency_id": "places_agency"}),
        rls.tenant_table("interop_rosterrow", parents={"source_id": "interop_import", "household_id": "families_household", "visit_id": "encounters_visit"}),
    ]
