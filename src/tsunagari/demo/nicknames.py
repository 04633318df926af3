"""Families who come before they say their name; of some it turns out later who they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tsunagari.demo.chance import stream
from tsunagari.demo.days import Calendar
from tsunagari.demo.life import children_on, months_on, there_on
from tsunagari.demo.people import start_of
from tsunagari.demo.plan import FamilyPlan, NicknamePlan, TownPlan

_MARKS = (
    "きいろい帽子の", "くまのリュックの", "しましまの靴下の", "電車が大好きな", "赤い三輪車の", "水玉のだっこひもの", "うさぎのぬいぐるみの",
    "みどりの長ぐつの", "おしゃべりが好きな", "自転車で来る", "紙ひこうきが好きな", "いつも午後に来る",
)  # fmt: skip
_CALLS = {"1": "男の子", "2": "女の子", "0": "子"}


def nicknames(
    town: TownPlan, seed: int, today: date, families: Sequence[FamilyPlan], scale: float
) -> tuple[NicknamePlan, ...]:
    """About one for sixty households; every second one turns out to be a household the city knows."""
    count = max(4, round(town.households * scale / 60))
    places = [agency for agency in town.agencies if agency.hiroba]
    made = (
        _nickname(town, seed, today, families, position, places[position % len(places)].key)
        for position in range(count)
    )
    taken: set[int] = set()
    return tuple(plan for plan in made if plan is not None and _once(plan, taken))


def _once(plan: NicknamePlan, taken: set[int]) -> bool:
    if plan.turns_out is None:
        return True
    if plan.turns_out in taken:
        return False
    taken.add(plan.turns_out)
    return True


def _nickname(
    town: TownPlan, seed: int, today: date, families: Sequence[FamilyPlan], position: int, agency: str
) -> NicknamePlan | None:
    random = stream(seed, town.key, "nickname", position)
    calendar = Calendar(town.agency(agency), start_of(today), today)
    met = today - timedelta(days=random.randrange(20, 500))
    days = [
        met + timedelta(days=gap) for gap in (0, *sorted(random.sample(range(6, 90), random.randrange(4))))
    ]
    open_days = tuple(day for day in days if day < today and calendar.span(day))
    if not open_days:
        return None
    mark, number = _MARKS[position % len(_MARKS)], -(position + 1)
    if position % 2 == 0:
        candidates = _candidates(families, open_days[0])
        return (
            _known(random.choice(candidates), number, mark, open_days, agency, today) if candidates else None
        )
    sex, months = random.choice("120"), random.randrange(2, 40)
    return NicknamePlan(number, f"{mark}{_CALLS[sex]}のお母さん", sex, months, open_days, agency)


def _candidates(families: Sequence[FamilyPlan], day: date) -> list[FamilyPlan]:
    """Households that could be behind the nickname: there that day, one small child, never coming by their name."""
    return [
        family
        for family in families
        if not family.eager and family.moved_out is None and family.protected is None
        and there_on(family, day) and len(family.births) == 1
        and (young := children_on(family, day)) and months_on(young[0], day) < 36
    ]  # fmt: skip


def _known(
    family: FamilyPlan, number: int, mark: str, days: tuple[date, ...], agency: str, today: date
) -> NicknamePlan:
    child = children_on(family, days[0])[0]
    joined = days[-1] + timedelta(days=5)
    return NicknamePlan(
        number, f"{mark}{_CALLS[child.sex]}のお母さん", child.sex, months_on(child, days[0]), days, agency,
        family.number, child.resident_no, joined if joined <= today else None,
    )  # fmt: skip
