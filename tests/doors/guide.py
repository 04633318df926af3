"""What the crawl needs of the guide, partners, finer categories and official tables. They are the town's own words and
tell of no family; an entry of the draft carries the secret, for only who writes the guide may read a draft."""

from __future__ import annotations

from uuid import uuid4

from tests.makers import Town

from tsunagari.encounters.models import SubCategory
from tsunagari.encounters.operations import guide, official, partners, sorting
from tsunagari.encounters.queries import guide as queries
from tsunagari.encounters.rules.guide import EntryInput
from tsunagari.encounters.rules.partners import PartnerInput
from tsunagari.encounters.rules.sorting import ItemInput


def make_guide(town: Town, words: str) -> dict[str, int]:
    """Ids by route parameter: a draft whose entry carries the words, and its partner."""
    actor = town.officer
    whom = partners.add_partner(PartnerInput(1, "架空の相談窓口", "0800-000-0000", "平日"), actor=actor)
    first = guide.fill_with_default(actor=actor)
    seen = queries.stamp(queries.entries(first))
    guide.publish(first, actor=actor, note="はじめの版", seen=seen)
    draft = guide.begin(actor=actor)
    entry = guide.add_entry(
        draft, EntryInput(5, words, how=words, partner_id=whom.pk), actor=actor, key=uuid4()
    )
    detail: SubCategory = sorting.add_detail(actor=actor, category=5, label="ことば", from_year=2025)
    table = official.add_own(words, actor=actor, fiscal_year=2026)
    item = official.add_item(table, ItemInput("1", words), actor=actor, version=table.version)
    return {
        "book_id": draft.pk,
        "guide_entry_id": entry.pk,
        "partner_id": whom.pk,
        "subcategory_id": detail.pk,
        "table_id": table.pk,
        "item_id": item.pk,
    }
