"""A browser, the product on a port, and people at desks. Every test here is marked `browser`.

Towns are closed to each other, so each story makes its own and nothing is emptied between them; when the last
browser test in a row is over, the database is emptied for the tests that follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Browser, expect

from tests import makers
from tests.browser import chromium, site, working
from tests.browser.people import PATIENCE, Desk, Watch
from tests.browser.world import World, make_world
from tests.makers import Town, scope

HERE = Path(__file__).parent
_codes = count(990_001)
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def real_browser() -> Iterator[Browser]:
    with chromium.started() as browser:
        yield browser


@pytest.fixture(scope="package")
def real_site(real_browser: Browser, django_db_setup: None, django_db_blocker: object) -> Iterator[site.Site]:
    """The product on a port. Its database is open as long as it is served."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():  # type: ignore[attr-defined]
        patch.setenv(
            "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
        )  # Playwright keeps an event loop in the tests' own thread
        with site.served() as served:
            yield served
        working.stop()
        site.truncate_all()
        connections.close_all()  # those of Playwright's event loop; nobody finds them once it has stopped


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test on a console error, a page error, a refused resource or a request to elsewhere."""
    watching = Watch()
    yield watching
    assert watching.complaints == []


@pytest.fixture
def desk(real_browser: Browser, real_site: site.Site, watch: Watch) -> Iterator[Desk]:
    """Where people sit down at browsers; all are closed when the story is over."""
    sitting = Desk(real_browser, real_site, watch)
    yield sitting
    sitting.leave()
    real_site.wait_until_idle()
    real_site.moment = None


@pytest.fixture(scope="package")
def world(real_site: site.Site) -> World:
    """A town at work, made once; stories that change something make their own."""
    return make_world(makers.make_town("990000", "つながり市"))


@pytest.fixture(scope="package")
def world_ids(world: World) -> list[dict[str, int]]:
    """Ids for every parameter of an address in that town."""
    with scope(world.town, world.town.counselor.user_id):
        return world.ids()


@pytest.fixture
def town(real_site: site.Site) -> Town:
    """つながり市 of this story alone."""
    return makers.make_town(str(next(_codes)), "つながり市")


@pytest.fixture
def other_town(real_site: site.Site) -> Town:
    """となり町 of this story alone."""
    return makers.make_town(str(next(_codes)), "となり町")
