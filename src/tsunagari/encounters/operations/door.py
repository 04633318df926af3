"""The statements behind a check-in at a tablet: a reading has to be answered while the family stands there.

Two statements for a known card: the first finds the card and locks its household, so that of two tablets at once one
waits; the second, seeing what the other one wrote, counts the family, notes who came and that the agency met it. They
say the same as operations.visits.check_in, which is for people at a counter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from tsunagari.families.operations.holding import follow_joins, hold

MOST_JOINS = 10

_COLUMNS = "household.id, household.joined_into_id, household.status, household.protected"
_BY_CARD = f"""
SELECT {_COLUMNS}, card.id, card.state
FROM families_card AS card JOIN families_household AS household ON household.id = card.household_id
WHERE card.municipality_id = %s::bigint AND card.{{column}} = %s::text
FOR NO KEY UPDATE OF household
"""  # noqa: S608 - made of constants
_BY_TOKEN, _BY_NUMBER = _BY_CARD.format(column="token"), _BY_CARD.format(column="number")
_JOINED = f"""
SELECT {_COLUMNS}, %s::bigint, %s::text FROM families_household AS household
WHERE household.id = %s::bigint FOR NO KEY UPDATE
"""  # noqa: S608 - made of constants

_OF_CARDS = """
SELECT household_id FROM families_card
WHERE municipality_id = %s::bigint AND (token = ANY(%s::text[]) OR number = ANY(%s::text[]))
"""

_KID = """
SELECT person.id, person.given_name, person.given_kana, person.birth_date, person.birth_order,
       coalesce(person.birth_date > %(day)s::date - interval '7 years',
                person.age_hint_on + make_interval(months => 84 - person.age_hint_months) > %(day)s::date,
                true) AS small,
       coalesce(person.birth_date > %(day)s::date - interval '13 years', true) AS shown
FROM families_person AS person
"""
_LIVES = "person.kind = 'child' AND person.life = 'living' AND person.same_as_id IS NULL"
# A child whose own home is under protection is not named at the door of the other.
_ALSO = (
    "JOIN families_secondhome AS second ON second.person_id = person.id "
    "JOIN families_household AS own ON own.id = person.household_id AND NOT own.protected"
)
# "before" stands by itself: behind row-level security, a COALESCE compared with a column keeps the column's index out.
_COUNT = f"""
WITH keyed AS (
  SELECT id FROM encounters_visit WHERE key = %(key)s::uuid AND household_id = %(household)s::bigint
), latest AS (
  SELECT id, arrived_at FROM encounters_visit
  WHERE household_id = %(household)s::bigint AND agency_id = %(agency)s::bigint AND undone_at IS NULL
    AND arrived_at <= %(at)s::timestamptz + interval '1 hour'
  ORDER BY arrived_at DESC, id DESC LIMIT 1
), standing AS (
  SELECT coalesce((SELECT id FROM keyed),
                  (SELECT id FROM latest WHERE arrived_at >= %(at)s::timestamptz - interval '1 hour')) AS id
), before AS (
  SELECT coalesce((SELECT id FROM standing), (SELECT id FROM latest)) AS id
), kids AS (
  {_KID} WHERE person.household_id = %(household)s::bigint AND person.left_on IS NULL AND {_LIVES}
  UNION
  {_KID} {_ALSO}
  WHERE second.household_id = %(household)s::bigint AND second.valid_to IS NULL AND {_LIVES}
), last AS (
  SELECT DISTINCT coalesce(person.same_as_id, person.id) AS id
  FROM encounters_visitperson AS came JOIN families_person AS person ON person.id = came.person_id
  WHERE came.visit_id = (SELECT id FROM before)
), usual AS (
  SELECT id FROM kids WHERE id IN (SELECT id FROM last)
     OR (small AND NOT EXISTS (SELECT 1 FROM kids JOIN last USING (id)))
), came AS (
  SELECT id FROM kids
  WHERE CASE WHEN %(children)s::int IS NULL OR %(children)s::int = (SELECT count(*) FROM usual)
             THEN id IN (SELECT id FROM usual)
             ELSE shown AND %(children)s::int = (SELECT count(*) FROM kids WHERE shown) END
), new AS (
  INSERT INTO encounters_visit (municipality_id, agency_id, household_id, site_id, visited_on, arrived_at, adults,
                                children, first_time, other_town, note, key, created_at)
  SELECT %(municipality)s::bigint, %(agency)s::bigint, %(household)s::bigint, %(site)s::bigint, %(day)s::date,
         %(at)s::timestamptz, %(adults)s::int, coalesce(%(children)s::int, (SELECT count(*) FROM usual)),
         NOT EXISTS (SELECT 1 FROM latest), false, '', %(key)s::uuid, %(now)s::timestamptz
  FROM standing WHERE standing.id IS NULL
  ON CONFLICT (key) DO NOTHING
  RETURNING id, first_time, adults, children
), put AS (
  INSERT INTO encounters_visitperson (municipality_id, visit_id, person_id)
  SELECT %(municipality)s::bigint, new.id, came.id FROM new, came
), met AS (
  UPDATE families_agencylink SET last_met_on = greatest(last_met_on, %(day)s::date)
  WHERE household_id = %(household)s::bigint AND agency_id = %(agency)s::bigint AND EXISTS (SELECT 1 FROM new)
  RETURNING id
)
SELECT new.id, standing.id, EXISTS (SELECT 1 FROM keyed), coalesce(new.first_time, former.first_time),
       coalesce(new.adults, former.adults), coalesce(new.children, former.children), EXISTS (SELECT 1 FROM met),
       (SELECT coalesce(json_agg(json_build_array(id, given_kana, given_name, id IN (SELECT id FROM came),
                                                  id IN (SELECT id FROM last))
                                 ORDER BY birth_date NULLS LAST, birth_order, id), '[]')
        FROM kids WHERE shown OR id IN (SELECT id FROM last))
