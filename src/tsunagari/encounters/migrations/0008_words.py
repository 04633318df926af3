"""What records are found by: its own table, closed, and the function that asks it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from tsunagari.base import rls

# Operators on arrays are not leakproof, so ahead of a policy they cannot use an index (as families_find); this function
# runs as the owner, carries the tenant predicate itself and takes the municipality from the transaction, never from
# its caller. `near` looks at that many of the newest rows one after the other, which is where a common word is found
# at once; with 0 the index of grams is asked, which a rare word needs. Planned for what is asked (families 0006).
FIND = """
CREATE FUNCTION encounters_find_records(
    wanted integer[], eyes integer[], since timestamptz, below timestamptz, below_id bigint, near integer, most integer)
RETURNS TABLE (record_id bigint, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
DECLARE town bigint := nullif(current_setting('tsunagari.municipality', true), '')::bigint;
BEGIN
  IF near > 0 THEN
    RETURN QUERY
      SELECT one.consultation_id, one.occurred_at FROM (
        SELECT row.consultation_id, row.occurred_at, row.grams FROM public.encounters_recordwords AS row
        WHERE row.municipality_id = town AND row.occurred_at >= since
          AND (row.occurred_at, row.consultation_id) < (below, below_id)
        ORDER BY row.occurred_at DESC, row.consultation_id DESC LIMIT near) AS one
      WHERE one.grams @> wanted AND one.grams && eyes
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
REVOKE ALL ON FUNCTION encounters_find_records(
    integer[], integer[], timestamptz, timestamptz, bigint, integer, integer) FROM PUBLIC;
DO $$ BEGIN
  IF nullif(current_setting('tsunagari.web_role', true), '') IS NOT NULL THEN
    EXECUTE format('GRANT EXECUTE ON FUNCTION encounters_find_records(
        integer[], integer[], timestamptz, timestamptz, bigint, integer, integer) TO %I',
        current_setting('tsunagari.web_role'));
  END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("encounters", "0007_charts"), ("places", "0004_site_times")]
    operations = [
        migrations.CreateModel(
            name="RecordWords",
            fields=[
                (
                    "consultation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="encounters.consultation",
                    ),
                ),
                ("occurred_at", models.DateTimeField(help_text="the record's")),
                (
                    "grams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(),
                        help_text="see rules.words: 0 and more of the text, below 0 tokens",
                        size=None,
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.municipality"
                    ),
                ),
            ],
        ),
        rls.tenant_table("encounters_recordwords", parents={"consultation_id": "encounters_consultation"}),
        migrations.RunSQL(FIND, "DROP FUNCTION encounters_find_records"),
    ]
