"""Nothing written is ever lost (E1): the disk is full, the server is killed, two people write at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from typing import Any

import psycopg
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import makers
from tests.database import database_name
from tests.encounters.cast import at_once, kimura, said, write
from tests.encounters.test_pages import begin, typed
from tests.makers import Town
from tsunagari.base import tenancy
from tsunagari.base.actor import Actor
from tsunagari.config import database
from tsunagari.encounters import queries
from tsunagari.encounters.models import Consultation, ConsultationRevision, Draft
from tsunagari.encounters.operations import drafts, records

ClientOf = Callable[[Actor], Client]
committed = pytest.mark.django_db(transaction=True)


@contextmanager
def owner() -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.owner_url(database_name()), autocommit=True) as connected:
        yield connected


@contextmanager
def full_disk(table: str, state: str = "53100") -> Iterator[None]:
    """The database itself refuses to write to `table`, as PostgreSQL does without room (disk_full)."""
    with owner() as asked:
        asked.execute(
            f"CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '{state}'; END$$"
        )
        asked.execute(f"CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION no_room()")
        try:
            yield
        finally:
            asked.execute("DROP FUNCTION no_room() CASCADE")


@committed
@pytest.mark.parametrize("table", ["encounters_consultation", "encounters_draft", "audit_entry"])
def test_a_full_disk_is_told_and_the_text_stays_in_the_page(
    town: Town, client_of: ClientOf, table: str
) -> None:
    client = client_of(town.counselor)
    url = begin(client, None)
    text = "とても長い話。\n" * 30
    sent = typed(town, None, content=text, draft_version="1", client_id="tab", key=draft_key(town))
    with full_disk(table):
        answer = client.post(url, sent)
    page = unescape(answer.content.decode())
    assert answer.status_code == 503
    assert "サーバーの空きがなくなった" in page
    assert text in page.replace("\r\n", "\n")
    assert 'name="next_step" value="様子をきく"' in page
    assert saved_texts(town) == []
    assert client.post(url, sent).status_code == 303
    assert saved_texts(town) == [text.strip()]


@committed
def test_an_autosave_without_room_says_so_and_the_former_text_stays(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    url = begin(client, None)
    json = {"Accept": "application/json"}
    client.post(f"{url}save/", {"content": "前の文", "draft_version": "1", "client_id": "a"}, headers=json)
    with full_disk("encounters_draft"):
        later = {"content": "あとの文", "draft_version": "2", "client_id": "a"}
        answer = client.post(f"{url}save/", later, headers=json)
    assert (answer.status_code, "空きがなくなった" in answer.json()["error"]) == (503, True)
    with makers.scope(town):
        assert Draft.objects.get().fields["content"] == "前の文"


@committed
def test_a_server_that_takes_no_more_writing_is_no_loss(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    url = begin(client, None)
    sent = typed(town, None, content="読むだけのサーバー", key=draft_key(town))
    with full_disk("encounters_consultation", state="25006"):
        page = client.post(url, sent)
    assert "読むだけのサーバー" in page.content.decode()
    assert client.post(url, sent).status_code == 303


def draft_key(town: Town) -> str:
    with makers.scope(town):
        return str(Draft.objects.get().key)


def saved_texts(town: Town) -> list[str]:
    with makers.scope(town):
        return list(Consultation.objects.values_list("content", flat=True))


SAVING = """
import django; django.setup()
from tsunagari.base import clock, tenancy
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Draft
from tsunagari.encounters.operations import records
from tsunagari.encounters.rules import RecordInput
actor = Actor(user_id={user}, name="三浦 架空", municipality_id={town}, agency_id={agency}, role="counselor")
with tenancy.municipality({town}, user_id={user}):
    draft = Draft.objects.get(pk={draft})
    said = RecordInput(occurred_at=clock.now(), content=draft.fields["content"], categories=(5,))
    records.write_record(said, actor=actor, key=draft.key, draft=draft)
    if {late}:
        print("written", flush=True)
        import sys; sys.stdin.read()