FROM standing LEFT JOIN new ON true LEFT JOIN encounters_visit AS former ON former.id = standing.id
"""  # noqa: S608 - made of constants


_COUNT = " ".join(_COUNT.split())  # psycopg reads statements longer than 4,096 characters anew each time


class Shown(NamedTuple):
    """The household a card belongs to, locked, and the card."""

    household: int
    joined_into: int | None
    status: str
    protected: bool
    card: int
    card_state: str


class Child(NamedTuple):
    """A child of the family; `came` on the visit that counts."""

    id: int
    kana: str
    name: str
    came: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """The visit that counts now. `new`: this reading made it; `same_key`: an earlier sending of this very reading."""

    visit: int
    new: bool
    same_key: bool
    first: bool
    adults: int
    children: int
    met: bool
    kids: tuple[Child, ...]


def shown(municipality_id: int, *, token: str = "", number: str = "") -> Shown | None:
    """The card and its household, locked; of a family that was joined into another, that one. None: no such card."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_TOKEN if token else _BY_NUMBER, [municipality_id, token or number])
        row = cursor.fetchone()
        for _ in range(MOST_JOINS):
            if row is None or row[1] is None:
                break
            cursor.execute(_JOINED, [row[4], row[5], row[1]])
            row = cursor.fetchone()
    return Shown(*row) if row else None


def count(
    *,
    municipality: int,
    agency: int,
    site: int | None,
    household: int,
    key: UUID,
    at: datetime,
    day: date,
    now: datetime,
    adults: int,
    children: int | None,
) -> Counted | None:
    """Count the locked household in, unless it is in already; None when the key is of another family's reading.

    Without `children` those come who came last time, the first time all under seven. With it, the children are
    named when their number leaves no doubt: as many as usual, or all.
    """
    given: dict[str, Any] = dict(locals())
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, given)
        new, standing, same_key, first, grown, small, met, kids = cursor.fetchone()
    visit = new or standing
    if visit is None:
        return None
    named = tuple(Child(pk, kana, name, came if new else last) for pk, kana, name, came, last in kids)
    return Counted(visit, bool(new), same_key, bool(first), grown, small, met, named)


def children_of(household_id: int, day: date) -> list[Child]:
    """The children who live in the household (or also there), whatever their age; `came` says nothing."""
    lives = (
        f"{_KID} WHERE person.household_id = %(household)s::bigint AND person.left_on IS NULL AND {_LIVES}"
    )
    stays = (
        f"{_KID} {_ALSO} "
        f"WHERE second.household_id = %(household)s::bigint AND second.valid_to IS NULL AND {_LIVES}"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{lives} UNION {stays}", {"household": household_id, "day": day})
        return [Child(row[0], row[2], row[1], False) for row in cursor.fetchall()]


def lock_all(municipality_id: int, texts: list[str]) -> set[int]:
    """Lock the households of many cards in the one order, so that nobody waits in a circle; their ids."""

    def families() -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute(_OF_CARDS, [municipality_id, texts, texts])
            return {row[0] for row in cursor}

    return hold(lambda: follow_joins(families()).values())
