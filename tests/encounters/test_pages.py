"""The pages, as a browser without JavaScript uses them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests import makers
from tests.encounters.cast import children, kimura, mother, said, trail, visit, write
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Consultation, Draft, Visit
from tsunagari.encounters.operations import drafts, records
from tsunagari.families import queries as families
from tsunagari.families.models import Household

ClientOf = Callable[[Actor], Client]


@pytest.fixture
def family(town: Town) -> Household:
    with makers.scope(town):
        return kimura(town.counselor)


def typed(town: Town, family: Household | None, **more: Any) -> dict[str, Any]:
    """What a browser sends for an ordinary record."""
    now = clock.now()
    fields = {
        "occurred_on": now.date().isoformat(),
        "occurred_time": "00:00",
        "channel": "visit",
        "categories": ["5", "9"],
        "main_category": "9",
        "content": "2語文がまだ出ない。",
        "responses": ["listened"],
        "next_step": "様子をきく",
        "next_when": "2w",
        "consent": "given",
    }
    if family is not None:
        with makers.scope(town):
            fields["people"] = [str(mother(family)), str(children(family)[0])]
    return fields | more


def begin(client: Client, family: Household | None) -> str:
    """Press 記録する; the address of the draft."""
    answer = client.post("/records/new/", {"household": family.pk if family else ""})
    assert answer.status_code == 303
    return str(answer["Location"])


def test_a_record_of_this_morning_needs_no_time(town: Town, family: Household) -> None:
    morning = clock.at(clock.today(), 9, 30)
    with clock.stopped_at(morning):
        client = makers.client_of(town.counselor)
        address = begin(client, family)
        with makers.scope(town):
            key = str(Draft.objects.get().key)
        sent = typed(town, family, occurred_time="", key=key, draft_version="1", client_id="tab")
        assert client.post(address, sent).status_code == 303
    with makers.scope(town):
        assert Consultation.objects.get(household=family).occurred_at == morning


def test_check_in_is_two_touches_and_tells_of_undo(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    client = client_of(town.counselor)
    page = client.get(f"/families/{family.pk}/visit/")
    form = page.context["form"]
    assert [ticked for _, ticked in form.chips] == [True, True]
    people = [str(member.id) for member, _ in form.chips]
    sent = {"key": str(form["key"].value()), "people": people, "adults": "1"}
    for _ in range(2):
        answer = client.post(f"/families/{family.pk}/visit/", sent, follow=True)
    assert "木村さん" in answer.content.decode()
    with makers.scope(town):
        seen = Visit.objects.get()
    undone = client.post(f"/visits/{seen.pk}/undo/", follow=True).content.decode()
    assert "来所を取り消しました" in undone
    assert f'action="/visits/{seen.pk}/restore/"' in undone
    client.post(f"/visits/{seen.pk}/restore/")
    with makers.scope(town):
        assert Visit.objects.get().undone_at is None


def test_a_second_check_in_within_the_hour_is_told(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    with makers.scope(town):
        visit(town.counselor, family)
    sent = {"key": str(uuid4()), "people": [], "adults": "1"}
    page = client_of(town.counselor).post(f"/families/{family.pk}/visit/", sent, follow=True)
    assert "受け付けずみです" in page.content.decode()


def test_a_family_outside_ones_own_opens_with_a_ticket_only(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    client = client_of(town.stranger)
    url = f"/families/{family.pk}/visit/"
    assert client.get(url).status_code == 404
    sent = {"key": str(uuid4()), "adults": "1"}
    assert client.post(url, sent).status_code == 404
    assert client.post("/records/new/", {"household": family.pk}).status_code == 404
    ticket = families.ticket(town.stranger, family.pk)
    assert client.get(url, {"ticket": ticket}).status_code == 200
    assert client.post(url, sent | {"ticket": ticket}).status_code == 303
    assert client.get(url).status_code == 200


def test_anonymous_counting_refuses_nobody_and_keeps_what_was_typed(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    sent = {"key": str(uuid4()), "adults": "0", "children": "0", "note": "見学"}
    refused = client.post("/visits/anonymous/", sent)
    assert refused.status_code == 422
    assert "見学" in refused.content.decode()
    assert client.post("/visits/anonymous/", sent | {"children_more": "24"}).status_code == 303
    with makers.scope(town):
        assert Visit.objects.get().children == 24


def test_a_day_of_the_past(town: Town, family: Household, client_of: ClientOf) -> None:
    past = clock.now() - timedelta(days=40)
    with makers.scope(town):
        visit(town.counselor, family, at=past)
    client = client_of(town.counselor)
    assert "木村" in client.get("/visits/", {"day": past.date().isoformat()}).content.decode()
    assert "木村" not in client.get("/visits/", {"day": "きのう"}).content.decode()


def test_an_ordinary_record_from_the_family_page(town: Town, family: Household, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    url = begin(client, family)
    assert client.get(url).status_code == 200
    with makers.scope(town):
        draft = Draft.objects.get()
    sent = typed(town, family) | {"draft_version": "1", "client_id": "tab", "key": str(draft.key)}
    first = client.post(url, sent)
    assert first.status_code == 303
    assert client.post(url, sent)["Location"] == first["Location"]
    with makers.scope(town):
        saved = Consultation.objects.get()
        assert (saved.main_category, saved.categories) == (9, [9, 5])
        assert saved.next_on == clock.today() + timedelta(days=14)
        assert [row.consulting for row in saved.people.order_by("pk")] == [True, False]
        assert not Draft.objects.exists()


def test_a_failed_save_keeps_everything_typed(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    url = begin(client, None)
    sent = typed(town, None, content="", who_hint="双子のお母さん", assessment="つかれている")
    page = client.post(url, sent | {"draft_version": "1", "client_id": "tab"})
    assert page.status_code == 422
    assert "内容を書いてください" in page.content.decode()
    again = client.get(url).content.decode()
    assert "双子のお母さん" in again
    assert "つかれている" in again


def test_autosave_answers_as_the_page_expects(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    url, began = begin(client, None), clock.now()
    one = client.post(f"{url}save/", {"content": "夜中に", "draft_version": "1", "client_id": "a"}).json()
    assert (one["version"], one["conflict"], one["others"]) == (2, False, [])
    assert one["saved_at"] in {f"{began:%H:%M}", f"{clock.now():%H:%M}"}  # a minute may end in between
    two = client.post(f"{url}save/", {"content": "別の文", "draft_version": "1", "client_id": "b"}).json()
    assert two["conflict"] is True
    page = client.get(two["conflict_url"]).content.decode()
    assert "夜中に" in page
    assert "別の文" in page
    chosen = {"choose_content": "both", "text_content": "夜中に。別の文"}
    assert client.post(two["conflict_url"], chosen)["Location"] == url
    assert "夜中に。別の文" in client.get(url).content.decode()


def test_a_draft_comes_back_after_a_log_out_and_only_to_its_writer(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    url = begin(client, None)
    client.post(f"{url}save/", {"content": "夜中に何度も", "draft_version": "1", "client_id": "a"})
    client.logout()
    back = client_of(town.counselor)
    assert url in back.get("/records/").content.decode()
    assert "夜中に何度も" in back.get(url).content.decode()
    for actor in (town.colleague, town.nurse):
        assert client_of(actor).get(url).status_code == 404
        assert client_of(actor).post(f"{url}save/", {"content": "×"}).status_code == 404


def test_the_second_tab_that_presses_save_is_shown_both_texts(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    url = begin(client, None)
    client.post(
        f"{url}save/", typed(town, None, content="先の画面") | {"draft_version": "1", "client_id": "a"}
    )
    sent = typed(town, None, content="後の画面") | {"draft_version": "1", "client_id": "b"}
    answer = client.post(url, sent, follow=True)
    assert "先の画面" in answer.content.decode()
    assert "後の画面" in answer.content.decode()
    with makers.scope(town):
        assert not Consultation.objects.exists()


def test_a_stale_save_shows_both_texts_with_409_and_keeps_the_draft(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    with makers.scope(town):
        saved = write(town.counselor, family)
    client = client_of(town.counselor)
    url = str(client.post(f"/records/{saved.pk}/edit/")["Location"])
    with makers.scope(town):
        records.correct_record(
            saved, said(family, content="先の文"), actor=town.colleague, expected_version=1
        )
    sent = typed(town, family, content="後の文") | {"draft_version": "1", "client_id": "a"}
    stale = client.post(url, sent)
    assert stale.status_code == 409
    for text in ("先の文", "後の文", "原 架空"):
        assert text in stale.content.decode()
    with makers.scope(town):
        assert Draft.objects.get().fields["content"] == "後の文"
        assert Consultation.objects.get().content == "先の文"
    settle(client, url, sent)
    with makers.scope(town):
        assert (Consultation.objects.get().content, Consultation.objects.get().version) == (
            "先の文。後の文",
            3,
        )


def settle(client: Client, url: str, sent: dict[str, Any]) -> None:
    """Choose on the page of two texts, then save."""
    chosen = {
        "current": "2",
        "choose_content": "both",
        "text_content": "先の文。後の文",
        "choose_person_ids": "mine",
    }
    assert client.post(f"{url}merge/", chosen)["Location"] == url
    form = client.get(url).context["form"]
    assert form["content"].value() == "先の文。後の文"
    sent = sent | {"content": form["content"].value(), "draft_version": "3"}
    assert client.post(url, sent).status_code == 303


def test_a_merge_against_a_text_that_moved_on_is_shown_again(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    with makers.scope(town):
        saved = write(town.counselor, family)
        draft = drafts.open_draft(actor=town.counselor, consultation=saved)
        records.correct_record(
            saved, said(family, content="先の文"), actor=town.colleague, expected_version=1
        )
    client = client_of(town.counselor)
    assert client.post(f"/drafts/{draft.pk}/merge/", {"current": "1"}).status_code == 409


def test_reading_a_record_marks_it_and_leaves_a_trail(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    with makers.scope(town):
        saved = write(town.counselor, family)
    assert "2語文" in client_of(town.colleague).get(f"/records/{saved.pk}/").content.decode()
    with makers.scope(town):
        [line] = trail("record.read")
        assert (line.user_id, line.household_id, line.object_id) == (
            town.colleague.user_id,
            family.pk,
            saved.pk,
        )
        assert saved.reads.get().user_id == town.colleague.user_id


def test_history_shows_what_was_taken_out_and_put_in(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    with makers.scope(town):
        saved = write(town.counselor, family)
        records.correct_record(
            saved, said(family, content="2語文が出た。"), actor=town.counselor, expected_version=1
        )
    page = client_of(town.colleague).get(f"/records/{saved.pk}/history/").content.decode()
    assert "<del>まだ</del>" in page
    assert "<ins>た</ins>" in page


def test_a_wrong_family_is_put_right_by_searching(town: Town, family: Household, client_of: ClientOf) -> None:
    with makers.scope(town):
        saved, right = write(town.counselor, family), kimura(town.counselor)
    client, url = client_of(town.counselor), f"/records/{saved.pk}/move/"
    assert f'value="{right.pk}"' in client.post(url, {"q": "きむら"}).content.decode()
    assert "移す理由" in client.post(url, {"household": right.pk}).content.decode()
    assert client.post(url, {"household": right.pk, "reason": ""}).status_code == 422
    assert client.post(url, {"household": right.pk, "reason": "同姓だった"}).status_code == 303
    with makers.scope(town):
        assert Consultation.objects.get().household_id == right.pk


def test_a_next_step_is_finished_or_put_off(town: Town, family: Household, client_of: ClientOf) -> None:
    with makers.scope(town):
        saved = write(town.counselor, family, next_step="電話", next_on=clock.today())
    client, url = client_of(town.counselor), f"/records/{saved.pk}/next/"
    assert client.post(url, {"do": "finish", "result": ""}).status_code == 422
    later = (clock.today() + timedelta(days=3)).isoformat()
    assert client.post(url, {"do": "reschedule", "next_on": later}).status_code == 303
    assert client.post(url, {"do": "finish", "result": "つながった"}).status_code == 303
    assert client.post(url, {"do": "finish", "result": "もう一度"}).status_code == 422


def test_a_draft_is_pointed_at_a_family_later(town: Town, family: Household, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    url = begin(client, None)
    assert "木村" in client.post(f"{url}family/", {"q": "きむら"}).content.decode()
    client.post(f"{url}family/", {"household": family.pk})
    assert "颯太" in client.get(url).content.decode()


def test_discarding_asks_first(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    url = begin(client, None)
    assert client.get(f"{url}discard/").status_code == 200
    client.post(f"{url}discard/")
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("role", ["rounds", "officer", "auditor"])
def test_those_who_do_not_write_are_refused(
    town: Town, family: Household, client_of: ClientOf, role: str
) -> None:
    client = client_of(town.actors[role])
    for url in (f"/families/{family.pk}/visit/", "/visits/anonymous/", "/records/new/"):
        assert client.get(url).status_code == 403
    with makers.scope(town):
        assert not Visit.objects.exists()


def test_another_agency_and_another_town_get_404(
    town: Town, other_town: Town, family: Household, client_of: ClientOf
) -> None:
    with makers.scope(town):
        saved, seen = write(town.counselor, family), visit(town.counselor, family)
    for actor in (town.stranger, other_town.counselor, other_town.nurse):
        client = client_of(actor)
        for url in ("", "history/", "move/", "next/"):
            assert client.get(f"/records/{saved.pk}/{url}").status_code == 404
        assert client.post(f"/records/{saved.pk}/edit/").status_code == 404
        assert client.post(f"/visits/{seen.pk}/undo/").status_code == 404
