"""Who holds what, what training is taken and due, and supervision: of oneself, of an agency's people, of the town's.

A training is due counted from the first membership in a role that needs it; taken again, from the day it was taken.
A qualification's last row of its name counts. The order, what is due first, is found in one statement for any number
of people; names and rows are read for the shown ones only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from tsunagari.accounts.models import Course, Membership, Qualification, Supervision, Training, User
from tsunagari.accounts.rules.skills import AHEAD, DONE, LATE, MOST_AT_ONCE, OPEN, SOON, state_of
from tsunagari.base import clock
from tsunagari.base.access import LABELS, Role
from tsunagari.base.actor import Actor
from tsunagari.places import queries as places

SHOWN_OF_ONE = 200
NAMED_AT_ONCE = 200  # of more people all rows are read: quicker than to name so many
_ORDER = {LATE: 0, SOON: 1, OPEN: 2, DONE: 3}


@dataclass(frozen=True, slots=True)
class SkillFilters:
    """What to show; empty means all. `state`: late, soon or open (trainings not taken). `course_id`: who needs it."""

    state: str = ""
    course_id: int | None = None
    agency_id: int | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """A course a person's role asks for: last taken, due, and how that stands."""

    course_id: int
    name: str
    taken_on: date | None
    due_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Held:
    """A qualification; `state` LATE when it ran out, SOON when it will."""

    name: str
    expires_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class SkillLine:
    """One person: where they work, what they hold, what is asked of them, the last and the next supervision."""

    user_id: int
    name: str
    kana: str
    works: tuple[str, ...]
    held: tuple[Held, ...]
    needs: tuple[Need, ...]
    supervised_on: date | None
    next_on: date | None
    next_late: bool
    due_on: date | None

    @property
    def pressing(self) -> tuple[Need, ...]:
        """What is still to be done, the most pressing first."""
        return tuple(need for need in self.needs if need.state != DONE)

    @property
    def done(self) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if need.state == DONE)

    @property
    def besides(self) -> str:
        """How many trainings there are besides the most pressing one, in words: "ほか 期限をすぎた3件、まだ2件、ずみ4件"."""
        late = sum(need.state == LATE for need in self.pressing[1:])
        counts = {"期限をすぎた": late, "まだ": len(self.pressing[1:]) - late, "ずみ": len(self.done)}
        said = "、".join(f"{word}{count}件" for word, count in counts.items() if count)
        return f"ほか {said}" if said and self.pressing else said


@dataclass(frozen=True, slots=True)
class SkillLines:
    """Some people in the order of what is due first, of `total` that fit."""

    lines: list[SkillLine]
    total: int


@dataclass(frozen=True, slots=True)
class SkillRows:
    """A person's own rows, the newest first; at most SHOWN_OF_ONE of each."""

    qualifications: list[Qualification]
    trainings: list[Training]
    supervisions: list[Supervision]


# Rows of those who are asked for: some people, all at work at one agency today or soon, or everybody.
_OF = """
  (%(user)s::bigint[] IS NULL OR {row}.user_id IN (SELECT unnest(%(user)s::bigint[])))
  AND (%(agency)s::bigint IS NULL OR {row}.user_id IN (
    SELECT post.user_id FROM accounts_membership post
    WHERE post.municipality_id = %(town)s AND post.agency_id = %(agency)s
          AND (post.valid_to IS NULL OR post.valid_to >= %(today)s)))"""

