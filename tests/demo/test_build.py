from __future__ import annotations

import pytest
from datetime import date
from tsunagari.demo import build

TODAY = date(2026, 11, 20)

@pytest.mark.django_db
def test_try() -> None:
    print(build.build(today=TODAY, scale=0.05))
    assert build.is_built()
    print(build.accounts_table())
