"""Adding rows: the statement of each model is built once a process."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, Model


def add(row: Model) -> None:
    """As `row.save(force_insert=True)` for a new row, without signals."""
    add_all([row])


def add_all(rows: Iterable[Model]) -> None:
    """As `add` for some rows of one model, in one statement. They get their ids in order."""
    rows = list(rows)
    if not rows:
        return
    sql, places, key, fields = _statement(type(rows[0]))
    values = [
        field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} VALUES {', '.join([places] * len(rows))} RETURNING {key}", values)
        for row, (given,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = given
            row._state.adding, row._state.db = False, connection.alias


@cache
def _statement(model: type[Model]) -> tuple[str, str, str, tuple[Field[Any, Any], ...]]:
    """INSERT INTO with its columns, the places of one row, the column of the key, the fields."""
    key = model._meta.pk
    fields = tuple(
        field
        for field in model._meta.local_concrete_fields
        if field is not key or not isinstance(key, AutoField)
    )
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(_place(field) for field in fields)
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({columns})", f"({places})", quote(str(key.column)), fields


def _place(field: Field[Any, Any]) -> str:
    """A parameter; arrays say what they hold."""
    return f"%s::{field.db_type(connection)}" if hasattr(field, "base_field") else "%s"
