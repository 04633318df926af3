"""Registration at 母子手帳交付 and at birth, as the city's policy has it: nothing, proposed, or set."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from tsunagari.base.doors import StaffRequest
from tsunagari.families import access, queries
from tsunagari.families.forms.by_rule import ByRuleForm
from tsunagari.families.models import Household, RegistrationPolicy
from tsunagari.families.operations import registrations
from tsunagari.families.queries.policies import policy_of
from tsunagari.families.queries.registrations import has_home
from tsunagari.families.views.common import agencies
from tsunagari.places.models import Agency

HANDBOOK, BIRTH = "handbook", "birth"


def proposal(request: StaffRequest, household: Household, occasion: str) -> ByRuleForm | None:
    """The form of the proposal, or None: the policy proposes nothing, or the family has a home already.

    A handbook is given by the centre or the city; an agency that hears of a pregnancy proposes nothing.
    """
    if not request.actor.may(access.REGISTER) or _rule(request, occasion) != "propose":
        return None
    if household.kind != Household.Kind.HOUSEHOLD or has_home(household):
        return None
    first = None if household.protected else queries.proposed_agency(household)
    posted = request.POST if request.method == "POST" and "rule-agency" in request.POST else None
    return ByRuleForm(posted, agencies=agencies(request), proposed=first.pk if first else None)


def register(request: StaffRequest, household: Household, form: ByRuleForm | None, occasion: str) -> str:
    """Carry out the proposal, or the rule; what to tell, empty when nothing was registered."""
    if form is not None and form.is_bound and form.cleaned_data["register"]:
        town = request.actor.municipality_id
        agency = get_object_or_404(Agency, pk=form.cleaned_data["agency"], municipality_id=town)
        registrations.register(household, agency, actor=request.actor, is_home=True, source=occasion)
        return f"{agency.name}をかかりつけに登録しました。"
    if not request.actor.may(access.REGISTER) or _rule(request, occasion) != "set":
        return ""
    made = registrations.register_by_rule(household, actor=request.actor, occasion=occasion)
    if made is None:
        return ""
    return f"区域の機関（{made.agency.name}）をかかりつけにしました。家庭の希望があれば、変えられます。"


def _rule(request: StaffRequest, occasion: str) -> str:
    policy = policy_of(request.actor.municipality_id)
    if occasion == HANDBOOK and request.actor.scope != "municipality":
        return str(RegistrationPolicy.HomeRule.NONE)
    return policy.at_handbook if occasion == HANDBOOK else policy.at_birth
