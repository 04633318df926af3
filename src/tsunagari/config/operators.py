"""Whoever runs a command on the server: the town meant, and an actor for it."""

from __future__ import annotations

from typing import Any


def town_of(code: str | None) -> Any:
    """The town of a code (five or six digits); without a code the only one there is. DomainError otherwise."""
    from tsunagari.base.errors import DomainError
    from tsunagari.interop.rules import same_town
    from tsunagari.places.models import Municipality

    towns = list(Municipality.objects.order_by("code"))
    found = [town for town in towns if code is None or same_town(code, town.code)]
    if len(found) == 1:
        return found[0]
    known = "、".join(f"{town.code} {town.name}" for town in towns[:20]) or "まだありません"
    wanted = (
        "--municipality で市区町村を指定してください" if code is None else f"市区町村「{code}」が決まりません"
    )
    raise DomainError(f"{wanted}（登録されている市区町村：{known}）。")


def operator(municipality: Any) -> Any:
    """Whoever runs the command, acting for the town's officer."""
    from tsunagari.base.access import LABELS, Role, actions_of
    from tsunagari.base.actor import Actor

    return Actor(
        user_id=None,
        name="コマンド",
        municipality_id=municipality.pk,
        role=Role.OFFICER,
        role_label=LABELS[Role.OFFICER],
        municipality_name=municipality.name,
        scope="municipality",
        actions=actions_of(Role.OFFICER),
        via="command",
    )


def installer() -> Any:
    """Whoever runs the command, where no town is concerned: the trail is the installation's own."""
    from tsunagari.base.actor import Actor

    return Actor(user_id=None, name="コマンド", municipality_id=0, role="", scope="none", via="command")
