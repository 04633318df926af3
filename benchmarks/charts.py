"""A chart of 300 records, opened as a person opens it: from the session to the last COMMIT, in this process."""

from __future__ import annotations

import re
import statistics
import time
from datetime import timedelta
from uuid import uuid4

from benchmarks.words import text_of

CITY = "999990"
RECORDS = 300
TIMES = 100


def chart(name: str) -> None:
    """Milliseconds of the chart's page, its second page, and the page that offers records, in the large town."""
    from tsunagari.base import tenancy
    from tsunagari.places.models import Municipality

    town = Municipality.objects.get(code=CITY)
    with tenancy.municipality(town.pk):
        membership, number = _charted(town.pk)
    client = _client(membership)
    first = f"/charts/{number}/"
    [older] = re.findall(r'href="(\?before=[^"]+)" rel="next"', client.get(first).content.decode())
    print("| | p50 | p95 |\n|---|---|---|")
    for label, url in (
        (f"chart of {RECORDS} records", first),
        ("its second page", f"{first}{older}"),
        ("records offered for it", f"{first}records/"),
    ):
        took = []
        for _ in range(TIMES):
            started = time.perf_counter()
            assert client.get(url).status_code == 200
            took.append((time.perf_counter() - started) * 1000)
        print(f"| {label} | {statistics.median(took):.1f} | {statistics.quantiles(took, n=20)[-1]:.1f} |")


def _charted(municipality_id: int):  # type: ignore[no-untyped-def]
    """A worker of the town and a chart of theirs with 300 records; made once, found again later."""
    from tsunagari.accounts.models import Membership
    from tsunagari.accounts.sessions import actor_of
    from tsunagari.base import clock
    from tsunagari.base.access import Role
    from tsunagari.encounters.models import Chart, Consultation
    from tsunagari.encounters.operations import charts
    from tsunagari.encounters.operations.bulk import Written, write_many
    from tsunagari.encounters.rules import RecordInput
    from tsunagari.encounters.rules.charts import ChartInput
    from tsunagari.families.models import Household

    rows = Membership.objects.filter(municipality_id=municipality_id, role=Role.COUNSELOR)
    membership = rows.select_related("user", "municipality", "agency").order_by("pk")[0]
    actor = actor_of(membership, ip="", via="demo")
    made = Chart.objects.filter(agency_id=membership.agency_id, why="bench").first()
    if made is None:
        family = Household.objects.visible_to(actor).filter(joined_into__isnull=True).order_by("-pk")[0]
        made = charts.open_chart(family, actor=actor, head=ChartInput("bench", concern=2))
    if Consultation.objects.filter(household=made.household_id).count() >= RECORDS:
        return membership, made.pk  # what runs wrote lately goes before the pages are measured (forgetting)
    now = clock.now()
    items = [
        Written(
            RecordInput(
                now - timedelta(days=day), text_of(day), (1 + day % 13,), household_id=made.household_id
            ),
            key=uuid4(),
        )
        for day in range(RECORDS)
    ]
    write_many(items, actor=actor)
    return membership, made.pk


def _client(membership):  # type: ignore[no-untyped-def]
    from django.test import Client

    from tsunagari.accounts.sessions import TOUCHED, WORKPLACE
    from tsunagari.base import clock

    client = Client()
    client.force_login(membership.user, backend="tsunagari.accounts.signed_in.StaffBackend")
    session = client.session
    session[WORKPLACE] = (membership.pk, membership.municipality_id)
    session[TOUCHED] = int(clock.now().timestamp())
    session.save()
    return client
