"""What the city decided about registrations: one place for everybody who asks."""

from __future__ import annotations

from django.db.models import QuerySet

from tsunagari.base.prepared import prepared
from tsunagari.families.models import RegistrationPolicy
from tsunagari.families.rules.policies import PolicyValues
from tsunagari.places.models import Municipality


def policy_of(municipality_id: int) -> RegistrationPolicy:
    """The town's policy; the defaults, not saved, where the city has decided nothing yet."""
    return _policies.first(municipality_id) or RegistrationPolicy(municipality_id=municipality_id)


@prepared
def _policies(municipality: int) -> QuerySet[RegistrationPolicy, RegistrationPolicy]:
    return RegistrationPolicy.objects.filter(pk=municipality)


def values_of(policy: RegistrationPolicy) -> PolicyValues:
    """Everything the city decided, with how much of other agencies' use is shown."""
    scope = Municipality.objects.values_list("history_scope", flat=True).get(pk=policy.municipality_id)
    return PolicyValues(
        renewal=policy.renewal,
        renewal_opens_month=policy.renewal_opens_month,
        at_handbook=policy.at_handbook,
        at_birth=policy.at_birth,
        grown_out_after=policy.grown_out_after,
        card_note=policy.card_note,
        history_scope=scope,
    )
