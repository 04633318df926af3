"""Designation (指定) of an agency as 地域子育て相談機関."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from tsunagari.audit import operations as audit
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.places import access
from tsunagari.places.models import Agency, Designation


@transaction.atomic
def designate(
    agency: Agency,
    *,
    actor: Actor,
    valid_from: date,
    valid_to: date | None = None,
    basis: str = "",
    note: str = "",
) -> Designation:
    """Designate from `valid_from`.

    DomainError when the agency is closed by then or already designated in that time.
    """
    agency = Agency.objects.visible_to(actor).select_for_update().get(pk=agency.pk)
    if agency.kind == Agency.Kind.CENTRE:
        raise DomainError("こども家庭センターは、地域子育て相談機関に指定できません。")
    if valid_to is not None and valid_to < valid_from:
        raise DomainError("終了日が、指定日より前です。", field="valid_to")
    if agency.closed_on is not None and (valid_to or date.max) > agency.closed_on:
        raise DomainError(
            "廃止された場所です。", what_to_do="廃止日までの期間にしてください。", field="valid_to"
        )
    if _overlapping(agency, valid_from, valid_to):
        raise DomainError(
            "その期間は、もう指定されています。",
            what_to_do="今の指定を終えてから指定してください。",
            field="valid_from",
        )
    designation = Designation.objects.create(
        municipality_id=actor.municipality_id,
        agency=agency,
        valid_from=valid_from,
        valid_to=valid_to,
        basis=basis,
        note=note,
    )
    detail = {"designation": designation.pk, "from": valid_from.isoformat()}
    audit.record(access.MANAGE_DESIGNATIONS, actor=actor, obj=agency, detail=detail)
    return designation


@transaction.atomic
def end_designation(
    designation: Designation, *, actor: Actor, ends_on: date, reason: str = ""
) -> Designation:
    """End a designation with its last day. Conflict when it has ended already."""
    designation = Designation.objects.visible_to(actor).select_for_update().get(pk=designation.pk)
    if designation.valid_to is not None and designation.valid_to <= ends_on:
        raise Conflict("この指定は、もう終わっています。")
    if ends_on < designation.valid_from:
        raise DomainError("終了日が、指定日より前です。", field="ends_on")
    designation.valid_to = ends_on
    designation.end_reason = reason
    designation.save(update_fields=["valid_to", "end_reason"])
    detail = {"designation": designation.pk, "to": ends_on.isoformat()}
    audit.record(access.MANAGE_DESIGNATIONS, actor=actor, obj=designation.agency, detail=detail)
    return designation


def _overlapping(agency: Agency, first: date, last: date | None) -> bool:
    found = agency.designations.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
    if last is not None:
        found = found.filter(valid_from__lte=last)
    return found.exists()
