"""Build the benchmark's database: one large municipality and two smaller ones, straight into the tables by COPY.

Run as `python -m benchmarks.seed NAME HOUSEHOLDS`; the database is made beside the installation's own. With a name
alone it gets the tables of today.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from psycopg import sql

from benchmarks import town
from benchmarks.town import Ids
from tsunagari.config import database, preparing, running
from tsunagari.encounters.rules import indexing

COLUMNS = {
    "families_household": "id,municipality_id,kind,nickname,resident_no,registered_resident,postal_code,"
    "address,address_detail,status,protected,caution,created_at,version",
    "families_card": "municipality_id,household_id,number,token,state,main,issued_at,printed_at,reason",
    "families_person": "id,municipality_id,household_id,kind,life,family_name,given_name,family_kana,given_kana,"
    "nickname,sex,birth_date,birth_order,relation,relation_code,phone,phone_other,email,language,version",
    "families_searchentry": "household_id,municipality_id,sort_kana,sort_name,kana,names,grams,listed",
    "families_agencylink": "municipality_id,household_id,agency_id,reason,since,last_met_on,sort_kana,sort_name,listed",
    "families_registration": "municipality_id,household_id,agency_id,is_home,source,starts_on,created_at,end_reason,"
    "end_code",
    "encounters_visit": "id,municipality_id,agency_id,household_id,visited_on,arrived_at,adults,children,first_time,"
    "other_town,note,key,created_by,created_at",
    "encounters_visitperson": "municipality_id,visit_id,person_id",
    "encounters_consultation": "id,municipality_id,agency_id,household_id,who_hint,occurred_on,occurred_at,channel,"
    "place,main_category,categories,content,assessment,responses,response_note,progress,next_step,next_on,"
    "next_done_at,next_result,consent,author_id,author_name,key,created_at,updated_at,version",
    "encounters_consultationperson": "municipality_id,consultation_id,person_id,consulting,age_text,school_year",
}
AGENCIES = {True: 40, False: 6}


def build(name: str, households: int) -> None:
    """A database `name` with `households` in its large town, ten visits and two and a half records each."""
    os.environ["TSUNAGARI_DB_NAME"] = name
    os.environ["TSUNAGARI_TESTING"] = "1"
    preparing.drop_database(name)
    preparing.prepare(name)
    with running.django_ready("owner"):
        _make_tables()
        towns = [_fixed_parts(code, label, big) for code, label, big in _towns()]
    with psycopg.connect(database.owner_url(name)) as connection:
        rebuild = _set_aside(connection)
        for number, (ids, big) in enumerate(towns):
            _fill(connection, ids, households if big else max(households // 10, 10), seed=number)
        for statement in rebuild:
            connection.execute(statement)  # type: ignore[arg-type]
        _restart_sequences(connection)
    _keep_words(name)
    with psycopg.connect(database.owner_url(name), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _keep_words(name: str) -> None:
    """What records are found by; a minute for 100,000."""
    names = ", ".join(indexing.COLUMNS)
    found = "COPY encounters_recordwords (consultation_id, municipality_id, occurred_at, grams) FROM STDIN"
    with (
        psycopg.connect(database.owner_url(name)) as reads,
        psycopg.connect(database.owner_url(name)) as writes,
        reads.cursor("records") as rows,
        writes.cursor().copy(found) as copy,
    ):
        rows.itersize = 2_000
        for row in rows.execute(f"SELECT {names} FROM encounters_consultation"):  # noqa: S608 our own names
            copy.write_row(indexing.row_of(dict(zip(indexing.COLUMNS, row, strict=True))))


def bring_up_to_date(name: str) -> None:
    """The tables of today for a database made some time ago."""
    os.environ["TSUNAGARI_DB_NAME"] = name
    os.environ["TSUNAGARI_TESTING"] = "1"
    preparing.prepare(name)
    with running.django_ready("owner"):
        _make_tables()
    with psycopg.connect(database.owner_url(name), autocommit=True) as connection:
        connection.execute("ANALYZE")  # new columns are planned wrongly without


def _make_tables() -> None:
    """Migrate; what rows written here leave out gets the default that the program would write."""
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.db_table not in COLUMNS:
                continue
            for field in model._meta.local_concrete_fields:
                if not field.null and (field.has_default() or field.empty_strings_allowed):
                    _let_default(cursor, model._meta.db_table, field)


def _let_default(cursor: Any, table: str, field: Any) -> None:
    value = field.get_db_prep_save(field.get_default(), cursor.db)
    if not isinstance(value, str | int | bool | list):  # a key or a time of one row
        return
    statement = sql.SQL("ALTER TABLE {} ALTER {} SET DEFAULT {}")
    kind = sql.SQL(field.db_type(cursor.db))
    said = sql.SQL("{}::{}").format(sql.Literal(value), kind)
    cursor.execute(statement.format(sql.Identifier(table), sql.Identifier(field.column), said))


def _towns() -> list[tuple[str, str, bool]]:
    return [
        ("999990", "大きな市（架空）", True),
        ("999991", "小さな市（架空）", False),
        ("999992", "町（架空）", False),
    ]


def _fixed_parts(code: str, label: str, big: bool) -> tuple[Ids, bool]:
    from tests import makers

    from tsunagari.base.access import Role
    from tsunagari.places.models import Municipality

    offset = {"999990": 1, "999991": 10_000_001, "999992": 20_000_001}[code]
    municipality = Municipality.objects.create(code=code, name=label)
    area = makers.make_area(municipality, "中央")
    agencies = [makers.make_agency(municipality, f"機関{n}", area) for n in range(AGENCIES[big])]
    actor = makers.make_actor(municipality, Role.COUNSELOR, agencies[0], "相談 架空")
    ids = Ids(
        municipality.pk,
        [agency.pk for agency in agencies],
        actor.user_id or 0,
        actor.name,
        offset,
        offset,
        offset,
        offset,
    )
    return ids, big


def _fill(connection: psycopg.Connection, ids: Ids, households: int, seed: int) -> None:
    started = time.monotonic()
    known = []
    for table, rows in _FAMILY_TABLES.items():
        made = town.families(ids, households, seed)
        _copy(connection, table, (row for family in made for row in rows(ids, family)))
    for family in town.families(ids, households, seed):
        children = [person[0] for person in family.people if person[1] == "child"]
        known.append((family.household, children, family.agencies))
    visits, records = households * 10, households * 5 // 2
    _copy(connection, "encounters_visit", (row for *_, row in town.visit_rows(ids, known, visits, seed)))
    came = town.visit_rows(ids, known, visits, seed)
    people = ((ids.municipality, visit, child) for visit, _, children, _ in came for child in children)
    _copy(connection, "encounters_visitperson", people)
    _copy(
        connection,
        "encounters_consultation",
        (row for *_, row in town.record_rows(ids, known, records, seed)),
    )
    told = town.record_rows(ids, known, records, seed)
    about = (
        (ids.municipality, record, child, False, "", "")
        for record, _, children, _ in told
        for child in children
    )
    _copy(connection, "encounters_consultationperson", about)
    connection.commit()
    print(
        f"{ids.municipality}: {households} households in {time.monotonic() - started:.0f} s", file=sys.stderr
    )


_FAMILY_TABLES: dict[str, Callable[[Ids, town.Family], list[tuple[object, ...]]]] = {
    "families_household": lambda ids, family: [town.household_row(ids, family)],
    "families_card": lambda ids, family: [town.card_row(ids, family)],
    "families_person": lambda ids, family: list(town.person_rows(ids, family)),
    "families_searchentry": lambda ids, family: [town.search_row(ids, family)],
    "families_agencylink": lambda ids, family: list(town.link_rows(ids, family)),
    "families_registration": lambda ids, family: [town.registration_row(ids, family)],
}


def _set_aside(connection: psycopg.Connection) -> list[str]:
    """Drop foreign keys and plain indexes of the filled tables; the statements that make them again."""
    tables = list(COLUMNS)
    keys = connection.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
        [tables],
    ).fetchall()
    indexes = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid::regclass::text = ANY(%s) AND NOT indisunique AND NOT indisexclusion",
        [tables],
    ).fetchall()
    for table, name, _ in keys:
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")  # type: ignore[arg-type]
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")  # type: ignore[arg-type]
    again = [definition for _, definition in indexes]
    return again + [f"ALTER TABLE {table} ADD CONSTRAINT {name} {made}" for table, name, made in keys]


def _copy(connection: psycopg.Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    statement = f"COPY {table} ({COLUMNS[table]}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[call-overload]
        for row in rows:
            copy.write_row(row)


def _restart_sequences(connection: psycopg.Connection) -> None:
    for table, columns in COLUMNS.items():
        if columns.startswith("id,"):
            start = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 30000001)"
            connection.execute(start)  # type: ignore[call-overload]
    connection.commit()


if __name__ == "__main__":
    with database.in_use():
        if len(sys.argv) == 2:
            bring_up_to_date(sys.argv[1])
        else:
            build(sys.argv[1], int(sys.argv[2]))
