"""回覧 and さがす on screen: read, seal, ask, comment, decide, find."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from django.test import Client

from tests import makers
from tests.encounters.cast import kimura, write
from tests.encounters.circulating import all_go_round, asked
from tests.families.people import trail
from tests.makers import Town
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import CirculationRule, Consultation, RecordComment, Seal

ClientOf = Callable[[Actor], Client]


def round_of(town: Town, **more: object) -> Consultation:
    """A record that goes to everybody at あおば."""
    with makers.scope(town):
        all_go_round(town.aoba)
        return write(town.counselor, kimura(town.counselor), **more)


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_a_record_is_opened_sealed_and_shows_the_stamp(town: Town, client_of: ClientOf) -> None:
    record = round_of(town)
    client = client_of(town.colleague)
    assert '<span class="n">1<' in text(client.get("/"))
    assert "読みました" in text(client.get(f"/records/{record.pk}/"))
    answer = client.post(f"/records/{record.pk}/seal/", {"version": "1"}, follow=True)
    assert "1件に押しました。" in text(answer)
    assert "あと2人" in text(answer)
    assert '<span class="n">' not in text(client.get("/"))
    assert f"/records/{record.pk}/" in text(client.get("/circulation/?list=sealed"))


def test_several_are_sealed_after_reading_them_on_one_page(town: Town, client_of: ClientOf) -> None:
    records = [round_of(town, content=f"{number}つ目の話") for number in range(2)]
    client = client_of(town.manager)
    page = text(client.get("/circulation/read/"))
    assert all(f"{number}つ目の話" in page for number in range(2))
    sent = {"record": [f"{record.pk}:1" for record in records] + ["x", "1:", "99999999999999999999999999:1"]}
    assert "2件に押しました。" in text(client.post("/circulation/read/", sent, follow=True))
    with makers.scope(town):
        assert Seal.objects.filter(sealed_at__isnull=False).count() == 2


def test_asking_by_hand_offers_only_who_may_read(town: Town, client_of: ClientOf) -> None:
    with makers.scope(town):
        record = write(town.counselor, kimura(town.counselor))
    client = client_of(town.counselor)
    page = text(client.get(f"/records/{record.pk}/circulate/"))
    assert town.manager.name in page
    assert town.nurse.name not in page
    assert town.stranger.name not in page
    url = f"/records/{record.pk}/circulate/"
    assert client.post(url, {"kind": "read", "people": [town.nurse.user_id]}).status_code == 422
    client.post(url, {"kind": "confirm", "people": [town.manager.user_id], "note": "至急"})
    with makers.scope(town):
        assert asked(record) == [town.manager.user_id]


def test_a_comment_keeps_what_was_typed_when_it_is_too_long(town: Town, client_of: ClientOf) -> None:
    record = round_of(town)
    client = client_of(town.colleague)
    url, key = f"/records/{record.pk}/comments/", str(uuid4())
    answer = client.post(url, {"text": "長" * 2001, "key": key})
    assert answer.status_code == 422
    assert "長" * 2001 in text(answer)
    for _ in range(2):
        client.post(url, {"text": "電話しました。", "key": key})
    with makers.scope(town):
        [said] = RecordComment.objects.all()
    client.post(f"{url}{said.pk}/strike/")
    assert "<del>電話しました。</del>" in text(client.get(f"/records/{record.pk}/"))


def test_a_rule_is_made_and_ended_on_screen(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.manager)
    sent = {
        "agency_id": town.aoba.pk,
        "category": "5",
        "readers": ["manager"],
        "kind": "confirm",
        "within_days": "3",
    }
    page = text(client.post("/circulation/rules/", sent, follow=True))
    assert "分類が「子どもの健康や発達」の記録" in page
    assert "施設長が、3日以内に確認" in page
    assert client.post("/circulation/rules/", sent | {"agency_id": town.midori.pk}).status_code == 422
    with makers.scope(town):
        rule = CirculationRule.objects.get()
    ended = text(client.post(f"/circulation/rules/{rule.pk}/end/", follow=True))
    assert "まだありません" in ended
    assert f'action="/circulation/rules/{rule.pk}/back/"' in ended
    back = text(client.post(f"/circulation/rules/{rule.pk}/back/", follow=True))
    assert "施設長が、3日以内に確認" in back


def test_words_of_a_search_stay_out_of_addresses_and_the_trail(town: Town, client_of: ClientOf) -> None:
    with makers.scope(town):
        write(town.counselor, kimura(town.counselor), content="ひみつのことばを言えた。")
    client = client_of(town.counselor)
    answer = client.post("/records/search/", {"words": "ヒミツ"}, follow=True)
    assert "<mark>ひみつ</mark>" in text(answer)
    assert answer.redirect_chain == [("/records/search/", 303)]
    with makers.scope(town):
        [line] = trail("record.search")
        assert "ひみつ" not in line.detail
        assert "ヒミツ" not in line.detail
    assert "見つかりませんでした" in text(client.post("/records/search/", {"words": "離乳食"}, follow=True))
    assert "見つか" not in text(client.post("/records/search/", {"clear": "1"}, follow=True))


def test_a_search_of_one_kana_says_so_and_a_wrong_day_too(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    assert "「ま」は1文字なので" in text(client.post("/records/search/", {"words": "ま"}, follow=True))
    wrong = {"words": "ことば", "since": "2026-11-10", "until": "2026-11-01"}
    assert client.post("/records/search/", wrong).status_code == 422


def test_roles_without_records_have_no_circulation(town: Town, client_of: ClientOf) -> None:
    for actor in (town.officer, town.auditor):
        client = client_of(actor)
        for url in ("/circulation/", "/circulation/read/", "/records/search/"):
            assert client.get(url).status_code == 403
