"""What the pages of assessments and plans share: the family, whom they are about, the draft they are typed into."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db.models import Model
from django.http import Http404

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.access import Action
from tsunagari.base.doors import StaffRequest
from tsunagari.base.seen import seen
from tsunagari.encounters import queries
from tsunagari.encounters.forms.assessments import WHOLE, AboutForm
from tsunagari.encounters.models import Chart, Draft
from tsunagari.encounters.operations import drafts
from tsunagari.encounters.queries import of_family as reads
from tsunagari.families import queries as families
from tsunagari.families.models import Household, Person


def family_of(request: StaffRequest, household_id: int) -> Household:
    """A family the actor may open; 404 otherwise."""
    found = families.family(request.actor, household_id)
    if found is None:
        raise Http404
    return found


def called(household: Household) -> dict[str, Any]:
    """What every page of a family's says of it."""
    return {"household": household, "family": queries.family_name(household)}


def about_form(request: StaffRequest, household: Household) -> AboutForm:
    """Whom it is about, with the charts it may belong to."""
    return AboutForm(
        request.POST or None,
        members=queries.members(household, clock.today()),
        charts=reads.open_charts(request.actor, household),
    )


def chosen_person(draft: Draft) -> Person | None:
    """The person a draft names; 404 when there is none such."""
    given = _id(draft, "person")
    if given is None:
        return None
    found = reads.person_with_home(given)
    if found is None:
        raise Http404
    return found


def chosen_chart(request: StaffRequest, draft: Draft) -> Chart | None:
    """The chart a draft names, of those the actor may see; None for one that is closed by now."""
    given = _id(draft, "chart")
    if given is None:
        return None
    return reads.open_chart(request.actor, given)


def _id(draft: Draft, name: str) -> int | None:
    text = str(draft.fields.get(name) or WHOLE)
    return int(text) or None if text.isascii() and text.isdecimal() and len(text) < 19 else None


def about_of(draft: Draft) -> Household:
    """The family a draft is about; 404 for one about nobody."""
    if draft.household is None:
        raise Http404
    return draft.household


def draft_of(request: StaffRequest, draft_id: int, form: str) -> Draft | None:
    """One of the actor's drafts of such a page; None once it is saved or thrown away."""
    found = queries.open_draft_of(request.actor, draft_id)
    if found is None:
        return None
    if str(found.fields.get("form", "")).partition(":")[0] != form or found.household is None:
        raise Http404
    return found


def kept_with(draft: Draft, posted: dict[str, Any], *names: str) -> dict[str, Any]:
    """What a page sent, with what the draft knew from its beginning."""
    begun = {name: draft.fields[name] for name in names if name in draft.fields}
    return posted | {"fields": posted["fields"] | begun}


def writing(request: StaffRequest, draft: Draft, *names: str) -> dict[str, Any]:
    """What the frame of a page that is a draft needs; `names` of what it was begun with travel along."""
    return {
        "draft": draft,
        "carried": [(name, draft.fields[name]) for name in names if name in draft.fields],
        "client_id": request.POST.get("client_id") or uuid4().hex,
        "others": queries.writing_now(request.actor, draft),
    }


def own_draft(request: StaffRequest, draft_id: int, form: str) -> Draft:
    """As draft_of; 404 when it is gone, as after 「もどる」."""
    found = draft_of(request, draft_id, form)
    if found is None:
        raise drafts.no_draft()
    return seen(Draft, request.actor, "household", pk=found.pk)


def looked_at(
    request: StaffRequest, action: Action, household: Household, obj: Model | None = None, **detail: Any
) -> None:
    """Put on the trail that the family's data was read."""
    audit.record(action, actor=request.actor, household_id=household.pk, obj=obj, detail=detail)
