"""Two people have the same page open (or one presses twice, or types full-width digits): nothing typed is lost, nothing
is there twice, and nobody's words are written over unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.doors.secret import make_secret
from tests.encounters.planning import days
from tests.makers import Town, scope
from tests.places.browsing import untouched
from tsunagari.accounts.models import Qualification, Supervision
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import (
    AssessmentTool,
    CirculationRule,
    OfficialItem,
    Partner,
    PlanVersion,
    Snippet,
)
from tsunagari.encounters.operations import tools
from tsunagari.encounters.queries.assessments import as_input

ClientOf = Callable[[Actor], Client]
FAST, SLOW = "はやい人のことば", "おそい人のことば"
PAGES = (
    ("officer", "/keeping/marks/{mark_id}/", "meaning"),
    ("officer", "/keeping/concerns/", "level_3"),
    ("manager", "/keeping/snippets/{snippet_id}/", "text"),
    ("lead", "/partners/{partner_id}/", "note"),
    ("lead", "/guide/edit/entries/{guide_entry_id}/", "how"),
    ("officer", "/categories/{subcategory_id}/", "label"),
    ("officer", "/categories/official/items/{item_id}/", "label"),
    ("officer", "/skills/courses/{course_id}/", "name"),
    ("counselor", "/charts/{chart_id}/edit/", "why"),
    ("counselor", "/plans/{plan_id}/review/", "words"),
    ("lead", "/tools/{preparing}/edit/", "source"),
)


@pytest.fixture
def ids(town: Town) -> dict[str, int]:
    with scope(town, town.counselor.user_id):
        found = make_secret(town).ids
        tool = AssessmentTool.objects.get(pk=found["tool_id"])
        return found | {"preparing": tools.next_version(tool, actor=town.officer).pk}


def form_of(answer: Any) -> dict[str, Any]:
    """What its form sends untouched."""
    page = answer.content.decode()
    return untouched(page, '<form class="card" method="post" novalidate>') or untouched(page)


@pytest.mark.parametrize(("role", "address", "field"), PAGES)
def test_the_slower_one_keeps_the_words_sees_the_others_and_can_save(
    town: Town, ids: dict[str, int], client_of: ClientOf, role: str, address: str, field: str
) -> None:
    url, client = address.format(**ids), client_of(town.actors[role])
    opened = form_of(client.get(url)) | ({"review_on": days(40).isoformat()} if "review" in url else {})
    assert client.post(url, opened | {field: FAST}).status_code == 303
    slower = client.post(url, opened | {field: SLOW})
    assert slower.status_code == 409
    assert "ほかの人が" in slower.content.decode()
    assert (
        FAST in slower.content.decode() or "review" in url or "tools" in url
    )  # those two say less of a form
    again = form_of(slower)
    assert again[field] == [SLOW]
    assert client.post(url, again).status_code == 303
    assert SLOW in client.get(url.replace("review", "versions")).content.decode()


def test_a_table_is_compared_anew_when_it_changed_meanwhile(
    town: Town, ids: dict[str, int], client_of: ClientOf
) -> None:
    client = client_of(town.officer)
    url = f"/categories/official/{ids['table_id']}/"
    version = untouched(client.get(url).content.decode(), 'check/" novalidate>')
    sent = version | {"source": SLOW, "compared": "on"}
    assert client.post(f"{url}items/new/", version | {"code": "２－１", "label": FAST}).status_code == 303
    page = client.post(f"{url}check/", sent)
    again = untouched(page.content.decode(), 'check/" novalidate>')
    assert (page.status_code, again["source"], "compared" in again) == (409, [SLOW], False)
    assert client.post(f"{url}check/", again | {"compared": "on"}).status_code == 303
    with scope(town):
        assert OfficialItem.objects.get(label=FAST).code == "2-1"


def test_pressed_twice_it_is_there_once(town: Town, ids: dict[str, int], client_of: ClientOf) -> None:
    manager, who = client_of(town.manager), town.colleague.user_id
    twice: dict[str, tuple[Any, dict[str, Any]]] = {
        "/keeping/snippets/": (Snippet, {"title": "あいさつ", "text": "1行\r\n2行", "field": "content"}),
        "/circulation/rules/": (
            CirculationRule,
            {"agency_id": town.aoba.pk, "readers": ["manager"], "kind": "confirm", "within_days": "３"},
        ),
        f"/skills/{who}/qualifications/": (Qualification, {"name": "保育士"}),
        f"/skills/{who}/supervisions/": (
            Supervision,
            {"supervisor": "架空 指導", "held_on": days(0).isoformat(), "theme": "聞き方"},
        ),
    }
    for url, (model, sent) in twice.items():
        with scope(town):
            before = model.objects.count()
        assert [manager.post(url, sent).status_code for _ in range(2)] == [303, 303], url
        with scope(town):
            assert model.objects.count() == before + 1, url


def test_full_width_digits_are_digits(town: Town, ids: dict[str, int], client_of: ClientOf) -> None:
    lead, officer = client_of(town.lead), client_of(town.officer)
    sent = {
        "version": "0",
        "name": "架空の窓口",
        "kind": "3",
        "phone": "０３－１２３４－５６７８（内線１２）",
    }
    assert lead.post("/partners/new/", sent).status_code == 303
    given = {"name": "面接の研修", "hours": "１．５", "within_months": "１２", "lasts_years": ""}
    assert officer.post("/skills/courses/new/", given).status_code == 303
    url = f"/tools/{ids['preparing']}/edit/"
    form = form_of(lead.get(url)) | {"item-0-point-1-value": "７", "item-0-place": "９９"}
    assert lead.post(url, form).status_code == 303
    with scope(town):
        assert Partner.objects.get(name="架空の窓口").phone == "03-1234-5678（内線12）"
        last = as_input(AssessmentTool.objects.get(pk=ids["preparing"])).items[-1]
        assert 7 in [point.value for point in last.scale]


def test_a_day_typed_in_full_width_is_that_day(town: Town, ids: dict[str, int], client_of: ClientOf) -> None:
    client, day = client_of(town.counselor), days(30)
    wide = str.maketrans("0123456789-", "０１２３４５６７８９／")
    sent = {"words": SLOW, "review_on": day.isoformat().translate(wide), "version": "1"}
    assert client.post(f"/plans/{ids['plan_id']}/review/", sent).status_code == 303
    with scope(town):
        assert PlanVersion.objects.get(plan_id=ids["plan_id"], number=2).plan.review_on == day


@pytest.mark.parametrize(
    "address", ["/drafts/{}/", "/assessments/drafts/{}/", "/plans/drafts/{}/", "/plans/ends/{}/"]
)
def test_back_on_a_page_that_was_saved_it_says_where_to_look(
    town: Town, client_of: ClientOf, address: str
) -> None:
    page = client_of(town.counselor).get(address.format(10**9))
    assert page.status_code == 404
    assert "この下書きは、もうありません。" in page.content.decode()
    assert "書きかけは「今日」にあります" in page.content.decode()
