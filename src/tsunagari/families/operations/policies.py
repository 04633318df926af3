"""The city changes what it decided about registrations."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict
from tsunagari.families import access
from tsunagari.families.models import RegistrationPolicy
from tsunagari.families.operations.history import said_properly
from tsunagari.families.queries import policies as queries
from tsunagari.families.rules.policies import PolicyValues, check_policy
from tsunagari.places.models import Municipality

OWN_FIELDS = (
    "renewal",
    "renewal_opens_month",
    "at_handbook",
    "at_birth",
    "grown_out_after",
    "card_note",
)


@transaction.atomic
def change_policy(*, actor: Actor, values: PolicyValues, expected_version: int) -> RegistrationPolicy:
    """Put the values in force in the actor's town. Conflict when somebody saved after the form was opened."""
    town = Municipality.objects.select_for_update().get(pk=actor.municipality_id)
    policy = queries.policy_of(town.pk)
    if policy.version != expected_version:
        raise Conflict(
            "ほかの人が先に保存しました。", what_to_do="いまのきまりを確かめて、もう一度保存してください。"
        )
    clean = said_properly(partial(check_policy, values))
    before, after = asdict(queries.values_of(policy)), asdict(clean)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return policy
    for name in OWN_FIELDS:
        setattr(policy, name, after[name])
    policy.version += 1
    policy.save()
    if "history_scope" in changed:
        town.history_scope = clean.history_scope
        town.save(update_fields=["history_scope"])
    told = {name: [before[name], after[name]] for name in changed if name != "card_note"}
    audit.record(access.MANAGE_POLICY, actor=actor, obj=policy, detail={"fields": changed, "from_to": told})
    return policy
