"""来所: who came, by the roster's own rules (encounters.rules.counting), summed in the database.

A family counts once a day at an agency with the most people it came with; whoever came without a name is a family of
their own; each child once; tallies are added. Receptions (受付) count every entry, so that no joining changes them.
"""

from __future__ import annotations

import calendar
from collections import Counter
from datetime import date
from typing import Any

from tsunagari.encounters.rules import AGE_GROUPS
from tsunagari.reports.figures.reading import Found, Span, read
from tsunagari.reports.rules import Line, Section
from tsunagari.reports.rules.sections import ONE

_CAME = """
came AS MATERIALIZED (
  SELECT v.id, v.agency_id, v.visited_on, v.arrived_at, v.household_id, coalesce(v.household_id, -v.id) AS who,
         v.adults, v.children, v.other_town,
         v.first_time AND NOT EXISTS (
           SELECT 1 FROM encounters_visit e WHERE e.household_id = v.household_id AND e.agency_id = v.agency_id
           AND e.undone_at IS NULL AND e.arrived_at < v.arrived_at) AS first
  FROM encounters_visit v
  WHERE v.municipality_id = %(town)s AND v.agency_id = ANY(%(agencies)s)
    AND v.visited_on BETWEEN %(first)s AND %(last)s AND v.undone_at IS NULL
)"""
# As encounters.rules.ages: by birth date (born on 29 February, a shorter February's last day counts: `short_days`),
# else from about how old the child looked on a day.
_YEARS = """
CASE WHEN p.birth_date <= c.visited_on THEN date_part('year', age(
       c.visited_on::timestamp + CASE WHEN c.visited_on = ANY(%(short_days)s) AND to_char(p.birth_date, 'MMDD') = '0229'
         THEN interval '1 day' ELSE interval '0' END, p.birth_date::timestamp))::int
     WHEN p.birth_date IS NULL AND p.age_hint_on IS NOT NULL THEN
       greatest(0, p.age_hint_months
         + (extract(year FROM c.visited_on) - extract(year FROM p.age_hint_on))::int * 12
         + (extract(month FROM c.visited_on) - extract(month FROM p.age_hint_on))::int
         - (extract(day FROM c.visited_on) < extract(day FROM p.age_hint_on))::int) / 12
END"""
# A child that came twice a day has the age it had first: the least of second and age in one number is quick to find.
# One probe of the index for each visit (OFFSET 0 keeps it so): what it costs does not grow with the years kept.
_KIDS = f"""
pairs AS MATERIALIZED (
  SELECT c.agency_id, c.visited_on, c.who, c.arrived_at, vp.person_id FROM came c
  CROSS JOIN LATERAL (SELECT person_id FROM encounters_visitperson WHERE visit_id = c.id OFFSET 0) vp
), seen AS (
  SELECT c.*, coalesce(p.same_as_id, p.id) AS kid, {_YEARS} AS years
  FROM pairs c JOIN families_person p ON p.id = c.person_id WHERE p.kind = 'child'
), kids AS MATERIALIZED (
  SELECT agency_id, visited_on, who, (min(date_part('epoch', arrived_at)::bigint * 256 + years) & 255)::int AS years
  FROM seen GROUP BY agency_id, visited_on, who, kid
)"""  # noqa: S608 - our own words
_FAMILIES = """
family AS MATERIALIZED (
  SELECT c.agency_id, max(c.adults) AS adults, max(c.children) AS children, bool_or(c.first) AS first,
         bool_or(c.other_town) AS other_town, c.who < 0 AS unnamed, coalesce(max(k.known), 0) AS known
  FROM came c LEFT JOIN (SELECT agency_id, visited_on, who, count(*) AS known FROM kids GROUP BY 1, 2, 3) k
    ON (k.agency_id, k.visited_on, k.who) = (c.agency_id, c.visited_on, c.who)
  GROUP BY c.agency_id, c.visited_on, c.who
), tally AS MATERIALIZED (
  SELECT * FROM encounters_tally WHERE municipality_id = %(town)s AND agency_id = ANY(%(agencies)s)
    AND day BETWEEN %(first)s AND %(last)s AND undone_at IS NULL
)"""
_SUMS = """
SELECT 'visit', s.agency_id, t.code, '', '', t.n FROM (
  SELECT agency_id, count(*) AS families, sum(adults) AS adults, sum(first::int) AS first,
         sum(other_town::int) AS other_town, sum(unnamed::int) AS unnamed,
         sum(known + greatest(children - known, 0)) AS children FROM family GROUP BY 1) s
CROSS JOIN LATERAL (VALUES ('families', s.families), ('adults', s.adults), ('first', s.first),
  ('other_town', s.other_town), ('unnamed', s.unnamed), ('children', s.children)) AS t (code, n)
UNION ALL SELECT 'visit', agency_id, 'receptions', '', '', count(*) FROM came GROUP BY 2
UNION ALL SELECT 'visit', s.agency_id, t.code, '', '', t.n FROM (
  SELECT agency_id, sum(families) AS families, sum(adults) AS adults, sum(newcomers) AS first,
         sum(other_town) AS other_town FROM tally GROUP BY 1) s
CROSS JOIN LATERAL (VALUES ('receptions', s.families), ('families', s.families), ('tallied', s.families),
  ('adults', s.adults), ('first', s.first), ('other_town', s.other_town)) AS t (code, n)
UNION ALL SELECT 'visit', y.agency_id, 'children', '', '', sum(n) FROM tally y, unnest(y.children) AS n GROUP BY 2
UNION ALL SELECT 'visit', NULL, 'different', '', '', count(DISTINCT household_id) FROM came
UNION ALL SELECT 'visit', NULL, 'days', '', '', count(*) FROM (
  SELECT agency_id, visited_on FROM came UNION SELECT agency_id, day FROM tally) AS open_days
UNION ALL SELECT 'visit_age', agency_id, least(coalesce(years, 7), CASE WHEN years IS NULL THEN 7 ELSE 6 END)::text,
  '', '', count(*) FROM kids GROUP BY 2, 3
UNION ALL SELECT 'visit_age', agency_id, '7', '', '', sum(greatest(children - known, 0)) FROM family GROUP BY 2
UNION ALL SELECT 'visit_age', y.agency_id, (a.place - 1)::text, '', '', sum(a.n)
  FROM tally y, unnest(y.children) WITH ORDINALITY AS a (n, place) GROUP BY 2, 3
"""
_STATEMENT = f"WITH {_CAME}, {_KIDS}, {_FAMILIES} {_SUMS}"

