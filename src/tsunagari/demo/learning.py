"""Qualifications, training and supervision of the staff: some due, some overdue, most in order."""

from __future__ import annotations

from datetime import date, timedelta

from tsunagari.accounts.models import Course
from tsunagari.accounts.operations import skills
from tsunagari.accounts.rules.skills import QualificationInput, SupervisionInput, TrainingInput
from tsunagari.base import clock
from tsunagari.base.access import Role
from tsunagari.base.actor import Actor
from tsunagari.demo.chance import stream
from tsunagari.demo.ground import Ground
from tsunagari.demo.towns import TSUNAGARI

_HELD = {
    "counselor": ("保育士", "子育て支援員"), "manager": ("保育士", "社会福祉士"), "rounds": ("社会福祉士",),
    "nurse": ("保健師", "看護師"), "lead": ("保健師", "社会福祉士"),
}  # fmt: skip
_THEMES = (
    ("面談のはじめ方", "はじめに時間を伝えると、話す人も落ち着いた。"),
    ("気がかりを家族と話す言葉", "できていることから話すと、次の話につながった。"),
    ("職員のつかれ", "一人で持たず、その日のうちに声に出すことにした。"),
)
#: the courses everybody took long ago, last year, and not yet
_TAKEN = {
    "子育て支援員研修（基本研修）": 900,
    "児童虐待への対応": 1030,
    "個人情報保護": 300,
    "面接・相談の技術": 420,
}


def learn(ground: Ground, until: date) -> None:
    """As the managers entered it: what was seen at the beginning, training days, supervision every few weeks."""
    if ground.plan is not TSUNAGARI:
        return
    courses = {row.name: row for row in Course.objects.filter(municipality_id=ground.municipality_id)}
    for place, person in enumerate(_people(ground)):
        random = stream(ground.seed, ground.plan.key, "skills", person.name)
        writer = _writer(ground, person)
        with clock.stopped_at(clock.at(until, 11, 20)):
            for name in _HELD[person.role][: 1 + place % 2]:
                got = date(until.year - random.randint(4, 20), 4, 1)
                given = QualificationInput(name, got, None, until - timedelta(days=300))
                skills.hold(person.user_id or 0, given, actor=writer)
            for name, days in _TAKEN.items():
                if random.random() < 0.8 and (name in courses) and person.role in courses[name].roles:
                    day = until - timedelta(days=days - random.randint(0, 140))
                    skills.take([person.user_id or 0], TrainingInput(courses[name].pk, day), actor=writer)
            if person.role in ("counselor", "nurse"):
                _supervised(person, writer, until - timedelta(days=10 + 7 * (place % 5)), place)


def _supervised(person: Actor, writer: Actor, day: date, place: int) -> None:
    theme, learned = _THEMES[place % len(_THEMES)]
    given = SupervisionInput("外部講師 架空", day, theme, learned, day + timedelta(days=42))
    skills.supervise(person.user_id or 0, given, actor=writer)


def _people(ground: Ground) -> list[Actor]:
    """Everybody who works with families, once, by their first post."""
    found: dict[int, Actor] = {}
    for role in _HELD:
        for (held, _), actors in ground.actors.items():
            if held == role:
                found.update({actor.user_id or 0: actor for actor in actors if actor.user_id not in found})
    return list(found.values())


def _writer(ground: Ground, person: Actor) -> Actor:
    """Who keeps the list where the person works: the manager, else the centre's lead."""
    here = [actor for (role, _), actors in ground.actors.items() if role == Role.MANAGER for actor in actors]
    own = [actor for actor in here if actor.agency_id == person.agency_id]
    return own[0] if own else ground.actors["lead", ground.plan.centre.key][0]