# Of people at work today or soon: their roles in sight, and since when they first had each role anywhere in the town.
# Rows of several kinds are put together and grouped, not joined: no wrong guess of the planner makes it slow.
_NEEDED = f"""
WITH served AS (
  SELECT m.user_id, m.role, min(m.valid_from) AS since,
         bool_or((m.valid_to IS NULL OR m.valid_to >= %(today)s)
                 AND (%(agency)s::bigint IS NULL OR m.agency_id = %(agency)s)
                 AND (%(role)s = '' OR m.role = %(role)s)) AS here
  FROM accounts_membership m WHERE m.municipality_id = %(town)s AND {_OF.format(row="m")}
  GROUP BY m.user_id, m.role
), asked AS (
  SELECT s.user_id, c.id AS course_id, min(s.since) AS since
  FROM served s JOIN accounts_course c ON s.role = ANY(c.roles)
  WHERE c.municipality_id = %(town)s AND c.ended_on IS NULL AND (%(course)s::bigint IS NULL OR c.id = %(course)s)
  GROUP BY s.user_id, c.id HAVING bool_or(s.here)
), stood AS (
  SELECT user_id, course_id, max(since) AS since, max(taken_on) AS taken_on
  FROM (
    SELECT user_id, course_id, since, NULL::date AS taken_on FROM asked
    UNION ALL
    SELECT t.user_id, t.course_id, NULL, t.taken_on FROM accounts_training t
    WHERE t.municipality_id = %(town)s AND t.ended_at IS NULL AND {_OF.format(row="t")}
  ) both_kinds GROUP BY user_id, course_id HAVING max(since) IS NOT NULL
), needs AS (
  SELECT user_id, course_id, position, name, taken_on,
         CASE WHEN taken_on IS NULL THEN (since + make_interval(months => within_months))::date
              ELSE (taken_on + make_interval(years => lasts_years))::date END AS due_on
  FROM stood JOIN accounts_course c ON c.id = course_id AND c.municipality_id = %(town)s
)"""  # noqa: S608 - our own text

_HELD = f""", held AS (
  SELECT q.user_id, q.name, max(coalesce(q.expires_on, 'infinity'::date)) AS expires_on
  FROM accounts_qualification q WHERE q.municipality_id = %(town)s AND q.ended_at IS NULL AND {_OF.format(row="q")}
  GROUP BY q.user_id, q.name
), supervised AS (
  SELECT DISTINCT ON (s.user_id) s.user_id, s.held_on, s.next_on FROM accounts_supervision s
  WHERE s.municipality_id = %(town)s AND s.ended_at IS NULL AND {_OF.format(row="s")}
  ORDER BY s.user_id, s.held_on DESC, s.id DESC
)"""  # noqa: S608 - our own text

# With a course asked for, that course alone says when something is due.
_DUE = """, lines AS (
  SELECT user_id, max(kana) AS kana, max(name) AS name, min(due_on) AS due_on, coalesce(bool_or(open), false) AS open
  FROM (
    SELECT u.id AS user_id, u.kana, u.name, NULL::date AS due_on, NULL::boolean AS open
    FROM (SELECT DISTINCT user_id FROM served WHERE here) p JOIN accounts_user u ON u.id = p.user_id
    WHERE u.is_active
    UNION ALL SELECT user_id, NULL, NULL, due_on, taken_on IS NULL FROM needs
    UNION ALL SELECT user_id, NULL, NULL, nullif(expires_on, 'infinity'), NULL FROM held
              WHERE %(course)s::bigint IS NULL
    UNION ALL SELECT user_id, NULL, NULL, next_on, NULL FROM supervised WHERE %(course)s::bigint IS NULL
  ) all_kinds
  GROUP BY user_id
  HAVING max(name) IS NOT NULL AND (%(course)s::bigint IS NULL OR bool_or(open) IS NOT NULL)
)
SELECT user_id, due_on, name, kana, count(*) OVER () FROM lines
WHERE %(state)s = '' OR (%(state)s = 'late' AND due_on < %(today)s)
      OR (%(state)s = 'soon' AND due_on BETWEEN %(today)s AND %(soon)s) OR (%(state)s = 'open' AND open)
ORDER BY due_on NULLS LAST, open DESC, kana, name, user_id
LIMIT %(limit)s OFFSET %(offset)s"""

