"""そのつど共有: an agency says that the city was told of a record, and takes it back."""

from __future__ import annotations

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Forbidden
from tsunagari.encounters.models import Consultation
from tsunagari.reports import access
from tsunagari.reports.models import SharedRecord


@transaction.atomic
def share(record: Consultation, *, actor: Actor) -> SharedRecord:
    """The city was told of the record as it stands. Told twice is told once, by whoever was first.

    Forbidden for another agency's record; Consultation.DoesNotExist for one the actor may not read.
    """
    locked = _locked(record, actor)
    standing = _standing(locked)
    if standing is not None:
        return standing
    made = SharedRecord.objects.create(
        municipality_id=locked.municipality_id,
        agency_id=locked.agency_id,
        consultation=locked,
        version=locked.version,
        shared_at=clock.now(),
        shared_by=actor.user_id,
        shared_by_name=actor.name,
    )
    _trail(locked, actor, {"version": made.version})
    return made


@transaction.atomic
def take_back(record: Consultation, *, actor: Actor) -> bool:
    """It was pressed by mistake, or the record changed and is told again: it waits once more. Whether it was shared."""
    locked = _locked(record, actor)
    standing = _standing(locked)
    if standing is None:
        return False
    standing.undone_at, standing.undone_by = clock.now(), actor.user_id
    standing.save(update_fields=["undone_at", "undone_by"])
    _trail(locked, actor, {"did": "undo", "version": standing.version})
    return True


def _locked(record: Consultation, actor: Actor) -> Consultation:
    held = Consultation.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    locked = held.get(pk=record.pk)
    if locked.agency_id != actor.agency_id or not actor.may(access.SHARE):
        raise Forbidden(action=access.SHARE.name)
    return locked


def _standing(record: Consultation) -> SharedRecord | None:
    return SharedRecord.objects.filter(consultation=record, undone_at__isnull=True).first()


def _trail(record: Consultation, actor: Actor, detail: dict[str, object]) -> None:
    audit.record(access.SHARE, actor=actor, household_id=record.household_id, obj=record, detail=detail)