print("committed", flush=True)
"""


def saving(draft: Draft, actor: Actor, *, late: bool = False) -> subprocess.Popen[str]:
    """A server process of its own that saves the draft; `late`: it stops just before the commit."""
    ids = {"user": actor.user_id, "town": actor.municipality_id, "agency": actor.agency_id, "draft": draft.pk}
    env = {"TSUNAGARI_DB_NAME": database_name(), "TSUNAGARI_DB_ROLE": "web"}
    return subprocess.Popen(
        [sys.executable, "-c", SAVING.format(**ids, late=late)],
        env={**os.environ, **env, "DJANGO_SETTINGS_MODULE": "tsunagari.config.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@committed
def test_a_server_killed_while_it_saves_leaves_the_draft_and_no_half_record(town: Town) -> None:
    with makers.scope(town):
        draft = drafts.open_draft(actor=town.counselor)
        drafts.save_draft(
            draft, actor=town.counselor, fields={"content": "殺される前"}, version=1, client="a"
        )
    with saving(draft, town.counselor, late=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    with makers.scope(town):
        assert not Consultation.objects.exists()
        assert Draft.objects.get().fields["content"] == "殺される前"
        again = records.write_record(said(), actor=town.counselor, key=draft.key, draft=draft)
        assert Consultation.objects.get() == again


@committed
def test_a_server_killed_after_the_commit_has_saved_once(town: Town) -> None:
    """The answer never came: pressing again finds the record of the first press."""
    with makers.scope(town):
        draft = drafts.open_draft(actor=town.counselor)
        drafts.save_draft(draft, actor=town.counselor, fields={"content": "A"}, version=1, client="a")
    with saving(draft, town.counselor) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "committed\n"
        process.kill()
        process.wait(10)
    with makers.scope(town):
        records.write_record(said(), actor=town.counselor, key=draft.key, draft=draft)
        assert Consultation.objects.get().content == "A"


Move = tuple[str, str, bool]
MOVES = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.text("あいう", min_size=1, max_size=4), st.booleans()),
    min_size=1,
    max_size=8,
)


@given(moves=MOVES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_tabs_and_colleagues_do_each_saved_text_can_be_found(
    in_town: Town, moves: list[Move]
) -> None:
    """Tabs of one person save drafts and corrections, a colleague corrects between: every text stands in a draft, in
    the record or in a former text, unless the same tab replaced it."""
    record = write(in_town.counselor, kimura(in_town.counselor))
    mine = drafts.open_draft(actor=in_town.counselor, consultation=record)
    last: dict[str, str] = {}
    kept: list[str] = []
    for number, (tab, text, correct) in enumerate(moves):
        words = f"{text}{number}"
        saved = drafts.save_draft(mine, actor=in_town.counselor, fields=fields(words), version=1, client=tab)
        last[tab] = words
        if correct:
            kept.append(_corrected(in_town.colleague, record, f"同僚{number}"))
        assert saved.version >= 1
    texts = found(record)
    assert set(kept) <= texts
    assert last[moves[-1][0]] in texts
    assert all(words in texts for words in last.values())


def fields(text: str) -> dict[str, Any]:
    return {"content": text, "categories": ["5"], "occurred_on": "2026-11-12", "channel": "visit"}


def _corrected(actor: Actor, record: Consultation, text: str) -> str:
    record.refresh_from_db()
    later = queries.record_input(record)
    records.correct_record(record, replace(later, content=text), actor=actor, expected_version=record.version)
    return text


def found(record: Consultation) -> set[str]:
    """Every text that stands anywhere."""
    texts = {str(one.fields.get("content")) for one in Draft.objects.filter(consultation=record)}
    texts |= {
        str(row.snapshot["content"]) for row in ConsultationRevision.objects.filter(consultation=record)
    }
    record.refresh_from_db()
    return texts | {record.content}


@committed
def test_two_people_saving_the_same_record_at_once_lose_neither_text(town: Town) -> None:
    """One of them is told, and what they wanted to save is with them."""
    with makers.scope(town):
        record = write(town.counselor, kimura(town.counselor))

    def correct(actor: Actor) -> str:
        with tenancy.municipality(town.municipality.pk, user_id=actor.user_id):
            try:
                given = queries.record_input(record)
                records.correct_record(record, _words(given, actor.name), actor=actor, expected_version=1)
            except records.StaleRecord as stale:
                return stale.mine.content
            return ""

    told = at_once(correct, [town.counselor, town.colleague])
    with makers.scope(town):
        texts = found(record)
    assert sorted([*texts, *filter(None, told)]) == sorted(
        {"2語文がまだ出ない。", town.counselor.name, town.colleague.name}
    )


def _words(record: Any, text: str) -> Any:
    return replace(record, content=text)
