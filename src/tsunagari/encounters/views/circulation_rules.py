"""回覧のきまり: which records go round by themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access
from tsunagari.encounters.forms.circulation import RuleForm
from tsunagari.encounters.models import CirculationRule
from tsunagari.encounters.operations import circulation_rules as operations
from tsunagari.encounters.queries import circulation_rules as lists
from tsunagari.encounters.queries import keeping


@allow(access.MANAGE_CIRCULATION)
def circulation_rules(request: StaffRequest) -> HttpResponse:
    """The rules in words, those of marks among them; a new one below."""
    actor = request.actor
    offered = lists.offered(actor)
    form = RuleForm(
        request.POST or None,
        agencies=offered.agencies,
        own_only=actor.scope != "municipality",
        marks=offered.marks,
        concerns=offered.concerns,
    )
    if form.is_valid():
        try:
            operations.add_rule(form.rule(), actor=actor)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "きまりをつくりました。これから書く記録から回ります。")
            return go(request, reverse("circulation_rules"))
    context = {
        "rules": lists.rules(actor, offered),
        "marks": [line for line in keeping.marks(actor) if line.readers and not line.ended],
        "all_round": keeping.all_round(actor),
        "form": form,
    }
    return render(request, "encounters/circulation_rules.html", context, status=422 if form.errors else 200)


@require_POST
@allow(access.MANAGE_CIRCULATION)
def circulation_rule_end(request: StaffRequest, rule_id: int) -> HttpResponse:
    """From now on a rule asks nobody; one press takes that back."""
    rule = operations.end_rule(seen(CirculationRule, request.actor, pk=rule_id), actor=request.actor)
    said = "きまりを終わりにしました。もう回っている記録は、そのままです。"
    messages.success(request, said, extra_tags=reverse("circulation_rule_back", args=[rule.pk]))
    return go(request, reverse("circulation_rules"))


@require_POST
@allow(access.MANAGE_CIRCULATION)
def circulation_rule_back(request: StaffRequest, rule_id: int) -> HttpResponse:
    """A rule that was ended by mistake goes on."""
    operations.take_rule_back(seen(CirculationRule, request.actor, pk=rule_id), actor=request.actor)
    messages.success(request, "きまりをもどしました。これから書く記録から、また回ります。")
    return go(request, reverse("circulation_rules"))
