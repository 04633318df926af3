"""The tablet's programs: they keep everything they need, say the same as the server, and name nothing outside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from tsunagari.base.japanese import codes
from tsunagari.encounters.views import kiosk
from tsunagari.families.rules.cards import CARD_DIGITS, CODE_SIGNS, TOKEN_LENGTH

FOLDER = Path(kiosk.__file__).parents[1] / "static" / "tsunagari" / "kiosk"
SCRIPTS = sorted(FOLDER.glob("*.js"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_name_nothing_outside_and_evaluate_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(https?:)?//[\w-]+\.\w", text)
    for word in ("localStorage", "sessionStorage", "innerHTML", "insertAdjacentHTML", "eval(", "Function("):
        assert word not in text


def test_the_tablet_keeps_every_file_it_needs() -> None:
    kept = {path.removeprefix("tsunagari/kiosk/") for path in (*kiosk.ENTRIES, *kiosk.MODULES)}
    assert {path.name for path in FOLDER.iterdir()} - {"worker.js"} <= kept
    for path in SCRIPTS:
        for found in re.findall(r'^import .* from "(.+)";$', path.read_text(encoding="utf-8"), re.MULTILINE):
            assert found.removeprefix("./").replace("../vendor", "tsunagari/vendor") in kept


def test_the_program_that_keeps_them_is_for_everybody_and_knows_its_version() -> None:
    answer = Client().get("/kiosk/worker.js")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert answer["Cache-Control"] == "no-cache"
    assert re.match(rb'const KNOWN = \{"version":"[0-9a-f]{16}","files":\["/static/', answer.content)


def test_the_tablet_reads_cards_by_the_same_rules_as_the_server() -> None:
    text = (FOLDER / "card.js").read_text(encoding="utf-8")
    assert tuple(re.findall(r'"([0-9]{10})"', text)) == codes._DAMM
    assert f"[{CODE_SIGNS}]{{{TOKEN_LENGTH}}}" in text
    assert f"const DIGITS = {CARD_DIGITS};" in text
