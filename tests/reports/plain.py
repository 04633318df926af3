"""A month counted by plain SQL, written without a word of what the program counts with: every figure of a report."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from tests.makers import Town, scope

# Records: each has one youngest child (8: none, or of no known age), and children by the age told that day.
_RECORDS = """
WITH c AS (
  SELECT * FROM encounters_consultation
  WHERE agency_id = ANY(%(agencies)s) AND occurred_on >= '2027-02-01' AND occurred_on < '2027-03-01'
), kid AS (
  SELECT c.id, CASE WHEN l.age_months >= 72 THEN 6 WHEN l.age_months IS NOT NULL THEN l.age_months / 12
                    WHEN l.age_text ~ '^(妊娠|予定日)' THEN 7 ELSE 8 END AS age
  FROM c JOIN encounters_consultationperson l ON l.consultation_id = c.id
  JOIN families_person p ON p.id = l.person_id AND p.kind = 'child'
), y AS (
  SELECT c.*, coalesce((SELECT min(age) FROM kid WHERE kid.id = c.id), 8) AS age FROM c
), talked AS (
  SELECT c.id, c.household_id, p.relation, p.kind FROM c
  LEFT JOIN encounters_consultationperson l ON l.consultation_id = c.id AND l.consulting
  LEFT JOIN families_person p ON p.id = l.person_id
)
SELECT 'consult.total', count(*) FROM c
UNION ALL SELECT 'consult.named', count(household_id) FROM c
UNION ALL SELECT 'consult.unnamed', count(*) - count(household_id) FROM c
UNION ALL SELECT 'consult.different', count(DISTINCT household_id) FROM c
UNION ALL SELECT 'channel.' || coalesce(channel, 'total'), count(*) FROM c GROUP BY ROLLUP (channel)
UNION ALL SELECT 'kind.' || coalesce(kind, 'total'), count(*) FROM c GROUP BY ROLLUP (kind)
UNION ALL SELECT 'category.' || coalesce(main_category::text, 'total') || '.' || coalesce(channel, 'total'), count(*)
  FROM c GROUP BY CUBE (main_category, channel)
UNION ALL SELECT 'category.' || coalesce(x::text, 'total') || '.all', count(*)
  FROM c, unnest(categories) AS x GROUP BY ROLLUP (x)
UNION ALL SELECT 'age.' || coalesce(age::text, 'total') || '.' || coalesce(channel, 'total'), count(*)
  FROM y GROUP BY CUBE (age, channel)
UNION ALL SELECT 'age.' || coalesce(age::text, 'total') || '.kids', count(*) FROM kid GROUP BY ROLLUP (age)
UNION ALL SELECT 'category_age.' || coalesce(main_category::text, 'total') || '.' || coalesce(age::text, 'total'),
  count(*) FROM y GROUP BY CUBE (main_category, age)
UNION ALL SELECT 'cube.' || main_category || '.' || channel || '.' || age, count(*)
  FROM y GROUP BY main_category, channel, age
UNION ALL SELECT 'who.' || CASE WHEN relation = '母' THEN 'mother' WHEN relation = '父' THEN 'father'
    WHEN kind IS NOT NULL THEN 'guardian' WHEN household_id IS NULL THEN 'unnamed' ELSE 'unsaid' END, count(*)
  FROM talked GROUP BY 1
UNION ALL SELECT 'response.' || x, count(*) FROM c, unnest(responses) AS x GROUP BY x
UNION ALL SELECT 'step.set', count(next_on) FROM c
UNION ALL SELECT 'step.done', count(*) FROM c WHERE next_on IS NOT NULL AND next_done_at IS NOT NULL
UNION ALL SELECT 'step.open', count(*) FROM c WHERE next_on IS NOT NULL AND next_done_at IS NULL
UNION ALL SELECT 'concern.' || coalesce(concern, -1), count(*) FROM c GROUP BY concern
UNION ALL SELECT 'mark.' || coalesce(mark_id, 0), count(*) FROM c GROUP BY mark_id
UNION ALL SELECT 'partner.' || coalesce(x::text, 'total') || '.told', count(*)
  FROM c, unnest(told) AS x GROUP BY ROLLUP (x)
UNION ALL SELECT 'partner.' || coalesce(x::text, 'total') || '.linked', count(*)
  FROM c, unnest(linked) AS x GROUP BY ROLLUP (x)
UNION ALL SELECT 'agency.' || coalesce(agency_id::text, 'total') || '.consult', count(*)
  FROM c GROUP BY ROLLUP (agency_id)
UNION ALL SELECT 'agency.' || coalesce(agency_id::text, 'total') || '.told', sum(cardinality(told))
  FROM c GROUP BY ROLLUP (agency_id)
UNION ALL SELECT 'agency.' || coalesce(agency_id::text, 'total') || '.linked', sum(cardinality(linked))
  FROM c GROUP BY ROLLUP (agency_id)
