"""Row-level security; of memberships also the own user, when choosing where to work."""

from django.db import migrations

from tsunagari.base import rls


# Whether a person also works in another town: an officer may not take over such a person's sign-in. Says only yes or
# no, because the rows themselves stay behind the other town's wall.
WORKS_ELSEWHERE = """
CREATE FUNCTION accounts_works_elsewhere(person bigint, town bigint, day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM public.accounts_membership
                 WHERE user_id = person AND municipality_id <> town AND (valid_to IS NULL OR valid_to >= day))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("places", "0002_walls")]
    operations = [
        rls.tenant_parent("accounts_device"),
        rls.tenant_parent("accounts_course"),
        rls.tenant_table("accounts_membership", or_own_user=True, parents={"agency_id": "places_agency"}),
        rls.tenant_table("accounts_device", parents={"agency_id": "places_agency", "site_id": "places_site"}),
        rls.tenant_table("accounts_qualification"),
        rls.tenant_table("accounts_course"),
        rls.tenant_table("accounts_training", parents={"course_id": "accounts_course"}),
        rls.tenant_table("accounts_supervision"),
        migrations.RunSQL(WORKS_ELSEWHERE, "DROP FUNCTION accounts_works_elsewhere(bigint, bigint, date)"),
    ]
