"""支援プラン: things to do added, done and dropped, and the end of a plan."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.kept import keeps_typed
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access
from tsunagari.encounters.forms.plans import ActionForm, EndForm, NewActionForm
from tsunagari.encounters.models import Draft, PlanAction
from tsunagari.encounters.operations import drafts, plan_actions
from tsunagari.encounters.operations import plans as operations
from tsunagari.encounters.queries import of_family as reads
from tsunagari.encounters.queries import plans as queries
from tsunagari.encounters.queries.workers import workers
from tsunagari.encounters.rules.plans import ActionInput
from tsunagari.encounters.views import of_family
from tsunagari.encounters.views.plans import already, own_plan, plan_of
from tsunagari.encounters.views.posted import posted_form

END = "plan_end"


@allow(access.WRITE_PLAN)
def plan_action_new(request: StaffRequest, plan_id: int) -> HttpResponse:
    """One more thing to do, without another version."""
    plan = own_plan(request, plan_id)
    read = queries.plan_read(request.actor, plan)
    goals = {line.goal.key: line.goal.text for line in read.goals}
    form = NewActionForm(
        request.POST or None,
        goals=goals,
        owners=workers(operations.holder(plan), clock.today()),
        initial={"owner": str(plan.owner_id or request.actor.user_id), "known": read.count},
    )
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        given = ActionInput(values["goal"], values["what"], values["whom"], values["owner"], values["due"])
        after = values["known"]
        try:
            plan_actions.set_action(plan, given, actor=request.actor, goals=list(goals), after=after)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "することを足しました。")
            return go(request, reverse("plan", args=[plan.pk]))
    of_family.looked_at(request, access.READ_PLAN, plan.household, plan)
    context = of_family.called(plan.household) | {"plan": plan, "form": form}
    return render(request, "encounters/plan_action_new.html", context, status=422 if form.errors else 200)


@allow(access.WRITE_PLAN)
def plan_action(request: StaffRequest, plan_action_id: int) -> HttpResponse:
    """What became of one thing to do: done, or not to be done, and in what way."""
    action = _action_of(request, plan_action_id)
    plan = plan_of(request, action.plan_id)
    form = ActionForm(request.POST or None)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            if "drop" in request.POST:
                plan_actions.drop_action(action, actor=request.actor, reason=values["result"])
            else:
                plan_actions.finish_action(
                    action, actor=request.actor, result=values["result"], done_on=values["done_on"]
                )
        except DomainError as error:
            form.add_error(
                error.field if error.field in form.fields else None, f"{error.message}{error.what_to_do}"
            )
        else:
            messages.success(request, "結果を書きました。")
            return go(request, reverse("plan", args=[plan.pk]))
    of_family.looked_at(request, access.READ_PLAN, plan.household, plan)
    context = of_family.called(plan.household) | {"plan": plan, "action": action, "form": form}
    return render(request, "encounters/plan_action.html", context, status=422 if form.errors else 200)


def _action_of(request: StaffRequest, plan_action_id: int) -> PlanAction:
    """An action of a plan the actor may see, of the own agency; 404 or 403 otherwise."""
    found = reads.visible_action(request.actor, plan_action_id)
    plan = plan_of(request, found.plan_id if found else 0)
    own_plan(request, plan.pk)
    assert found is not None  # plan_of answered 404
    return found


@require_POST
@allow(access.WRITE_PLAN)
def plan_end(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Begin to end a plan: the page of its ふりかえり is a draft."""
    plan = own_plan(request, plan_id)
    fields = {"plan": str(plan.pk), "base_version": str(plan.version)}
    draft = drafts.open_form(f"{END}:{plan.pk}", actor=request.actor, fields=fields, household=plan.household)
    return go(request, reverse("plan_end_draft", args=[draft.pk]))


@keeps_typed
@allow(access.WRITE_PLAN)
def plan_end_draft(request: StaffRequest, end_draft_id: int) -> HttpResponse:
    """How the plan went; POST ends it."""
    if request.method != "POST":
        draft = of_family.own_draft(request, end_draft_id, END)
        return _end_page(request, draft, EndForm(initial=draft.fields))
    found = of_family.draft_of(request, end_draft_id, END)
    if found is None:
        return already(request)
    kept = drafts.save_draft(
        found, actor=request.actor, **of_family.kept_with(found, posted_form(request), "plan")
    )
    draft = seen(Draft, request.actor, "household", pk=(kept.kept or kept.draft).pk)
    form = EndForm(request.POST)
    if form.is_valid():
        plan = plan_of(request, int(draft.fields["plan"]))
        values = form.cleaned_data
        try:
            operations.close_plan(
                plan,
                actor=request.actor,
                outcome=values["outcome"],
                expected_version=values["base_version"] or 0,
                draft=draft,
            )
        except operations.StalePlan as error:
            typed = request.POST.copy()
            typed["base_version"] = str(error.current.version)
            form = EndForm(typed)
            form.add_error(None, "ほかの人が先に変えました。いまの内容をたしかめて、もう一度押してください。")
        except DomainError as error:
            if error.status == 410:
                return already(request)
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "支援プランを終えました。")
            return go(request, reverse("plan", args=[plan.pk]))
    return _end_page(request, draft, form)


def _end_page(request: StaffRequest, draft: Draft, form: EndForm) -> HttpResponse:
    plan = plan_of(request, int(draft.fields["plan"]))
    of_family.looked_at(request, access.READ_PLAN, plan.household, plan)
    context = (
        of_family.called(plan.household)
        | of_family.writing(request, draft)
        | {"plan": plan, "form": form, "read": queries.plan_read(request.actor, plan)}
    )
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "encounters/plan_end.html", context, status=status)
