"""Blank sheets of paper with a QR, and typing in what was written on them: original day and writer stay."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F

from tsunagari.accounts.models import Membership, User
from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError, Forbidden
from tsunagari.encounters import access
from tsunagari.encounters.models import Consultation, Draft, RecordSheet
from tsunagari.encounters.operations import records
from tsunagari.encounters.rules import RecordInput
from tsunagari.families.rules.paper import new_code

MOST_AT_ONCE = 50


@transaction.atomic
def print_sheets(number: int, *, actor: Actor, form: str) -> list[RecordSheet]:
    """That many new sheets of the own agency, each with a code of its own."""
    if actor.agency_id is None:
        raise Forbidden("記入用紙は、機関に所属する人が印刷します。", action=access.PRINT_SHEETS.name)
    if not 1 <= number <= MOST_AT_ONCE:
        raise DomainError(f"1回に{MOST_AT_ONCE}枚までです。", field="count")
    if form not in RecordSheet.Form.values:
        raise DomainError("様式をえらんでください。", field="form")
    made = RecordSheet.objects.bulk_create(
        RecordSheet(
            municipality_id=actor.municipality_id,
            agency_id=actor.agency_id,
            form=form,
            code=new_code(),
            printed_at=clock.now(),
            printed_by=actor.user_id,
        )
        for _ in range(number)
    )
    audit.record(access.PRINT_SHEETS, actor=actor, detail={"form": form, "sheets": [one.pk for one in made]})
    return made


@transaction.atomic
def typed_in(
    sheet: RecordSheet,
    record: RecordInput,
    *,
    actor: Actor,
    key: UUID,
    writer_id: int | None,
    draft: Draft | None = None,
) -> Consultation:
    """One entry of a sheet becomes a record: on its day, by who wrote it (None: whoever types). The trail tells both.

    The same `key` returns the record that was saved and counts once.
    """
    locked = _own(sheet, actor)
    writer = _writer(writer_id, actor)
    saved = records._saved_already(actor, key)
    if saved is not None:
        return saved
    author = (writer.pk, writer.name) if writer is not None else None
    written = records.write_record(record, actor=actor, key=key, draft=draft, author=author)
    RecordSheet.objects.filter(pk=locked.pk).update(entries=F("entries") + 1)
    detail = {"sheet": locked.pk, "writer": written.author_id}
    audit.record(
        access.PRINT_SHEETS, actor=actor, household_id=written.household_id, obj=written, detail=detail
    )
    return written


@transaction.atomic
def done(sheet: RecordSheet, *, actor: Actor, again: bool = False) -> RecordSheet:
    """Everything on the sheet is typed in (or, `again`, it is not after all)."""
    locked = _own(sheet, actor)
    locked.done_at = None if again else clock.now()
    locked.save(update_fields=["done_at"])
    audit.record(access.PRINT_SHEETS, actor=actor, obj=locked, detail={"done": not again})
    return locked


def _own(sheet: RecordSheet, actor: Actor) -> RecordSheet:
    locked = RecordSheet.objects.select_for_update().get(pk=sheet.pk)
    if locked.agency_id != actor.agency_id:
        raise Forbidden("ほかの機関の記入用紙です。", action=access.PRINT_SHEETS.name)
    return locked


def _writer(writer_id: int | None, actor: Actor) -> User | None:
    """The colleague who wrote on the paper; None for whoever types."""
    if writer_id is None or writer_id == actor.user_id:
        return None
    here = Membership.objects.filter(agency_id=actor.agency_id or 0).values_list("user_id", flat=True)
    writer = User.objects.filter(pk=writer_id, pk__in=here).first()
    if writer is None:
        raise DomainError("書いた人を、この機関の人からえらんでください。", field="writer")
    return writer
