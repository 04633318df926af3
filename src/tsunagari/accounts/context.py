"""What every page knows: who acts, what they may open, and whether this is a demo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from tsunagari.base.actor import Actor


@dataclass(frozen=True, slots=True)
class NavItem:
    """A line of the menu. `gap` draws a line above it."""

    url: str
    label: str
    icon: str
    active: bool = False
    gap: bool = False
    count: int = 0


# URL name, label, icon, the action that opens it, a line above, and prefixes of names that belong to it.
MENU: tuple[tuple[str, str, str, str, bool, tuple[str, ...]], ...] = (
    ("today", "今日", "today", "today.read", False, ()),
    (
        "families",
        "家庭",
        "family",
        "family.find",
        False,
        (
            "famil",
            "person",
            "expect",
            "birth",
            "nickname",
            "same",
            "card",
            "benefit_u",
            "registration_",
            "second_",
            "assess",
            "plan",
            "chart",
        ),
    ),
    ("roster", "来所", "visit", "visit.read", False, ("visit", "check_in", "tally", "scan")),
    (
        "records",
        "記録",
        "record",
        "record.read",
        False,
        (
            "record",
            "draft",
            "charts",
            "owner",
            "group",
            "sheet",
            "keeping",
            "snippet",
            "attach",
            "tool",
        ),
    ),
    ("circulation", "回覧", "seal", "circulation.read", False, ("circulation",)),
    (
        "registering",
        "登録とカード",
        "card",
        "family.register",
        False,
        ("policy", "renewal", "grown_out", "form", "cards", "card_sheet", "benefit"),
    ),
    (
        "guide",
        "手引き",
        "guide",
        "guide.read",
        False,
        ("guide", "draft_guide", "partner", "categor", "official"),
    ),
    ("reports", "報告", "report", "report.read", False, ("report",)),
    (
        "places",
        "場所",
        "place",
        "places.read",
        True,
        ("agenc", "area", "designation", "place", "exception", "site", "slot"),
    ),
    ("keeping", "記録のしかた", "settings", "mark.manage", False, ("mark", "concerns")),
    ("imports", "取り込み", "import", "import.read", False, ("import", "roster_import")),
    ("devices", "受付端末", "device", "kiosk.unlock", False, ("device",)),
    ("staff", "職員", "staff", "staff.read", False, ("staff", "membership")),
    (
        "skills",
        "資格と研修",
        "check",
        "skill.read",
        False,
        ("skill", "course", "training_", "qualification_", "supervision_"),
    ),
    ("trail", "操作の記録", "trail", "trail.read", False, ("trail",)),
)


def workspace(request: HttpRequest) -> dict[str, Any]:
    """`actor`, `nav`, `demo` and `session_seconds`; pages without an actor get an empty menu.

    The menu is made when a page shows it: a fragment asks for no numbers.
    """
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "actor": actor,
        "demo": settings.DEMO,
        "session_seconds": settings.SESSION_IDLE_SECONDS,
        "nav": SimpleLazyObject(lambda: menu(actor, _here(request), _numbers(request, actor)))
        if actor
        else [],
    }


def menu(actor: Actor, here: str, numbers: Mapping[str, int] | None = None) -> list[NavItem]:
    """The lines of the menu the actor may open. `here` is the URL name of the page, `numbers` what waits by name."""
    items: list[NavItem] = []
    home = _home_of(here)
    for name, label, icon, action, gap, _ in MENU:
        if not actor.may(action):
            continue
        if (url := _address(name)) is None:
            continue
        count = (numbers or {}).get(name, 0)
        items.append(NavItem(url, label, icon, name == home, gap and bool(items), count))
    return items


def _numbers(request: HttpRequest, actor: Actor) -> Mapping[str, int]:
    """What waits for the actor by URL name: as the view left it on the request, else as settings.MENU_NUMBERS says."""
    known: Mapping[str, int] | None = getattr(request, "menu_numbers", None)
    return known if known is not None else import_string(settings.MENU_NUMBERS)(actor)


@cache
def _address(name: str) -> str | None:
    """Remembered: every page asks for all of them."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


@cache
def _home_of(here: str) -> str:
    """The line of the menu a page belongs to: its own, else the one with the longest beginning of its name."""
    if any(here == name for name, *_ in MENU):
        return here
    found = [
        (len(prefix), name) for name, *_, prefixes in MENU for prefix in prefixes if here.startswith(prefix)
    ]
    return max(found, default=(0, ""))[1]


def _here(request: HttpRequest) -> str:
    match = getattr(request, "resolver_match", None)
    return (match.url_name or "") if match else ""
