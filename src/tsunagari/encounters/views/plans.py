"""支援プラン: a family's plans, one plan, making and saying it anew on a page that is a draft, reviewing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.base.kept import keeps_typed
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access
from tsunagari.encounters.forms.plans import PlanForm, ReviewForm, fields_of
from tsunagari.encounters.models import Draft, SupportPlan
from tsunagari.encounters.operations import drafts
from tsunagari.encounters.operations import plans as operations
from tsunagari.encounters.queries import of_family as reads
from tsunagari.encounters.queries import plans as queries
from tsunagari.encounters.queries.charts import concern_words
from tsunagari.encounters.queries.names import name_at
from tsunagari.encounters.queries.readings import without_furigana
from tsunagari.encounters.queries.workers import workers
from tsunagari.encounters.rules.plans import MOST_GOALS, STATUTORY, Changed, changed, not_for_family
from tsunagari.encounters.views import of_family
from tsunagari.encounters.views.keeping import refuse
from tsunagari.encounters.views.partners import form_page
from tsunagari.encounters.views.posted import posted_form

FORM = "plan"
BEGUN = ("person", "chart", "plan")
RELATED = ("household", "person__household", "agency", "chart")


@allow(access.READ_PLAN)
def plans(request: StaffRequest, household_id: int) -> HttpResponse:
    """A family's plans, the open ones first."""
    household = of_family.family_of(request, household_id)
    lines = queries.family_plans(request.actor, household)
    of_family.looked_at(request, access.READ_PLAN, household, list=[line.id for line in lines])
    return render(request, "encounters/plans.html", of_family.called(household) | {"lines": lines})


@allow(access.WRITE_PLAN)
def plan_new(request: StaffRequest, household_id: int) -> HttpResponse:
    """Whom it is for and which chart it belongs to; then the page that is a draft from its first moment."""
    household = of_family.family_of(request, household_id)
    form = of_family.about_form(request, household)
    if form.is_bound and form.is_valid():
        fields = form.begun | {"base_version": "0", "owner": _first_owner(request, form.begun["chart"])}
        about = f"{FORM}:new:{household.pk}:{form.begun['person']}"
        draft = drafts.open_form(about, actor=request.actor, fields=fields, household=household)
        return go(request, reverse("plan_draft", args=[draft.pk]))
    of_family.looked_at(request, access.READ_PLAN, household)
    context = of_family.called(household) | {"form": form}
    return render(request, "encounters/plan_new.html", context, status=422 if form.errors else 200)


def _first_owner(request: StaffRequest, chart: str) -> str:
    """Who is in charge of the chart, else the writer."""
    found = reads.open_chart(request.actor, int(chart)) if chart.isdecimal() else None
    return str((found and found.owner_id) or request.actor.user_id or "")


