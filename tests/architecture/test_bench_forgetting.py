"""What benchmarks write is taken away with all that hangs on it: no table is forgotten, however new."""

from __future__ import annotations

from uuid import uuid4

from benchmarks.forgetting import WRITTEN, hooks_on, take_away
from django.apps import apps
from django.db import connection
from tests.encounters.cast import kimura, write
from tests.encounters.charting import follow
from tests.makers import Town

from tsunagari.encounters.models import ChartEntry, Consultation, RecordComment, RecordWords
from tsunagari.encounters.operations import comments

# By the database's own catalogue, which knows nothing of models.
POINTING = """
SELECT DISTINCT c.conrelid::regclass::text, a.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.confrelid = %s::regclass
"""


def pointing_to(table: str) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(POINTING, [table])
        return set(cursor.fetchall())


def test_every_foreign_key_of_the_database_is_found(db: None) -> None:
    waiting = [apps.get_model(app, name) for app, name, _ in WRITTEN]
    seen = set()
    while waiting:
        model = waiting.pop()
        hooks = list(hooks_on(model))
        assert {(one.table, one.column) for one in hooks} == pointing_to(model._meta.db_table)
        seen.add(model)
        waiting += [one.model for one in hooks if not one.lets_go and one.model not in seen]
    assert {"Attachment", "AttachmentContent", "RecordComment", "Seal"} <= {one.__name__ for one in seen}


class Raw:
    """This test's own transaction, as the benchmarks' connection would run it."""

    def execute(self, statement: str, given: list[object]) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            return cursor.fetchall() if cursor.description else []


def test_a_record_goes_with_what_hangs_on_it_and_others_stay(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    gone, kept = (write(in_town.counselor, family) for _ in range(2))
    follow(in_town.counselor, family, gone)
    comments.comment(gone, "見ました。", actor=in_town.counselor, key=uuid4())
    take_away(Raw(), Consultation, [gone.pk])  # type: ignore[arg-type]
    assert [row.pk for row in Consultation.objects.all()] == [kept.pk]
    assert not ChartEntry.objects.exists()
    assert not RecordComment.objects.exists()
    assert [row.pk for row in RecordWords.objects.all()] == [kept.pk]
