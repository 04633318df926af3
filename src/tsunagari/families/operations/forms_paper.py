"""Registration forms on paper: printed with a code of their own, typed in once."""

from __future__ import annotations

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.families import access
from tsunagari.families.models import Household, PaperForm
from tsunagari.families.rules.paper import MOST_AT_ONCE, new_code
from tsunagari.places.models import Agency


@transaction.atomic
def print_forms(count: int, *, actor: Actor, agency: Agency | None) -> list[PaperForm]:
    """Blank forms with codes of their own; `agency` is printed on them as the one to register with, if given."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise DomainError(f"枚数は1から{MOST_AT_ONCE}までで書いてください。", field="count")
    if actor.scope == "agency" and (agency is None or agency.pk != actor.agency_id):
        raise DomainError("印刷できるのは、自分の機関の申込用紙です。", field="agency")
    codes: set[str] = set()
    while len(codes) < count:
        drawn = {new_code() for _ in range(count - len(codes))}
        taken = PaperForm.objects.filter(municipality_id=actor.municipality_id, code__in=drawn)
        codes |= drawn - set(taken.values_list("code", flat=True))
    forms = PaperForm.objects.bulk_create(
        PaperForm(
            municipality_id=actor.municipality_id,
            code=code,
            agency=agency,
            printed_at=clock.now(),
            printed_by=actor.user_id,
        )
        for code in sorted(codes)
    )
    detail = {"count": count, "agency": agency.pk if agency else None, "first": forms[0].pk}
    audit.record(access.PRINT_FORM, actor=actor, detail=detail)
    return forms


@transaction.atomic
def enter(form: PaperForm, household: Household, *, actor: Actor) -> PaperForm:
    """The form was typed in for the household. Again for the same one, nothing happens; Conflict for another."""
    row = PaperForm.objects.select_for_update(of=("self",)).get(pk=form.pk)
    if row.entered_at is not None:
        if row.household_id == household.pk:
            return row
        raise Conflict(
            "この用紙は、すでに入力されています。", what_to_do="用紙をもう一度読み取って確かめてください。"
        )
    row.household, row.entered_at, row.entered_by = household, clock.now(), actor.user_id
    row.save(update_fields=["household", "entered_at", "entered_by"])
    audit.record(access.ENTER_FORM, actor=actor, household_id=household.pk, obj=row, detail={"did": "enter"})
    return row