@require_POST
@allow(access.WRITE_PLAN)
def plan_next(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Begin the next version: a draft with what the plan says, or the unfinished one."""
    plan = own_plan(request, plan_id)
    actions = reads.actions_of(plan)
    fields = fields_of(plan, operations.version_of(plan), actions) | {"plan": str(plan.pk)}
    draft = drafts.open_form(
        f"{FORM}:{plan.pk}", actor=request.actor, fields=fields, household=plan.household
    )
    return go(request, reverse("plan_draft", args=[draft.pk]))


@keeps_typed
@allow(access.WRITE_PLAN)
def plan_draft(request: StaffRequest, plan_draft_id: int) -> HttpResponse:
    """The plan as last typed; POST keeps it as a version, or gives more rows."""
    if request.method != "POST":
        draft = of_family.own_draft(request, plan_draft_id, FORM)
        return _page(request, draft, _form(request, draft, initial=draft.fields))
    found = of_family.draft_of(request, plan_draft_id, FORM)
    if found is None:
        return already(request)
    kept = drafts.save_draft(
        found, actor=request.actor, **of_family.kept_with(found, posted_form(request), *BEGUN)
    )
    draft = seen(Draft, request.actor, "household", pk=(kept.kept or kept.draft).pk)
    if "more" in request.POST:
        return _page(request, draft, _form(request, draft, initial=draft.fields, more=True))
    form = _form(request, draft, data=request.POST)
    if form.is_valid():
        try:
            return _saved(request, draft, form)
        except operations.StalePlan as error:
            return _stale(request, draft, form, error.current)
        except DomainError as error:
            if error.status == 410:
                return already(request)
            form.refuse(error.field, f"{error.message}{error.what_to_do}")
    return _page(request, draft, form, status=422)


def _form(request: StaffRequest, draft: Draft, **values: Any) -> PlanForm:
    plan = _plan_of(request, draft)
    agency_id = operations.holder(plan) if plan else request.actor.agency_id or 0
    taken = queries.goal_keys(plan) if plan else []
    return PlanForm(owners=workers(agency_id, clock.today()), taken=taken, **values)


def _plan_of(request: StaffRequest, draft: Draft) -> SupportPlan | None:
    """The plan a draft is the next version of."""
    given = str(draft.fields.get("plan") or "")
    if not given.isdecimal():
        return None
    return seen(SupportPlan, request.actor, *RELATED, pk=int(given))


def _saved(request: StaffRequest, draft: Draft, form: PlanForm) -> HttpResponse:
    plan = _plan_of(request, draft)
    owner = form.cleaned_data["owner"]
    if plan is None:
        made = operations.make_plan(
            of_family.about_of(draft),
            form.given,
            actor=request.actor,
            key=draft.key,
            person=of_family.chosen_person(draft),
            chart=of_family.chosen_chart(request, draft),
            owner_id=owner,
            draft=draft,
        )
        messages.success(request, "支援プランをつくりました。")
        return go(request, reverse("plan", args=[made.pk]))
    base = form.cleaned_data["base_version"] or 0
    made = operations.next_version(
        plan, form.given, actor=request.actor, expected_version=base, owner_id=owner, draft=draft
    )
    said = (
        f"第{made.version}版にしました。前の版も残っています。" if made.version > base else "保存しました。"
    )
    messages.success(request, said)
    return go(request, reverse("plan", args=[made.pk]))


def _stale(request: StaffRequest, draft: Draft, form: PlanForm, current: SupportPlan) -> HttpResponse:
    """What the other version says otherwise, the own text kept; saving again puts it on top."""
    differences = changed(operations.input_of(operations.version_of(current)), form.given)
    typed = request.POST.copy()
    typed["base_version"] = str(current.version)
    again = _form(request, draft, data=typed)
    again.is_valid()
    return _page(request, draft, again, status=409, stale=differences)


def already(request: StaffRequest) -> HttpResponse:
    """The second of two clicks finds what the first one made."""
    plan = queries.by_key(request.actor, request.POST.get("key", ""))
    given = request.POST.get("plan", "")
    if plan is None and given.isascii() and given.isdecimal() and len(given) < 19:
        plan = reads.visible_plan(request.actor, int(given))
    if plan is None:
        raise Conflict("この下書きは、もうありません。", what_to_do="家庭の「支援プラン」を見てください。")
    return go(request, reverse("plan", args=[plan.pk]))


def _page(
    request: StaffRequest,
    draft: Draft,
    form: PlanForm,
    *,
    status: int = 200,
    stale: list[Changed] | None = None,
) -> HttpResponse:
    household = of_family.about_of(draft)
    plan = _plan_of(request, draft)
    outdated = plan is not None and stale is None and str(plan.version) != form["base_version"].value()
    context = (
        of_family.called(household)
        | of_family.writing(request, draft, *BEGUN)
        | {
            "form": form,
            "plan": plan,
            "about": _about(draft),
            "stale": stale,
            "outdated": outdated,
            "most_goals": MOST_GOALS,
        }
    )
    of_family.looked_at(request, access.READ_PLAN, household, plan)
    return render(request, "encounters/plan_draft.html", context, status=status)


def _about(draft: Draft) -> str:
    person = of_family.chosen_person(draft)
    return name_at(draft.household_id, person).text if person else queries.WHOLE


@allow(access.READ_PLAN)
def plan(request: StaffRequest, plan_id: int) -> HttpResponse:
    """One plan: what it says, what is to be done, when it is looked at again."""
    found = plan_of(request, plan_id)
    read = queries.plan_read(request.actor, found)
    version = operations.input_of(read.version)
    whats = [line.what for goal in read.goals for line in goal.actions if line.state == "open"]
    context = of_family.called(found.household) | {
        "read": read,
        "plan": found,
        "statutory": [(label, getattr(version, name)) for name, label in STATUTORY.items()],
        "writes": read.own and found.closed_on is None and request.actor.may(access.WRITE_PLAN),
        "prints": request.actor.may(access.PRINT_PLAN),
        "not_for_family": not_for_family(version, whats, concern_words(request.actor.municipality_id)),
    }
    if context["prints"] and not context["not_for_family"]:
        context["unread"] = without_furigana(found, read)
    of_family.looked_at(request, access.READ_PLAN, found.household, found)
    return render(request, "encounters/plan.html", context)


@allow(access.READ_PLAN)
def plan_versions(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Every version and what it changed."""
    found = plan_of(request, plan_id)
    context = of_family.called(found.household) | {"plan": found, "versions": queries.versions(found)}
    of_family.looked_at(request, access.READ_PLAN, found.household, found, versions=True)
    return render(request, "encounters/plan_versions.html", context)


@allow(access.WRITE_PLAN)
def plan_review(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Looked at again: gone on with as it is. Saying it anew is the next version, ending it the end."""
    found = own_plan(request, plan_id)
    form = ReviewForm(request.POST or None, initial={"version": found.version})
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            operations.review(
                found,
                actor=request.actor,
                words=values["words"],
                review_on=values["review_on"],
                expected_version=values["version"],
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "見直しを書きました。")
            return go(request, reverse("plan", args=[found.pk]))
    read = queries.plan_read(request.actor, found)
    context = of_family.called(found.household) | {"plan": found, "read": read}
    of_family.looked_at(request, access.READ_PLAN, found.household, found)
    return form_page(request, "encounters/plan_review.html", form, **context)


def plan_of(request: StaffRequest, plan_id: int) -> SupportPlan:
    """A plan the actor may see; 404 otherwise."""
    return seen(SupportPlan, request.actor, *RELATED, pk=plan_id)


def own_plan(request: StaffRequest, plan_id: int) -> SupportPlan:
    """An open plan the own agency goes on with; 403 for one that is only to be read."""
    found = plan_of(request, plan_id)
    if operations.holder(found) != request.actor.agency_id:
        raise Forbidden("ほかの機関の支援プランは変えられません。", action=access.WRITE_PLAN.name)
    if found.closed_on is not None:
        raise Conflict(
            "この支援プランは終わっています。", what_to_do="続けるときは、新しいプランをつくってください。"
        )
    return found
