from django.urls import path

from tsunagari.encounters.views import attachments

urlpatterns = [
    path("drafts/<int:draft_id>/attachments/", attachments.draft_attach, name="draft_attach"),
    path("records/<int:record_id>/attachments/", attachments.record_attach, name="record_attach"),
    path("attachments/<int:attachment_id>/", attachments.attachment, name="attachment"),
    path(
        "attachments/<int:attachment_id>/preview/", attachments.attachment_preview, name="attachment_preview"
    ),
    path("attachments/<int:attachment_id>/remove/", attachments.attachment_remove, name="attachment_remove"),
]
