"""What a demo shows of records: styles, followed families, plans, rounds, reports, guide, training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db.models import Avg, Count, F, Model, Q

from tests.demo.built.conftest import TODAY
from tsunagari.accounts.models import Membership, Qualification, Supervision, Training, User
from tsunagari.accounts.sessions import actor_of
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.demo.towns import TSUNAGARI
from tsunagari.encounters.models import (
    Assessment,
    Attachment,
    Chart,
    ChartEntry,
    ChartHandover,
    Consultation,
    GroupTalk,
    GuideBook,
    OfficialTable,
    Partner,
    PlanAction,
    PlanVersion,
    RecordComment,
    RecordKeeping,
    RecordSheet,
    Seal,
    Snippet,
    SupportPlan,
)
from tsunagari.encounters.queries.circulation import open_count
from tsunagari.encounters.queries.searching import Wanted, search
from tsunagari.places.models import Municipality
from tsunagari.reports.models import Report, ReportComment, SharedRecord
from tsunagari.reports.queries.asking import asked_by_agency
from tsunagari.reports.queries.sharing import of_today
from tsunagari.reports.rules import from_json, month_of
from tsunagari.reports.rules.sections import named_cells

END = clock.at(TODAY, 18)
pytestmark = pytest.mark.slow


@pytest.fixture
def shown(in_built: object) -> Iterator[Municipality]:
    """つながり市, seen from the evening it was built on."""
    with clock.stopped_at(END):
        yield Municipality.objects.get(code=TSUNAGARI.code)


def actor_at(username: str) -> Actor:
    rows = Membership.objects.select_related("user", "municipality", "agency")
    return actor_of(rows.filter(user__username=username).order_by("pk")[0])


def test_each_style_is_kept_somewhere_and_one_agency_marks_all_its_records(shown: Municipality) -> None:
    styles = {row.agency.name: row for row in RecordKeeping.objects.select_related("agency")}
    assert {row.style for row in styles.values()} == {"day", "family", "hybrid"}
    marked = [name for name, row in styles.items() if row.mark_required]
    assert marked == ["みどり児童館"]
    own = Consultation.objects.filter(agency__name="みどり児童館", kind="consult")
    assert Counter(own.values_list("mark__symbol", flat=True)).keys() == {"●", "○"}
    assert Consultation.objects.filter(mark__symbol="別紙").exists()
    assert Snippet.objects.values("agency").distinct().count() > 1


def test_the_city_was_told_of_some_records_and_of_others_it_is_still_to_be(shown: Municipality) -> None:
    manager = actor_at("kanchou")
    assert of_today(manager, TODAY).waiting
    told = SharedRecord.objects.filter(agency=manager.agency_id, undone_at__isnull=True)
    assert told.exists()
    assert {one.shared_by_name for one in told} == {manager.name}


def test_worry_follows_from_what_is_talked_about(shown: Municipality) -> None:
    said = Consultation.objects.filter(concern__isnull=False)
    by_category = dict(
        said.values("main_category").annotate(mean=Avg("concern")).values_list("main_category", "mean")
    )
    assert by_category[9] > by_category[4] > by_category[12]
    for low in Consultation.objects.filter(mark__symbol="○"):
        assert (low.concern or 0) < 2
    assert Consultation.objects.filter(told__len__gt=0).exists()
    assert not Consultation.objects.filter(linked__len__gt=0).exclude(consent="given").exists()


def test_families_are_followed_and_nothing_due_has_no_owner(shown: Municipality) -> None:
    charts = Chart.objects.annotate(held=Count("entries"))
    assert charts.count() >= 15
    assert not charts.filter(held=0).exists()
    running = charts.filter(closed_on__isnull=True)
    ended = charts.filter(closed_on__isnull=False)
    assert running.count() >= 5
    assert ended.count() >= 5
    assert not ended.filter(closing_summary="").exists()
    assert not running.filter(Q(owner_id__isnull=True) | Q(review_on__lt=TODAY - timedelta(days=14))).exists()
    assert not PlanAction.objects.filter(done_on=None, dropped_at=None, owner_id=None).exists()
    assert ChartEntry.objects.filter(consultation__occurred_on__gt=F("chart__opened_on")).exists()


def test_charts_were_handed_over_and_one_waits_at_the_first_agency(shown: Municipality) -> None:
    assert ChartHandover.objects.filter(taken_at__isnull=False).exists()
    [waiting] = ChartHandover.objects.filter(taken_at__isnull=True, declined_at__isnull=True)
    assert waiting.to_agency_id == actor_at("soudan").agency_id
    assert waiting.consent == "given"


def test_families_were_assessed_again_and_planned_for(shown: Municipality) -> None:
    often = Assessment.objects.values("household").annotate(times=Count("pk")).filter(times__gte=3)
    assert often.exists()
    first, last = (
        Assessment.objects.filter(household=often[0]["household"]).order_by(order)[0].total
        for order in ("assessed_on", "-assessed_on")
    )
    assert (first or 0) > (last or 0)
    assert SupportPlan.objects.count() >= 6
    assert PlanVersion.objects.filter(number__gt=1).exists()
    open_ones = PlanAction.objects.filter(done_on__isnull=True, dropped_at__isnull=True)
    assert open_ones.filter(due_on__lte=TODAY + timedelta(days=30)).exists()
    assert PlanAction.objects.filter(done_on__isnull=False).exists()


@pytest.mark.parametrize("username", ["soudan", "kanchou"])
def test_records_wait_to_be_seen_and_most_have_been(shown: Municipality, username: str) -> None:
    actor = actor_at(username)
    assert 1 <= open_count(actor) < 30
    sealed = Seal.objects.filter(user_id=actor.user_id or 0, sealed_at__isnull=False)
    assert sealed.count() >= 1
    assert not Seal.objects.filter(sealed_at__lt=F("asked_at")).exists()


def test_records_were_talked_about(shown: Municipality) -> None:
    assert RecordComment.objects.filter(kind="comment").exists()
    assert not RecordComment.objects.filter(kind="advice").exclude(consultation__consent="given").exists()


def test_kinds_of_talk_and_papers(shown: Municipality) -> None:
    kinds = Counter(Consultation.objects.values_list("kind", flat=True))
    assert kinds.keys() >= {"consult", "group", "round", "accompany"}
    talk = GroupTalk.objects.get()
    assert talk.entries.count() == 3
    assert Consultation.objects.filter(
        household=None, channel="phone", occurred_at__gt=END - timedelta(days=4)
    ).exists()
    files = Attachment.objects.order_by("pk").values_list("media_type", flat=True)
    assert sorted(files) == ["application/pdf", "image/png"]
    assert sorted(RecordSheet.objects.values_list("entries", flat=True)) == [0, 0, 1]


def test_the_guide_is_in_force_and_its_telephones_are_nobodys(shown: Municipality) -> None:
    book = GuideBook.objects.get(published_at__isnull=False)
    assert book.entries.count() > 20
    for phone in Partner.objects.exclude(phone="").values_list("phone", flat=True):
        assert phone.startswith("0400-00-") or len(phone.lstrip("#")) <= 4
    tables = OfficialTable.objects.values_list("key", "fiscal_year", "checked_at")
    assert len(tables) == 4
    assert [checked for _, year, checked in tables if year == 2026] == [None, None]


def test_months_were_submitted_one_is_late_one_came_back_one_was_amended(shown: Municipality) -> None:
    last = Report.objects.filter(kind="monthly", agency__isnull=False, starts_on=date(2026, 10, 1))
    states = {(row.agency.name, row.number): row.state for row in last.select_related("agency") if row.agency}
    assert ("つながり大学 子育てステーション", 1) not in states
    assert states["つどいの広場 にじいろ", 1] == "returned"
    assert states["みどり児童館", 1] == "received"
    assert states["みどり児童館", 2] == "submitted"
    earlier = Report.objects.filter(kind="monthly", starts_on__lt=date(2026, 10, 1), agency__isnull=False)
    assert set(earlier.values_list("state", flat=True)) == {"received"}
    assert earlier.count() == 11 * 7
    days = Report.objects.filter(kind="daily")
    assert set(days.values_list("agency__name", flat=True)) == {"わかば保育園 子育て相談室"}
    asked = asked_by_agency(
        shown.pk, list(days.values_list("agency_id", flat=True)), month_of(date(2026, 10, 1))
    )
    assert all(one.daily for one in asked.values())


def test_an_amended_month_differs_by_what_was_found(shown: Municipality) -> None:
    newer = Report.objects.get(amends__isnull=False)
    assert newer.amends is not None
    after, before = (named_cells(from_json(report.figures or [])) for report in (newer, newer.amends))
    assert after["consult.total"][1] == before["consult.total"][1] + 1
    assert after["channel.phone"][1] == before["channel.phone"][1] + 1
    assert ReportComment.objects.filter(report=newer).exists()


def test_staff_have_learned_and_some_training_is_due(shown: Municipality) -> None:
    families = Membership.objects.filter(role__in=("counselor", "manager", "nurse", "lead", "rounds"))
    held = set(Qualification.objects.values_list("user_id", flat=True))
    assert held == set(families.values_list("user_id", flat=True))
    assert Supervision.objects.filter(next_on__gte=TODAY).exists()
    taken = Counter(Training.objects.values_list("course__name", flat=True))
    assert 0 < taken["個人情報保護"] < User.objects.filter(pk__in=held).count()


@pytest.mark.parametrize(
    ("model", "moment"),
    [
        (Chart, "updated_at"),
        (ChartEntry, "drawn_at"),
        (Assessment, "created_at"),
        (PlanVersion, "made_at"),
        (PlanAction, "updated_at"),
        (Seal, "asked_at"),
        (Seal, "sealed_at"),
        (RecordComment, "written_at"),
        (Attachment, "added_at"),
        (Report, "submitted_at"),
        (Training, "created_at"),
    ],
)
def test_nothing_of_it_lies_in_the_future(shown: Municipality, model: type[Model], moment: str) -> None:
    rows = model._default_manager.filter(**{f"{moment}__isnull": False})
    assert rows.exists()
    assert not rows.filter(**{f"{moment}__gt": END}).exists()


def test_records_of_two_years_are_found_by_their_words(shown: Municipality) -> None:
    found = search(actor_at("soudan"), Wanted(words="離乳食"))
    assert found.hits