"""
# Visits: a family once a day at a place with the most it came with, who gave no name each time anew, tallies added.
# A birthday of 29 February is kept on the 28th where there is none: so adds an interval of years.
_VISITS = """
WITH v AS (
  SELECT v.*, v.first_time AND NOT EXISTS (
    SELECT 1 FROM encounters_visit e WHERE e.household_id = v.household_id AND e.agency_id = v.agency_id
    AND e.undone_at IS NULL AND e.arrived_at < v.arrived_at) AS new
  FROM encounters_visit v WHERE v.undone_at IS NULL AND v.agency_id = ANY(%(agencies)s)
    AND v.visited_on >= '2027-02-01' AND v.visited_on < '2027-03-01'
), kid AS (
  SELECT DISTINCT v.agency_id, v.visited_on, v.household_id, p.id, CASE
    WHEN p.birth_date IS NOT NULL THEN (SELECT max(n) FROM generate_series(0, 6) AS n
      WHERE (p.birth_date + make_interval(years => n))::date <= v.visited_on)
    WHEN p.age_hint_on IS NOT NULL THEN least(6, (p.age_hint_months
      + 12 * date_part('year', age(v.visited_on, p.age_hint_on)) + date_part('month', age(v.visited_on, p.age_hint_on))
      )::int / 12)
    ELSE 7 END AS age
  FROM v JOIN encounters_visitperson l ON l.visit_id = v.id
  JOIN families_person p ON p.id = l.person_id AND p.kind = 'child'
), came AS (
  SELECT agency_id, visited_on, household_id, max(adults) AS adults, max(children) AS children, bool_or(new) AS new,
         bool_or(other_town) AS other_town, (SELECT count(*) FROM kid WHERE kid.agency_id = v.agency_id
           AND kid.visited_on = v.visited_on AND kid.household_id = v.household_id) AS known
  FROM v GROUP BY agency_id, visited_on, household_id, coalesce(household_id, -id)
), t AS (
  SELECT *, (SELECT sum(n) FROM unnest(children) AS n) AS kids FROM encounters_tally WHERE undone_at IS NULL
    AND agency_id = ANY(%(agencies)s) AND day >= '2027-02-01' AND day < '2027-03-01'
), each AS (
  SELECT agency_id, 1 AS families, adults, greatest(children, known) AS children, new::int AS first,
         other_town::int AS other_town FROM came
  UNION ALL SELECT agency_id, families, adults, kids, newcomers, other_town FROM t
)
SELECT 'visit.receptions', (SELECT count(*) FROM v) + (SELECT coalesce(sum(families), 0) FROM t)
UNION ALL SELECT 'visit.families', sum(families) FROM each
UNION ALL SELECT 'visit.tallied', sum(families) FROM t
UNION ALL SELECT 'visit.unnamed', count(*) FROM v WHERE household_id IS NULL
UNION ALL SELECT 'visit.first', sum(first) FROM each
UNION ALL SELECT 'visit.other_town', sum(other_town) FROM each
UNION ALL SELECT 'visit.different', count(DISTINCT household_id) FROM v
UNION ALL SELECT 'visit.adults', sum(adults) FROM each
UNION ALL SELECT 'visit.children', sum(children) FROM each
UNION ALL SELECT 'visit.days', count(*)
  FROM (SELECT agency_id, visited_on FROM v UNION SELECT agency_id, day FROM t) AS days
UNION ALL SELECT 'visit_age.' || age, sum(n) FROM (
  SELECT age, 1 AS n FROM kid UNION ALL SELECT 7, greatest(children - known, 0) FROM came
  UNION ALL SELECT number - 1, n FROM t, unnest(children) WITH ORDINALITY AS a (n, number)) AS ages GROUP BY age
UNION ALL SELECT 'agency.' || coalesce(agency_id::text, 'total') || '.families', sum(families)
  FROM each GROUP BY ROLLUP (agency_id)
UNION ALL SELECT 'agency.' || coalesce(agency_id::text, 'total') || '.children', sum(children)
  FROM each GROUP BY ROLLUP (agency_id)
"""
_FOLLOW = """
WITH r AS (
  SELECT min(starts_on) AS began, max(coalesce(ends_on, '9999-01-01')) AS ended FROM families_registration
  WHERE agency_id = ANY(%(agencies)s) GROUP BY household_id, agency_id
), ch AS (SELECT * FROM encounters_chart WHERE agency_id = ANY(%(agencies)s))
SELECT 'follow.registered', count(*) FROM r WHERE began >= '2027-02-01' AND began < '2027-03-01'
UNION ALL SELECT 'follow.ended', count(*) FROM r WHERE ended >= '2027-02-01' AND ended < '2027-03-01'
UNION ALL SELECT 'follow.opened', count(*) FROM ch WHERE opened_on >= '2027-02-01' AND opened_on < '2027-03-01'
UNION ALL SELECT 'follow.closed', count(*) FROM ch WHERE closed_on >= '2027-02-01' AND closed_on < '2027-03-01'
UNION ALL SELECT 'follow.standing', count(*) FROM ch
  WHERE opened_on < '2027-03-01' AND coalesce(closed_on, '9999-01-01') >= '2027-03-01'
"""


def plain(town: Town, agencies: Sequence[int]) -> dict[str, int]:
    """Figures of February 2027 by the names of their cells; what is not there is nought."""
    found = {}
    with scope(town), connection.cursor() as cursor:
        for statement in (_RECORDS, _VISITS, _FOLLOW):
            cursor.execute(statement, {"agencies": list(agencies)})
            found.update({name: int(number or 0) for name, number in cursor.fetchall()})
    return found
