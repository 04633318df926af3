"""Adding one row: the statement of each model is built once a process."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, Model


def add(row: Model) -> None:
    """As `row.save(force_insert=True)` for a new row of a model whose id the database gives, without signals."""
    sql, fields = _statement(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, connection.alias


@cache
def _statement(model: type[Model]) -> tuple[str, tuple[Field[Any, Any], ...]]:
    key = model._meta.pk
    if not isinstance(key, AutoField):
        raise TypeError(f"{model.__name__} does not get its id from the database.")
    fields = tuple(field for field in model._meta.local_concrete_fields if field is not key)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(_place(field) for field in fields)
    table = quote(model._meta.db_table)
    sql = f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING {quote(str(key.column))}"  # noqa: S608
    return sql, fields


def _place(field: Field[Any, Any]) -> str:
    """A parameter; arrays say what they hold."""
    return f"%s::{field.db_type(connection)}" if hasattr(field, "base_field") else "%s"
