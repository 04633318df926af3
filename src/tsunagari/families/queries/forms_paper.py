"""Paper forms: found by their code, counted, and by whom one was typed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from tsunagari.accounts.models import User
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.families.models import Household, PaperForm
from tsunagari.families.queries.names import FamilyName, family_name
from tsunagari.families.rules.paper import read_code


@dataclass(frozen=True, slots=True)
class FormCounts:
    """Forms printed, typed in, and when the last were printed."""

    printed: int
    entered: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Entered:
    """When a form was typed in; by whom and for which family only for those who may see the family."""

    at: datetime
    by: str = ""
    family: FamilyName | None = None


def by_code(actor: Actor, text: str) -> PaperForm | None:
    """The town's form with this code, however it was typed; None when there is none."""
    code = read_code(text)
    if not code:
        return None
    rows = PaperForm.objects.filter(municipality_id=actor.municipality_id, code=code)
    return rows.select_related("agency", "household").first()


def entered(actor: Actor, form: PaperForm) -> Entered | None:
    """How a form was used; None while it is blank."""
    if form.entered_at is None:
        return None
    at = form.entered_at.astimezone(clock.TOKYO)
    family = _standing(form)
    if family is None or not Household.objects.visible_to(actor).filter(pk=family.pk).exists():
        return Entered(at)
    writer = User.objects.filter(pk=form.entered_by or 0).values_list("name", flat=True).first()
    return Entered(at, writer or "（自動処理）", family_name(family))


def _standing(form: PaperForm) -> Household | None:
    """The household it was typed in for, where it stands now."""
    family = form.household
    return family.joined_into or family if family is not None else None


def counts(actor: Actor) -> FormCounts:
    """Forms of the own agency; of the whole town for the centre and the city."""
    rows = PaperForm.objects.filter(municipality_id=actor.municipality_id)
    if actor.scope == "agency":
        rows = rows.filter(agency=actor.agency_id)
    found = rows.aggregate(
        printed=Count("pk"), entered=Count("pk", filter=Q(entered_at__isnull=False)), last=Max("printed_at")
    )
    last = found["last"]
    return FormCounts(found["printed"], found["entered"], last.astimezone(clock.TOKYO) if last else None)
