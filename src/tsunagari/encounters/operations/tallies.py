"""Counting by figures alone, for a busy hour or an outing, and taking it back (D2, C5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import access
from tsunagari.encounters.models import Tally
from tsunagari.encounters.operations.visits import CLOCK_TOLERANCE, site_of
from tsunagari.encounters.rules.counting import AGE_GROUPS
from tsunagari.places.models import Site

MOST = 999


@transaction.atomic
def add_tally(
    *,
    actor: Actor,
    families: int,
    adults: int,
    children: Sequence[int],
    key: UUID,
    newcomers: int = 0,
    other_town: int = 0,
    at: datetime | None = None,
    site: Site | None = None,
    note: str = "",
) -> Tally:
    """Count people of the actor's agency, or of a `site` it went to, without saying who they are. `children` by
    AGE_GROUPS; `at` (default now) may be earlier. The same `key` is the same tally, also from two
    clicks at once (`tally.already`). DomainError for numbers out of bounds, nobody at all, a time to come, or a site
    that was not there that day.
    """
    if actor.agency_id is None:
        raise Forbidden("機関に所属する人だけが記録できます。", action=access.TALLY.name)
    moment = _when(at)
    _check(families, adults, children, newcomers, other_town)
    tally = Tally(
        families=families,
        adults=adults,
        children=list(children),
        newcomers=newcomers,
        other_town=other_town,
        note=note.strip()[:200],
        key=key,
        site_id=site_of(site, actor.agency_id, moment),
        **_stamped(actor, moment),
    )
    try:
        with transaction.atomic():
            tally.save(force_insert=True)
    except IntegrityError:
        return _by_key(actor, key)
    audit.record(access.TALLY, actor=actor, obj=tally)
    return tally


def _when(at: datetime | None) -> datetime:
    moment = clock.now() if at is None else at.astimezone(clock.TOKYO)
    if moment > clock.now() + CLOCK_TOLERANCE:
        raise DomainError("これからの時刻です。来た時刻を入れてください。", field="time")
    return moment


def _stamped(actor: Actor, moment: datetime) -> dict[str, Any]:
    return {
        "municipality_id": actor.municipality_id,
        "agency_id": actor.agency_id,
        "day": moment.date(),
        "at": moment.time().replace(second=0, microsecond=0),
        "created_at": clock.now(),
        "created_by": actor.user_id,
    }


def undo_tally(tally: Tally, *, actor: Actor) -> Tally:
    """Take a tally back: it stays in the database and counts nowhere. Done twice, it is done once."""
    return _stand(tally, actor, undone=True)


def restore_tally(tally: Tally, *, actor: Actor) -> Tally:
    """Let a tally that was taken back count again."""
    return _stand(tally, actor, undone=False)


@transaction.atomic
def _stand(tally: Tally, actor: Actor, *, undone: bool) -> Tally:
    found: Tally = Tally.objects.select_for_update().get(pk=tally.pk)
    if found.agency_id != actor.agency_id:
        raise Forbidden("ほかの機関の記録は取り消せません。", action=access.TALLY.name)
    if (found.undone_at is not None) is undone:
        return found
    found.undone_at, found.undone_by = (clock.now(), actor.user_id) if undone else (None, None)
    found.save(update_fields=["undone_at", "undone_by"])
    audit.record(access.TALLY, actor=actor, obj=found, detail={"undone": undone})
    return found


def _check(families: int, adults: int, children: Sequence[int], newcomers: int, other_town: int) -> None:
    if len(children) != len(AGE_GROUPS):
        raise DomainError("子どもの人数を、年齢ごとに入れてください。", field="children")
    for field, number in (("families", families), ("adults", adults), *(("children", n) for n in children)):
        if not 0 <= number <= MOST:
            raise DomainError(f"人数は0から{MOST}で入れてください。", field=field)
    if families + adults + sum(children) == 0:
        raise DomainError("来た人の数を入れてください。", field="families")
    for field, number in (("newcomers", newcomers), ("other_town", other_town)):
        if not 0 <= number <= families:
            raise DomainError("組の数より多くなっています。", field=field)


def _by_key(actor: Actor, key: UUID) -> Tally:
    tally = Tally.objects.visible_to(actor).filter(key=key).first()
    if tally is None:
        raise Conflict("この画面は使いおわっています。画面を読み込みなおしてください。")
    tally.already = True
    return tally
