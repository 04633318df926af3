"""Puts records together from the pieces in texts/: what fits the child, the season and the people."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from random import Random
from typing import Any

from tsunagari.demo.chance import Deck
from tsunagari.demo.plan import PersonPlan

_SEVERAL = ("上の子", "上のお子さん", "きょうだい")
#: true only where people meet, and only over the wire
_FACE = (
    "帰られた",
    "持ち帰",
    "来所。",
    "立ち寄",
    "測りに",
    "帰りぎわ",
    "渡した",
    "見せ",
    "一緒に",
    "実際に",
    "その場で",
    "書いて渡",
    "面談。",
    "笑顔",
)
_WIRE = ("電話。", "より電話", "に電話。", "電話で相談")
#: how often each category is talked about, as the study's tables weigh them
_SHARES = {1: 11, 2: 10, 3: 3, 4: 24, 5: 17, 6: 3, 7: 2.5, 8: 3, 9: 8, 10: 3, 11: 6, 12: 7, 13: 2.5}
_SPOUSE = ("夫", "配偶者", "父も", "父と子", "父は", "家族と", "家族も", "家族は")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a consultation can be about. `months` and `weeks` (of pregnancy) are inclusive."""

    name: str
    about: str
    category: int
    also: tuple[int, ...]
    months: tuple[int, int] | None
    weeks: tuple[int, int] | None
    season: tuple[int, ...]
    needs: frozenset[str]
    responses: tuple[str, ...]
    pieces: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Situation:
    """Who is there on which day. `child` is whom it is about, `weeks` of a pregnancy, `traits` as topics need."""

    day: date
    who: PersonPlan
    child: PersonPlan | None
    months: int | None
    weeks: int | None
    children: int
    younger: bool
    traits: frozenset[str]
    channel: str = "visit"


@dataclass(frozen=True, slots=True)
class Words:
    """The written parts of a record. `next_in` is days until the next step, 0 for none."""

    topic: str
    categories: tuple[int, ...]
    content: str
    assessment: str
    responses: tuple[str, ...]
    response_note: str
    progress: str
    next_in: int
    next_step: str
    result: str


@cache
def topics() -> tuple[Topic, ...]:
    """All topics of the three text files."""
    return tuple(
        _topic(row)
        for name in ("raising", "services", "parents", "expecting")
        for row in _read(name)["topic"]
    )


@cache
def pools() -> dict[str, Any]:
    """Pieces that any record may carry."""
    return _read("pools")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(
        (resources.files("tsunagari.demo") / "texts" / f"{name}.toml").read_text(encoding="utf-8")
    )


def _topic(row: dict[str, Any]) -> Topic:
    flags = {key for key in ("moved", "both", "mother", "abroad", "alone", "siblings") if row.get(key)}
    pieces = {key: tuple(row.get(key, ())) for key in ("open", "more", "view", "reply", "next", "result")}
    return Topic(
        name=row["id"], about=row.get("about", "family"), category=row["category"], also=tuple(row.get("also", ())),
        months=tuple(row["months"]) if "months" in row else None,
        weeks=tuple(row["weeks"]) if "weeks" in row else None, season=tuple(row.get("season", ())),
        needs=frozenset(flags | ({row["needs"]} if "needs" in row else set())), responses=tuple(row["responses"]),
        pieces=pieces,
    )  # fmt: skip


