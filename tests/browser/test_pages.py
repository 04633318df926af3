"""Every page, for every role that may open it: axe-core finds nothing, nothing sticks out at three widths (X4).

The list comes from the URLconf, so a new page is looked at from the day it exists. Every page is looked at for the
role that sees most in it, and for another role where that one sees something built as nothing before.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from playwright.sync_api import Page

from tests import makers
from tests.browser.addresses import page_of, routes
from tests.browser.looking import AXE, axe_finds, sticks_out
from tests.browser.passkeys import add_passkey
from tests.browser.people import Desk
from tests.browser.structure import given_twice, parts
from tests.browser.world import MOMENT, World
from tsunagari.accounts.models import User
from tsunagari.base import clock

GROUPS = ("accounts", "allauth", "desk", "encounters", "families", "interop", "places", "reports")
ROLES = ("counselor", "manager", "rounds", "nurse", "lead", "officer", "auditor")
# Addresses that never show a page of their own: forms answered by POST, downloads, data.
PAGELESS = {
    "search/",
    "session/",
    "staff/<int:user_id>/active/",
    "staff/<int:user_id>/reset/",
    "accounts/2fa/recovery-codes/download/",
    "accounts/2fa/webauthn/login/",
    "visits/<int:visit_id>/undo/",
    "visits/<int:visit_id>/restore/",
    "visits/roster.pdf",
    "visits/blank.pdf",
    "visits/tallies/<int:tally_id>/undo/",
    "visits/tallies/<int:tally_id>/restore/",
    "places/sites/<int:site_id>/reopen/",
    "places/sites/<int:site_id>/days/",
    "places/sites/<int:site_id>/days/<int:time_id>/remove/",
    "records/<int:record_id>/edit/",
    "charts/<int:chart_id>/write/",
    "charts/<int:chart_id>/reopen/",
    "charts/<int:chart_id>/chart.pdf",
    "drafts/<int:draft_id>/save/",
    "drafts/<int:draft_id>/here/",
    "drafts/<int:draft_id>/attachments/",
    "drafts/<int:draft_id>/partners/",
    "records/<int:record_id>/attachments/",
    "attachments/<int:attachment_id>/",
    "attachments/<int:attachment_id>/preview/",
    "records/day.pdf",
    "keeping/marks/<int:mark_id>/end/",
    "records/<int:record_id>/seal/",
    "records/<int:record_id>/seals/<int:seal_id>/withdraw/",
    "records/<int:record_id>/comments/<int:comment_id>/strike/",
    "circulation/rules/<int:rule_id>/end/",
    "circulation/rules/<int:rule_id>/back/",
    "families/<int:household_id>/assessments/picture.svg",
    "families/<int:household_id>/assessments/results.pdf",
    "assessments/<int:assessment_id>/replace/",
    "tools/begin/",
    "tools/<int:tool_id>/blank.pdf",
    # the pages of these two are drafts, of addresses of their own
    "plans/<int:plan_id>/next/",
    "plans/<int:plan_id>/end/",
    "tools/<int:tool_id>/start/",
    "tools/<int:tool_id>/stop/",
    "plans/<int:plan_id>/plan.pdf",
    "plans/<int:plan_id>/family.pdf",
    "plans/blank.pdf",
    "imports/<int:import_id>/apply/",
    "places/<int:agency_id>/reopen/",
    "places/<int:agency_id>/exceptions/",
    "places/<int:agency_id>/exceptions/<int:exception_id>/remove/",
    "imports/<int:import_id>/discard/",
    "imports/<int:import_id>/rejected/",
    "imports/rosters/<int:roster_id>/rest/",
    "imports/rosters/<int:roster_id>/apply/",
    "imports/rosters/<int:roster_id>/back/",
    "imports/rosters/<int:roster_id>/discard/",
    "imports/rosters/<int:roster_id>/undo/",
    "imports/rosters/<int:roster_id>/rejected/",
    "devices/<int:device_id>/lock/",
    "trail/lines.xlsx",
    "trail/check/",
    "skills/people.xlsx",
    "skills/courses/offers/",
    "skills/courses/<int:course_id>/end/",
    "skills/qualifications/<int:qualification_id>/back/",
    "skills/trainings/<int:training_id>/back/",
    "skills/supervisions/<int:supervision_id>/back/",
    # doors of tablets, which no person passes: looked at in test_kiosk
    "kiosk/",
    "kiosk/check-in/",
    "kiosk/children/",
    "kiosk/newcomer/",
    "kiosk/sync/",
    "kiosk/worker.js",
    "families/same/run/",
    "families/<int:household_id>/registrations/<int:registration_id>/reopen/",
    "families/<int:household_id>/registrations/<int:registration_id>/renew/",
    "families/<int:household_id>/renewals/<int:renewal_id>/undo/",
    "families/<int:household_id>/home-changes/<int:change_id>/seen/",
    "families/<int:household_id>/benefit-uses/<int:use_id>/undo/",
    "families/<int:household_id>/card/issue/",
    "families/<int:household_id>/card/<int:card_id>/print/",
    "families/<int:household_id>/card/<int:card_id>/qr.svg",
    "cards/sheet/",
    # forms answered by POST, and paper, of the guide and the official tables
    "guide/edit/discard/",
    "guide/edit/entries/<int:guide_entry_id>/move/",
    "guide/books/<int:book_id>/guide.pdf",
    "categories/<int:subcategory_id>/move/",
    "categories/official/<int:table_id>/check/",
    "categories/official/<int:table_id>/reopen/",
    "categories/official/<int:table_id>/copy/",
    "reports/new/",
    "reports/<int:report_id>/note/",
    "reports/<int:report_id>/receive/",
    "reports/<int:report_id>/return/",
    "reports/<int:report_id>/amend/",
    "reports/<int:report_id>/comments/",
    "reports/<int:report_id>/report.pdf",
    "reports/<int:report_id>/report.xlsx",
    "reports/shared/<int:record_id>/",
    "reports/shared/<int:record_id>/undo/",
    "reports/layout/sample.xlsx",
}


@dataclass(frozen=True)
class Found:
    """A page that a role may open, and what it is built of."""

    role: str
    route: str
    address: str
    parts: frozenset[str]
    twice: set[str]


def _user_of(world: World, role: str) -> User:
    return User.objects.get(pk=world.town.actors[role].user_id)


def _clients(world: World) -> Iterator[tuple[str, Client]]:
    yield "nobody", Client()
    for role in ROLES:
        client = makers.client_of(world.town.actors[role])
        session = client.session  # as if the password had been typed just now
        user = _user_of(world, role)
        if role != "auditor" and not Authenticator.objects.filter(user=user).exists():
            TOTP.activate(user, "JBSWY3DPEHPK3PXP")
            RecoveryCodes.activate(user)
            if role == "lead":
                add_passkey(user)
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "username": user.username}
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        yield role, client
    half = Client()  # asked for the second factor
    half.post("/accounts/login/", {"login": _user_of(world, "lead").username, "password": makers.PASSWORD})
    yield "half", half


def _pages(
    world: World, clients: dict[str, Client], ids: list[dict[str, int]], group: str
) -> Iterator[Found]:
    """Every page of one app that somebody can open."""
    wanted = sorted(route for route in routes() if route.group == group)
    for role, client in clients.items():
        for route in wanted:
            if found := page_of(client, route, *ids):
                address, html = found
                yield Found(role, route.text, address, parts(html), given_twice(html))


def worth_a_look(pages: list[Found]) -> list[Found]:
    """Each address once, for the role whose page has most in it; of the others those with something not seen yet."""
    richest: dict[str, Found] = {}
    for one in pages:
        if one.route not in richest or len(one.parts) > len(richest[one.route].parts):
            richest[one.route] = one
    chosen = list(richest.values())
    seen = set().union(*(one.parts for one in chosen))
    for one in pages:
        if not one.parts <= seen:
            chosen.append(one)
            seen |= one.parts
    return chosen


def _look(page: Page, address: str) -> list[str]:
    """What is wrong with the page at this address, which must be the page and not another one."""
    answer = page.goto(address)
    shown = urlsplit(page.url).path
    if answer is None or answer.status != 200 or shown != address:
        return [f"{answer and answer.status} {shown} instead of the page"]
    return [*axe_finds(page), *sticks_out(page)]


def _role(page: Found) -> str:
    return page.role


@pytest.mark.parametrize("group", GROUPS)
def test_pages_are_clean_for_every_role_at_every_width(
    desk: Desk, world: World, world_ids: list[dict[str, int]], group: str
) -> None:
    with clock.stopped_at(MOMENT):
        clients = dict(_clients(world))
        found = list(_pages(world, clients, world_ids, group))
    desk.site.moment = MOMENT
    page = desk.device().new_page()  # one window for all, so that styles and scripts are fetched once
    page.add_init_script(AXE)
    complaints = [f"{one.role} {one.address}: twice: {one.twice}" for one in found if one.twice]
    for role, pages in groupby(sorted(worth_a_look(found), key=_role), key=_role):
        desk.take_over(page.context, clients[role])
        for one in pages:
            complaints += [f"{role} {one.address}: {what}" for what in _look(page, one.address)]
    assert not complaints, "\n".join(complaints)
    opened = {one.route for one in found}
    assert {route.text for route in routes() if route.group == group} - opened <= PAGELESS
    assert not opened & PAGELESS
