"""Consultations: those that grow out of visits, and those at the city's own occasions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tsunagari.base.japanese.ages import PREGNANCY_DAYS
from tsunagari.demo.chance import stream, weighted
from tsunagari.demo.days import Calendar
from tsunagari.demo.life import children_on, expected_on, grieving_on, guardians, months_on, there_on
from tsunagari.demo.occasions import Occasion
from tsunagari.demo.plan import FamilyPlan, PersonPlan, RecordPlan, TownPlan, VisitPlan
from tsunagari.demo.writing import Situation, Words, Writer

#: how often a visit leads to a talk that is written down
AT_VISIT, AT_FIRST_VISIT = 0.045, 0.16
#: in these last days the first agency's next steps fall on and around today
SHOWN_DAYS = 21
_SHOWN = (0, -2, 2, 0, 5, -1, 0, 3, 9)
_CONSENTS = {"not_asked": 56, "asked": 14, "given": 25, "refused": 5}


class Records:
    """Draws consultations for consecutive days; call `on` once a day, in order."""

    def __init__(
        self, town: TownPlan, seed: int, today: date, families: Mapping[int, FamilyPlan],
        calendars: Mapping[str, Calendar], scale: float = 1.0,
    ) -> None:  # fmt: skip
        self.town, self.seed, self.today, self.families = town, seed, today, families
        self.calendars, self.scale = calendars, scale
        self.random = stream(seed, town.key, "records")
        self.writer = Writer(self.random)
        self._met: set[tuple[int, str]] = set()
        self._shown = 0

    def on(self, day: date, visits: Sequence[VisitPlan], occasions: Sequence[Occasion]) -> list[RecordPlan]:
        """All consultations of the day, by time."""
        found = [*self._after_visits(visits), *self._at_occasions(occasions), *self._anonymous(day)]
        return sorted(found, key=lambda record: (record.minute, record.agency, record.family or 0))

    def _after_visits(self, visits: Sequence[VisitPlan]) -> Iterator[RecordPlan]:
        for visit in visits:
            if visit.family is None or visit.family < 0:
                continue
            pair = (visit.family, visit.agency)
            share = AT_VISIT if pair in self._met else AT_FIRST_VISIT
            self._met.add(pair)
            if self.random.random() < share:
                family = self.families[visit.family]
                who = next(p for p in guardians(family) if p.resident_no in visit.people)
                children = [c for c in children_on(family, visit.day) if c.resident_no in visit.people]
                record = self._record(
                    family,
                    visit.day,
                    visit.minute + self.random.randint(15, 35),
                    visit.agency,
                    "visit",
                    who,
                    children,
                )
                if record is not None:
                    yield record

    def _at_occasions(self, occasions: Sequence[Occasion]) -> Iterator[RecordPlan]:
        for occasion in occasions:
            family = self.families[occasion.family]
            if (
                not there_on(family, occasion.day)
                or self.calendars[occasion.agency].span(occasion.day) is None
            ):
                continue
            opens, closes = self.calendars[occasion.agency].span(occasion.day) or (0, 0)
            minute = self.random.randrange(opens + 10, closes - 45, 5)
            children = children_on(family, occasion.day)
            who = guardians(family)[0]
            record = self._record(
                family, occasion.day, minute, occasion.agency, occasion.channel, who, children, occasion.topic
            )
            if record is not None:
                yield record

    def _anonymous(self, day: date) -> Iterator[RecordPlan]:
        for agency in self.town.agencies:
            span = self.calendars[agency.key].span(day)
            if span is None or self.random.random() > 0.035 * agency.pull * self.scale:
                continue
            words, hint, channel = self.writer.anonymous()
            minute = self.random.randrange(span[0] + 10, span[1] - 45, 5)
            yield self._plan(day, minute, agency.key, None, channel, words, (), "", hint=hint)

    def _record(
        self, family: FamilyPlan, day: date, minute: int, agency: str, channel: str, who: PersonPlan,
        children: Sequence[PersonPlan], topic: str = "",
    ) -> RecordPlan | None:  # fmt: skip
        situation = self._situation(family, day, who, children, channel)
        words = self.writer.family(situation, topic, follow=self._is_shown(day, agency))
        if words is None:
            return None
        expecting = expected_on(family, day) if words.topic.startswith("pregnant") else None
        people = [who.resident_no]
        if situation.child is not None and expecting is None and words.topic != "ended-care":
            people.append(situation.child.resident_no)
        plan = self._plan(day, minute, agency, family.number, channel, words, tuple(people), who.resident_no)
        if expecting is None:
            return plan
        return replace(plan, pregnancy=expecting.due, expecting=family.pregnancies.index(expecting))

    def _situation(
        self, family: FamilyPlan, day: date, who: PersonPlan, children: Sequence[PersonPlan], channel: str
    ) -> Situation:
        known = children_on(family, day)
        child = self.random.choice(list(children)) if children else None
        pregnancy = expected_on(family, day)
        weeks = (PREGNANCY_DAYS - (pregnancy.due - day).days) // 7 if pregnancy else None
        pairs = {
            "both": len(guardians(family)) == 2,
            "alone": len(guardians(family)) == 1,
            "mother": who.relation == "母",
            "abroad": bool(who.language),
            "moved": family.how == "move_in" and (day - family.known).days < 120,
            "grieving": grieving_on(family, day),
            "siblings": bool(known),
            "younger": child is not None and any(other.birth > child.birth for other in known),
        }
        return Situation(
            day=day, who=who, child=child, months=months_on(child, day) if child else None, weeks=weeks,
            children=len(known), younger=pairs["younger"],
            traits=frozenset(key for key, holds in pairs.items() if holds),
            channel=channel,
        )  # fmt: skip

    def _plan(
        self, day: date, minute: int, agency: str, family: int | None, channel: str, words: Words,
        people: tuple[str, ...], consulting: str, hint: str = "",
    ) -> RecordPlan:  # fmt: skip
        next_on = self._next_on(day, agency, words) if family is not None and words.next_in else None
        done_on = self._done_on(next_on)
        corrected = day + timedelta(days=self.random.randint(1, 4))
        fix = (
            self.random.random() < 0.04
            and corrected <= self.today
            and self.calendars[agency].span(corrected) is not None
        )
        return RecordPlan(
            day=day, minute=minute, agency=agency, family=family, topic=words.topic, channel=channel,
            place=self._place(channel), hint=hint, people=people, consulting=consulting, pregnancy=None,
            categories=words.categories, content=words.content, assessment=words.assessment,
            responses=words.responses, response_note=words.response_note, progress=words.progress,
            next_step=words.next_step if next_on else "", next_on=next_on, result=words.result if done_on else "",
            done_on=done_on, consent=self._consent(words) if family is not None else "not_asked",
            correction=self.writer.piece("fix") if fix else "", corrected_on=corrected if fix else None,
            added=self.writer.piece("extra") if fix else "",
        )  # fmt: skip

    def _next_on(self, day: date, agency: str, words: Words) -> date:
        """The next open day after the time that was agreed; for the last weeks, days around today."""
        wanted = day + timedelta(days=words.next_in)
        if self._is_shown(day, agency):
            wanted = self.today + timedelta(days=_SHOWN[self._shown % len(_SHOWN)])
            self._shown += 1
            if wanted > day:
                return wanted
            wanted = self.today
        for _ in range(10):
            if wanted > self.today or self.calendars[agency].span(wanted) is not None:
                break
            wanted += timedelta(days=1)
        return max(wanted, day)

    def _is_shown(self, day: date, agency: str) -> bool:
        return (self.today - day).days < SHOWN_DAYS and agency in (
            self.town.agencies[0].key,
            self.town.centre.key,
        )

    def _done_on(self, next_on: date | None) -> date | None:
        """Most steps that are due were done within days; of the last two weeks' some were not."""
        if next_on is None or next_on >= self.today - timedelta(days=7):
            return None
        done = next_on + timedelta(days=self.random.choice((0, 0, 0, 1, 2)))
        late = next_on > self.today - timedelta(days=30)
        return done if done <= self.today and (self.random.random() < 0.85 or not late) else None

    def _consent(self, words: Words) -> str:
        if {"proposed", "connected"} & set(words.responses):
            return weighted(self.random, {"given": 60, "asked": 25, "refused": 10, "not_asked": 5})
        return weighted(self.random, _CONSENTS)

    def _place(self, channel: str) -> str:
        places = {
            "home": ("自宅",),
            "outing": ("公園での出張相談", "健診会場", "図書館"),
            "visit": ("", "", "", "相談室", "ひろば"),
        }
        return self.random.choice(places.get(channel, ("",)))
