"""Who is due for renewal: counts, a page by kana, and how one family stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.families.models import AgencyLink, Household, Registration, Renewal
from tsunagari.families.queries.hits import FamilyHit, hits
from tsunagari.families.queries.lists import place_of
from tsunagari.families.queries.policies import policy_of
from tsunagari.families.rules.renewals import due_year, opening, year_text
from tsunagari.places.models import Agency

#: Living here, and not joined into another family: what of a joined one was merged stays behind with it.
_STANDING = Q(household__status=Household.Status.ACTIVE, household__joined_into__isnull=True)


@dataclass(frozen=True, slots=True)
class Season:
    """The fiscal year to be renewed now: `opened` is the day its renewal opened, `eve` the one before."""

    year: int
    opened: date
    eve: date

    @property
    def text(self) -> str:
        return year_text(self.year)

    @property
    def opened_text(self) -> str:
        return format_wareki(self.opened)


@dataclass(frozen=True, slots=True)
class Counts:
    """Families to renew and renewed already, of one agency."""

    due: int
    done: int


@dataclass(frozen=True, slots=True)
class DueLine:
    """A family on the list: its registration with the agency, and its renewal once there is one."""

    hit: FamilyHit
    registration_id: int
    since: date
    is_home: bool
    renewal: Renewal | None = None

    @property
    def since_text(self) -> str:
        return format_wareki(self.since)


@dataclass(frozen=True, slots=True)
class DuePage:
    """Families by kana; `after` is the household to ask the next page with, None on the last."""

    lines: list[DueLine]
    after: int | None


@dataclass(frozen=True, slots=True)
class State:
    """How one registration of a family stands: renewed, or due. `agency` is empty where it is hidden."""

    registration_id: int
    agency: str
    year: str
    renewal: Renewal | None
    may: bool


def season(municipality_id: int) -> Season | None:
    """What is to be renewed today; None where the city does not renew."""
    policy = policy_of(municipality_id)
    if policy.renewal != policy.Renewal.FISCAL_YEAR:
        return None
    year = due_year(clock.today(), policy.renewal_opens_month)
    opened = opening(year, policy.renewal_opens_month)
    return Season(year, opened, opened - timedelta(days=1))


def counts(agency_id: int, season: Season) -> Counts:
    """Families registered with the agency when renewal opened and still: how many are due, how many renewed."""
    rows = _concerned(season, clock.today()).filter(agency=agency_id)
    rows = rows.filter(_STANDING)
    found = rows.annotate(renewed=Exists(_renewals("household_id", agency_id, season))).aggregate(
        all=Count("household", distinct=True), done=Count("household", distinct=True, filter=Q(renewed=True))
    )
    return Counts(due=found["all"] - found["done"], done=found["done"])


def by_agency(actor: Actor, season: Season) -> list[tuple[Agency, Counts]]:
    """Every agency of the town that has somebody to renew. A family stands with an agency once on a day (constraint),
    so rows are counted as they are; those renewed, from the year's renewals."""
    rows = _concerned_widely(season, clock.today()).filter(_STANDING, municipality_id=actor.municipality_id)
    everybody = dict(_per_agency(rows))
    done = Renewal.objects.filter(
        fiscal_year=season.year,
        registration__household=OuterRef("household_id"),
        registration__agency=OuterRef("agency_id"),
    )
    finished = dict(_per_agency(rows.filter(Exists(done))))
    agencies = Agency.objects.filter(pk__in=everybody).order_by("name", "pk")
    counted = ((agency, everybody[agency.pk], finished.get(agency.pk, 0)) for agency in agencies)
    return [(agency, Counts(total - done, done)) for agency, total, done in counted]


def _per_agency(rows: QuerySet[Registration]) -> QuerySet[Registration, tuple[int, int]]:
    return rows.order_by().values("agency_id").annotate(n=Count("pk")).values_list("agency_id", "n")


