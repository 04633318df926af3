"""Builds the fictional towns, or says who may sign in to them.

A town is written eight weeks at a time, each span in a transaction of its own, and marked on its trail when whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter

from tsunagari.audit import operations as audit
from tsunagari.audit.models import Entry
from tsunagari.base import clock, tenancy
from tsunagari.base.access import LABELS, Role
from tsunagari.demo import agreed, decided, founding, learning, life, occasions, old_books, tablets, twice
from tsunagari.demo.circulating import Circulating
from tsunagari.demo.counter import Counter
from tsunagari.demo.days import window
from tsunagari.demo.following import Following
from tsunagari.demo.ground import Ground
from tsunagari.demo.lately import Lately
from tsunagari.demo.nicknames import nicknames
from tsunagari.demo.people import families, start_of
from tsunagari.demo.plan import FamilyPlan, PersonPlan, TownPlan
from tsunagari.demo.records import Records
from tsunagari.demo.reporting import Reporting
from tsunagari.demo.settling import Settling
from tsunagari.demo.tables import table
from tsunagari.demo.towns import TOWNS, TSUNAGARI
from tsunagari.demo.visits import Visits
from tsunagari.demo.working import Working
from tsunagari.families import jobs
from tsunagari.families.models import Household
from tsunagari.families.operations import pairs
from tsunagari.places.models import Municipality
from tsunagari.places.operations import municipalities

SEED = 1
#: on the trail of a town that is whole
BUILT = "demo.built"
#: days in one transaction
CHUNK_DAYS = 56
#: towards the end the trail is written day by day, so that it reads as the days went
CLOSE_DAYS = 5
SECOND_HOMES_EVERY = 260
#: After so many chunks tables have grown several times over.
GROWN = (1, 3, 7)

Tell = Callable[[str], None]
Settle = Callable[[], None]
_HINTS = (
    "受付端末（キオスク）  kanchou でログインし、「受付端末」（/devices/）でこのブラウザを端末にします。",
    "似ている家庭    toukatsu でログインし、「似ている家庭」（/families/same/）を開きます。",
    "3つの記録のしかた  soudan（日ごと＋別紙）・midori（日ごと、●と○）・nijiiro（家庭ごと）の「記録」をくらべます。",
    "個別記録とプラン  soudan の「記録」→「個別記録」。ひきつぎが1件、返事を待っています（/charts/?list=waiting）。",
    "回覧    soudan と kanchou の「今日」に件数が出ます。全部は /circulation/ です。",
    "報告    shi の「報告」（/reports/city/）に、受領・おくれ・差しもどし・訂正版があります。日報は wakaba-encho。",
    "手引きと公の表    どの人でも「手引き」（/guide/）。変えるのは shi（/categories/official/）。",
    "資格と研修    kanchou と shi の「資格と研修」（/skills/）。",
)


class HalfBuilt(Exception):
    """A town whose building was broken off: the database has to be made anew."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was built in one town, how long it took in seconds, and the old rosters that wait there."""

    town: str
    households: int
    visits: int
    records: int
    seconds: float
    books: tuple[old_books.Book, ...] = ()


def state() -> str:
    """ "none", "half" or "whole"."""
    marks = [_mark(plan) for plan in TOWNS]
    if all(mark == "whole" for mark in marks):
        return "whole"
    return "none" if all(mark == "none" for mark in marks) else "half"


def _as_it_is() -> None:
    """Plan with what PostgreSQL finds out by itself."""


def build_if_missing(tell: Tell = print, *, folder: Path | None = None, settle: Settle = _as_it_is) -> None:
    """Build the towns unless they are there, and put their old rosters into the folder.

    Raises HalfBuilt when an earlier build was broken off.
    """
    found = state()
    if found == "half":
        raise HalfBuilt("お試しの町が途中までしかできていません。")
    if found == "none":
        reports = build(tell=tell, settle=settle)
        if folder is not None:
            old_books.write((book for report in reports for book in report.books), folder)


def build(
    *,
    today: date | None = None,
    until: datetime | None = None,
    scale: float = 1.0,
    seed: int = SEED,
    tell: Tell = lambda _: None,
    settle: Settle = _as_it_is,
) -> list[Report]:
    """Build both towns as they are on `today` (default now), nothing later than `until`.

    `settle` is called where tables have grown several times over, between transactions: to gather statistics.
    `scale` 1 is a town of 45,000 people; the small town and every number follow it. The same arguments give the
    same towns.
    """
    day = today or clock.today()
    last = until or (clock.now() if today is None else clock.at(day, 18))
    tell("架空の町をつくっています（1〜2分かかります）…")
    reports = []
    for plan in TOWNS:
        reports.append(_build_town(plan, day, last, scale, seed, settle))
        report = reports[-1]
        tell(
            f"  {report.town}: 家庭 {report.households:,}　来所 {report.visits:,}　"
            f"相談 {report.records:,}（{report.seconds:.0f}秒）"
        )
    return reports


