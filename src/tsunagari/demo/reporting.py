"""日報 and 月報 of the last year: submitted and received, one late, one sent back, one amended; what is told at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.japanese.ages import add_months
from tsunagari.demo.agreed import DAILY
from tsunagari.demo.ground import Ground
from tsunagari.demo.towns import TSUNAGARI
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.operations import records
from tsunagari.encounters.rules import RecordInput
from tsunagari.reports.models import Report
from tsunagari.reports.operations import comments, making
from tsunagari.reports.operations.sharing import share
from tsunagari.reports.queries.asking import Rules
from tsunagari.reports.queries.sharing import of_period
from tsunagari.reports.rules import day_of, month_of

MONTHS = 12
#: days of daily reports
DAYS = 14
#: days ago between which everything that is to be told at once was ticked off
SHARES_FROM, SHARES_UNTIL = 62, 5
SUBMITS_ON, RECEIVES_ON, WRITES_LATE_ON, AMENDS_ON = 3, 4, 8, 9
LATE, SENT_BACK, AMENDED = "daigaku", "nijiiro", "midori"
NOTES = (
    "離乳食と夜泣きの話が多い月でした。はじめての来所がふえています。",
    "入園の申し込みの時期で、見学の仕方をきかれることが多くありました。",
    "雨の日が続き、午前の来所が少なめでした。電話の相談はふえています。",
    "転入の家庭が3組ありました。区域の地図を渡しています。",
    "こころのつかれの話が続きました。センターと早めに連絡を取っています。",
    "行事のあとに相談につながることが多い月でした。",
)
DAY_NOTES = (
    "午前に2組。園庭で遊びながら話す。",
    "雨のため来所は少なめ。電話が1件。",
    "一時預かりの見学があった。",
    "かわりなし。",
)


class Reporting:
    """Writes reports on the days they are due; call `days` in order, at the end of each."""

    def __init__(self, ground: Ground) -> None:
        self.ground, today = ground, ground.today
        first = add_months(today.replace(day=1), -MONTHS)
        self.months = [add_months(first, number) for number in range(MONTHS)]
        closed = [month for month in self.months if _of_next(month, 10) <= today]
        #: the newest month that all were to have submitted: one agency did not, one got it back, one amended it
        self.shown = closed[-1]

    def days(self, days: Sequence[date]) -> None:
        """What is due on these days."""
        if self.ground.plan is not TSUNAGARI:
            return
        for day in days:
            for month in self.months:
                self._month(month, day)
            opens = day.weekday() < 5 and self.ground.today - timedelta(days=DAYS) <= day < self.ground.today
            if opens:
                self._day(day)
            if SHARES_UNTIL <= (self.ground.today - day).days <= SHARES_FROM:
                self._share(day)

    # months ------------------------------------------------------------------------------------------------------
    def _month(self, month: date, day: date) -> None:
        """Everything that happens with the reports of a month on the day."""
        if day == _of_next(month, SUBMITS_ON):
            for key in self._agencies():
                if (month, key) != (self.shown, LATE):
                    self._submit(key, month)
        if day == _of_next(month, RECEIVES_ON):
            self._receive(month)
        if month == self.shown and day == _of_next(month, AMENDS_ON):
            self._amend(month)

    def _agencies(self) -> list[str]:
        """Agencies that make a report: those somebody leads."""
        return [plan.key for plan in self.ground.plan.agencies if self._maker(plan.key)]

    def _maker(self, key: str) -> Actor | None:
        roles = ("lead", "manager")
        found = [actor for role in roles for actor in self.ground.actors.get((role, key), ())]
        return found[0] if found else None

    def _submit(self, key: str, month: date) -> None:
        maker = self._maker(key)
        assert maker is not None
        place = self._agencies().index(key)
        with clock.stopped_at(clock.at(_of_next(month, SUBMITS_ON), 15, 10 + place)):
            report = making.draft_of(self.ground.agencies[key], month_of(month), actor=maker)
            note = NOTES[(place + month.month) % len(NOTES)]
            making.submit(report, actor=maker, expected_version=report.version, text=note)

    def _receive(self, month: date) -> None:
        """The city takes them; one goes back with a question."""
        own = Report.objects.filter(
            municipality_id=self.ground.municipality_id, kind="monthly", starts_on=month
        )
        with clock.stopped_at(clock.at(_of_next(month, RECEIVES_ON), 10, 30)):
            for report in own.filter(agency__isnull=False).order_by("pk").select_related("agency"):
                back = self.ground.agencies[SENT_BACK].pk
                if (month, report.agency_id) == (self.shown, back):
                    reason = "電話の相談が先月の半分です。書きもれがないか、確かめてください。"
                    making.send_back(report, actor=self.ground.officer, reason=reason)
                else:
                    making.receive(report, actor=self.ground.officer)
            if month != self.months[-1]:
                city = making.draft_of(None, month_of(month), actor=self.ground.officer)
                making.submit(city, actor=self.ground.officer, expected_version=city.version)

    def _amend(self, month: date) -> None:
        """A talk of the month was found on paper after the report had gone."""
        key = AMENDED
        writer, maker = self.ground.worker(key), self._maker(key)
        assert maker is not None
        with clock.stopped_at(clock.at(_of_next(month, WRITES_LATE_ON), 13, 20)):
            given = RecordInput(
                occurred_at=clock.at(_of_next(month, 1) - timedelta(days=3), 11), who_hint="電話の人",
                content="メモから書きうつした。園の一時預かりについて電話で相談。", categories=(2,), channel="phone",
                responses=("informed",), mark_id=self.ground.marks["○"],
            )  # fmt: skip
            records.write_record(given, actor=writer, key=self.ground.key("late record"))
        former = Report.objects.get(
            agency=self.ground.agencies[key], kind="monthly", starts_on=month, number=1
        )
        with clock.stopped_at(clock.at(_of_next(month, AMENDS_ON), 14)):
            reason = "電話のメモが1件見つかり、書きたしたため。"
            newer = making.amend(former, actor=maker, reason=reason)
            making.submit(newer, actor=maker, expected_version=newer.version)
            said = "訂正版を出しました。よろしくお願いします。"
            comments.comment(newer, said, actor=maker, key=self.ground.key("report comment"))

    def _share(self, day: date) -> None:
        """In the evening who leads an agency ticks off what the city was told of that day; the newest still wait."""
        asked = Rules(self.ground.municipality_id)
        for key in self._agencies():
            maker, agency = self._maker(key), self.ground.agencies[key]
            assert maker is not None
            with clock.stopped_at(clock.at(day, 17, 20)):
                waiting = of_period(maker, agency.pk, asked.asked(agency.pk, day), day, day).waiting
                for line in reversed(waiting):
                    share(Consultation.objects.get(pk=line.id), actor=maker)

    # days --------------------------------------------------------------------------------------------------------
    def _day(self, day: date) -> None:
        maker = self._maker(DAILY)
        assert maker is not None
        with clock.stopped_at(clock.at(day, 16, 10)):
            report = making.draft_of(self.ground.agencies[DAILY], day_of(day), actor=maker)
            note = DAY_NOTES[day.toordinal() % len(DAY_NOTES)]
            making.submit(report, actor=maker, expected_version=report.version, text=note)
        if day < self.ground.today - timedelta(days=4):
            with clock.stopped_at(clock.at(day + timedelta(days=1), 9)):
                making.receive(report, actor=self.ground.officer)


def _of_next(month: date, day: int) -> date:
    return add_months(month.replace(day=1), 1).replace(day=day)
