"""Pictures and PDFs of a record: added to a draft or to a record, taken off and kept out of sight."""

from __future__ import annotations

from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet

from tsunagari.audit import operations as audit
from tsunagari.base import clock, uploads
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError, Forbidden
from tsunagari.encounters import access
from tsunagari.encounters.models import Attachment, AttachmentContent, Consultation, Draft

MOST = 10


@transaction.atomic
def add(about: Draft | Consultation, upload: uploads.Upload, *, actor: Actor) -> Attachment:
    """Attach a file that `uploads.checked` let through. The same file again is the one that is there.

    A draft's go with the record it becomes. DomainError past ten; Forbidden at another's draft or agency.
    """
    locked = _locked(about, actor)
    here = _of(locked)
    digest = sha256(upload.data).hexdigest()
    if (same := here.filter(sha256=digest).first()) is not None:
        return same
    if here.count() >= MOST:
        raise DomainError(f"添付は1つの記録に{MOST}個までです。いらないものを外してください。", field="files")
    attachment = Attachment.objects.create(
        municipality_id=locked.municipality_id,
        consultation=locked if isinstance(locked, Consultation) else None,
        draft=locked if isinstance(locked, Draft) else None,
        name=upload.name,
        media_type=upload.media_type,
        size=len(upload.data),
        pages=upload.pages,
        sha256=digest,
        added_at=clock.now(),
        added_by=actor.user_id,
        added_by_name=actor.name,
    )
    AttachmentContent.objects.create(
        municipality_id=locked.municipality_id,
        attachment=attachment,
        data=upload.data,
        preview=upload.preview,
    )
    _trail(attachment, locked, actor, "added")
    return attachment


@transaction.atomic
def remove(attachment: Attachment, *, actor: Actor) -> Attachment:
    """Take a file off: nobody sees it any more, the trail says who did it. Off already is no error."""
    about = attachment.consultation or attachment.draft
    if about is None:
        raise DomainError("この添付は、もうありません。", status=410)
    locked = _locked(about, actor)
    found = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if found.removed_at is None:
        found.removed_at, found.removed_by = clock.now(), actor.user_id
        found.save(update_fields=["removed_at", "removed_by"])
        _trail(found, locked, actor, "removed")
    return found


def _of(about: Draft | Consultation) -> QuerySet[Attachment]:
    """What is attached now; a correction counts what its record has."""
    rows = Attachment.objects.filter(removed_at__isnull=True)
    if isinstance(about, Consultation):
        return rows.filter(consultation=about)
    if about.consultation_id is not None:
        return rows.filter(draft=about) | rows.filter(consultation_id=about.consultation_id)
    return rows.filter(draft=about)


def _locked(about: Draft | Consultation, actor: Actor) -> Draft | Consultation:
    locked: Draft | Consultation | None
    if isinstance(about, Draft):
        locked = Draft.objects.select_for_update().filter(pk=about.pk).first()
        mine = locked is not None and locked.user_id == actor.user_id
    else:
        locked = Consultation.objects.select_for_update(no_key=True).filter(pk=about.pk).first()
        mine = locked is not None and locked.agency_id == actor.agency_id
    if locked is None:
        raise DomainError(
            "この下書きは、もう保存されたか、破棄されています。",
            what_to_do="保存した記録を開いて、添付してください。",
            status=410,
        )
    if not mine:
        raise Forbidden("ほかの人の下書きや、ほかの機関の記録には添付できません。", action=access.ATTACH.name)
    return locked


def _trail(attachment: Attachment, about: Draft | Consultation, actor: Actor, what: str) -> None:
    audit.record(
        access.ATTACH,
        actor=actor,
        household_id=about.household_id,
        obj=about,
        detail={what: attachment.pk, "type": attachment.media_type},
    )
