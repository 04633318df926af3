"""The trail cannot be changed quietly (X2)."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from tests import makers
from tests.database import database_name
from tests.makers import Town, scope

from tsunagari.audit import operations, queries, rules
from tsunagari.audit.models import Entry
from tsunagari.base import tenancy
from tsunagari.base.access import Action
from tsunagari.config import database

LOOK = Action("test.look", "試験", frozenset(), writes=False)


@pytest.fixture
def owner(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A connection of the database's owner, as an administrator with SQL would have."""
    with psycopg.connect(database.owner_url(database_name()), autocommit=True) as found:
        yield found


def _leave(town: Town, times: int) -> None:
    for number in range(times):
        with scope(town):
            operations.record(
                LOOK, actor=town.counselor, household_id=number, detail={"n": number, "語": "値"}
            )


def _verify_as_owner(anchors: dict[int, tuple[int, str]] | None = None) -> queries.Verified:
    """The product's verify of the only chain, reading as the owner like the command does."""
    given = dict(connection.settings_dict)
    login = database.owner_login(database_name())
    connection.close()
    connection.settings_dict.update(USER=login.user, PASSWORD=login.password)
    try:
        (result,) = queries.verify(anchors=anchors)
        return result
    finally:
        connection.close()
        connection.settings_dict.update(USER=given["USER"], PASSWORD=given["PASSWORD"])


def test_a_whole_chain_verifies_and_python_agrees_with_the_database(in_town: Town) -> None:
    operations.record(LOOK, actor=in_town.counselor, household_id=7, detail={"語": "値"})
    tenancy.current().before_commit[0]()
    entry = Entry.objects.values("hash", *rules.CHAINED).latest("seq")
    assert rules.digest(entry) == entry["hash"]


def test_entries_are_written_only_when_the_transaction_ends_well(town: Town) -> None:
    def looked_and_failed() -> None:
        with scope(town):
            operations.record(LOOK, actor=town.counselor)
            raise RuntimeError("試験")

    with pytest.raises(RuntimeError, match="試験"):
        looked_and_failed()
    with scope(town):
        assert not Entry.objects.filter(action="test.look").exists()


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET role = 'x'", "DELETE FROM audit_entry"])
def test_the_web_role_can_neither_alter_nor_remove(in_town: Town, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "position", "word"),
    [
        ("UPDATE audit_entry SET household_id = 99 WHERE seq = 3", 3, "書きかえ"),
        ("DELETE FROM audit_entry WHERE seq = 4", 4, "消されて"),
        ("DELETE FROM audit_entry WHERE seq = 6", 6, "末尾"),
    ],
)
def test_verify_names_the_first_broken_entry(
    owner: psycopg.Connection, statement: str, position: int, word: str
) -> None:
    town = makers.make_town("999999", "つながり市")
    _leave(town, 6)
    assert _verify_as_owner().broken is None
    owner.execute(statement)
    broken = _verify_as_owner().broken
    assert broken is not None
    assert (broken.seq, word in broken.kind) == (position, True)


def test_an_anchor_kept_outside_finds_a_trail_that_was_written_anew(owner: psycopg.Connection) -> None:
    town = makers.make_town("999999", "つながり市")
    _leave(town, 3)
    whole = _verify_as_owner()
    anchors = {town.municipality.pk: (whole.entries, whole.last_hash)}
    assert _verify_as_owner(anchors).broken is None
    owner.execute("DELETE FROM audit_entry")
    owner.execute("UPDATE audit_head SET seq = 0, hash = ''")
    _leave(town, 4)
    assert _verify_as_owner().broken is None
    broken = _verify_as_owner(anchors).broken
    assert broken is not None
    assert broken.seq == 3
