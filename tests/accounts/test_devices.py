"""A tablet at the door (D2): unlocked by staff, good for one thing, ended at once when locked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.encounters.kiosk import client_of as tablet_client
from tests.encounters.kiosk import tablet
from tests.makers import Town, make_actor, scope

from tsunagari.accounts import devices as doors
from tsunagari.accounts import queries
from tsunagari.accounts.forms import MembershipForm
from tsunagari.accounts.models import Device, Membership
from tsunagari.accounts.operations import devices
from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.base.access import EVERYONE, Role
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.places.models import Site

CLOSED = "この端末は使えません - つながり"


def unlocked(town: Town, **more: Any) -> tuple[Device, Client]:
    with scope(town, town.counselor.user_id):
        device, secret = tablet(town.counselor, **more)
    return device, tablet_client(device, secret)


def test_unlocking_signs_the_person_out_and_leaves_the_devices_key_alone(town: Town, client_of: Any) -> None:
    client = client_of(town.counselor)
    answer = client.post("/devices/unlock/", {"name": "入口", "lasting": "today"})
    cookie = answer.cookies[doors.COOKIE]
    assert (answer.status_code, answer["Location"]) == (303, "/kiosk/")
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/kiosk/", True, "Strict")
    assert client.get("/families/")["Location"].startswith("/accounts/login/")
    assert client.get("/kiosk/").status_code == 200
    with scope(town):
        device = Device.objects.get()
        assert cookie.value.split(".")[2] not in {device.token_digest, device.name}
        done = set(Entry.objects.filter(user_id=town.counselor.user_id).values_list("action", flat=True))
    assert {"kiosk.unlock", "session.sign_out"} <= done


def test_the_cookie_is_for_encrypted_lines_alone_in_service(
    settings: Any, town: Town, client_of: Any
) -> None:
    settings.LOCAL = False
    answer = client_of(town.counselor).post("/devices/unlock/", {"name": "入口", "lasting": "locked"})
    assert answer.cookies[doors.COOKIE]["secure"]


def test_a_wrong_secret_an_ended_day_and_a_locked_device_open_nothing(town: Town) -> None:
    device, client = unlocked(town)
    assert CLOSED in tablet_client(device, "A" * 43).get("/kiosk/").content.decode()
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        assert client.get("/kiosk/").status_code == 403
    assert client.get("/kiosk/").status_code == 200
    with scope(town, town.manager.user_id):
        devices.lock(device, actor=town.manager)
    assert client.get("/kiosk/").status_code == 403
    answer = client.post("/kiosk/sync/", {"items": []}, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (403, "closed")


@pytest.mark.parametrize("value", ["", "x", "1.2", "1.2." + "A" * 42, "9" * 30 + ".1." + "A" * 43, "1.1.é"])
def test_a_cookie_of_another_form_is_no_key(town: Town, value: str) -> None:
    client = Client()
    client.cookies[doors.COOKIE] = value
    assert client.get("/kiosk/").status_code == 403


def test_a_key_of_one_town_is_none_in_another(town: Town, other_town: Town) -> None:
    with scope(town, town.counselor.user_id):
        device, secret = tablet(town.counselor)
    client = Client()
    client.cookies[doors.COOKIE] = f"{other_town.municipality.pk}.{device.pk}.{secret}"
    assert client.get("/kiosk/").status_code == 403


def test_staff_do_not_pass_the_tablets_doors(town: Town, client_of: Any) -> None:
    for actor in town.actors.values():
        assert client_of(actor).get("/kiosk/").status_code == 403


def test_only_the_page_itself_can_write(town: Town) -> None:
    _, client = unlocked(town)
    sent = {"key": str(uuid4()), "text": "123"}
    assert client.post("/kiosk/check-in/", sent).status_code == 403
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    answer = client.post("/kiosk/check-in/", sent, content_type="application/json", headers=elsewhere)
    assert answer.status_code == 403
    assert client.post("/kiosk/check-in/", sent, content_type="application/json").status_code == 200


def test_no_membership_can_be_a_tablets(in_town: Town) -> None:
    assert Role.KIOSK not in EVERYONE
    assert "kiosk" not in dict(Membership.ROLES)
    assert "kiosk" not in dict(MembershipForm(in_town.officer).fields["role"].choices)  # type: ignore[attr-defined]
    with pytest.raises(IntegrityError), transaction.atomic():
        make_actor(in_town.municipality, Role.KIOSK, in_town.aoba, "端末 架空")


def test_who_may_unlock_and_lock(town: Town, client_of: Any) -> None:
    allowed = {
        role for role, actor in town.actors.items() if client_of(actor).get("/devices/").status_code == 200
    }
    assert allowed == {"counselor", "manager", "lead", "officer"}
    device, _ = unlocked(town)
    assert client_of(town.stranger).post(f"/devices/{device.pk}/lock/").status_code == 404
    assert client_of(town.officer).post(f"/devices/{device.pk}/lock/").status_code == 303


def test_locking_twice_is_a_conflict_and_stands_on_the_trail(in_town: Town) -> None:
    device, _ = tablet(in_town.counselor)
    devices.lock(device, actor=in_town.manager)
    with pytest.raises(Conflict):
        devices.lock(device, actor=in_town.manager)


def test_a_site_of_another_agency_is_refused(in_town: Town) -> None:
    site = Site.objects.create(
        municipality=in_town.municipality, agency=in_town.midori, name="公民館", valid_from=clock.today()
    )
    with pytest.raises(DomainError):
        tablet(in_town.counselor, site=site)
    assert tablet(in_town.stranger, site=site)[0].site == site


def test_the_officer_says_for_which_agency(town: Town, client_of: Any) -> None:
    client, sent = client_of(town.officer), {"name": "入口", "lasting": "today"}
    assert client.post("/devices/unlock/", sent).status_code == 422
    assert client.post("/devices/unlock/", sent | {"agency": town.midori.pk}).status_code == 303


def test_what_waits_on_tablets_is_shown(town: Town, client_of: Any) -> None:
    device, client = unlocked(town)
    client.post("/kiosk/sync/", {"waiting": 3, "items": []}, content_type="application/json")
    page = client_of(town.counselor).get("/devices/").content.decode()
    assert "送信待ち 3件" in page
    with scope(town, town.counselor.user_id):
        assert [line.state for line in queries.devices(town.counselor)] == ["open"]
        assert queries.kept_on_devices(town.counselor) == [device]
        assert queries.kept_on_devices(town.stranger) == []


def test_hearing_of_a_tablet_writes_once_a_minute(in_town: Town, django_assert_num_queries: Any) -> None:
    device, _ = tablet(in_town.counselor)
    with django_assert_num_queries(0):
        devices.heard(device, 0)
    with django_assert_num_queries(1), clock.stopped_at(clock.now() + timedelta(minutes=2)):
        devices.heard(device, 0)
    devices.heard(device, -5)
    assert Device.objects.get(pk=device.pk).waiting == 0
