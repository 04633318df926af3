"""What つながり市 agreed about records, in force before the two years begin."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from tsunagari.accounts.operations import skills
from tsunagari.base import clock
from tsunagari.base.japanese.ages import fiscal_year
from tsunagari.demo.ground import Ground
from tsunagari.demo.towns import TONARI, TSUNAGARI
from tsunagari.encounters.models import Partner
from tsunagari.encounters.operations import guide, keeping, official, partners, sorting, tools
from tsunagari.encounters.queries.guide import entries, stamp
from tsunagari.encounters.rules.keeping import MarkInput
from tsunagari.encounters.rules.partners import PartnerInput
from tsunagari.reports.operations import rules
from tsunagari.reports.rules import ITEMS, Asked
from tsunagari.reports.rules.asking import AT_ONCE, NOT_ASKED, REGULAR

#: how each agency keeps its records; the others by day, as they always did
STYLES: dict[str, dict[str, dict[str, Any]]] = {
    TSUNAGARI.key: {
        "aoba": {"style": "hybrid", "circulate_all": True},
        "midori": {"style": "day", "mark_required": True},
        "nijiiro": {"style": "family"},
        "wakaba": {"style": "day"},
        "centre": {"style": "family"},
    },
    TONARI.key: {"hamabe": {"style": "family"}},
}
#: who writes a report every day
DAILY = "wakaba"
_ASKED = dict.fromkeys(ITEMS, REGULAR)


@cache
def words() -> dict[str, Any]:
    """texts/agreed.toml."""
    text = (resources.files("tsunagari.demo") / "texts" / "agreed.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def agree(ground: Ground) -> None:
    """Put everything in force, by the officer and the managers, on the day the clock stands on."""
    if ground.plan is TSUNAGARI:
        _marks(ground)
        _snippets(ground)
        _guide(ground)
        _sorting(ground)
        skills.offer_courses(actor=ground.officer)
    for key, given in STYLES.get(ground.plan.key, {}).items():
        keeping.choose_style(ground.agencies[key], actor=ground.officer, version=0, **given)
    tool = tools.begin(actor=ground.officer)
    ground.tool = tools.put_in_force(tool, actor=ground.officer, starts_on=clock.today())
    _reports(ground)


def _marks(ground: Ground) -> None:
    keeping.set_concerns(words()["concerns"], actor=ground.officer, version=0)
    for place, one in enumerate(words()["mark"], 1):
        given = MarkInput(position=place, **{**one, "readers": tuple(one.get("readers", ()))})
        ground.marks[given.symbol] = keeping.add_mark(given, actor=ground.officer).pk


def _snippets(ground: Ground) -> None:
    for one in words()["snippet"]:
        manager = ground.actors["manager", one["agency"]][0]
        keeping.add_snippet(
            actor=manager, title=one["title"], text=one["text"], field=one.get("field", "content")
        )


def _guide(ground: Ground) -> None:
    """The guide that ships, with this town's telephones; and partners of its own."""
    draft = guide.fill_with_default(actor=ground.officer)
    phones: dict[str, str] = words()["phones"]
    for row in Partner.objects.filter(municipality_id=ground.municipality_id, name__in=phones).order_by("pk"):
        given = PartnerInput(row.kind, row.name, phones[row.name], "平日 8:30〜17:15", row.place, row.note)
        partners.change_partner(row, given, actor=ground.officer, version=row.version)
    for one in words()["partner"]:
        partners.add_partner(PartnerInput(**one), actor=ground.officer)
    guide.publish(draft, actor=ground.officer, note="はじめての版", seen=stamp(entries(draft)))
    rows = Partner.objects.filter(municipality_id=ground.municipality_id)
    ground.partners.update(rows.values_list("name", "pk"))


def _sorting(ground: Ground) -> None:
    year = fiscal_year(clock.today())
    for category, labels in words()["details"].items():
        for label in labels:
            made = sorting.add_detail(
                actor=ground.officer, category=int(category), label=label, from_year=year
            )
            ground.details[label] = made.pk


def tables(ground: Ground) -> None:
    """公の表 as of last fiscal year, one of them compared with its original by the officer; both copied for this year."""
    this = fiscal_year(ground.today)
    for key in ("fukushi", "kofukin"):
        table = official.add_default(key, actor=ground.officer, fiscal_year=this - 1)
        if key == "kofukin":
            official.check(
                table, actor=ground.officer, source=f"架空県の実績報告の様式（{this - 1}年度・架空）",
                version=table.version,
            )  # fmt: skip
        official.copy_to(table, actor=ground.officer, fiscal_year=this)


def _reports(ground: Ground) -> None:
    """Every month all six items; one agency a report a day, two tell at once whom they turned to, one not of people."""
    rules.ask(None, Asked(_ASKED, False, 5), actor=ground.officer, expected_version=0)
    if ground.plan is not TSUNAGARI:
        return
    own = {
        DAILY: Asked(_ASKED, True, 5),
        "aoba": Asked(_ASKED | {"6": AT_ONCE}, False, 5),
        "nijiiro": Asked(_ASKED | {"6": AT_ONCE}, False, 10),
        "daigaku": Asked(_ASKED | {"3": NOT_ASKED, "4": NOT_ASKED}, False, 5),
    }
    for key, asked in own.items():
        rules.ask(ground.agencies[key], asked, actor=ground.officer, expected_version=0)
