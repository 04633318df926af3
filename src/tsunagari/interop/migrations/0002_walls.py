"""Row-level security of imports."""

from django.db import migrations

from tsunagari.base import rls


class Migration(migrations.Migration):
    dependencies = [("interop", "0001_initial")]
    operations = [
        rls.tenant_table("interop_import"),
    ]
