"""What tablets could not settle by themselves: a person names the family, counts figures alone, or strikes it out."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.encounters import access
from tsunagari.encounters.models import KioskScan, Visit
from tsunagari.encounters.operations import visits
from tsunagari.families.models import Household

Outcome = KioskScan.Outcome


@transaction.atomic
def settle(
    scan: KioskScan, household: Household | None, *, actor: Actor, person_ids: Sequence[int] = ()
) -> KioskScan:
    """The reading was this family's: the visit is counted when it came, once (a family in already stays counted once).
    Without a family only the figures are counted. Conflict when somebody settled it before."""
    scan = _locked(scan, actor)
    if scan.visit is None:
        scan.visit = _counted(scan, household, actor=actor, person_ids=person_ids)
    elif household is not None:
        scan.visit = visits.name_visit(scan.visit, household, actor=actor, person_ids=person_ids)
    else:
        raise Conflict("この受付は、もう数えてあります。")
    return _settled(scan, Outcome.FAMILY if household else Outcome.COUNTED, actor=actor)


@transaction.atomic
def seen(scan: KioskScan, *, actor: Actor) -> KioskScan:
    """Somebody looked after it; what was counted stays counted."""
    scan = _locked(scan, actor)
    if scan.visit is None:
        raise DomainError("まだ数えていない受付です。家庭をえらぶか、人数だけ数えるか、消してください。")
    return _settled(scan, Outcome.SEEN, actor=actor)


@transaction.atomic
def dismiss(scan: KioskScan, *, actor: Actor, reason: str) -> KioskScan:
    """Nobody came, or they were counted at the counter. DomainError without a reason, or when it is counted: then the
    visit is taken back on the roster."""
    scan = _locked(scan, actor)
    if scan.visit is not None:
        raise DomainError("もう数えてある受付です。取り消すときは、来所の画面から取り消してください。")
    if not (reason := " ".join(reason.split())[:120]):
        raise DomainError("消す理由を入れてください。", field="reason")
    scan.note = reason
    return _settled(scan, Outcome.DISMISSED, actor=actor)


def _locked(scan: KioskScan, actor: Actor) -> KioskScan:
    locked = KioskScan.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=scan.pk)
    if locked.settled_at is not None:
        raise Conflict("この受付は、もうほかの人がかたづけました。")
    return locked


def _counted(
    scan: KioskScan, household: Household | None, *, actor: Actor, person_ids: Sequence[int]
) -> Visit:
    if household is None:
        visit = visits.check_in_anonymous(
            actor=actor, adults=scan.adults, children=scan.children, key=scan.key, at=scan.scanned_at
        )
    else:
        visit = visits.check_in(
            household,
            actor=actor,
            person_ids=person_ids,
            adults=scan.adults,
            children=scan.children,
            key=scan.key,
            at=scan.scanned_at,
        )
    if scan.device.site_id is not None and not visit.already:
        visit.site_id = scan.device.site_id
        visit.save(update_fields=["site"])
    return visit


def _settled(scan: KioskScan, outcome: KioskScan.Outcome, *, actor: Actor) -> KioskScan:
    scan.settled_at, scan.settled_by, scan.outcome = clock.now(), actor.user_id, outcome
    scan.save(update_fields=["settled_at", "settled_by", "outcome", "note", "visit"])
    audit.record(
        access.KIOSK_SETTLE,
        actor=actor,
        household_id=scan.visit.household_id if scan.visit else None,
        obj=scan,
        detail={"outcome": str(outcome), "reason": scan.reason, "visit": scan.visit_id},
    )
    return scan
