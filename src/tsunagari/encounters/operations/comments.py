"""What readers say of a record: comments, and advice of those who supervise; struck it stays."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import access
from tsunagari.encounters.models import Consultation, RecordComment, Seal
from tsunagari.encounters.operations import circulation
from tsunagari.encounters.queries.readers import readers
from tsunagari.encounters.rules.circulation import LONGEST_COMMENT

ADVISED = "助言があります。"


@transaction.atomic
def comment(
    consultation: Consultation, text: str, *, actor: Actor, key: UUID, advice: bool = False
) -> RecordComment:
    """Say something of a record; the same `key` is the same comment. Advice asks the record's writer to read it.

    DomainError when empty or too long; Forbidden for advice of somebody who does not supervise.
    """
    if advice and not actor.may(access.ADVISE):
        raise Forbidden("助言は、施設長・巡回支援員・センターが書けます。", action=access.ADVISE.name)
    said = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not said:
        raise DomainError("コメントを書いてください。", field="text")
    if len(said) > LONGEST_COMMENT:
        raise DomainError(f"{LONGEST_COMMENT}文字までです（いま{len(said)}文字）。", field="text")
    Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    if (known := RecordComment.objects.filter(key=key, consultation=consultation).first()) is not None:
        return known
    kind = RecordComment.Kind.ADVICE if advice else RecordComment.Kind.COMMENT
    row = RecordComment.objects.create(
        municipality_id=consultation.municipality_id,
        consultation=consultation,
        kind=kind,
        text=said,
        author_id=actor.user_id,
        author_name=actor.name,
        author_role=actor.role_label,
        written_at=clock.now(),
        key=key,
    )
    _trail(row, actor, "advise" if advice else "comment")
    if advice:
        _tell_writer(consultation, actor)
    return row


@transaction.atomic
def strike(found: RecordComment, *, actor: Actor) -> RecordComment:
    """Take one's own comment back: it stays, struck. Conflict when it was struck before."""
    row = (
        RecordComment.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=found.pk)
    )
    if row.author_id is None or row.author_id != actor.user_id:
        raise Forbidden("取り消せるのは、書いた人だけです。", action=access.COMMENT.name)
    if row.struck_at is not None:
        raise Conflict("このコメントは、もう取り消されています。")
    row.struck_at = clock.now()
    row.save(update_fields=["struck_at"])
    _trail(row, actor, "strike")
    return row


def _tell_writer(consultation: Consultation, actor: Actor) -> None:
    """The writer is asked to read it, also one who has read the record before; not one who left."""
    writer = consultation.author_id
    if writer is None or writer == actor.user_id:
        return
    found = readers(consultation.pk, clock.today(), only=[writer])
    sealed = Seal.objects.filter(
        consultation=consultation, user_id=writer, withdrawn_at__isnull=True, sealed_at__isnull=False
    )
    sealed.update(withdrawn_at=clock.now())
    if found:
        circulation.ask(consultation, [writer], actor=actor, how=circulation.Asking(note=ADVISED))


def _trail(row: RecordComment, actor: Actor, did: str) -> None:
    audit.record(
        access.ADVISE if row.kind == RecordComment.Kind.ADVICE else access.COMMENT,
        actor=actor,
        household_id=row.consultation.household_id,
        obj=row.consultation,
        detail={"did": did, "comment": row.pk},
    )
