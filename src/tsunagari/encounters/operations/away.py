"""Putting a draft away once its record is saved; what was attached to it goes along."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Attachment, Consultation, Draft

# One's own draft, as DraftQuerySet.visible_to says; other texts beside it stand alone from now on.
_PUT_AWAY = """
WITH gone AS (
  DELETE FROM encounters_draft
  WHERE id = %s AND municipality_id = %s AND user_id = %s AND agency_id = %s RETURNING id
), beside AS (
  UPDATE encounters_draft AS other SET split_from_id = NULL FROM gone WHERE other.split_from_id = gone.id
)
SELECT id, EXISTS (SELECT FROM encounters_attachment AS one WHERE one.draft_id = gone.id) FROM gone
"""


@dataclass(frozen=True, slots=True)
class Away:
    """What putting a draft away found: whether it was there, and the draft whose attachments wait for their record."""

    there: bool = False
    draft_id: int | None = None

    def carry_to(self, consultation: Consultation) -> None:
        """Give the draft's attachments to the record, in the same transaction."""
        if self.draft_id is not None:
            waiting = Attachment.objects.filter(draft_id=self.draft_id)
            waiting.update(consultation=consultation, draft_id=None)


def put_away(draft: Draft | None, actor: Actor) -> Away:
    """Delete the draft a record was made of; not `there` when there is none, or the first of two clicks took it."""
    if draft is None:
        return Away()
    with connection.cursor() as cursor:
        cursor.execute(_PUT_AWAY, [draft.pk, actor.municipality_id, actor.user_id, actor.agency_id])
        found = cursor.fetchone()
    return Away(found is not None, found[0] if found and found[1] else None)
