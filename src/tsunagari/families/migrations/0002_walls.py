"""Row-level security of families; one home agency on any day; the search function."""

from django.db import migrations

from tsunagari.base import rls

ONE_HOME = """
ALTER TABLE families_registration ADD CONSTRAINT registration_one_home EXCLUDE USING gist (
    int8range(household_id, household_id, '[]') WITH &&, daterange(starts_on, ends_on, '[]') WITH &&)
    WHERE (is_home) DEFERRABLE
"""
ONCE_EACH = """
ALTER TABLE families_registration ADD CONSTRAINT registration_once_each EXCLUDE USING gist (
    int8range(household_id, household_id, '[]') WITH &&, int8range(agency_id, agency_id, '[]') WITH &&,
    daterange(starts_on, ends_on, '[]') WITH &&) DEFERRABLE
"""
# Operators on arrays are not leakproof, so ahead of a policy they cannot use an index; this function runs as the
# owner, carries the tenant predicate itself and takes the municipality from the transaction, never from its caller.
# PostgreSQL 18 keeps the plan of a function in SQL and after five calls stops looking at what is asked: for words it
# knows nothing about it would then walk the town instead of asking the index of grams; so it plans for what is asked.
FIND = """
CREATE FUNCTION families_find(wanted text[], most integer) RETURNS TABLE (household_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
  SELECT household_id FROM public.families_searchentry
  WHERE grams @> wanted AND listed
    AND municipality_id = (SELECT nullif(current_setting('tsunagari.municipality', true), '')::bigint)
  LIMIT most
$$;
REVOKE ALL ON FUNCTION families_find(text[], integer) FROM PUBLIC;
DO $$ BEGIN
  IF nullif(current_setting('tsunagari.web_role', true), '') IS NOT NULL THEN
    EXECUTE format('GRANT EXECUTE ON FUNCTION families_find(text[], integer) TO %I',
                   current_setting('tsunagari.web_role'));
  END IF;
END $$
"""

class Migration(migrations.Migration):
    dependencies = [('families', '0001_initial'), ('places', '0002_walls')]
    operations = [
        rls.tenant_parent("families_household"),
        rls.tenant_parent("families_person"),
        rls.tenant_parent("families_registration"),
        rls.tenant_parent("families_benefit"),
        rls.tenant_parent("families_linkagerun"),
        rls.tenant_parent("families_householdjoin"),
        rls.tenant_parent("families_card"),
        rls.tenant_table("families_household", parents={"area_id": "places_area"}),
        rls.tenant_table("families_person", parents={"household_id": "families_household"}),
        rls.tenant_table("families_secondhome", parents={"household_id": "families_household", "person_id": "families_person"}),
        rls.tenant_table("families_registration", parents={"household_id": "families_household", "agency_id": "places_agency"}),
        rls.tenant_table("families_agencylink", parents={"household_id": "families_household", "agency_id": "places_agency"}),
        rls.tenant_table("families_searchentry", parents={"household_id": "families_household"}),
        rls.tenant_table("families_householdjoin", parents={"source_id": "families_household", "target_id": "families_household"}),
        rls.tenant_table("families_householdrevision", parents={"household_id": "families_household"}),
        rls.tenant_table("families_registrationpolicy"),
        rls.tenant_table("families_renewal", parents={"registration_id": "families_registration"}),
        rls.tenant_table("families_homechange", parents={"household_id": "families_household", "former_id": "places_agency", "new_id": "places_agency"}),
        rls.tenant_table("families_paperform", parents={"household_id": "families_household", "agency_id": "places_agency"}),
        rls.tenant_table("families_card", parents={"household_id": "families_household"}),
        rls.tenant_table("families_benefit"),
        rls.tenant_table("families_benefituse", parents={"household_id": "families_household", "benefit_id": "families_benefit", "person_id": "families_person", "agency_id": "places_agency"}),
        rls.tenant_table("families_linkagerun"),
        rls.tenant_table("families_candidatepair", parents={"left_id": "families_household", "right_id": "families_household", "run_id": "families_linkagerun", "join_id": "families_householdjoin"}),
        migrations.RunSQL(ONE_HOME, migrations.RunSQL.noop),
        migrations.RunSQL(ONCE_EACH, migrations.RunSQL.noop),
        migrations.RunSQL(FIND, "DROP FUNCTION families_find"),
    ]
