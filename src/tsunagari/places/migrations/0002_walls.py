"""Row-level security of places; periods of one agency never overlap."""

from django.db import migrations

from tsunagari.base import rls

NO_OVERLAP = """
ALTER TABLE places_agencyperiod ADD CONSTRAINT period_no_overlap EXCLUDE USING gist (
    int8range(agency_id, agency_id, '[]') WITH &&, daterange(valid_from, valid_to, '[]') WITH &&) DEFERRABLE
"""
NO_DOUBLE_DESIGNATION = """
ALTER TABLE places_designation ADD CONSTRAINT designation_no_overlap EXCLUDE USING gist (
    int8range(agency_id, agency_id, '[]') WITH &&, daterange(valid_from, valid_to, '[]') WITH &&)
"""

class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [
        rls.tenant_parent("places_agency"),
        rls.tenant_parent("places_area"),
        rls.tenant_parent("places_agencyperiod"),
        rls.tenant_parent("places_site"),
        rls.tenant_table("places_area"),
        rls.tenant_table("places_agency"),
        rls.tenant_table("places_agencyperiod", parents={"agency_id": "places_agency", "area_id": "places_area"}),
        rls.tenant_table("places_openinghour", parents={"period_id": "places_agencyperiod"}),
        rls.tenant_table("places_openingexception", parents={"agency_id": "places_agency"}),
        rls.tenant_table("places_designation", parents={"agency_id": "places_agency"}),
        rls.tenant_table("places_site", parents={"agency_id": "places_agency"}),
        rls.tenant_table("places_sitetime", parents={"site_id": "places_site"}),
        rls.tenant_table("places_timeslot", parents={"agency_id": "places_agency"}),
        migrations.RunSQL(NO_OVERLAP, migrations.RunSQL.noop),
        migrations.RunSQL(NO_DOUBLE_DESIGNATION, migrations.RunSQL.noop),
    ]
