"""きまり: what the city decided about registrations, for everybody to read and for its officer to change."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.pages import go, render
from tsunagari.families import access
from tsunagari.families.forms.policies import PolicyForm
from tsunagari.families.operations import policies as operations
from tsunagari.families.queries import policies as queries
from tsunagari.families.rules.policies import HISTORY, HOME_RULES, RENEWAL, PolicyValues
from tsunagari.families.views.common import refuse, status_of


@allow(access.READ_POLICY)
def policy(request: StaffRequest) -> HttpResponse:
    """Each decision with what it means."""
    values = queries.values_of(queries.policy_of(request.actor.municipality_id))
    return render(request, "families/policy.html", {"lines": _lines(values), "values": values})


def _lines(values: PolicyValues) -> list[tuple[str, str, str]]:
    """(what, decision, meaning)"""
    lines = [
        ("母子手帳交付のとき", *HOME_RULES[values.at_handbook]),
        ("出生のとき", *HOME_RULES[values.at_birth]),
        ("登録の更新", *RENEWAL[values.renewal]),
    ]
    if values.renewal != "none":
        month = f"{values.renewal_opens_month}月1日から"
        lines.append(("更新の受付", month, "つぎの年度の更新を受け付けます。"))
    after = f"いちばん下のお子さんが{values.grown_out_after}歳になった年度のあと"
    lines.append(
        ("登録を終える年齢", after, "「大きくなった家庭」の一覧に出ます。ひとりでに終わることはありません。")
    )
    lines.append(("ほかの機関の利用", *HISTORY[values.history_scope]))
    return lines


@allow(access.MANAGE_POLICY)
def policy_edit(request: StaffRequest) -> HttpResponse:
    """Change what was decided; a stale save says so and shows what stands now beside what was typed."""
    kept = queries.policy_of(request.actor.municipality_id)
    form = PolicyForm(request.POST or None, initial=_initial(kept))
    now: list[tuple[str, str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            operations.change_policy(
                actor=request.actor, values=form.values(), expected_version=data["version"]
            )
            messages.success(request, "きまりを保存しました。今からの操作に使われます。")
            return go(request, reverse("policy"))
        except Conflict:
            now = _lines(queries.values_of(kept))
            typed = request.POST.copy()
            typed["version"] = str(kept.version)
            form = PolicyForm(typed)
        except DomainError as error:
            refuse(form, error)
    status = 409 if now else status_of(form)
    return render(request, "families/policy_edit.html", {"form": form, "now": now}, status=status)


def _initial(kept: Any) -> dict[str, Any]:
    return asdict(queries.values_of(kept)) | {"version": kept.version}
