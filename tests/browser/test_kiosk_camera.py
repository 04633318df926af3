"""D2 at the door: the camera sees a card. A film of the card's QR code stands in for the camera."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Browser, expect

from tests.browser import chromium
from tests.browser.people import Desk
from tests.browser.test_kiosk import counted, family, unlock
from tests.makers import Town
from tsunagari.families.models import Card

WIDE, HIGH, SCALE = 640, 480, 8


def film(card: Card, path: Path) -> None:
    """Two seconds of the code, grey on grey and off the middle, as YUV4MPEG2."""
    rows = [bytes(row) for row in segno.make_qr(card.token, error="q").matrix_iter(scale=SCALE, border=4)]
    left, top = (WIDE - len(rows[0])) // 2 + 30, (HIGH - len(rows)) // 2 - 20
    luma = bytearray(b"\xa0" * (WIDE * HIGH))
    for y, row in enumerate(rows):
        start = (top + y) * WIDE + left
        luma[start : start + len(row)] = bytes(40 if dark else 215 for dark in row)
    frame = b"FRAME\n" + luma + b"\x80" * (WIDE * HIGH // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDE} H{HIGH} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 20)


@pytest.fixture
def looking(real_browser: Browser, desk: Desk, town: Town, tmp_path: Path) -> Iterator[tuple[Desk, Card]]:
    """Another browser, whose camera looks at a card."""
    card = family(town, "颯太", "そうた")
    film(card, tmp_path / "card.y4m")
    camera = [
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'card.y4m'}",
    ]
    found = next(
        (path for name in chromium.NAMES if "shell" not in name and (path := shutil.which(name))), None
    )
    if found is None:
        pytest.skip("skipped: no whole Chromium, and the headless shell has no camera")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = real_browser.browser_type.launch(executable_path=found, args=[*chromium.ARGS, *root, *camera])
    yield Desk(browser, desk.site, desk.watch), card
    browser.close()


def test_a_card_held_to_the_camera_is_counted_once(looking: tuple[Desk, Card], town: Town) -> None:
    desk, card = looking
    page = unlock(desk, town)
    page.context.grant_permissions(["camera"])
    page.locator("#camera-on").click()
    expect(page.get_by_role("heading", name="うけつけました")).to_be_visible()
    expect(page.get_by_role("button", name="そうた")).to_be_visible()
    assert counted(town) == [card.household_id]
    page.locator("#thanks").get_by_role("button", name="おわる").click()
    page.reload()
    expect(page.locator("#thanks").get_by_text("もう うけつけています")).to_be_visible()
    assert counted(town) == [card.household_id]
