"""The harness itself: a page that errs, or calls elsewhere, must be noticed."""

from __future__ import annotations

import pytest

from tests.browser.people import Desk, Watch
from tests.makers import Town


@pytest.fixture
def own_watch() -> Watch:
    return Watch()


def test_errors_refused_styles_and_calls_elsewhere_are_noticed(
    desk: Desk, town: Town, own_watch: Watch
) -> None:
    """X4: no outside resource, strict policy."""
    desk.watch = own_watch
    page = desk.sit(town.counselor)
    assert own_watch.complaints == []
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'x=1'}))"
    )
    page.evaluate("fetch('https://example.com/').catch(() => 0)")
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.get_by_role("heading", level=1).wait_for()
    said = " ".join(own_watch.complaints)
    assert "Content Security Policy" in said
    assert "request left the machine" in said or "connect-src" in said
    assert "page error: broken" in said


def test_pages_carry_the_products_own_policy(desk: Desk, town: Town) -> None:
    """X4: the live server answers with the headers people get."""
    answer = desk.sit(town.counselor).goto("/")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
