"""The times of day an agency's roster counts by (D2)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError, Forbidden
from tsunagari.places import access, queries
from tsunagari.places.models import Agency, TimeSlot
from tsunagari.places.rules import Slot

MOST = 12


@transaction.atomic
def set_slots(agency: Agency, slots: Sequence[Slot], *, actor: Actor) -> list[Slot]:
    """Let the agency's roster count by these times of day; none brings back 午前 and 午後. Past days are counted by
    them too: visits keep their time, not a slot. DomainError for two that start together or have no name."""
    if not queries.manages(actor, agency.pk):
        raise Forbidden("ほかの機関の時間帯は変えられません。", action=access.MANAGE_SLOTS.name)
    agency = Agency.objects.visible_to(actor).select_for_update().get(pk=agency.pk)
    ordered = sorted(slots, key=lambda slot: slot.starts)
    _check(ordered)
    TimeSlot.objects.filter(agency=agency).delete()
    TimeSlot.objects.bulk_create(
        TimeSlot(municipality_id=agency.municipality_id, agency=agency, name=one.name, starts=one.starts)
        for one in ordered
    )
    audit.record(access.MANAGE_SLOTS, actor=actor, obj=agency, detail={"slots": len(ordered)})
    return ordered


def _check(slots: Sequence[Slot]) -> None:
    if len(slots) > MOST:
        raise DomainError(f"時間帯は{MOST}までにしてください。")
    if any(not slot.name.strip() for slot in slots):
        raise DomainError("時間帯の名前を入れてください。")
    if len({slot.starts for slot in slots}) < len(slots):
        raise DomainError("同じ時刻から始まる時間帯が2つあります。始まりを変えてください。")
    if len({slot.name for slot in slots}) < len(slots):
        raise DomainError("同じ名前の時間帯が2つあります。名前を変えてください。")
