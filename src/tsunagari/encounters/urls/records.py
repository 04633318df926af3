from django.urls import path

from tsunagari.encounters.views import books, drafts, looking, records, steps

urlpatterns = [
    path("records/", books.records, name="records"),
    path("records/new/", records.record_new, name="record_new"),
    path("records/<int:record_id>/", records.record, name="record"),
    path("records/<int:record_id>/edit/", records.record_edit, name="record_edit"),
    path("records/<int:record_id>/history/", records.record_history, name="record_history"),
    path("records/<int:record_id>/move/", records.record_move, name="record_move"),
    path("records/<int:record_id>/next/", steps.record_next, name="record_next"),
    path("drafts/<int:draft_id>/", drafts.draft, name="draft"),
    path("drafts/<int:draft_id>/save/", drafts.draft_save, name="draft_save"),
    path("drafts/<int:draft_id>/here/", drafts.draft_here, name="draft_here"),
    path("drafts/<int:draft_id>/discard/", drafts.draft_discard, name="draft_discard"),
    path("drafts/<int:draft_id>/family/", drafts.draft_family, name="draft_family"),
    path("drafts/<int:draft_id>/partners/", looking.draft_partners, name="draft_partners"),
    path("drafts/<int:draft_id>/merge/", drafts.draft_merge, name="draft_merge"),
    path("drafts/<int:draft_id>/compare/<int:other_id>/", drafts.draft_compare, name="draft_compare"),
]
