"""The month from which a rule holds; another rule is another row, so that former months keep theirs.

Rules there are begin with the month before they were first set, as the trail tells it; the city's default, and every
rule where there is none, no later than the town's first monthly report.
"""

from django.db import migrations, models

FILL = """
WITH told AS (
  SELECT municipality_id, object_id, min(at) AS at FROM audit_entry
  WHERE action = 'report.ask' AND object_type = 'reportingrule' AND outcome = 'done' GROUP BY 1, 2
), reported AS (
  SELECT municipality_id, min(starts_on) AS day FROM reports_report WHERE kind = 'monthly' GROUP BY 1
), found AS (
  SELECT r.id, least(
    (date_trunc('month', least(r.changed_at, t.at) AT TIME ZONE 'Asia/Tokyo') - interval '1 month')::date,
    CASE WHEN r.agency_id IS NULL OR NOT EXISTS (
      SELECT 1 FROM reports_reportingrule d WHERE d.municipality_id = r.municipality_id AND d.agency_id IS NULL)
    THEN date_trunc('month', p.day)::date END) AS day
  FROM reports_reportingrule r
  LEFT JOIN told t ON t.municipality_id = r.municipality_id AND t.object_id = r.id
  LEFT JOIN reported p ON p.municipality_id = r.municipality_id
)
UPDATE reports_reportingrule r SET starts_on = found.day FROM found WHERE found.id = r.id
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_walls"), ("audit", "0003_checks")]
    operations = [
        migrations.RemoveConstraint("reportingrule", "reporting_rule_once"),
        migrations.AddField(
            "reportingrule",
            "starts_on",
            models.DateField(
                verbose_name="いつの報告から",
                help_text="the first of a month; holds until the next one begins",
                null=True,
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
