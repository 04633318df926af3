"""What the city and an agency decided about keeping records, for pictures of the pages."""

from __future__ import annotations

from uuid import uuid4

from tests.browser.world import World
from tests.makers import scope
from tsunagari.base import clock
from tsunagari.encounters.models import Partner, RecordSheet, SubCategory
from tsunagari.encounters.operations import keeping, records, sheets
from tsunagari.encounters.rules import RecordInput
from tsunagari.encounters.rules.keeping import MarkInput

MARKS = (
    MarkInput("●", "すぐに読む", "けがや、強い不安があるとき", True, ("manager", "lead"), 1, "usual", 1),
    MarkInput("○", "つづけて見る", "気になることがあるとき", False, ("manager",), 7, "usual", 2),
)
TEXTS = (
    ("はじめての来所", "はじめて来所。施設の使い方と、相談できることを伝えた。"),
    ("様子", "表情は明るく、ほかの親子とも話していた。"),
)


def at_the_books(world: World) -> RecordSheet:
    """Marks, partners, finer categories, texts and entries of today; a blank sheet."""
    town, today = world.town, clock.today()
    with scope(town, town.officer.user_id):
        marks = [keeping.add_mark(mark, actor=town.officer) for mark in MARKS]
        own = {"municipality": town.municipality}
        for kind, name in enumerate(("架空保健センター", "架空こども家庭センター"), start=1):
            Partner.objects.create(**own, kind=kind, name=name)
        for label in ("ことば", "からだの育ち", "食べること"):
            SubCategory.objects.create(**own, category=5, label=label, from_year=today.year - 1)
        for title, text in TEXTS:
            keeping.add_snippet(actor=town.manager, title=title, text=text)
        keeping.choose_style(town.aoba, actor=town.manager, style="hybrid", version=0)
        for mark, words in zip(
            marks, ("夜に何度も起きて、つらいとのこと。", "離乳食をあまり食べない。"), strict=True
        ):
            said = RecordInput(
                clock.now(),
                words,
                (9,),
                household_id=world.kimura.pk,
                mark_id=mark.pk,
                responses=("listened",),
            )
            records.write_record(said, actor=town.counselor, key=uuid4())
        return sheets.print_sheets(1, actor=town.counselor, form="day")[0]
