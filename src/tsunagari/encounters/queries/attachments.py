"""What is attached to records and drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Attachment, AttachmentContent, Draft


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A file in a list, without its bytes."""

    id: int
    name: str
    media_type: str
    size: int
    pages: int | None
    added_at: datetime
    added_by_name: str

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")

    @property
    def about(self) -> str:
        """ "写真・320KB", "PDF・3ページ・1.2MB"."""
        size = (
            f"{self.size / 1024 / 1024:.1f}MB" if self.size >= 1024 * 1024 else f"{self.size // 1024 + 1}KB"
        )
        return "・".join(["写真", size] if self.is_picture else ["PDF", f"{self.pages or 0}ページ", size])


def attached(
    actor: Actor, *, record_id: int | None = None, draft: Draft | None = None
) -> list[AttachmentLine]:
    """Files of a record, or of a draft with those of the record it corrects, as far as the actor may see. One query."""
    rows = Attachment.objects.visible_to(actor)
    if draft is None:
        rows = rows.filter(consultation_id=record_id or 0)
    elif draft.consultation_id is None:
        rows = rows.filter(draft=draft)
    else:
        rows = rows.filter(draft=draft) | rows.filter(consultation_id=draft.consultation_id)
    return [_line(row) for row in rows.order_by("pk")]


def _line(row: Attachment) -> AttachmentLine:
    return AttachmentLine(
        row.pk, row.name, row.media_type, row.size, row.pages, row.added_at, row.added_by_name
    )


def correcting(actor: Actor, draft_id: int, record_id: int) -> int | None:
    """The draft's id when it is the actor's own and corrects the record. One query."""
    mine = Draft.objects.visible_to(actor).filter(pk=draft_id, consultation_id=record_id)
    return mine.values_list("pk", flat=True).first()


def content(attachment: Attachment) -> bytes:
    """The bytes as kept. One query."""
    return bytes(AttachmentContent.objects.values_list("data", flat=True).get(attachment=attachment))


def preview(attachment: Attachment) -> bytes | None:
    """The small picture; None for a PDF. One query."""
    data = AttachmentContent.objects.values_list("preview", flat=True).get(attachment=attachment)
    return bytes(data) if data is not None else None