ROWS = (
    Line("receptions", "受付（人数だけの組もふくむ）"),
    Line("families", "来た家庭（1日に1組と数える）"),
    Line("tallied", "　うち人数だけ数えた組"),
    Line("unnamed", "　うちお名前なし"),
    Line("first", "　うちはじめて"),
    Line("other_town", "　うち市外"),
    Line("different", "ちがう家庭の数（お名前の分かる家庭）"),
    Line("adults", "大人"),
    Line("children", "子ども"),
    Line("days", "来所のあった日（機関ごとの日数の合計）"),
)
AGES = tuple(Line(str(number), label) for number, label in enumerate(AGE_GROUPS))


def read_visits(span: Span) -> Found:
    """One statement."""
    return Found(span, read(_STATEMENT, params_of(span)))


def params_of(span: Span) -> dict[str, Any]:
    """With the days of the span that stand for a 29 February."""
    years = range(span.period.first.year, span.period.last.year + 1)
    short = [date(year, 2, 28) for year in years if not calendar.isleap(year)]
    return span.params | {"short_days": short}


def sections(found: Found) -> list[Section]:
    """来所 and 来た子どもの年齢."""
    counts, ages = found.ones("visit", ()), found.ones("visit_age", ())
    note = "来所名簿と同じ数え方です。受付の数は、家庭をまとめても分けても変わりません。"
    return [
        Section("visit", "来所", ROWS, _column(counts, ROWS), (Line(ONE, "数"),), note=note, opens="visits"),
        Section(
            "visit_age",
            "来た子どもの年齢",
            AGES,
            _column(ages, AGES),
            (Line(ONE, "人"),),
            chart=ONE,
            opens="visits",
        ),
    ]


def _column(counts: Counter[str], rows: tuple[Line, ...]) -> tuple[tuple[int, ...], ...]:
    return tuple((counts[row.key],) for row in rows)
