"""Row-level security of charts, circulation, plans, guide; former texts cannot be changed."""

from django.db import migrations

from tsunagari.base import rls


class Migration(migrations.Migration):
    dependencies = [("encounters", "0005_records_people_trust"), ("families", "0004_cards"), ("places", "0004_site_times")]
    operations = [
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
        migrations.RunSQL("ALTER TABLE encounters_consultation ADD CONSTRAINT encounters_consultation_mark_id_same_town FOREIGN KEY (mark_id, municipality_id) REFERENCES encounters_recordmark (id, municipality_id) DEFERRABLE INITIALLY DEFERRED", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE encounters_consultation ADD CONSTRAINT encounters_consultation_group_id_same_town FOREIGN KEY (group_id, municipality_id) REFERENCES encounters_grouptalk (id, municipality_id) DEFERRABLE INITIALLY DEFERRED", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE encounters_consultation ADD CONSTRAINT encounters_consultation_held_by_id_same_town FOREIGN KEY (held_by_id, municipality_id) REFERENCES places_agency (id, municipality_id) DEFERRABLE INITIALLY DEFERRED", migrations.RunSQL.noop),
        rls.append_only("encounters_chartrevision"),
        rls.append_only("encounters_planversion"),
    ]
