"""G1 on screen: one's own, the manager's people, the town's, and nobody else's."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.makers import Town, make_actor, scope

from tsunagari.accounts.models import Course, Qualification, Supervision, Training
from tsunagari.accounts.operations import skills as operations
from tsunagari.accounts.rules.skills import CourseInput, QualificationInput, SupervisionInput, TrainingInput
from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.base.access import Role

THEME = "聞き方のふりかえり"


@pytest.fixture
def asked(town: Town) -> Course:
    """A course; the counselor holds a qualification, took the course and had a supervision."""
    with scope(town):
        made = operations.add_course(
            CourseInput("個人情報保護", ("counselor", "manager"), 1, 1), actor=town.officer
        )
        who, actor = town.counselor.user_id or 0, town.manager
        operations.hold(who, QualificationInput("=cmd|保育士"), actor=actor)
        operations.take([who], TrainingInput(made.pk, date(2020, 5, 1)), actor=actor)
        operations.supervise(who, SupervisionInput("架空 指導", date(2026, 5, 1), THEME), actor=actor)
        return made


def ids(town: Town) -> dict[str, int]:
    with scope(town):
        rows = {"qualifications": Qualification, "trainings": Training, "supervisions": Supervision}
        return {name: model.objects.get().pk for name, model in rows.items()}


def test_everybody_sees_the_own_rows(town: Town, asked: Course, client_of: Any) -> None:
    own = client_of(town.counselor).get("/my/skills/").content.decode()
    assert THEME in own
    assert "すぎています" in own
    assert "/edit" not in own
    assert "直す" not in own.split("<main")[1]
    other = client_of(town.colleague).get("/my/skills/").content.decode()
    assert THEME not in other
    assert client_of(town.auditor).get("/my/skills/").status_code == 403


def test_the_manager_sees_the_own_agencys_rows_and_nobody_elses(
    town: Town, asked: Course, client_of: Any
) -> None:
    client = client_of(town.manager)
    page = client.get("/skills/").content.decode()
    assert "三浦 架空" in page
    assert "森 架空" not in page
    assert THEME in client.get(f"/skills/{town.counselor.user_id}/").content.decode()
    assert client.get(f"/skills/{town.stranger.user_id}/").status_code == 404
    assert client.get(f"/skills/?agency={town.midori.pk}").content.decode().count("森 架空") == 0


@pytest.mark.parametrize("role", [Role.COUNSELOR, Role.ROUNDS, Role.NURSE, Role.AUDITOR])
def test_others_see_nobody(town: Town, asked: Course, client_of: Any, role: Role) -> None:
    client = client_of(town.actors[role])
    for path in ("/skills/", "/skills/people.xlsx", "/skills/print/", f"/skills/{town.counselor.user_id}/"):
        assert client.get(path).status_code == 403, path


@pytest.mark.parametrize("post", ["manager", "officer", "lead"])
def test_another_towns_rows_do_not_exist(
    town: Town, other_town: Town, asked: Course, client_of: Any, post: str
) -> None:
    client, rows = client_of(getattr(other_town, post)), ids(town)
    assert client.get(f"/skills/{town.counselor.user_id}/").status_code == 404
    for name, pk in rows.items():
        assert client.get(f"/skills/{name}/{pk}/").status_code == 404
        assert client.post(f"/skills/{name}/{pk}/back/").status_code == 404
    found = client.post(
        "/skills/training/",
        {"course": asked.pk, "taken_on": "2026-01-01", "people": [town.counselor.user_id]},
    )
    assert found.status_code == 422


def test_another_agencys_manager_gets_no_row(town: Town, asked: Course, client_of: Any) -> None:
    with scope(town):
        theirs = make_actor(town.municipality, Role.MANAGER, town.midori, "別 架空")
    client = client_of(theirs)
    for name, pk in ids(town).items():
        assert client.get(f"/skills/{name}/{pk}/").status_code == 404
        assert client.post(f"/skills/{name}/{pk}/back/").status_code == 404
    with scope(town):
        assert Training.objects.get().ended_at is None


def test_a_training_day_for_several_goes_in_with_one_form(town: Town, asked: Course, client_of: Any) -> None:
    people = [town.counselor.user_id, town.colleague.user_id, town.rounds.user_id]
    typed = {"course": asked.pk, "taken_on": "2026-11-01", "hours": "1.5", "people": people}
    client = client_of(town.manager)
    assert client.post("/skills/training/", typed).status_code == 303
    assert client.post("/skills/training/", typed).status_code == 303
    with scope(town):
        rows = Training.objects.filter(taken_on=date(2026, 11, 1))
        assert sorted(rows.values_list("user_id", flat=True)) == sorted(people)
        told = Entry.objects.filter(
            action="skill.write", user_id=town.manager.user_id, object_type="training"
        )
        whose = [f'"user":{user}' in entry.detail for user in people for entry in told.order_by("pk")]
    assert whose.count(True) == 3 + 1  # and the row of the fixture


def test_nobody_chosen_keeps_what_was_typed(town: Town, asked: Course, client_of: Any) -> None:
    typed = {"course": asked.pk, "taken_on": "2026-11-01", "note": "市役所で"}
    answer = client_of(town.manager).post("/skills/training/", typed)
    assert answer.status_code == 422
    assert "受けた人をえらんでください" in answer.content.decode()
    assert "市役所で" in answer.content.decode()


def test_a_row_is_put_right_and_taken_back_on_screen(town: Town, asked: Course, client_of: Any) -> None:
    client, pk = client_of(town.officer), ids(town)["qualifications"]
    answer = client.post(f"/skills/qualifications/{pk}/", {"name": "保育士", "obtained_on": "2015-03-31"})
    assert answer.status_code == 303
    stale = client.post(f"/skills/qualifications/{pk}/", {"name": "看護師"})
    assert stale.status_code == 422
    assert "ほかの人が直したか" in stale.content.decode()
    assert "看護師" in stale.content.decode()
    with scope(town):
        now = Qualification.objects.get(ended_at__isnull=True)
    assert client.post(f"/skills/qualifications/{now.pk}/back/").status_code == 303
    with scope(town):
        assert Qualification.objects.filter(ended_at__isnull=False).count() == 2


def test_the_workbook_runs_nothing_and_is_on_the_trail(town: Town, asked: Course, client_of: Any) -> None:
    answer = client_of(town.manager).get("/skills/people.xlsx")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    _, *rows = sheet.iter_rows(values_only=True)
    assert {row[0]: row[4] for row in rows}["三浦 架空"] == "'=cmd|保育士"
    assert len(rows) == 4
    with scope(town):
        assert Entry.objects.filter(action="skill.read", detail__contains="xlsx").count() == 1


def test_the_paper_shows_the_same_people(town: Town, asked: Course, client_of: Any) -> None:
    page = client_of(town.manager).get("/skills/print/?state=late").content.decode()
    assert "三浦 架空" in page
    assert "巡 架空" not in page


def test_only_the_officer_decides_about_courses(town: Town, asked: Course, client_of: Any) -> None:
    for actor in (town.manager, town.lead):
        client = client_of(actor)
        assert client.get("/skills/courses/").status_code == 200
        assert client.get(f"/skills/courses/{asked.pk}/").status_code == 403
        assert client.post("/skills/courses/offers/").status_code == 403
    client = client_of(town.officer)
    assert client.post("/skills/courses/offers/").status_code == 303
    changed = {"name": "個人情報保護", "roles": ["counselor"], "lasts_years": "2", "version": "1"}
    assert client.post(f"/skills/courses/{asked.pk}/", changed).status_code == 303
    stale = client.post(f"/skills/courses/{asked.pk}/", changed)
    assert (stale.status_code, "ほかの人が直しました" in stale.content.decode()) == (409, True)
    wrong = client.post(f"/skills/courses/{asked.pk}/", changed | {"lasts_years": "-1"})
    assert "1から50まで" in wrong.content.decode()


def test_a_supervision_asks_to_name_no_family(town: Town, asked: Course, client_of: Any) -> None:
    page = client_of(town.manager).get(f"/skills/{town.counselor.user_id}/supervisions/").content.decode()
    assert "家庭の名前や、だれのことか分かることは書きません" in page


def test_clock_of_a_form_is_japans(town: Town, asked: Course, client_of: Any) -> None:
    with clock.stopped_at(clock.at(date(2026, 11, 24), 0, 30)):
        page = client_of(town.manager).get("/skills/training/").content.decode()
    assert 'value="2026-11-24"' in page


def test_a_persons_page_leads_to_what_they_can(town: Town, client_of: Any) -> None:
    path, link = f"/staff/{town.counselor.user_id}/", f"/skills/{town.counselor.user_id}/"
    assert link in client_of(town.manager).get(path).content.decode()
    assert link not in client_of(town.auditor).get(path).content.decode()
