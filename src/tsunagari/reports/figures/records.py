"""The month's records as facts, one row each, from which every statistic about consultations sums its part.

`facts` has for each record: agency_id, household_id, main_category, categories, details, channel, kind, responses,
told, linked, concern, mark_id, next_on, next_done_at; `age`: 0 to 5, 6 (six and more), 7 (unborn), 8 (unknown, or
about no child) of the youngest child it is about, frozen at its day; `kids`: the same code for each child once;
`who`: who came to talk, each once. All statistics are parts of one statement, so the records are read once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tsunagari.reports.figures.reading import Found, Span, read

_MONTH = """
month AS MATERIALIZED (
  SELECT id, agency_id, household_id, main_category, categories, details, channel, kind, responses, told, linked,
         concern, mark_id, next_on, next_done_at
  FROM encounters_consultation
  WHERE municipality_id = %(town)s AND occurred_on BETWEEN %(first)s AND %(last)s AND agency_id = ANY(%(agencies)s)
)"""
# A child without months was unborn where its age was told in weeks, and of no known age otherwise.
_AGE = """CASE WHEN cp.age_months IS NOT NULL THEN least(cp.age_months / 12, 6)
               WHEN starts_with(cp.age_text, '妊娠') OR starts_with(cp.age_text, '予定日') THEN 7 ELSE 8 END"""
_WHO = """CASE WHEN p.kind = 'child' THEN 'child'
               WHEN p.relation = '母' THEN 'mother' WHEN p.relation = '父' THEN 'father'
               WHEN p.relation LIKE '%%祖%%' THEN 'grand' WHEN p.kind = 'guardian' THEN 'guardian' ELSE 'family' END"""
# OFFSET 0: one probe for each record, so that what it costs does not grow with the years kept.
_PEOPLE = f"""
people AS (
  SELECT id, min(age) AS age, array_agg(age) FILTER (WHERE age IS NOT NULL) AS kids,
         array_remove(array_agg(DISTINCT who), NULL) AS who
  FROM (SELECT m.id, coalesce(p.same_as_id, p.id) AS person, min(CASE WHEN p.kind = 'child' THEN {_AGE} END) AS age,
               min(CASE WHEN cp.consulting THEN {_WHO} END) AS who
        FROM month m CROSS JOIN LATERAL (
          SELECT * FROM encounters_consultationperson WHERE consultation_id = m.id OFFSET 0) cp
        JOIN families_person p ON p.id = cp.person_id GROUP BY m.id, 2) AS each_once
  GROUP BY id
)"""  # noqa: S608 - our own words
_FACTS = """
facts AS MATERIALIZED (
  SELECT m.*, coalesce(p.age, 8) AS age, coalesce(p.kids, '{}') AS kids,
         CASE WHEN p.who <> '{}' THEN p.who WHEN m.household_id IS NULL THEN '{unnamed}' ELSE '{unsaid}' END AS who
  FROM month m LEFT JOIN people p ON p.id = m.id
)"""
_WITH = f"WITH {_MONTH}, {_PEOPLE}, {_FACTS}"


@dataclass(frozen=True, slots=True)
class Part:
    """A sum over `facts`: `select` gives agency_id, up to three codes as text, and how many."""

    name: str
    select: str


def grouped(name: str, *codes: str, of: str = "facts") -> Part:
    """The part that counts rows of `of` by agency and these expressions."""
    shown = [f"({code})::text" for code in codes] + ["''"] * (3 - len(codes))
    groups = ", ".join(str(number + 2) for number in range(len(codes) + 1))
    codes_said = ", ".join(shown)
    return Part(name, f"SELECT '{name}', agency_id, {codes_said}, count(*) FROM {of} GROUP BY {groups}")  # noqa: S608


def listed(name: str, array: str) -> Part:
    """The part that counts records by each member of an array; a record counts once for each."""
    return grouped(
        name, "x", of=f"facts CROSS JOIN LATERAL (SELECT DISTINCT unnest({array}) AS x) AS members"
    )


def read_records(span: Span, parts: Iterable[Part]) -> Found:
    """All parts by one statement."""
    statement = f"{_WITH} {' UNION ALL '.join(part.select for part in parts)}"
    return Found(span, read(statement, span.params))


def ids_where(span: Span, predicate: str, params: dict[str, object]) -> list[int]:
    """Ids of the records of the span that a figure counts: `predicate` is about `facts`."""
    statement = f"{_WITH} SELECT id FROM facts WHERE {predicate}"  # noqa: S608 - predicates are ours, values parameters
    return [pk for (pk,) in read(statement, span.params | params)]