_NEEDS_OF = " SELECT user_id, course_id, name, taken_on, due_on FROM needs ORDER BY position, name"
_HELD_BY = " SELECT user_id, name, nullif(expires_on, 'infinity') FROM held ORDER BY name"
_SUPERVISED_WHEN = " SELECT user_id, held_on, next_on FROM supervised"


def lines(
    actor: Actor, filters: SkillFilters | None = None, *, limit: int | None = None, offset: int = 0
) -> SkillLines:
    """People of the own agency, or of the town for those who serve it, what is due first first. Five statements."""
    filters = filters or SkillFilters()
    given = _given(actor, agency_id=_agency(actor, filters.agency_id))
    given |= {"course": filters.course_id, "role": filters.role, "state": filters.state}
    rows = _rows(_NEEDED + _HELD + _DUE, given | {"limit": limit, "offset": offset})
    found = {user_id: _Found(due_on, name, kana) for user_id, due_on, name, kana, _ in rows}
    return SkillLines(_filled(actor, found, given), rows[0][4] if rows else 0)


def person(actor: Actor, user_id: int) -> SkillLine | None:
    """One of those whose skills the actor may see; None for others, and for who left a manager's agency."""
    if not in_sight(actor).filter(pk=user_id).exists():
        return None
    return _of_one(actor, user_id, _agency(actor, None))


def own(actor: Actor) -> SkillLine | None:
    """What is asked of the actor, in every role they have in the town."""
    return _of_one(actor, actor.user_id, None) if actor.user_id is not None else None


def rows_of(actor: Actor, user_id: int) -> SkillRows:
    """All rows of a person in this town. The caller has seen to it that the actor may look at the person."""
    qualifications = Qualification.objects.visible_to(actor).filter(user_id=user_id, ended_at__isnull=True)
    trainings = Training.objects.visible_to(actor).filter(user_id=user_id, ended_at__isnull=True)
    supervisions = Supervision.objects.visible_to(actor).filter(user_id=user_id, ended_at__isnull=True)
    return SkillRows(
        list(qualifications.order_by("name", "-pk")[:SHOWN_OF_ONE]),
        list(trainings.select_related("course").order_by("-taken_on", "-pk")[:SHOWN_OF_ONE]),
        list(supervisions.order_by("-held_on", "-pk")[:SHOWN_OF_ONE]),
    )


def in_sight(actor: Actor) -> QuerySet[User]:
    """People whose rows the actor may read: a manager's present and coming staff; everybody who ever worked in the
    town for those who serve it."""
    found = Membership.objects.visible_to(actor)
    if actor.scope == "agency":
        found = found.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today()))
    return User.objects.filter(pk__in=found.values("user_id"))


def people_of(actor: Actor, agency_id: int | None) -> list[tuple[int, str]]:
    """Those at work in sight, for choosing several at once: MOST_AT_ONCE and one more when there are too many."""
    at_work = Membership.objects.visible_to(actor).on(clock.today()).filter(user__is_active=True)
    if (agency := _agency(actor, agency_id)) is not None:
        at_work = at_work.filter(agency_id=agency)
    found = User.objects.filter(pk__in=at_work.values("user_id")).order_by("kana", "name", "pk")
    return list(found.values_list("pk", "name")[: MOST_AT_ONCE + 1])


def agencies(actor: Actor) -> list[tuple[int, str]]:
    """Places to choose people by; none for a manager, who has one."""
    if actor.scope == "agency":
        return []
    return list(places.open_agencies(actor).values_list("pk", "name"))


def courses(actor: Actor, *, ended: bool = False) -> QuerySet[Course]:
    """The town's courses that are asked for, or those that were."""
    return (
        Course.objects.visible_to(actor).filter(ended_on__isnull=not ended).order_by("position", "name", "pk")
    )


