"""Words between agency and city about a report."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.reports import access
from tsunagari.reports.models import Report, ReportComment

LONGEST = 1_000


@transaction.atomic
def comment(report: Report, text: str, *, actor: Actor, key: UUID) -> ReportComment:
    """Add a comment; the same `key` is the same comment."""
    said = text.strip()
    if not said:
        raise DomainError("コメントを書いてください。", field="text")
    if len(said) > LONGEST or "\x00" in said:
        raise DomainError(f"コメントは{LONGEST}文字までです（いま{len(said)}文字）。", field="text")
    seen = Report.objects.visible_to(actor).get(pk=report.pk)
    made, fresh = ReportComment.objects.get_or_create(
        key=key,
        defaults={
            "municipality_id": seen.municipality_id,
            "report": seen,
            "text": said,
            "author_id": actor.user_id,
            "author_name": actor.name,
            "written_at": clock.now(),
        },
    )
    if fresh:
        audit.record(access.COMMENT, actor=actor, obj=seen, detail={"comment": made.pk})
    return made
