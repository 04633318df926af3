from django.urls import path

from tsunagari.encounters.views import attachments, groups, keeping, sheets

urlpatterns = [
    path("drafts/<int:draft_id>/attachments/", attachments.draft_attach, name="draft_attach"),
    path("records/<int:record_id>/attachments/", attachments.record_attach, name="record_attach"),
    path("attachments/<int:attachment_id>/", attachments.attachment, name="attachment"),
    path(
        "attachments/<int:attachment_id>/preview/", attachments.attachment_preview, name="attachment_preview"
    ),
    path("attachments/<int:attachment_id>/remove/", attachments.attachment_remove, name="attachment_remove"),
    path("keeping/", keeping.keeping, name="keeping"),
    path("keeping/agencies/<int:agency_id>/", keeping.keeping_style, name="keeping_style"),
    path("keeping/marks/new/", keeping.mark_new, name="mark_new"),
    path("keeping/marks/<int:mark_id>/", keeping.mark, name="mark"),
    path("keeping/marks/<int:mark_id>/end/", keeping.mark_end, name="mark_end"),
    path("keeping/concerns/", keeping.concerns, name="concerns"),
    path("keeping/snippets/", keeping.snippets, name="snippets"),
    path("keeping/snippets/<int:snippet_id>/", keeping.snippet, name="snippet"),
    path("records/groups/new/", groups.group_new, name="group_new"),
    path("records/groups/<int:draft_id>/", groups.group_draft, name="group_draft"),
    path("records/groups/talks/<int:talk_id>/", groups.group, name="group"),
    path("records/day.pdf", sheets.day_sheet_pdf, name="day_sheet_pdf"),
    path("sheets/", sheets.sheets, name="sheets"),
    path("s/<str:code>/", sheets.sheet_entry, name="sheet_entry"),
    path("s/<str:code>/done/", sheets.sheet_done, name="sheet_done"),
]
