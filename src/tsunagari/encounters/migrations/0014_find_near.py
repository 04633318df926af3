"""Common words are found among the newest records of one agency too, not of the town alone."""

from django.db import migrations

_TYPES = "integer[], integer[], timestamptz, timestamptz, bigint, integer, integer"
# As in 0008; `at_agency` narrows the rows that are looked at one by one to those an agency reads: its own, and those of
# charts it took over; OFFSET 0 keeps the index of grams out of that.
FIND = f"""
DROP FUNCTION encounters_find_records({_TYPES});
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
REVOKE ALL ON FUNCTION encounters_find_records({_TYPES}, bigint) FROM PUBLIC;
DO $$ BEGIN
  IF nullif(current_setting('tsunagari.web_role', true), '') IS NOT NULL THEN
    EXECUTE format('GRANT EXECUTE ON FUNCTION encounters_find_records({_TYPES}, bigint) TO %I',
                   current_setting('tsunagari.web_role'));
  END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("encounters", "0013_circulation")]
    operations = [migrations.RunSQL(FIND, migrations.RunSQL.noop)]