def accounts_table(folder: Path | None = None) -> str:
    """Who may sign in, and what to try besides, for a terminal (full-width characters count two).

    `folder` is where the old rosters were put; without any there they are not spoken of.
    """
    rows = [("ログイン名", "役割", "働く場所", "氏名")]
    for plan in TOWNS:
        for person in plan.staff:
            roles = "・".join(dict.fromkeys(LABELS[Role(role)] for role, _ in person.posts))
            places = "、".join(
                dict.fromkeys(plan.agency(key).name if key else plan.name for _, key in person.posts)
            )
            rows.append((person.username, roles, places, person.name))
    said = [f"パスワードは全員 {founding.PASSWORD} です。町も人も、すべて架空です。", "", *_HINTS]
    if folder is not None and any(folder.glob("*.xlsx")):
        said.append(
            f"これまでの名簿    見本のファイルは {folder} にあります。同じものが「取り込み」で待っています。"
        )
    return "\n".join([table(rows), "", *said])


def _mark(plan: TownPlan) -> str:
    town = Municipality.objects.filter(code=plan.code).first()
    if town is None:
        return "none"
    with tenancy.municipality(town.pk):
        whole = Entry.objects.filter(municipality_id=town.pk, action=BUILT).exists()
    return "whole" if whole else "half"


def _build_town(
    plan: TownPlan, today: date, until: datetime, scale: float, seed: int, settle: Settle
) -> Report:
    began = perf_counter()
    town = municipalities.ensure_municipality(
        plan.code, name=plan.name, prefecture=plan.prefecture, fictional=True
    )
    with tenancy.municipality(town.pk):
        ground = founding.found(plan, town, seed, today)
    builder = _Builder(ground, until, scale)
    for number, days in enumerate(chunks(start_of(today), today), start=1):
        with tenancy.municipality(town.pk, user_id=ground.officer.user_id):
            builder.days(days)
        if number in GROWN:
            settle()
    with clock.stopped_at(until):
        with tenancy.municipality(town.pk, user_id=ground.officer.user_id):
            builder.finish()
        builder.lay_out()
    with tenancy.municipality(town.pk, user_id=ground.officer.user_id), clock.stopped_at(until):
        audit.record(
            BUILT, actor=ground.officer, detail={"seed": seed, "scale": scale, "today": today.isoformat()}
        )
    work = builder.working
    seconds = perf_counter() - began
    return Report(plan.name, len(ground.households), work.visits, work.records, seconds, builder.books)


def chunks(start: date, today: date) -> Iterator[list[date]]:
    """The days in eights of weeks, at the end one by one."""
    days = list(window(start, today))
    far, close = days[:-CLOSE_DAYS], days[-CLOSE_DAYS:]
    for first in range(0, len(far), CHUNK_DAYS):
        yield far[first : first + CHUNK_DAYS]
    for day in close:
        yield [day]


