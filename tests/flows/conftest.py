"""A town's people at their screens, on the evening of the day that is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.flows.day import evening_of, seats
from tests.makers import Town


@pytest.fixture
def people(town: Town) -> Iterator[SimpleNamespace]:
    """Everybody of つながり市 by their post, at half past five of the day."""
    with evening_of():
        yield SimpleNamespace(**seats(town))