def due(
    agency_id: int,
    season: Season,
    *,
    actor: Actor,
    after: int | None = None,
    limit: int = 50,
    show: str = "due",
) -> DuePage:
    """A page of the agency's families that are due (`show` "done": renewed), in a fixed number of queries."""
    rows = listed(agency_id, season, clock.today(), renewed=show == "done")
    if after is not None:
        kana = place_of(after)
        rows = rows.filter(sort_kana__gte=kana).filter(Q(sort_kana__gt=kana) | Q(household_id__gt=after))
    found = list(
        rows.order_by("sort_kana", "household_id").values_list("household_id", flat=True)[: limit + 1]
    )
    shown = found[:limit]
    return DuePage(_lines(actor, agency_id, season, shown), shown[-1] if len(found) > limit else None)


def listed(agency_id: int, season: Season, today: date, *, renewed: bool = False) -> QuerySet[AgencyLink]:
    """The agency's families that are due, or with `renewed` those that are not any more; in no order."""
    mine = _concerned(season, today).filter(household=OuterRef("household_id"), agency=agency_id)
    done = Exists(_renewals("household_id", agency_id, season))
    return AgencyLink.objects.filter(Exists(mine), done if renewed else ~done, agency=agency_id, listed=True)


def renewal_of(household: Household, renewal_id: int) -> Renewal | None:
    """A renewal of the family that stands, with its agency."""
    rows = Renewal.objects.filter(pk=renewal_id, registration__household=household)
    return rows.select_related("registration__agency").first()


def line(actor: Actor, registration: Registration, season: Season) -> DueLine | None:
    """One family's line again, after it was renewed or that was taken back."""
    lines = _lines(actor, registration.agency_id, season, [registration.household_id])
    return lines[0] if lines else None


def _lines(actor: Actor, agency_id: int, season: Season, ids: list[int]) -> list[DueLine]:
    households = Household.objects.in_bulk(ids)
    own = Registration.objects.filter(_open(clock.today()), household__in=ids, agency=agency_id)
    open_rows = {row.household_id: row for row in own.filter(starts_on__lte=clock.today())}
    renewals = {
        row.household_id: row
        for row in Renewal.objects.filter(
            registration__household__in=ids, registration__agency=agency_id, fiscal_year=season.year
        ).annotate(household_id=F("registration__household_id"))
    }
    return [
        DueLine(hit, row.pk, row.starts_on, row.is_home, renewals.get(hit.household_id))
        for hit in hits(actor, [households[pk] for pk in ids if pk in open_rows])
        for row in [open_rows[hit.household_id]]
    ]


def states(actor: Actor, household: Household) -> list[State]:
    """How each registration of the family stands in this season; empty where the city does not renew.

    One of a protected family with another agency is not named.
    """
    now = season(household.municipality_id)
    if now is None:
        return []
    rows = (
        _concerned(now, clock.today())
        .filter(household=household)
        .select_related("agency")
        .order_by("-is_home", "pk")
    )
    renewals = Renewal.objects.filter(registration__household=household, fiscal_year=now.year)
    done = {row.registration.agency_id: row for row in renewals.select_related("registration")}
    return [
        State(
            registration_id=row.pk,
            agency="" if household.protected else row.agency.name,
            year=now.text,
            renewal=done.get(row.agency_id),
            may=actor.scope == "municipality" or row.agency_id == actor.agency_id,
        )
        for row in rows
    ]


def _open(today: date) -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gte=today)


def _concerned(season: Season, today: date) -> QuerySet[Registration]:
    """Registrations that hold today and whose family was registered with the agency when renewal opened."""
    return _held(today).filter(Exists(_then(season)))


def _concerned_widely(season: Season, today: date) -> QuerySet[Registration]:
    """The same, for a whole town: most stood already, only of the others is it looked up."""
    return _held(today).filter(Q(starts_on__lt=season.opened) | Exists(_then(season)))


def _held(today: date) -> QuerySet[Registration]:
    return Registration.objects.filter(_open(today), starts_on__lte=today)


def _then(season: Season) -> QuerySet[Registration]:
    """A registration of the row's family with the row's agency on the eve of the season's opening."""
    return Registration.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=season.eve),
        household=OuterRef("household_id"),
        agency=OuterRef("agency_id"),
        starts_on__lt=season.opened,
    )


def _renewals(household: str, agency_id: int, season: Season) -> QuerySet[Renewal]:
    return Renewal.objects.filter(
        registration__household=OuterRef(household),
        registration__agency=agency_id,
        fiscal_year=season.year,
    )
