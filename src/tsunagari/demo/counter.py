"""Writes what is done at counters: cards printed and replaced, registrations renewed, benefits given, homes changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.demo.days import Calendar
from tsunagari.demo.decided import renews
from tsunagari.demo.giving import GiftPlan, Giving, RenewalPlan, by_day
from tsunagari.demo.ground import Ground
from tsunagari.demo.plan import FamilyPlan
from tsunagari.demo.twice import FIRST
from tsunagari.demo.working import moment
from tsunagari.families import access
from tsunagari.families.models import Card, HomeChange, Person, Registration
from tsunagari.families.operations import benefits, cards, home_changes, registrations, renewals

#: cards are printed this many days after they were issued; those of the last days wait
PRINTED_AFTER = 21
#: one family in so many loses its card
LOST_EVERY = 80
#: a change of home older than this has been seen by both ends
SEEN_AFTER = 5
#: homes that change in the last days: days ago, and who writes it down (the new home, the former one, the city)
_CHANGES = ((1, "new"), (2, "city"), (3, "former"), (4, "new"))


@dataclass(frozen=True, slots=True)
class _Change:
    day: date
    family: int
    former: str
    new: str
    who: str


class Counter:
    """Everything at the counters of a town, day by day; nothing later than `until`."""

    def __init__(
        self,
        ground: Ground,
        until: datetime,
        families: Sequence[FamilyPlan],
        calendars: Mapping[str, Calendar],
    ) -> None:
        self.ground, self.until, self.calendars = ground, until, calendars
        giving = Giving(ground.seed, ground.today, calendars)
        asked = families if renews(ground.plan.key) else ()
        self._renewals = by_day(plan for family in asked for plan in giving.renewals(family))
        self._gifts = by_day(plan for family in asked for plan in giving.gifts(family) if ground.benefits)
        settled = [family for family in families if _settled(family, ground.today)]
        first = [family for family in settled if family.home == ground.plan.agencies[0].key]
        self._losers = [*first[:1], *(family for family in settled[2::LOST_EVERY] if family not in first[:1])]
        self._lost = self._losses()
        self._changes = by_day(self._home_changes(settled))

    def days(self, days: Sequence[date]) -> None:
        """All of some days; needs families registered until then."""
        self._print(days[-1])
        self._renew([plan for day in days for plan in self._renewals.get(day, ())])
        for day in days:
            for gift in sorted(self._gifts.get(day, ()), key=lambda gift: (gift.minute, gift.family)):
                self._give(gift)
            for family in self._lost.get(day, ()):
                self._replace(family, day)
            for change in self._changes.get(day, ()):
                self._change_home(change)
        self._see(days[-1] - timedelta(days=SEEN_AFTER))

    # cards -------------------------------------------------------------------------------------------------------
    def _print(self, day: date) -> None:
        """Cards are printed in the week after they were issued, where they were."""
        old = clock.at(day - timedelta(days=PRINTED_AFTER))
        rows = Card.objects.filter(state=Card.State.ACTIVE, printed_at__isnull=True, issued_at__lt=old)
        batches: dict[tuple[date, int], list[Card]] = defaultdict(list)
        for card in rows.order_by("issued_at", "household_id"):
            issued = card.issued_at.astimezone(clock.TOKYO).date()
            batches[issued - timedelta(days=issued.weekday()), card.issued_by or 0].append(card)
        for (week, user_id), batch in batches.items():
            with clock.stopped_at(clock.at(week + timedelta(days=7), 10, 40)):
                cards.printed(batch, actor=self._by_user(user_id))

    def _replace(self, family: FamilyPlan, day: date) -> None:
        """A card was lost; the new one is printed at once, except in the last days."""
        actor = self.ground.worker(family.home, family.number)
        with clock.stopped_at(clock.at(day, 13, family.number % 60)):
            household = self.ground.households[family.number]
            made = cards.reissue_card(household, actor=actor, reason=Card.Reason.LOST)
            if (self.ground.today - day).days > PRINTED_AFTER:
                cards.printed([made], actor=actor)

    def _losses(self) -> dict[date, list[FamilyPlan]]:
        """Who loses the card on which day; the first of them, at the first agency, in these days."""
        found: dict[date, list[FamilyPlan]] = defaultdict(list)
        for place, family in enumerate(self._losers):
            assert family.registered is not None
            span = (self.ground.today - family.registered).days
            ago = span * (place % 7 + 1) // 9 if place else 2
            found[self._open_before(family.home, self.ground.today - timedelta(days=ago))].append(family)
        return found

    # renewals and benefits ---------------------------------------------------------------------------------------
    def _renew(self, plans: Iterable[RenewalPlan]) -> None:
        wanted = [plan for plan in plans if moment(plan.day, plan.minute) <= self.until]
        households = {self.ground.households[plan.family].pk for plan in wanted}
        agencies = {agency.pk: key for key, agency in self.ground.agencies.items()}
        rows = Registration.objects.filter(household__in=households, ends_on__isnull=True).order_by("pk")
        standing = {(row.household_id, agencies[row.agency_id]): row for row in rows}
        by_actor: dict[Actor, list[renewals.NewRenewal]] = defaultdict(list)
        for plan in sorted(wanted, key=lambda plan: (plan.day, plan.minute, plan.family)):
            row = standing.get((self.ground.households[plan.family].pk, plan.agency))
            if row is not None:
                actor = self.ground.worker(plan.agency, plan.family)
                entered = moment(plan.day, plan.minute)
                by_actor[actor].append(renewals.NewRenewal(row, plan.document, plan.year, entered))
        for actor, own in by_actor.items():
            renewals.renew_many(own, actor=actor)

    def _give(self, plan: GiftPlan) -> None:
        at = moment(plan.day, plan.minute)
        if at > self.until:
            return
        child = Person.objects.get(pk=self.ground.people[plan.child]) if plan.child else None
        with clock.stopped_at(at):
            benefits.use_benefit(
                self.ground.benefits[plan.benefit], self.ground.households[plan.family],
                actor=self.ground.worker(plan.agency, plan.family), person=child, count=1,
                key=self.ground.key("benefit", plan.benefit, plan.family, plan.child, at), note=plan.note,
            )  # fmt: skip

    # homes -------------------------------------------------------------------------------------------------------
    def _home_changes(self, settled: Sequence[FamilyPlan]) -> Iterator[_Change]:
        """Settled families who go over to another agency in these days; in a town with one agency nobody does."""
        hirobas = [agency.key for agency in self.ground.plan.agencies if agency.hiroba]
        if len(hirobas) < 2:
            return
        first, second = hirobas[0], hirobas[1]
        fitting = [family for family in settled if not family.also and family not in self._losers]
        at_first = [family for family in fitting if family.home == first]
        elsewhere = [family for family in fitting if family.home != first]
        for place, (ago, who) in enumerate(_CHANGES):
            own = at_first if place % 2 else elsewhere
            if place // 2 >= len(own):
                continue
            family = own[place // 2]
            new = second if place % 2 else first
            acting = {"new": new, "former": family.home, "city": self.ground.plan.centre.key}[who]
            day = self._open_before(acting, self.ground.today - timedelta(days=ago))
            yield _Change(day, family.number, family.home, new, who)

    def _change_home(self, change: _Change) -> None:
        actor = {
            "new": self.ground.worker(change.new),
            "former": self.ground.worker(change.former),
            "city": self.ground.nurse,
        }[change.who]
        source = Registration.Source.CITY if change.who == "city" else Registration.Source.COUNTER
        with clock.stopped_at(clock.at(change.day, 11, change.family % 60)):
            registrations.register(
                self.ground.households[change.family],
                self.ground.agencies[change.new],
                actor=actor,
                is_home=True,
                source=source,
            )

    def _see(self, day: date) -> None:
        """Both ends look at what changed until the day."""
        keys = {agency.pk: key for key, agency in self.ground.agencies.items()}
        unseen = Q(former__isnull=False, former_seen_at__isnull=True) | Q(
            new__isnull=False, new_seen_at__isnull=True
        )
        rows = HomeChange.objects.filter(unseen, changed_at__lt=clock.at(day)).order_by("pk")
        for row in rows:
            at = row.changed_at + timedelta(days=1)
            for agency_id, seen_at in ((row.former_id, row.former_seen_at), (row.new_id, row.new_seen_at)):
                if agency_id is not None and seen_at is None:
                    with clock.stopped_at(at):
                        home_changes.seen(row, actor=self.ground.worker(keys[agency_id]))

    def _open_before(self, agency: str, day: date) -> date:
        """The day, or the last before it on which the agency was open."""
        while self.calendars[agency].span(day) is None:
            day -= timedelta(days=1)
        return day

    def _by_user(self, user_id: int) -> Actor:
        everybody = (actor for own in self.ground.actors.values() for actor in own)
        return next(actor for actor in everybody if actor.user_id == user_id and actor.may(access.CARD_PRINT))


def _settled(family: FamilyPlan, today: date) -> bool:
    """Registered for a season, and still here."""
    return (
        family.registered is not None and (today - family.registered).days > 120
        and family.moved_out is None and family.protected is None and family.number < FIRST
    )  # fmt: skip
