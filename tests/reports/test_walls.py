"""Doors the crawl cannot name: addresses with the name of a figure or the code of a period."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from tests.makers import Town
from tests.reports.test_pages import october, stopped, submit, write_in_october
from tsunagari.base.actor import Actor

Clients = Callable[[Actor], Client]
__all__ = ["stopped"]
CELL = "cells/category.5.phone/"
PERIODS = ("", "report.pdf", "report.xlsx", CELL)


def test_behind_a_figure_nobody_else_looks(town: Town, other_town: Town, client_of: Clients) -> None:
    record = write_in_october(town)
    number = october(client_of(town.manager))
    submit(client_of(town.manager), number)
    address = f"/reports/{number}/{CELL}"
    assert client_of(town.stranger).get(address).status_code == 404
    assert client_of(other_town.lead).get(address).status_code == 404
    for actor in (town.officer, town.auditor, town.rounds):
        assert client_of(actor).get(address).status_code == 403
    centre = client_of(town.nurse).get(address).content.decode()  # without the family's consent
    assert f"/records/{record}/" not in centre
    assert "このほかに1件あります" in centre


def test_the_towns_figures_are_for_the_town(town: Town, other_town: Town, client_of: Clients) -> None:
    write_in_october(town)
    for part in PERIODS:
        for actor in (town.counselor, town.manager, town.nurse, town.auditor):
            assert client_of(actor).get(f"/reports/city/2026-10/{part}").status_code == 403
        assert client_of(town.lead).get(f"/reports/city/2026-10/{part}").status_code == 200
    next_door = client_of(other_town.lead).get("/reports/city/2026-10/").content.decode()
    assert "/cells/consult.total/" not in next_door  # nothing was written there
    assert client_of(town.lead).get("/reports/city/2026-10/cells/no.such.figure/").status_code == 404