def choosable(actor: Actor, row: Training | None) -> QuerySet[Course]:
    """The courses an entry may name; an entry keeps its own although nobody is asked for it any more."""
    kept = row.course_id if row is not None else None
    found = Course.objects.visible_to(actor).filter(Q(ended_on__isnull=True) | Q(pk=kept))
    return found.order_by("position", "name", "pk")


def _agency(actor: Actor, wanted: int | None) -> int | None:
    return actor.agency_id if actor.scope == "agency" else wanted


def _given(actor: Actor, *, agency_id: int | None, users: Sequence[int] | None = None) -> dict[str, Any]:
    today = clock.today()
    return {
        "town": actor.municipality_id,
        "agency": agency_id,
        "user": list(users) if users is not None else None,
        "today": today,
        "soon": today + AHEAD,
        "course": None,
        "role": "",
    }


def _of_one(actor: Actor, user_id: int, agency_id: int | None) -> SkillLine | None:
    user = User.objects.only("name", "kana").get(pk=user_id)
    found = {user_id: _Found(None, user.name, user.kana)}
    return _filled(actor, found, _given(actor, agency_id=agency_id))[0]


class _Found(NamedTuple):
    due_on: date | None
    name: str
    kana: str


def _filled(actor: Actor, people: dict[int, _Found], given: dict[str, Any]) -> list[SkillLine]:
    """The people, in their order, with all that is shown of them: four statements for any number."""
    if not people:
        return []
    named = list(people) if len(people) <= NAMED_AT_ONCE else None
    today, given = clock.today(), given | {"user": named}
    needs, held, supervised = _needs(given), _held(given), _supervised(given)
    works = _works(actor, named, given["agency"])
    lines = []
    for user_id, person in people.items():
        held_on, next_on = supervised.get(user_id, (None, None))
        lines.append(
            SkillLine(
                user_id,
                person.name,
                person.kana,
                tuple(works[user_id]),
                tuple(held[user_id]),
                tuple(needs[user_id]),
                held_on,
                next_on,
                next_on is not None and next_on < today,
                person.due_on,
            )
        )
    return lines


def _needs(given: dict[str, Any]) -> dict[int, list[Need]]:
    sql = _NEEDED + _NEEDS_OF
    found: dict[int, list[Need]] = defaultdict(list)
    for user_id, course_id, name, taken_on, due_on in _rows(sql, given):
        state = state_of(due_on, taken=taken_on is not None, today=given["today"])
        found[user_id].append(Need(course_id, name, taken_on, due_on, state))
    for needs in found.values():
        needs.sort(key=lambda need: (_ORDER[need.state], need.due_on or date.max))
    return found


def _held(given: dict[str, Any]) -> dict[int, list[Held]]:
    sql = _NEEDED + _HELD + _HELD_BY
    found: dict[int, list[Held]] = defaultdict(list)
    for user_id, name, expires_on in _rows(sql, given):
        found[user_id].append(Held(name, expires_on, state_of(expires_on, taken=True, today=given["today"])))
    return found


def _supervised(given: dict[str, Any]) -> dict[int, tuple[date | None, date | None]]:
    sql = _NEEDED + _HELD + _SUPERVISED_WHEN
    return {user_id: (held_on, next_on) for user_id, held_on, next_on in _rows(sql, given)}


def _works(actor: Actor, users: list[int] | None, agency_id: int | None) -> dict[int, list[str]]:
    """Where and as what they work now or soon; of a manager's people, the own agency alone."""
    rows = Membership.objects.filter(municipality_id=actor.municipality_id)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today()))
    if users is not None:
        rows = rows.filter(user_id__in=users)
    if agency_id is not None:
        rows = rows.filter(agency_id=agency_id)
    found: dict[int, list[str]] = defaultdict(list)
    ordered = rows.order_by("valid_from", "pk").values_list("user_id", "agency__name", "role")
    for user_id, place, role in ordered:
        found[user_id].append("・".join(part for part in (place, LABELS[Role(role)]) if part))
    return found


def _rows(sql: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
