"""`python -m benchmarks.records [--households 200000] [--sections month]`: what records people trust cost.

month: the monthly report of the whole city as `reports.figures` makes it, beside one statement written by hand for the
same tables (as the web role, behind row-level security, in the same run). Seconds; the least and the median of several.
chart: a chart of 300 records (benchmarks.charts).
search, unread: finding records by their words, the number in the menu (benchmarks.finding).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import finding
from benchmarks.charts import chart
from tsunagari.config import database, preparing, running

CITY = "999990"

#: The month by hand: category × how it came × age of the youngest child, lists, steps, and who came.
BY_HAND = """
WITH c AS MATERIALIZED (
  SELECT * FROM encounters_consultation
  WHERE municipality_id = %(town)s AND occurred_on BETWEEN %(first)s AND %(last)s),
k AS (SELECT p.consultation_id, min(p.age_months) AS months, array_agg(DISTINCT s.relation) AS who
  FROM encounters_consultationperson p JOIN c ON c.id = p.consultation_id JOIN families_person s ON s.id = p.person_id
  GROUP BY 1),
v AS MATERIALIZED (
  SELECT *, coalesce(household_id, -id) AS who FROM encounters_visit
  WHERE municipality_id = %(town)s AND agency_id = ANY(%(agencies)s)
    AND visited_on BETWEEN %(first)s AND %(last)s AND undone_at IS NULL),
f AS (SELECT agency_id, visited_on, who, max(adults) AS adults, max(children) AS children FROM v GROUP BY 1, 2, 3),
b AS (SELECT DISTINCT v.agency_id, v.visited_on, v.who, s.id, s.birth_date FROM v
  JOIN encounters_visitperson p ON p.visit_id = v.id JOIN families_person s ON s.id = p.person_id
  WHERE s.kind = 'child')
SELECT main_category::text, channel, (months / 12)::text, count(*)
FROM c LEFT JOIN k ON k.consultation_id = c.id GROUP BY 1, 2, 3
UNION ALL SELECT 'kind', kind, '', count(*) FROM c GROUP BY 2
UNION ALL SELECT 'category', x::text, '', count(*) FROM c, unnest(categories) x GROUP BY 2
UNION ALL SELECT 'response', x, '', count(*) FROM c, unnest(responses) x GROUP BY 2
UNION ALL SELECT 'told', x::text, '', count(*) FROM c, unnest(told) x GROUP BY 2
UNION ALL SELECT 'linked', x::text, '', count(*) FROM c, unnest(linked) x GROUP BY 2
UNION ALL SELECT 'step', (next_done_at IS NULL)::text, '', count(*) FROM c WHERE next_on IS NOT NULL GROUP BY 2
UNION ALL SELECT 'concern', concern::text, '', count(*) FROM c GROUP BY 2
UNION ALL SELECT 'who', x, '', count(*) FROM k, unnest(who) x GROUP BY 2
UNION ALL SELECT 'families', count(DISTINCT household_id)::text, '', count(*) FROM v
UNION ALL SELECT 'came', sum(adults)::text, sum(children)::text, count(*) FROM f
UNION ALL SELECT 'age', extract(year FROM age(visited_on, birth_date))::text, '', count(*) FROM b GROUP BY 2
UNION ALL SELECT 'first', '', '', count(*) FROM v WHERE first_time AND NOT EXISTS (
  SELECT 1 FROM encounters_visit e WHERE e.household_id = v.household_id AND e.agency_id = v.agency_id
  AND e.undone_at IS NULL AND e.arrived_at < v.arrived_at)
"""


def month(name: str) -> None:
    """The busiest month of the large town."""
    from django.db import connection

    from tsunagari.base import tenancy
    from tsunagari.places.models import Agency, Municipality
    from tsunagari.reports.figures import Span, figures_of
    from tsunagari.reports.figures.reading import read
    from tsunagari.reports.rules import cell_value, month_of

    town = Municipality.objects.get(code=CITY)
    with tenancy.municipality(town.pk):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT date_trunc('month', occurred_on)::date, count(*) FROM encounters_consultation "
                "WHERE municipality_id = %s GROUP BY 1 ORDER BY 2 DESC LIMIT 1",
                [town.pk],
            )
            [(first, written)] = cursor.fetchall()
        agencies = dict(Agency.objects.filter(municipality=town).values_list("pk", "name"))
        span = Span(town.pk, month_of(first), agencies, city=True)
        assert cell_value(figures_of(span), "consult.total") == written
        visits = cell_value(figures_of(span), "visit.receptions")
        print(f"month {first:%Y-%m}: {written:,} consultations, {visits:,} visits")
        ours = timed(lambda: figures_of(span))
        bare = timed(lambda: read(BY_HAND, span.params))
    print("| | least | median |\n|---|---|---|")
    for label, seconds in (("report of the city", ours), ("one statement by hand", bare)):
        print(f"| {label} | {min(seconds):.2f} | {statistics.median(seconds):.2f} |")
    print(
        f"| ratio | {min(ours) / min(bare):.2f} | {statistics.median(ours) / statistics.median(bare):.2f} |"
    )


def timed(work: Callable[[], Any], times: int = 7) -> list[float]:
    """Seconds of each of several runs."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return found


def _town() -> int:
    from tsunagari.places.models import Municipality

    return Municipality.objects.get(code=CITY).pk


SECTIONS: dict[str, Callable[[str], None]] = {
    "month": month,
    "chart": chart,
    "search": lambda name: finding.search(_town()),
    "unread": lambda name: finding.unread(_town(), name),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.records")
    parser.add_argument("--households", type=int, default=200_000)
    parser.add_argument("--sections", type=lambda text: text.split(","), default=list(SECTIONS))
    options = parser.parse_args()
    name = f"tsunagari_bench_{options.households}"
    with database.in_use():
        known = preparing.database_exists(database.owner_login(name))
        seeding = [name] if known else [name, str(options.households)]
        subprocess.run([sys.executable, "-m", "benchmarks.seed", *seeding], check=True)
        os.environ.update(TSUNAGARI_DB_NAME=name, TSUNAGARI_TESTING="1")
        with running.django_ready("web"):
            for section in options.sections:
                SECTIONS[section](name)


if __name__ == "__main__":
    main()
