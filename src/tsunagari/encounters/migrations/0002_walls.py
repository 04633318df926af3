"""Row-level security of encounters; former texts cannot be changed; the function that finds records."""

from django.db import migrations

from tsunagari.base import rls

# Operators on arrays are not leakproof, so ahead of a policy they cannot use an index (as families_find); this function
# runs as the owner, carries the tenant predicate itself and takes the municipality from the transaction, never from
# its caller. `near` looks at that many of the newest rows one after the other, which is where a common word is found
# at once; with 0 the index of grams is asked, which a rare word needs. `at_agency` narrows the rows that are looked at
# one by one to those an agency reads: its own, and those of charts it took over; OFFSET 0 keeps the index of grams out
# of that. Planned for what is asked (as families_find).
_TYPES = "integer[], integer[], timestamptz, timestamptz, bigint, integer, integer, bigint"
FIND = f"""
CREATE FUNCTION encounters_find_records(
    wanted integer[], eyes integer[], since timestamptz, below timestamptz, below_id bigint, near integer, most integer,
    at_agency bigint)
RETURNS TABLE (record_id bigint, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_custom_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE town bigint := nullif(current_setting('tsunagari.municipality', true), '')::bigint;
BEGIN
  IF near > 0 AND at_agency IS NOT NULL THEN
    RETURN QUERY
      WITH newest AS MATERIALIZED (
        SELECT one.id, one.occurred_at FROM (
          (SELECT own.id, own.occurred_at FROM public.encounters_consultation AS own
           WHERE own.agency_id = at_agency AND own.municipality_id = town AND own.occurred_at >= since
             AND own.occurred_at <= below AND (own.occurred_at, own.id) < (below, below_id)
           ORDER BY own.occurred_at DESC, own.id DESC LIMIT near)
          UNION ALL
          (SELECT held.id, held.occurred_at FROM public.encounters_consultation AS held
           WHERE held.held_by_id = at_agency AND held.municipality_id = town AND held.occurred_at >= since
             AND held.occurred_at <= below AND (held.occurred_at, held.id) < (below, below_id)
           ORDER BY held.occurred_at DESC, held.id DESC LIMIT near)) AS one
        ORDER BY one.occurred_at DESC, one.id DESC LIMIT near)
      SELECT near_one.id, near_one.occurred_at FROM (
        SELECT newest.id, newest.occurred_at, row.grams
        FROM newest JOIN public.encounters_recordwords AS row ON row.consultation_id = newest.id OFFSET 0) AS near_one
      WHERE near_one.grams @> wanted
      ORDER BY near_one.occurred_at DESC, near_one.id DESC LIMIT most;
  ELSIF near > 0 THEN
    RETURN QUERY
      SELECT one.consultation_id, one.occurred_at FROM (
        SELECT row.consultation_id, row.occurred_at, row.grams FROM public.encounters_recordwords AS row
        WHERE row.municipality_id = town AND row.occurred_at >= since
          AND (row.occurred_at, row.consultation_id) < (below, below_id)
        ORDER BY row.occurred_at DESC, row.consultation_id DESC LIMIT near) AS one
      WHERE eyes && one.grams AND one.grams @> wanted
      ORDER BY one.occurred_at DESC, one.consultation_id DESC LIMIT most;
  ELSE
    RETURN QUERY
      WITH found AS MATERIALIZED (
        SELECT row.consultation_id, row.occurred_at, row.municipality_id FROM public.encounters_recordwords AS row
        WHERE row.grams @> wanted AND row.grams && eyes)
      SELECT one.consultation_id, one.occurred_at FROM found AS one
      WHERE one.municipality_id = town AND one.occurred_at >= since
        AND (one.occurred_at, one.consultation_id) < (below, below_id)
      ORDER BY one.occurred_at DESC, one.consultation_id DESC LIMIT most;
  END IF;
END $$;
REVOKE ALL ON FUNCTION encounters_find_records({_TYPES}) FROM PUBLIC;
DO $$ BEGIN
  IF nullif(current_setting('tsunagari.web_role', true), '') IS NOT NULL THEN
    EXECUTE format('GRANT EXECUTE ON FUNCTION encounters_find_records({_TYPES}) TO %I',
                   current_setting('tsunagari.web_role'));
  END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("encounters", "0001_initial"), ("families", "0002_walls"), ("accounts", "0002_walls")]
    operations = [
        rls.tenant_parent("encounters_visit"),
        rls.tenant_parent("encounters_consultation"),
        rls.tenant_parent("encounters_grouptalk"),
        rls.tenant_parent("encounters_attachment"),
        rls.tenant_parent("encounters_chart"),
        rls.tenant_parent("encounters_recordmark"),
        rls.tenant_parent("encounters_circulationrule"),
        rls.tenant_parent("encounters_assessmenttool"),
        rls.tenant_parent("encounters_assessment"),
        rls.tenant_parent("encounters_supportplan"),
        rls.tenant_parent("encounters_guidebook"),
        rls.tenant_parent("encounters_partner"),
        rls.tenant_parent("encounters_officialtable"),
        rls.tenant_parent("encounters_subcategory"),
        rls.tenant_parent("encounters_officialitem"),
        rls.tenant_table(
            "encounters_visit",
            parents={"household_id": "families_household", "agency_id": "places_agency", "site_id": "places_site"},
        ),
        rls.tenant_table("encounters_visitperson", parents={"visit_id": "encounters_visit", "person_id": "families_person"}),
        rls.tenant_table(
            "encounters_consultation",
            parents={
                "household_id": "families_household",
                "agency_id": "places_agency",
                "mark_id": "encounters_recordmark",
                "group_id": "encounters_grouptalk",
                "held_by_id": "places_agency",
            },
        ),
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
        rls.tenant_table("encounters_tally", parents={"agency_id": "places_agency", "site_id": "places_site"}),
        rls.tenant_table("encounters_kioskscan", parents={"agency_id": "places_agency", "device_id": "accounts_device", "visit_id": "encounters_visit", "card_id": "families_card"}),
        rls.tenant_table("encounters_recordkeeping", parents={"agency_id": "places_agency"}),
        rls.tenant_table("encounters_recordmark"),
        rls.tenant_table("encounters_keepingpolicy"),
        rls.tenant_table("encounters_snippet", parents={"agency_id": "places_agency"}),
        rls.tenant_table("encounters_grouptalk", parents={"agency_id": "places_agency"}),
        rls.tenant_table("encounters_recordsheet", parents={"agency_id": "places_agency"}),
        rls.tenant_table("encounters_attachment", parents={"consultation_id": "encounters_consultation", "draft_id": "encounters_draft"}),
        rls.tenant_table("encounters_attachmentcontent", parents={"attachment_id": "encounters_attachment"}),
        rls.tenant_table("encounters_chart", parents={"agency_id": "places_agency", "household_id": "families_household", "person_id": "families_person"}),
        rls.tenant_table("encounters_chartrevision", parents={"chart_id": "encounters_chart"}),
        rls.tenant_table("encounters_chartentry", parents={"chart_id": "encounters_chart", "consultation_id": "encounters_consultation"}),
        rls.tenant_table("encounters_charthandover", parents={"chart_id": "encounters_chart", "from_agency_id": "places_agency", "to_agency_id": "places_agency"}),
        rls.tenant_table("encounters_circulationrule", parents={"agency_id": "places_agency", "mark_id": "encounters_recordmark"}),
        rls.tenant_table("encounters_seal", parents={"consultation_id": "encounters_consultation", "agency_id": "places_agency", "rule_id": "encounters_circulationrule"}),
        rls.tenant_table("encounters_recordcomment", parents={"consultation_id": "encounters_consultation"}),
        rls.tenant_table("encounters_assessmenttool"),
        rls.tenant_table("encounters_assessment", parents={"agency_id": "places_agency", "household_id": "families_household", "person_id": "families_person", "chart_id": "encounters_chart", "tool_id": "encounters_assessmenttool", "replaced_by_id": "encounters_assessment"}),
        rls.tenant_table("encounters_supportplan", parents={"agency_id": "places_agency", "household_id": "families_household", "person_id": "families_person", "chart_id": "encounters_chart"}),
        rls.tenant_table("encounters_planversion", parents={"plan_id": "encounters_supportplan"}),
        rls.tenant_table("encounters_planaction", parents={"plan_id": "encounters_supportplan"}),
        rls.tenant_table("encounters_partner"),
        rls.tenant_table("encounters_guidebook"),
        rls.tenant_table("encounters_guideentry", parents={"book_id": "encounters_guidebook", "partner_id": "encounters_partner"}),
        rls.tenant_table("encounters_subcategory"),
        rls.tenant_table("encounters_officialtable"),
        rls.tenant_table("encounters_officialitem", parents={"table_id": "encounters_officialtable"}),
        rls.tenant_table("encounters_officialmapping", parents={"table_id": "encounters_officialtable", "detail_id": "encounters_subcategory", "item_id": "encounters_officialitem"}),
        rls.tenant_table("encounters_recordwords", parents={"consultation_id": "encounters_consultation"}),
        rls.tenant_table("encounters_officialformer", parents={"table_id": "encounters_officialtable"}),
        rls.append_only("encounters_consultationrevision"),
        rls.append_only("encounters_chartrevision"),
        rls.append_only("encounters_planversion"),
        rls.append_only("encounters_officialformer"),
        migrations.RunSQL(FIND, "DROP FUNCTION encounters_find_records"),
    ]
