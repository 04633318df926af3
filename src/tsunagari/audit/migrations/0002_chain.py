"""Append-only trail: the database numbers, chains and guards it; row-level security closes it per municipality."""

from django.db import migrations

from tsunagari.base import rls

CHAIN = """
CREATE FUNCTION audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE head public.audit_head%ROWTYPE;
BEGIN
  SELECT * INTO head FROM public.audit_head WHERE municipality_id = NEW.municipality_id FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO public.audit_head (municipality_id, seq, hash) VALUES (NEW.municipality_id, 0, '')
      ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM public.audit_head WHERE municipality_id = NEW.municipality_id FOR UPDATE;
  END IF;
  NEW.seq := head.seq + 1;
  NEW.prev := head.hash;
  NEW.hash := encode(sha256(convert_to(concat_ws(chr(31),
      NEW.municipality_id::text, NEW.seq::text, (extract(epoch FROM NEW.at) * 1000000)::bigint::text,
      coalesce(NEW.user_id::text, ''), coalesce(NEW.membership_id::text, ''), NEW.role,
      coalesce(NEW.agency_id::text, ''), NEW.action, NEW.outcome, coalesce(NEW.household_id::text, ''),
      NEW.object_type, coalesce(NEW.object_id::text, ''), NEW.ip, NEW.via, NEW.detail, NEW.prev), 'UTF8')), 'hex');
  UPDATE public.audit_head SET seq = NEW.seq, hash = NEW.hash WHERE municipality_id = NEW.municipality_id;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_entry_chain BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_chain();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(CHAIN, "DROP TRIGGER audit_entry_chain ON audit_entry; DROP FUNCTION audit_chain()"),
        migrations.RunSQL(
            """
            ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
            CREATE POLICY tenant_read ON audit_entry FOR SELECT USING (
                municipality_id = (SELECT nullif(current_setting('tsunagari.municipality', true), '')::bigint));
            CREATE POLICY tenant_insert ON audit_entry FOR INSERT WITH CHECK (
                municipality_id = 0 OR
                municipality_id = (SELECT nullif(current_setting('tsunagari.municipality', true), '')::bigint));
            """,
            migrations.RunSQL.noop,
        ),
        rls.append_only("audit_entry"),
        rls.read_only("audit_head"),
    ]
