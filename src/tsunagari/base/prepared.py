"""Querysets whose SQL is built once a process: for the few reads that nearly every request makes.

Building SQL is most of what a small read costs. A function that returns a queryset, decorated with `prepared`, is
asked once for every *form* of its arguments; afterwards only the values travel. What it says stays an ordinary
queryset: `visible_to`, joins and annotations mean what they mean elsewhere.

    @prepared
    def _open_of(household: int, day: date) -> QuerySet[Registration, Registration]:
        return Registration.objects.filter(household=household, starts_on__lte=day)

    _open_of(household.pk, clock.today())  # a list

Positional int, str, date, datetime, UUID and list[int] are values; so are the ids of an Actor. Everything else (None,
bool, enums, keywords) belongs to the form. The function may look at nothing but its arguments: no clock, no settings.
Lists are compared by `field__any_of=ids`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet, ObjectDoesNotExist
from django.db import connections
from django.db.models import Field, ForeignKey, Lookup, QuerySet

from tsunagari.base.actor import Actor
from tsunagari.base.instances import maker

P = ParamSpec("P")
Row = TypeVar("Row")

_FIRST = 1 << 61  # no id comes near it
_ACTOR_IDS = ("user_id", "municipality_id", "membership_id", "agency_id")
_VALUES: dict[type, Callable[[int], Any]] = {
    int: lambda number: _FIRST + number,
    str: lambda number: f"slot-{number}-of-a-prepared-query",
    date: lambda number: date(1, 1, 1) + timedelta(days=number),
    datetime: lambda number: datetime(1, 1, 2, tzinfo=UTC) + timedelta(seconds=number),
    list: lambda number: [_FIRST + number],
    UUID: lambda number: UUID(int=_FIRST + number),
}


if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup


@ForeignKey.register_lookup  # relations do not take over the lookups of plain fields
@Field.register_lookup
class AnyOf(_Lookup):
    """`field__any_of=[…]`: IN with one parameter, so that the SQL is the same for every length. An ArraySubquery is
    asked once, before the rows, which an OR over IN (SELECT …) is not."""

    lookup_name = "any_of"
    prepare_rhs = False

    def get_prep_lookup(self) -> Any:
        return self.rhs if hasattr(self.rhs, "resolve_expression") else list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        if hasattr(self.rhs, "resolve_expression"):
            right, given = compiler.compile(self.rhs)
            return f"{left} = ANY({right})", [*params, *given]
        return f"{left} = ANY(%s::{self.lhs.output_field.db_type(connection)}[])", [*params, self.rhs]


@dataclass(frozen=True)
class _Plan:
    """What one form of the arguments became. `slots` holds, for each parameter, which value it takes, or None."""

    alias: str
    sql: str
    params: tuple[Any, ...]
    slots: tuple[int | None, ...]
    converters: tuple[Any, ...]
    make: Callable[[Iterable[Sequence[Any]], str], list[Any]]

    def run(self, values: Sequence[Any]) -> list[Any]:
        connection = connections[self.alias]
        params = tuple(
            given if slot is None else _like(given, values[slot])
            for given, slot in zip(self.params, self.slots, strict=True)
        )
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            rows: Iterable[Sequence[Any]] = cursor.fetchall()
        if self.converters:
            rows = _converted(rows, self.converters, connection)
        return self.make(rows, self.alias)


def _converted(
    rows: Iterable[Sequence[Any]], converters: tuple[Any, ...], connection: Any
) -> Iterator[list[Any]]:
    """Values as their fields want them, where those have a say (`from_db_value`)."""
    for row in map(list, rows):
        for place, (steps, expression) in converters:
            for step in steps:
                row[place] = step(row[place], expression, connection)
        yield row


class Prepared(Generic[P, Row]):
    """A queryset as a function to a list; see the module."""

    def __init__(self, build: Callable[P, QuerySet[Any, Row]]) -> None:
        self._build: Callable[..., QuerySet[Any, Row]] = build
        self._plans: dict[Hashable, _Plan | None] = {}
        update_wrapper(self, build)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[Row]:
        """All rows."""
        key = (tuple(_form(arg) for arg in args), tuple(kwargs.items()))
        if key not in self._plans:
            self._plans[key] = self._plan(args, kwargs)
        plan = self._plans[key]
        if plan is None:
            return []
        values: list[Any] = []
        for arg in args:
            _put(arg, values)
        return plan.run(values)

    def first(self, *args: P.args, **kwargs: P.kwargs) -> Row | None:
        """The first row; the queryset should be cut to one."""
        return next(iter(self(*args, **kwargs)), None)

    def one(self, *args: P.args, **kwargs: P.kwargs) -> Row:
        """The only row; ObjectDoesNotExist without one."""
        rows = self(*args, **kwargs)
        if not rows:
            raise ObjectDoesNotExist(self._build.__qualname__)
        return rows[0]

    def _plan(self, args: Sequence[Any], kwargs: dict[str, Any]) -> _Plan | None:
        """None when nothing can ever be found (as for `none()`)."""
        marks: list[Any] = []
        queryset = self._build(*[_mark(arg, marks) for arg in args], **kwargs)
        if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise TypeError("A prepared queryset fetches nothing besides.")
        compiler = queryset.query.get_compiler(using=queryset.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        slots = tuple(_slot(param, marks) for param in params)
        if compiler.has_extra_select:
            raise TypeError(f"{self._build.__qualname__} is ordered by a column that it does not read.")
        _refuse_strays(self._build.__qualname__, sql, params, slots)
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        converters = tuple(compiler.get_converters(columns).items())
        make = maker(queryset, compiler)
        return _Plan(queryset.db, sql, tuple(params), slots, converters, make)


prepared = Prepared


def _form(arg: Any) -> Any:
    """What of an argument changes the SQL itself."""
    if type(arg) in _VALUES:
        return type(arg)
    if type(arg) is Actor:
        return (
            Actor,
            arg.role,
            arg.scope,
            arg.actions,
            tuple(getattr(arg, name) is None for name in _ACTOR_IDS),
        )
    return arg


def _mark(arg: Any, marks: list[Any]) -> Any:
    """A stand-in that is found again among the parameters; appended to `marks` in the order of `_put`."""
    if type(arg) in _VALUES:
        marks.append(_VALUES[type(arg)](len(marks)))
        return marks[-1]
    if type(arg) is Actor:
        ids: dict[str, Any] = {}
        for name in _ACTOR_IDS:
            marks.append(_VALUES[int](len(marks)))
            ids[name] = None if getattr(arg, name) is None else marks[-1]
        return replace(arg, **ids)
    return arg


def _put(arg: Any, values: list[Any]) -> None:
    if type(arg) in _VALUES:
        values.append(arg)
    elif type(arg) is Actor:
        values.extend(getattr(arg, name) for name in _ACTOR_IDS)


def _slot(param: Any, marks: list[Any]) -> int | None:
    for number, mark in enumerate(marks):
        same_kind = type(param) is type(mark) or (type(mark) is int and _is_number(param))
        if same_kind and param == mark:
            return number
    return None


def _is_number(param: Any) -> bool:
    return isinstance(param, int) and not isinstance(param, bool)


def _like(given: Any, value: Any) -> Any:
    """Some fields tell the driver the size of their integers by a class of int."""
    return type(given)(value) if _is_number(given) and value is not None else value


def _refuse_strays(name: str, sql: str, params: Sequence[Any], slots: Sequence[int | None]) -> None:
    """Raise TypeError where an argument would stay as it was the first time: changed on its way, or written into the
    statement itself (a slice)."""
    for param, slot in zip(params, slots, strict=True):
        if slot is not None:
            continue
        if isinstance(param, date):
            raise TypeError(f"{name} would keep today's date: give it as an argument.")
        if (_is_number(param) and param >= _FIRST) or _is_marked(str(param)):
            raise TypeError(f"{name} changes an argument on its way into the statement.")
    if _is_marked(sql):
        raise TypeError(f"{name} writes an argument into the statement: give it by keyword.")


def _is_marked(text: str) -> bool:
    return str(_FIRST)[:-3] in text or "of-a-prepared-query" in text
