"""Rows of a prepared statement as Django's row iterables would give them; how is worked out once a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import starmap
from typing import Any

from django.db.models import Model, QuerySet, query
from django.db.models.base import ModelState

Row = Sequence[Any]
Make = Callable[[Row, str], Any]


def maker(queryset: QuerySet[Any, Any], compiler: Any) -> Callable[[Iterable[Row], str], list[Any]]:
    """What makes a list of a statement's rows, read from a database of an alias. TypeError for another kind of list."""
    kind: Any = queryset._iterable_class
    if kind is query.ModelIterable:
        return _instances(compiler)
    if kind is query.FlatValuesListIterable:
        return lambda rows, alias: [row[0] for row in rows]
    if kind is query.ValuesListIterable:
        return lambda rows, alias: [*map(tuple, rows)]
    own: Any = queryset.query
    names = [*own.extra_select, *own.values_select, *own.annotation_select]
    if kind is query.ValuesIterable:
        keys = [*own.selected] if own.selected else names
        return lambda rows, alias: [dict(zip(keys, row, strict=True)) for row in rows]
    if kind is query.NamedValuesListIterable:
        named = query.create_namedtuple_class(*(queryset._fields or names))  # type: ignore[attr-defined]
        return lambda rows, alias: [*starmap(named, rows)]
    raise TypeError(f"A prepared queryset gives instances or values, not {kind.__name__}.")


def _instances(compiler: Any) -> Callable[[Iterable[Row], str], list[Any]]:
    make = _model(compiler.klass_info, compiler.select)
    noted = tuple((compiler.annotation_col_map or {}).items())

    def instances(rows: Iterable[Row], alias: str) -> list[Any]:
        found = []
        for row in rows:
            found.append(instance := make(row, alias))
            for name, place in noted:
                setattr(instance, name, row[place])
        return found

    return instances


def _model(info: dict[str, Any], select: Sequence[Any]) -> Make:
    """How a row becomes an instance, with those that are joined to it."""
    if info.get("from_parent"):
        raise TypeError("A prepared queryset does not go down from a model to one that inherits from it.")
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[first:last]]
    plain = _plain(info["model"], names)
    joined = [_joined(one, select) for one in info.get("related_klass_infos", ())]

    def make(row: Row, alias: str) -> Any:
        instance = plain(row[first:last], alias)
        for join in joined:
            join(row, alias, instance)
        return instance

    return make


def _joined(info: dict[str, Any], select: Sequence[Any]) -> Callable[[Row, str, Any], None]:
    """Sets what is joined to an instance; None where nothing is."""
    make, here, there = _model(info, select), info["local_setter"], info["remote_setter"]
    columns = {select[place][0].target.attname: place for place in info["select_fields"]}
    key = columns[info["model"]._meta.pk.attname]

    def join(row: Row, alias: str, instance: Any) -> None:
        if row[key] is None:
            here(instance, None)
            return
        other = make(row, alias)
        here(instance, other)
        there(other, instance)

    return join


def _plain(model: type[Model], names: list[str]) -> Make:
    """As `from_db`, but for the signals that nobody listens to; columns that were not read are read when asked for."""
    if model.__init__ is not Model.__init__ or "from_db" in vars(model):
        return lambda values, alias: model.from_db(alias, names, values)

    def plain(values: Row, alias: str) -> Any:
        instance: Any = model.__new__(model)
        state = instance._state = ModelState()
        state.adding, state.db = False, alias
        instance.__dict__.update(zip(names, values, strict=True))
        return instance

    return plain
