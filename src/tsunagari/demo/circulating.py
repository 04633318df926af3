"""回覧 of the last days: who has to see a record is asked as it is saved, most have seen it, some of the newest wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.demo.ground import Ground
from tsunagari.demo.towns import TSUNAGARI
from tsunagari.encounters.models import Consultation, Seal
from tsunagari.encounters.operations import circulation, circulation_rules, comments, records
from tsunagari.encounters.rules.circulation import RuleInput

#: records of so many days have gone round; before that the round was on paper
SHOWN = timedelta(days=12)
#: what was written so lately waits to be seen, and always the newest for everybody
WAITING, NEWEST = timedelta(days=3), 3
COMMENTS = (
    "次に来られたら、私にも声をかけてください。",
    "前にも同じ話がありました。その日の記録もあわせて読んでください。",
    "ていねいにきいてもらい、ありがとうございます。続けて見ていきましょう。",
)
ADVICE = (
    "つらさを言葉にできたことを、まずねぎらってください。次は個室を用意しましょう。",
    "一度に多くをすすめず、今週使えるものを1つだけ一緒に決めてください。",
    "同意が得られたら、センターの保健師にも早めに話しておきましょう。",
)


def agree(ground: Ground) -> None:
    """The town's rules: what is grave is confirmed at the centre, what is about the parent's mind is read there."""
    lead = ground.actors["lead", ground.plan.centre.key] if ground.plan is TSUNAGARI else []
    for actor in lead:
        grave = RuleInput(("lead", "nurse"), kind="confirm", concern_from=3, within_days=1)
        minds = RuleInput(("nurse",), category=9, concern_from=2, within_days=3)
        for rule in (grave, minds):
            circulation_rules.add_rule(rule, actor=actor)


class Circulating:
    """Told of every record, it lets those of the last days go round."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.records: list[tuple[Consultation, Actor]] = []

    def noted(self, record: Consultation, actor: Actor) -> None:
        """A record was written."""
        if record.occurred_on > self.ground.today - SHOWN:
            self.records.append((record, actor))
            with clock.stopped_at(record.created_at):
                circulation.start(record, actor=actor)

    def finish(self) -> None:
        """Everybody has seen what is older than two days and, of the newest, what came first."""
        rows = Seal.objects.filter(municipality_id=self.ground.municipality_id, sealed_at__isnull=True)
        waiting: dict[tuple[int, int], list[Seal]] = defaultdict(list)
        for seal in rows.order_by("pk").select_related("consultation"):
            waiting[seal.user_id, seal.agency_id].append(seal)
        people = {
            (actor.user_id, actor.agency_id): actor
            for actors in self.ground.actors.values()
            for actor in actors
        }
        for key, asked in waiting.items():
            self._see(people[key], asked)
        spoken = [said for record, writer in self.records if (said := self._speaker(record, writer))]
        for place, (record, actor, grave) in enumerate(spoken[::3]):
            self._say(place, record, actor, grave)

    def _see(self, actor: Actor, asked: Sequence[Seal]) -> None:
        """In the evenings, everything of the day at once."""
        by_day: dict[date, list[Seal]] = defaultdict(list)
        for seal in sorted(asked, key=lambda seal: (seal.asked_at, seal.pk))[:-NEWEST]:
            day = seal.asked_at.astimezone(clock.TOKYO).date()
            if day <= self.ground.today - WAITING:
                by_day[day].append(seal)
        for day, own in by_day.items():
            seen = [seal.consultation for seal in own]
            with clock.stopped_at(max(clock.at(day, 17, 20), own[-1].asked_at + timedelta(minutes=9))):
                records.mark_seen(seen, actor)
                circulation.seal({record.pk: record.version for record in seen}, actor=actor)

    def _speaker(self, record: Consultation, writer: Actor) -> tuple[Consultation, Actor, bool] | None:
        """The centre's lead advises on what is grave and may be read there; else the agency's manager comments."""
        if record.occurred_on == self.ground.today:
            return None
        here = next(key for key, agency in self.ground.agencies.items() if agency.pk == record.agency_id)
        leads = self.ground.actors.get(("lead", self.ground.plan.centre.key), [])
        grave = record.consent == "given" and record.household_id is not None and (record.concern or 0) >= 2
        asked = leads if grave else self.ground.actors.get(("manager", here), [])
        found = [actor for actor in asked if actor.user_id != writer.user_id]
        return (record, found[0], grave) if found else None

    def _say(self, place: int, record: Consultation, actor: Actor, grave: bool) -> None:
        evening = clock.at(record.occurred_on, 17, 40)
        with clock.stopped_at(max(evening, record.created_at + timedelta(minutes=9))):
            comments.comment(
                record, (ADVICE if grave else COMMENTS)[place % 3], actor=actor,
                key=self.ground.key("comment", place), advice=grave,
            )  # fmt: skip