class Writer:
    """Writes records one after the other, so that pieces and topics come round evenly."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._deck = Deck(random)
        self._told: Counter[str] = Counter()

    def family(self, situation: Situation, wanted: str = "", *, follow: bool = False) -> Words | None:
        """A record about the situation; about `wanted` when that topic fits. None when nothing fits.

        With `follow` there is a next step whenever the topic has one.
        """
        fitting = [topic for topic in topics() if fits(topic, situation)]
        fitting = [topic for topic in fitting if topic.name == wanted] or fitting
        if not fitting:
            return None
        return self._words(self._choose(fitting), situation, follow)

    def anonymous(self) -> tuple[Words, str, str]:
        """A record without a name, whom it was about, and its channel."""
        topic = self._choose([topic for topic in topics() if topic.about == "anonymous"])
        hint = self._random.choice(
            ("2歳くらいの子のお母さん", "1歳の子のお母さん", "孫を育てる人", "はじめての人", "父子で来た人")
        )
        channel = (
            "phone" if topic.name == "anon-phone" else "outing" if topic.name == "anon-worry" else "visit"
        )
        return self._words(topic, None), hint, channel

    def piece(self, pool: str) -> str:
        """One piece of a pool (fix, extra …)."""
        return self._deck.deal(pools()[pool]["pieces"])

    def _choose(self, fitting: list[Topic]) -> Topic:
        """A topic by the share of its category; within one, those told less, in season or of a trait come first."""
        among = Counter(topic.category for topic in fitting)
        weights = [
            _SHARES[topic.category] / among[topic.category] * (1.5 if topic.needs or topic.season else 1.0)
            / (20 + self._told[topic.name])
            for topic in fitting
        ]  # fmt: skip
        chosen = self._random.choices(fitting, weights)[0]
        self._told[chosen.name] += 1
        return chosen

    def _words(self, topic: Topic, situation: Situation | None, follow: bool = False) -> Words:
        random = self._random
        step = (
            self._deal(topic, "next", situation)
            if random.random() < (1.0 if follow else _step_share(topic))
            else ""
        )
        days, _, next_step = step.partition("|")
        return Words(
            topic=topic.name, categories=self._categories(topic), content=self._content(topic, situation),
            assessment=self._deal(topic, "view", situation) if random.random() < 0.86 else "",
            responses=self._responses(topic), response_note=self._deal(topic, "reply", situation),
            progress=self._deck.deal(pools()["progress"]["pieces"]) if random.random() < 0.08 else "",
            next_in=int(days or 0), next_step=next_step, result=self._deal(topic, "result", situation) if step else "",
        )  # fmt: skip

    def _categories(self, topic: Topic) -> tuple[int, ...]:
        extra = [code for code in topic.also if self._random.random() < 0.6]
        return tuple(dict.fromkeys((topic.category, *extra)))

    def _responses(self, topic: Topic) -> tuple[str, ...]:
        return tuple(code for code in topic.responses if self._random.random() < 0.9) or topic.responses[:1]

    def _content(self, topic: Topic, situation: Situation | None) -> str:
        random = self._random
        lines = [self._deal(topic, "open", situation), self._deal(topic, "more", situation)]
        if random.random() < 0.25:
            more = self._deal(topic, "more", situation)
            lines += [more] if more not in lines else []
        text = "".join(lines)
        seen = self._seen(topic, situation)
        said = self._fill(
            self._deck.deal(pools()["said"]["pieces"], lambda piece: suits(piece, situation)), situation
        )
        if seen and random.random() < 0.62:
            text += "\n" + seen
        if said and topic.about != "ended" and random.random() < 0.35:
            text += said if "\n" in text else "\n" + said
        return text

    def _seen(self, topic: Topic, situation: Situation | None) -> str:
        if situation is None or topic.about == "ended":
            return ""
        if situation.channel in ("phone", "message"):
            return self._deck.deal(pools()["about"]["phone"], lambda piece: _over(piece, situation.channel))
        if topic.about == "expected":
            return self._deck.deal(pools()["about"]["expected"])
        if topic.category >= 6 and topic.category <= 11 and self._random.random() < 0.5:
            return self._deck.deal(pools()["about"]["parent"])
        for pool in pools()["seen"]:
            if situation.months is not None and pool["months"][0] <= situation.months <= pool["months"][1]:
                return self._fill(
                    self._deck.deal(pool["pieces"], lambda piece: suits(piece, situation)), situation
                )
        return ""

    def _deal(self, topic: Topic, part: str, situation: Situation | None) -> str:
        return self._fill(
            self._deck.deal(topic.pieces[part], lambda piece: suits(piece, situation)), situation
        )

    def _fill(self, piece: str, situation: Situation | None) -> str:
        return piece.replace("{who}", situation.who.relation if situation else "本人")


def _over(piece: str, channel: str) -> bool:
    """Voices are heard on the telephone, words are seen in messages."""
    return ("文面" in piece or "夜" in piece) if channel == "message" else "文面" not in piece


def _step_share(topic: Topic) -> float:
    if topic.category in (7, 9) or topic.about == "ended":
        return 0.8
    return 0.42


def fits(topic: Topic, situation: Situation) -> bool:
    """Whether the topic can be talked about there: age, weeks, season and traits."""
    if topic.about == "ended" or "grieving" in situation.traits:
        return topic.about == "ended" and "grieving" in situation.traits
    if topic.about == "anonymous" or (topic.season and situation.day.month not in topic.season):
        return False
    if topic.about == "expected":
        return _within(topic.weeks, situation.weeks) and topic.needs <= situation.traits
    return _within(topic.months, situation.months) and topic.needs <= situation.traits


def _within(bounds: tuple[int, int] | None, value: int | None) -> bool:
    return bounds is not None and value is not None and bounds[0] <= value <= bounds[1]


def suits(piece: str, situation: Situation | None) -> bool:
    """Whether a piece is true of the people: no siblings where there are none, no husband where there is none."""
    if situation is None:
        return True
    if any(word in piece for word in _SEVERAL) and situation.children < 2:
        return False
    far = situation.channel in ("phone", "message", "online")
    if any(word in piece for word in (_FACE if far else _WIRE)):
        return False
    if "下の子" in piece and not situation.younger:
        return False
    if any(word in piece for word in _SPOUSE) and (
        "both" not in situation.traits or situation.who.relation != "母"
    ):
        return False
    if any(word in piece for word in ("母乳", "ママ", "授乳しながら")) and situation.who.relation != "母":
        return False
    return not ("祖母" in piece and situation.who.relation == "祖母")
