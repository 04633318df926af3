"""Renewing registrations each fiscal year, where the city says so. Of the document seen only its kind is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.families import access
from tsunagari.families.models import Household, Registration, RegistrationPolicy, Renewal
from tsunagari.families.operations.bulk import entered
from tsunagari.families.operations.history import locked
from tsunagari.families.queries.policies import policy_of
from tsunagari.families.rules.renewals import due_year


@dataclass(frozen=True, slots=True)
class NewRenewal:
    """The arguments of `renew`; `entered` is when it was written down (default now)."""

    registration: Registration
    document: str
    fiscal_year: int | None = None
    entered: datetime | None = None


@transaction.atomic
def renew(
    registration: Registration, *, actor: Actor, document: str, fiscal_year: int | None = None
) -> Renewal:
    """Confirm a registration for a fiscal year (default: the one that is due). Renewed already, that is returned.

    `document` is one of Renewal.Document. An agency renews its own registrations; the centre and the city all.
    """
    locked(registration.household)
    row = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    year = _year(policy_of(row.municipality_id), fiscal_year)
    if standing := _standing(row, year):
        return standing
    _may_renew(row, actor, document)
    made = _unsaved(row, year, document, actor)
    made.save(force_insert=True)
    _tell(made, row, actor=actor, did="renew")
    return made


@transaction.atomic
def renew_many(new: Sequence[NewRenewal], *, actor: Actor) -> list[Renewal]:
    """`renew` for many registrations in a fixed number of queries; the renewals made, without those that stood.

    DomainError, and none is written, when one of them would be refused.
    """
    rows = _locked_rows([given.registration for given in new])
    done = _renewed(rows.values())
    policy = policy_of(actor.municipality_id)
    made: list[tuple[NewRenewal, Renewal]] = []
    for given in new:
        row = rows[given.registration.pk]
        with entered(given.entered):
            year = _year(policy, given.fiscal_year)
            if (row.household_id, row.agency_id, year) in done:
                continue
            _may_renew(row, actor, given.document)
            made.append((given, _unsaved(row, year, given.document, actor)))
        done.add((row.household_id, row.agency_id, year))
    saved = Renewal.objects.bulk_create([renewal for _, renewal in made], batch_size=1000)
    for (given, _), renewal in zip(made, saved, strict=True):
        with entered(given.entered):
            _tell(renewal, renewal.registration, actor=actor, did="renew")
    return saved


def _locked_rows(registrations: Sequence[Registration]) -> dict[int, Registration]:
    """The rows by id as they are now, locked after their households. Conflict when one was joined away."""
    ids = {registration.household_id for registration in registrations}
    households = Household.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    if any(household.joined_into_id is not None for household in households):
        raise Conflict("別の家庭にまとめられた家庭が入っています。まとめた先の家庭をえらんでください。")
    rows = Registration.objects.select_for_update(of=("self",)).order_by("pk")
    return rows.in_bulk([registration.pk for registration in registrations])


def _renewed(rows: Iterable[Registration]) -> set[tuple[int, int, int]]:
    """(household, agency, fiscal year) of what is renewed already, as `_standing` sees it."""
    known = Renewal.objects.filter(registration__household__in={row.household_id for row in rows})
    return set(known.values_list("registration__household_id", "registration__agency_id", "fiscal_year"))


def _year(policy: RegistrationPolicy, fiscal_year: int | None) -> int:
    """The fiscal year to renew for. DomainError where the city does not renew, or not that year now."""
    if policy.renewal != RegistrationPolicy.Renewal.FISCAL_YEAR:
        raise DomainError("この市では、登録の更新はしていません。")
    due = due_year(clock.today(), policy.renewal_opens_month)
    year = due if fiscal_year is None else fiscal_year
    if not due - 1 <= year <= due:
        raise DomainError("この年度の更新は、いまは受け付けていません。")
    return year


def _unsaved(row: Registration, year: int, document: str, actor: Actor) -> Renewal:
    return Renewal(
        municipality_id=row.municipality_id,
        registration=row,
        fiscal_year=year,
        document=document,
        renewed_on=clock.today(),
        renewed_by=actor.user_id,
        renewed_at=clock.now(),
    )


def _standing(row: Registration, year: int) -> Renewal | None:
    """The renewal of this year of any row with the agency: a change of home parts a registration into two."""
    return Renewal.objects.filter(
        registration__household=row.household_id, registration__agency=row.agency_id, fiscal_year=year
    ).first()


def _may_renew(row: Registration, actor: Actor, document: str) -> None:
    if actor.scope == "agency" and row.agency_id != actor.agency_id:
        raise DomainError("ほかの機関の登録です。", what_to_do="更新は、登録した機関か市で行います。")
    if row.ends_on is not None and row.ends_on < clock.today():
        raise Conflict("この登録は、すでに終わっています。", what_to_do="家庭の登録を確かめてください。")
    if document not in Renewal.Document.values:
        raise DomainError("確認した書類をえらんでください。", field="document")


@transaction.atomic
def take_back(renewal: Renewal, *, actor: Actor) -> None:
    """A renewal was a mistake: it is as if it had not been; the trail keeps it. Taken back already, nothing happens."""
    locked(renewal.registration.household)
    row = Renewal.objects.select_for_update(of=("self",)).filter(pk=renewal.pk).first()
    if row is None:
        return
    if actor.scope == "agency" and row.registration.agency_id != actor.agency_id:
        raise DomainError("ほかの機関の更新です。", what_to_do="その機関か市にご連絡ください。")
    _tell(row, row.registration, actor=actor, did="take_back")
    row.delete()


def _tell(renewal: Renewal, row: Registration, *, actor: Actor, did: str) -> None:
    audit.record(
        access.RENEW,
        actor=actor,
        household_id=row.household_id,
        obj=renewal,
        detail={
            "did": did,
            "registration": row.pk,
            "year": renewal.fiscal_year,
            "document": renewal.document,
        },
    )
