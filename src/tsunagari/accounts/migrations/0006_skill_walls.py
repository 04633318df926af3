"""Row-level security of qualifications and training."""

from django.db import migrations

from tsunagari.base import rls


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_records_people_trust"), ("places", "0004_site_times")]
    operations = [
        rls.tenant_parent("accounts_course"),
        rls.tenant_table("accounts_qualification"),
        rls.tenant_table("accounts_course"),
        rls.tenant_table("accounts_training", parents={"course_id": "accounts_course"}),
        rls.tenant_table("accounts_supervision"),
    ]
