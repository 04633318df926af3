"""What earlier runs wrote goes before the next: rows, and everything that hangs on them by the models' foreign keys.

Nothing is listed here by hand: a table that comes later is found by what it points to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg
    from django.db.models import Model

#: Where runs write, and which rows are theirs: (app, model, condition).
WRITTEN = (
    ("encounters", "KioskScan", "true"),
    ("encounters", "Draft", "true"),
    ("encounters", "Visit", "created_at > now() - interval '2 days'"),
    ("encounters", "Consultation", "created_at > now() - interval '2 days'"),
)


@dataclass(frozen=True, slots=True)
class Hook:
    """A column by which rows of `model` hang on others. `lets_go`: they stay, and the column is emptied."""

    model: type[Model]
    column: str
    lets_go: bool

    @property
    def table(self) -> str:
        return self.model._meta.db_table


def hooks_on(model: type[Model]) -> Iterator[Hook]:
    """Every column of the installed apps that points to the model, by relations nobody named as well."""
    from django.db.models import SET_NULL

    for field in model._meta.get_fields(include_hidden=True):
        if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one):
            own: Any = field
            yield Hook(own.related_model, own.field.column, own.on_delete is SET_NULL)


def forget(connection: psycopg.Connection[Any]) -> None:
    """Take away what was written at the places above. Needs the installed apps, and the owner's login."""
    from django.apps import apps

    for app, name, which in WRITTEN:
        model = apps.get_model(app, name)
        found = connection.execute(f"SELECT id FROM {model._meta.db_table} WHERE {which}")  # noqa: S608 our own names
        take_away(connection, model, [pk for (pk,) in found])


def take_away(connection: psycopg.Connection[Any], model: type[Model], ids: list[Any]) -> None:
    """Delete these rows of the model, what hangs on them first."""
    if not ids:
        return
    for hook in hooks_on(model):
        where = f"{hook.column} = ANY(%s)"
        if hook.lets_go:
            connection.execute(f"UPDATE {hook.table} SET {hook.column} = NULL WHERE {where}", [ids])  # noqa: S608
        else:
            key = hook.model._meta.pk.column
            found = connection.execute(f"SELECT {key} FROM {hook.table} WHERE {where}", [ids])  # noqa: S608
            take_away(connection, hook.model, [pk for (pk,) in found])
    key = model._meta.pk.column
    connection.execute(f"DELETE FROM {model._meta.db_table} WHERE {key} = ANY(%s)", [ids])  # noqa: S608
