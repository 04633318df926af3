"""連携先: whom the city's agencies turn to. An ended partner stays on the records that name it."""

from __future__ import annotations

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.encounters import access
from tsunagari.encounters.models import Partner
from tsunagari.encounters.operations.keeping import STALE
from tsunagari.encounters.rules.partners import LONGEST, MOST_PARTNERS, PartnerInput, partner_problems
from tsunagari.places.models import Municipality


@transaction.atomic
def add_partner(given: PartnerInput, *, actor: Actor) -> Partner:
    """A new partner, last of its kind."""
    _refuse(given)
    lock_town(actor)
    open_ones = Partner.objects.visible_to(actor).filter(ended_on__isnull=True)
    if open_ones.count() >= MOST_PARTNERS:
        raise DomainError(f"連携先は{MOST_PARTNERS}か所までです。使わないものを終わりにしてください。")
    _require_free(given, actor)
    last = Partner.objects.visible_to(actor).order_by("-position").values_list("position", flat=True).first()
    partner = Partner(municipality_id=actor.municipality_id, position=(last or 0) + 1)
    _put(partner, given)
    partner.save()
    _trail(partner, actor, "added")
    return partner


@transaction.atomic
def change_partner(partner: Partner, given: PartnerInput, *, actor: Actor, version: int) -> Partner:
    """Another telephone, other hours, another name of the same body: wherever it is named it is shown so from now on;
    former books of the guide keep what stood in them. Another body is another partner."""
    _refuse(given)
    lock_town(actor)
    locked = _current(partner, actor, version)
    _require_free(given, actor, besides=locked.pk)
    _put(locked, given)
    locked.version += 1
    locked.save()
    _trail(locked, actor, "changed")
    return locked


@transaction.atomic
def end_partner(partner: Partner, *, actor: Actor, version: int) -> Partner:
    """Turn to a partner no more. The guide in force says so beside its entries."""
    lock_town(actor)
    locked = _current(partner, actor, version)
    locked.ended_on, locked.version = clock.today(), locked.version + 1
    locked.save(update_fields=["ended_on", "version"])
    _trail(locked, actor, "ended")
    return locked


@transaction.atomic
def take_partner_back(partner: Partner, *, actor: Actor, version: int) -> Partner:
    """Ended by mistake, or there again."""
    lock_town(actor)
    locked = Partner.objects.visible_to(actor).select_for_update().get(pk=partner.pk)
    if locked.ended_on is None or locked.version != version:
        raise Conflict(STALE)
    _require_free(PartnerInput(locked.kind, locked.name), actor, besides=locked.pk)
    locked.ended_on, locked.version = None, locked.version + 1
    locked.save(update_fields=["ended_on", "version"])
    _trail(locked, actor, "back")
    return locked


def lock_town(actor: Actor) -> None:
    """What a town decides it decides one after the other."""
    Municipality.objects.select_for_update(no_key=True).get(pk=actor.municipality_id)


def _current(partner: Partner, actor: Actor, version: int) -> Partner:
    locked = Partner.objects.visible_to(actor).select_for_update().get(pk=partner.pk)
    if locked.version != version:
        raise Conflict(STALE)
    if locked.ended_on is not None:
        raise Conflict("この連携先は、もう終わりになっています。")
    return locked


def _require_free(given: PartnerInput, actor: Actor, *, besides: int | None = None) -> None:
    same = Partner.objects.visible_to(actor).filter(name=given.name.strip(), ended_on__isnull=True)
    if same.exclude(pk=besides or 0).exists():
        raise DomainError("同じ名称の連携先がもうあります。", field="name")


def _refuse(given: PartnerInput) -> None:
    for problem in partner_problems(given):
        raise DomainError(problem.message, field=problem.field)


def _put(partner: Partner, given: PartnerInput) -> None:
    partner.kind = given.kind
    for name in LONGEST:
        setattr(partner, name, getattr(given, name).strip())


def _trail(partner: Partner, actor: Actor, what: str) -> None:
    audit.record(access.MANAGE_GUIDE, actor=actor, obj=partner, detail={"partner": what})
