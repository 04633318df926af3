"""Finding and starting a Chromium: Debian's, else Playwright's own, else a reason why not.

The headless shell comes first where it is installed: the same engine without the windows and menus that a whole
Chromium draws for nobody, at half the processor time.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

ARGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--no-first-run",
    "--no-pings",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--lang=ja",
)
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@contextmanager
def started() -> Iterator[Browser]:
    """A running browser. Without one the test is skipped, or fails where a browser is required."""
    with sync_playwright() as playwright:
        browser = _launch(playwright)
        if browser is None:
            _give_up()
        else:
            yield browser
            browser.close()


def _launch(playwright: Playwright) -> Browser | None:
    found = next((path for name in _names() if (path := shutil.which(name))), None)
    args = [*ARGS, "--no-sandbox"] if os.geteuid() == 0 else list(ARGS)
    try:
        env = {**os.environ, "LANGUAGE": "ja"}  # dates in fields as people in Japan see them
        return playwright.chromium.launch(executable_path=found, args=args, env=env)
    except PlaywrightError as error:
        if found:
            raise RuntimeError(f"{found} does not start") from error
        return None


def _names() -> tuple[str, ...]:
    """Programs to look for, best first. For the manual's pictures that is the whole browser: with the package
    chromium-l10n its date fields and file buttons speak Japanese, which the shell's never do."""
    pictures = os.environ.get("TSUNAGARI_MANUAL_SHOTS") == "1"
    return tuple(sorted(NAMES, key=lambda name: "shell" in name)) if pictures else NAMES


def required() -> bool:
    """Whether a missing browser is a failure (TSUNAGARI_REQUIRE_BROWSER=1 or CI=true)."""
    return os.environ.get("TSUNAGARI_REQUIRE_BROWSER") == "1" or os.environ.get("CI") == "true"


def _give_up() -> None:
    if required():
        pytest.fail("no browser, and TSUNAGARI_REQUIRE_BROWSER=1 or CI=true asks for one", pytrace=False)
    pytest.skip("skipped: no browser")
