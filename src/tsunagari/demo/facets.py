"""What a record says besides its words: worry, mark, finer category, partners, who may read."""

from __future__ import annotations

from typing import Any

from tsunagari.demo.agreed import words
from tsunagari.demo.chance import stream, weighted
from tsunagari.demo.ground import Ground
from tsunagari.demo.plan import RecordPlan
from tsunagari.demo.towns import TSUNAGARI

#: (nothing said, 0, 1, 2, 3) by main category
_CONCERN: dict[int, tuple[int, ...]] = {
    1: (45, 42, 12, 1, 0), 2: (45, 40, 14, 1, 0), 3: (50, 45, 5, 0, 0), 4: (25, 38, 31, 6, 0),
    5: (15, 25, 42, 16, 2), 6: (10, 5, 40, 38, 7), 7: (10, 5, 40, 38, 7), 8: (20, 25, 40, 14, 1),
    9: (5, 2, 40, 43, 10), 10: (15, 12, 45, 24, 4), 11: (30, 40, 24, 6, 0), 12: (55, 40, 5, 0, 0),
    13: (60, 35, 5, 0, 0),
}  # fmt: skip
#: topics that are grave whatever else is said
_GRAVE = {"couple-hard": (0, 0, 10, 55, 35), "mind-blue": (0, 0, 10, 60, 30), "ended-care": (0, 0, 40, 55, 5)}
_NURSERY, _SUPPORT, _HEALTH = "保育の担当課", "子育て支援の担当課", "保健センター"
_MOTHER, _FAMILY = "こども家庭センター（母子保健の相談）", "こども家庭センター（家庭の相談）"
_LIVING, _VISITS, _CLINIC = (
    "くらしの相談の窓口",
    "家庭訪問の会 となりのいす（架空）",
    "つながりこども医院（架空）",
)
#: whom a family is told about, and whom one turns to for it, by main category
_TURN_TO: dict[int, tuple[str, ...]] = {
    1: (_NURSERY, "わかば保育園（架空）"), 2: (_SUPPORT,), 3: (_SUPPORT,), 4: (_HEALTH,), 5: (_HEALTH, _CLINIC),
    6: (_LIVING, _FAMILY), 7: (_FAMILY,), 8: (_VISITS,), 9: (_MOTHER, _VISITS), 10: (_HEALTH, _MOTHER),
    11: (_NURSERY, _SUPPORT), 12: (_SUPPORT,),
}  # fmt: skip
#: agencies whose every record has a mark of these two
_DOTS = "midori"


def facets(ground: Ground, plan: RecordPlan) -> dict[str, Any]:
    """Further fields of RecordInput. The same record always gets the same, whatever else is in the town."""
    random = stream(ground.seed, ground.plan.key, "facets", plan.day, plan.minute, plan.agency, plan.family)
    weights = _GRAVE.get(plan.topic) or _CONCERN[plan.categories[0]]
    level = weighted(random, dict(zip((None, 0, 1, 2, 3), weights, strict=True)))
    found: dict[str, Any] = {"concern": level}
    if ground.plan is not TSUNAGARI:
        return found
    place = random.randrange(100)
    found |= _mark(ground, plan, level or 0, place)
    if plan.topic == "couple-hard" and place < 40:
        found["sight"] = "manager"
    label = words()["of_topic"].get(plan.topic)
    if label is not None:
        found["details"] = (ground.details[label],)
    return found | _partners(ground, plan, place)


def _mark(ground: Ground, plan: RecordPlan, level: int, place: int) -> dict[str, Any]:
    if plan.agency == _DOTS:
        return {"mark_id": ground.marks["●" if level >= 2 else "○"]}
    if plan.agency == "aoba" and (level == 3 or (level == 2 and place < 60)):
        return {"mark_id": ground.marks["別紙"]}
    return {}


def _partners(ground: Ground, plan: RecordPlan, place: int) -> dict[str, Any]:
    names = _TURN_TO.get(plan.categories[0], ())
    found: dict[str, Any] = {}
    if not names:
        return found
    first, last = ground.partners[names[0]], ground.partners[names[-1]]
    if {"informed", "introduced"} & set(plan.responses) and place < 70:
        found["told"] = (last if place % 2 else first,)
    if "connected" in plan.responses and plan.consent == "given":
        found["linked"] = (first,)
    return found
