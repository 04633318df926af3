"""Writes visits and consultations as the people of the agencies would, day after day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.demo.circulating import Circulating
from tsunagari.demo.facets import facets
from tsunagari.demo.following import Following
from tsunagari.demo.ground import Ground
from tsunagari.demo.plan import RecordPlan, TallyPlan, VisitPlan
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.operations import bulk, drafts, records, tallies
from tsunagari.encounters.rules import RecordInput
from tsunagari.families.models import Household

#: records of the last days are still to be read by colleagues
UNREAD_DAYS = 4


@dataclass(frozen=True, slots=True)
class _FollowUp:
    """Something still to be done with a record that was written."""

    record: Consultation
    plan: RecordPlan
    given: RecordInput
    actor: Actor
    what: str


class Working:
    """Writes what the plans say; nothing later than `until`."""

    def __init__(
        self, ground: Ground, until: datetime, following: Following, circulating: Circulating
    ) -> None:
        self.ground, self.until = ground, until
        self.following, self.circulating = following, circulating
        self.visits = self.records = 0
        self._later: dict[date, list[_FollowUp]] = defaultdict(list)
        self._to_read: dict[str, list[tuple[Consultation, Actor]]] = defaultdict(list)

    # visits ------------------------------------------------------------------------------------------------------
    def check_in(self, plans: Sequence[VisitPlan]) -> None:
        """All visits of some days, agency by agency."""
        by_agency: dict[str, list[VisitPlan]] = defaultdict(list)
        for plan in plans:
            by_agency[plan.agency].append(plan)
        for agency, own in by_agency.items():
            arrivals = [self._arrival(plan) for plan in own]
            came = [arrival for arrival in arrivals if arrival.at <= self.until]
            if came:
                with clock.stopped_at(came[-1].at):
                    made = bulk.check_in_many(came, actor=self.ground.worker(agency, own[0].day.toordinal()))
                self.visits += len(made)

    def _arrival(self, plan: VisitPlan) -> bulk.Arrival:
        people = [f"nickname{plan.family}"] if plan.family is not None and plan.family < 0 else plan.people
        at = moment(plan.day, plan.minute)
        return bulk.Arrival(
            at=at,
            entered=at,
            key=self.ground.key("visit", plan.agency, at, plan.family, plan.people),
            household_id=self.ground.households[plan.family].pk if plan.family is not None else None,
            person_ids=tuple(self.ground.people[number] for number in people),
            adults=plan.adults,
            children=plan.children,
            other_town=plan.other_town,
            site=self.ground.sites[plan.site] if plan.site else None,
        )

    def tally(self, plans: Iterable[TallyPlan]) -> None:
        """What was counted by heads alone, half an hour after it began."""
        for turn, plan in enumerate(plans):
            at = moment(plan.day, plan.minute)
            if at + timedelta(minutes=30) > self.until:
                continue
            with clock.stopped_at(at + timedelta(minutes=30)):
                tallies.add_tally(
                    actor=self.ground.worker(plan.agency, plan.day.toordinal() + turn), families=plan.families,
                    adults=plan.adults, children=plan.children, newcomers=plan.newcomers,
                    other_town=plan.other_town, at=at, note=plan.note,
                    key=self.ground.key("tally", plan.agency, at),
                    site=self.ground.sites[plan.site] if plan.site else None,
                )  # fmt: skip

    # records -----------------------------------------------------------------------------------------------------
    def write(self, plans: Iterable[RecordPlan]) -> None:
        """Records of some days, each written down some minutes after its talk."""
        by_actor: dict[Actor, list[tuple[RecordPlan, bulk.Written]]] = defaultdict(list)
        for plan in plans:
            at = moment(plan.day, plan.minute)
            if at + timedelta(minutes=25) > self.until:
                continue
            self.records += 1
            turn = self.records
            written = bulk.Written(
                record=self._input(plan, at),
                key=self.ground.key("record", turn, plan.day, plan.family),
                entered=at + timedelta(minutes=12 + turn % 9),
            )
            by_actor[self.ground.worker(plan.agency, turn)].append((plan, written))
        for actor, own in by_actor.items():
            own.sort(key=lambda pair: pair[1].record.occurred_at)
            with clock.stopped_at(own[-1][1].entered or self.until):
                # those of the last days go round: demo.circulating
                saved = bulk.write_many([written for _, written in own], actor=actor, circulate=False)
            for (plan, written), record in zip(own, saved, strict=True):
                self._follow(plan, record, written.record, actor)

    def _follow(self, plan: RecordPlan, record: Consultation, given: RecordInput, actor: Actor) -> None:
        self._to_read[plan.agency].append((record, actor))
        self.following.noted(plan, record)
        self.circulating.noted(record, actor)
        for day, what in ((plan.corrected_on, "correct"), (plan.done_on, "finish")):
            if day is not None:
                self._later[max(day, plan.day)].append(_FollowUp(record, plan, given, actor, what))

    def _input(self, plan: RecordPlan, at: datetime) -> RecordInput:
        people = tuple(self.ground.people[number] for number in plan.people)
        consulting = (self.ground.people[plan.consulting],) if plan.consulting else ()
        return RecordInput(
            occurred_at=at, content=plan.content, categories=plan.categories,
            household_id=self.ground.households[plan.family].pk if plan.family is not None else None,
            who_hint=plan.hint, person_ids=people + self._unborn(plan), consulting_ids=consulting,
            channel=plan.channel, place=plan.place, assessment=plan.assessment, responses=plan.responses,
            response_note=plan.response_note, progress=plan.progress, next_step=plan.next_step,
            next_on=plan.next_on, consent=plan.consent, **facets(self.ground, plan),
        )  # fmt: skip

    def _unborn(self, plan: RecordPlan) -> tuple[int, ...]:
        if plan.pregnancy is None or plan.family is None:
            return ()
        return tuple(self.ground.expected[plan.family, plan.expecting])

    def follow_up(self, day: date) -> None:
        """Corrections and finished next steps of the day."""
        for place, item in enumerate(self._later.pop(day, ())):
            at = clock.at(day, 16) + timedelta(minutes=3 * place)
            if at > self.until:
                continue
            with clock.stopped_at(at):
                if item.what == "correct":
                    self._correct(item)
                else:
                    records.finish_next_step(
                        item.record, actor=item.actor, result=item.plan.result or "すんだ。"
                    )

    def _correct(self, item: _FollowUp) -> None:
        note = "\n".join(part for part in (item.given.response_note, item.plan.added) if part)
        records.correct_record(
            item.record,
            replace(item.given, response_note=note),
            actor=item.actor,
            expected_version=1,
            reason=item.plan.correction,
        )

    # reading and drafts --------------------------------------------------------------------------------------------
    def read(self, day: date) -> None:
        """Colleagues read what was written since they last did; the newest records wait."""
        if day > self.ground.today - timedelta(days=UNREAD_DAYS):
            return
        for agency, written in self._to_read.items():
            for reader in self._readers(agency):
                others = [record for record, writer in written if writer.user_id != reader.user_id]
                with clock.stopped_at(clock.at(day, 17)):
                    records.mark_read(others, actor=reader)
        self._to_read.clear()

    def _readers(self, agency: str) -> list[Actor]:
        roles = ("counselor", "manager", "nurse", "lead")
        return [actor for role in roles for actor in self.ground.actors.get((role, agency), ())]

    def leave_drafts(self, plans: Sequence[tuple[Household | None, str, str]]) -> None:
        """What the first agency's people have typed and not saved: (family, who writes, words)."""
        with clock.stopped_at(self.until):
            for place, (household, username, words) in enumerate(plans):
                actor = self.by_name(username)
                draft = drafts.open_draft(actor=actor, household=household)
                fields = {**draft.fields, "content": words, "channel": "visit"}
                drafts.save_draft(
                    draft, actor=actor, fields=fields, version=draft.version, client=f"demo-{place}"
                )

    def by_name(self, username: str) -> Actor:
        """The first post of a person of the staff."""
        person = next(person for person in self.ground.plan.staff if person.username == username)
        return next(actor for actor in self.ground.actors[person.posts[0]] if actor.name == person.name)


def moment(day: date, minute: int) -> datetime:
    """The instant so many minutes after midnight."""
    return clock.at(day) + timedelta(minutes=minute)
