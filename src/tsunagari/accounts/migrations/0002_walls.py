"""Row-level security of memberships: the own town, and the own user when choosing where to work."""

from django.db import migrations

from tsunagari.base import rls


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("places", "0002_walls")]
    operations = [
        rls.tenant_table("accounts_membership", or_own_user=True, parents={"agency_id": "places_agency"}),
    ]
