"""記録: one record, its history, and giving it to the right family."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError, Forbidden
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access, queries, rules
from tsunagari.encounters.forms import MoveForm
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.operations import drafts
from tsunagari.encounters.operations import records as operations
from tsunagari.encounters.queries import attachments, circulation
from tsunagari.encounters.queries.charts import charts_of
from tsunagari.families import queries as families
from tsunagari.families.models import Household


@allow(access.WRITE_RECORD, busy=True)
def record_new(request: StaffRequest) -> HttpResponse:
    """Whose consultation: those here today, a search, or nobody by name. Choosing begins a draft."""
    if request.method == "POST" and "household" in request.POST:
        household = chosen_household(request)
        channel = request.POST.get("channel", "")
        channel = channel if channel in rules.CHANNELS else ""
        draft = drafts.open_draft(actor=request.actor, household=household, channel=channel)
        return go(request, reverse("draft", args=[draft.pk]))
    context = finding(request) | {"roster": queries.roster(request.actor, clock.today())}
    return render(request, "encounters/record_new.html", context)


def chosen_household(request: StaffRequest) -> Household | None:
    """The family of a form's `household` and `ticket`; None when it is left empty. 404 when out of reach."""
    wanted = request.POST.get("household", "")
    if not wanted:
        return None
    found = None
    if wanted.isdecimal():
        found = families.reach(request.actor, int(wanted), request.POST.get("ticket", ""))
    if found is None:
        raise Http404
    return found


def finding(request: StaffRequest) -> dict[str, object]:
    """Context of parts/find_family.html: the words typed and the families found."""
    words = request.POST.get("q", "").strip()[:100]
    return {"q": words, "found": families.find(request.actor, words) if words else None}


@allow(access.READ_RECORD)
def record(request: StaffRequest, record_id: int) -> HttpResponse:
    """One record; opening it is reading it."""
    consultation = _record(request, record_id)
    operations.mark_read([consultation], actor=request.actor)
    return render(request, "encounters/record.html", _shown(request, consultation))


def _shown(request: StaffRequest, consultation: Consultation) -> dict[str, object]:
    own = consultation.agency_id == request.actor.agency_id
    day = consultation.occurred_on
    names = queries.family_names([consultation.household_id])
    return {
        "record": consultation,
        "family": names.get(consultation.household_id or 0),
        "detail": queries.record_detail(consultation),
        "agency": queries.agency_names([(consultation.agency_id, day)])[consultation.agency_id, day],
        "may_write": own and request.actor.may(access.WRITE_RECORD),
        "may_step": (own or consultation.held_by_id == request.actor.agency_id)
        and request.actor.may(access.WRITE_RECORD),
        "charts": charts_of(request.actor, consultation),
        "may_move": own and request.actor.may(access.MOVE_RECORD),
        "facts": queries.record_facts(consultation, queries.words_of(consultation)),
        "attachments": attachments.attached(request.actor, record_id=consultation.pk),
        "may_attach": own and request.actor.may(access.ATTACH),
        "round": circulation.of_record(request.actor, consultation),
        "comment_key": uuid4(),
        "late": consultation.next_on is not None and consultation.next_on < clock.today(),
    }


@allow(access.WRITE_RECORD)
def record_edit(request: StaffRequest, record_id: int) -> HttpResponse:
    """Begin (or go on with) a correction; the text is corrected in a draft."""
    consultation = _own_record(request, record_id)
    if request.method != "POST":
        return go(request, reverse("record", args=[consultation.pk]))
    draft = drafts.open_draft(actor=request.actor, consultation=consultation)
    return go(request, reverse("draft", args=[draft.pk]))


@allow(access.READ_RECORD)
def record_history(request: StaffRequest, record_id: int) -> HttpResponse:
    """Every correction of a record: who, when, why, and what was taken out and put in."""
    consultation = _record(request, record_id)
    audit.record(
        access.READ_RECORD,
        actor=request.actor,
        household_id=consultation.household_id,
        obj=consultation,
        detail={"history": True},
    )
    words = queries.words_ever(request.actor, consultation, clock.today())
    context = _shown(request, consultation) | {"revisions": queries.history(consultation, words)}
    return render(request, "encounters/record_history.html", context)


@allow(access.MOVE_RECORD)
def record_move(request: StaffRequest, record_id: int) -> HttpResponse:
    """Search the right family, say why, move the record there."""
    consultation = _own_record(request, record_id)
    form = MoveForm(request.POST if "reason" in request.POST else None)
    if form.is_bound and form.is_valid():
        household = chosen_household(request)
        assert household is not None
        try:
            operations.move_record(
                consultation, household, actor=request.actor, reason=form.cleaned_data["reason"]
            )
        except DomainError as error:
            form.add_error(error.field or None, error.message)
        else:
            messages.success(request, "記録を移しました。だれの相談かをたしかめてください。")
            return go(request, reverse("record", args=[consultation.pk]))
    context = _shown(request, consultation) | finding(request) | {"form": form}
    if "household" in request.POST and not form.errors and not form.is_bound:
        target = chosen_household(request)
        context |= {"target": target, "target_name": _target_name(target) if target else None}
        context["form"] = MoveForm(
            initial={"household": target.pk if target else None, "ticket": request.POST.get("ticket", "")}
        )
    elif form.errors and (target := chosen_household(request)):
        context |= {"target": target, "target_name": _target_name(target)}
    return render(request, "encounters/record_move.html", context, status=422 if form.errors else 200)


def _target_name(target: Household) -> queries.FamilyName:
    """It may be a family not met yet."""
    return families.as_outside(queries.family_name(target))


def _record(request: StaffRequest, record_id: int) -> Consultation:
    return seen(Consultation, request.actor, pk=record_id)


def _own_record(request: StaffRequest, record_id: int) -> Consultation:
    consultation = _record(request, record_id)
    if consultation.agency_id != request.actor.agency_id:
        raise Forbidden("ほかの機関の記録は変えられません。", action=access.WRITE_RECORD.name)
    return consultation