class _Builder:
    """Lets the days of one town pass."""

    def __init__(self, ground: Ground, until: datetime, scale: float) -> None:
        self.ground, self.until = ground, until
        self.books: tuple[old_books.Book, ...] = ()
        plan, seed, today = ground.plan, ground.seed, ground.today
        self.drawn = list(families(plan, seed, today, scale))
        self.twice = list(twice.families(plan, seed, today)) if plan is TSUNAGARI else []
        self.families = {made.number: made for made in (*self.drawn, *self.twice)}
        self.nicknames = nicknames(plan, seed, today, self.drawn, scale)
        if self.twice:
            self.nicknames += (twice.nickname(plan, today),)
        sites = decided.sites_of(plan.key)
        self.visits = Visits(plan, seed, today, self.families, self.nicknames, scale, sites)
        self.counter = Counter(ground, until, list(self.families.values()), self.visits.calendars)
        talks = twice.talks(self.twice, today)
        self.occasions = occasions.occasions(
            plan, seed, today, self.families.values(), self.visits.calendars, talks
        )
        self.records = Records(plan, seed, today, self.families, self.visits.calendars, scale)
        self.settling = Settling(ground)
        self.following, self.circulating = Following(ground, until.date()), Circulating(ground)
        self.working = Working(ground, until, self.following, self.circulating)
        self.reporting = Reporting(ground)
        self.events = sorted(
            (event for family in self.families.values() for event in life.events(family, today)),
            key=lambda event: event.order,
            reverse=True,
        )

    def days(self, days: list[date]) -> None:
        """One transaction's worth: lives first, then visits, then what was said."""
        self.settling.days(self.families, self._events_until(days[-1]))
        self._nicknames(days, met=True)
        came = {day: self.visits.on(day) for day in days}
        self.working.check_in([visit for day in days for visit in came[day]])
        at_home = {day: [visit for visit in came[day] if not visit.site] for day in days}
        talks = [self.records.on(day, at_home[day], self.occasions.get(day, ())) for day in days]
        self.working.write([record for talk in talks for record in talk])
        self.working.tally([tally for day in days for tally in self.visits.outings.tallies(day)])
        self.counter.days(days)
        for day in days:
            self.working.follow_up(day)
        self.following.days(days)
        self.reporting.days(days)
        self.working.read(days[-1])
        self._nicknames(days, met=False)

    def _events_until(self, day: date) -> Iterator[life.LifeEvent]:
        while self.events and self.events[-1].day <= day:
            yield self.events.pop()

    def _nicknames(self, days: list[date], *, met: bool) -> None:
        for plan in self.nicknames:
            if met and plan.days[0] in days:
                self.settling.meet_nickname(plan)
            if met and plan.phone and plan.days[1] in days:
                self.settling.note_phone(plan)
            if not met and plan.joined in days:
                self.settling.join_nickname(plan)

    def finish(self) -> None:
        """What stands open today: second homes entered last month, drafts, what the tablet could not settle, records
        still to be seen, a chart still to be taken on."""
        day = self.ground.today - timedelta(days=30)
        for family in self._separated(day):
            self.settling.second_home(family, day)
        self.working.leave_drafts(list(self._drafts()))
        learning.learn(self.ground, day)
        if self.twice:
            self._lately()
            tablets.set_up(self.ground, self.visits.calendars[self.ground.plan.agencies[0].key], self.until)

    def _lately(self) -> None:
        agreed.tables(self.ground)
        for record, actor in Lately(self.ground, self.until, self._met_here()).write():
            self.circulating.records.append((record, actor))
        self.circulating.finish()
        with clock.stopped_at(self.until - timedelta(hours=2)):
            self.following.ask_one(self.ground.plan.agencies[0].key)

    def _met_here(self) -> list[FamilyPlan]:
        """Three families of the first agency with a child, none of them under protection."""
        here = [
            family
            for family in self.drawn
            if family.home == self.ground.plan.agencies[0].key and family.registered and family.protected is None
            and life.there_on(family, self.ground.today) and self._children(family)
            and not life.grieving_on(family, self.ground.today)
        ]  # fmt: skip
        return sorted(here, key=lambda family: (-family.eager, family.number))[1:4]

    def lay_out(self) -> None:
        """What waits for people: two old rosters, and families who seem to stand twice. Opens scopes of its own."""
        if not self.twice:
            return
        with tenancy.municipality(self.ground.municipality_id, user_id=self.ground.officer.user_id):
            self.books = matched, fresh = old_books.books(self.ground, self.drawn)
            old_books.upload(self.ground, fresh)
            row = old_books.upload(self.ground, matched)
            run = pairs.start_run(actor=self.ground.actors["lead", self.ground.plan.centre.key][0])
        old_books.take_columns(self.ground, matched, row)
        jobs.find_pairs(run.pk, self.ground.municipality_id)

    def _separated(self, day: date) -> list[FamilyPlan]:
        fitting = [
            family
            for family in self.drawn
            if len(life.guardians(family)) == 1 and life.guardians(family)[0].relation == "母"
            and life.there_on(family, day) and life.children_on(family, day) and family.protected is None
        ]  # fmt: skip
        return fitting[: 1 + len(self.drawn) // SECOND_HOMES_EVERY]

    def _drafts(self) -> Iterator[tuple[Household | None, str, str]]:
        first, *others = [
            person.username for person in self.ground.plan.staff if person.posts[0][0] == "counselor"
        ]
        household = self._regular()
        yield household, first, "母より、ことばの様子がその後どうなったか話がある。絵本を"
        if others and household is not None:
            yield household, others[0], "午前中に来所。帰りぎわに声をかける。"
        yield None, first, "はじめての親子。1歳くらい。引っ越してきたばかりで"

    def _regular(self) -> Household | None:
        """The first agency's most eager family with a child who is learning to speak."""
        here = [
            family
            for family in self.drawn
            if family.home == self.ground.plan.agencies[0].key
            and family.registered and family.moved_out is None and family.protected is None
            and any(14 <= life.months_on(child, self.ground.today) <= 38 for child in self._children(family))
        ]  # fmt: skip
        best = max(here, key=lambda family: family.eager, default=None)
        return self.ground.households[best.number] if best else None

    def _children(self, family: FamilyPlan) -> list[PersonPlan]:
        return life.children_on(family, self.ground.today)
