"""Finding a family by whatever is remembered of it: two stages, then ranking in the program.

Stage one is an index range on the sort key (what people type most: the start of a family name). Stage two asks
`families_find`, which may use the index of grams ahead of row-level security. Both are re-checked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.families import rules
from tsunagari.families.models import AgencyLink, Card, Household, SearchEntry
from tsunagari.families.queries import cards
from tsunagari.families.queries.hits import FamilyHit, hits
from tsunagari.families.queries.terms import Terms, read_terms

#: Candidates looked at in each stage before ranking.
CANDIDATES = 200
OUTSIDE_MOST = 5
MORE_HINT = "ほかにもいます。名前をつづけて打つか、生年月日・電話番号を足してください。"
SHORT_HINT = "もう1文字打つと、名前の途中やお子さんの名前からもさがします。"
NO_CARD = (
    "このカードは見つかりません。ほかの市のカードか、古いカードかもしれません。お名前でさがしてください。"
)
STOPPED = "止めたカード"
STOPPED_HINT = "このカードは止められています。いまのカードを確かめるか、お名前と生年月日でさがしてください。"
OUTSIDE_HINT = "ほかの機関の家庭は、氏名・生年月日・電話番号・カード番号のうち2つをそろえるとさがせます。"


@dataclass(frozen=True, slots=True)
class Found:
    """Own families ranked, families outside one's own, whether more exist, and what to type next."""

    own: list[FamilyHit] = field(default_factory=list)
    outside: list[FamilyHit] = field(default_factory=list)
    more: bool = False
    hint: str = ""


def find(actor: Actor, text: str, *, limit: int = 20) -> Found:
    """Families that fit all words of `text`, at most `limit` of one's own and OUTSIDE_MOST others; six queries at most.

    Words: name or part of it in kanji or any kana, birth date, phone, card number. No words, nobody. A scanned card is
    in somebody's hand: it finds its family at whatever agency; a stopped one only where the family is known.
    """
    if (card_text := rules.read_card(text)).kind is not None:
        return _by_card(actor, card_text)
    terms = read_terms(text)
    if terms.empty or actor.scope == "none":
        return Found(hint=SHORT_HINT if text.strip() else "")
    ids = _prefix_ids(actor, terms, most=2 * limit + 1)
    if len(ids) <= limit and (wanted := terms.grams()):
        ids |= _ids_by_grams(wanted + _own_gram(actor))
    exact = terms.exact_grams()
    beyond = actor.scope == "agency" and terms.exact_kinds() >= 2
    ranked = _ranked(actor, ids, terms)
    others = sorted(_ids_by_grams(exact) - ids)[:OUTSIDE_MOST] if beyond else []
    lines = _lines(actor, ranked[:limit], others)
    own = [line for line in lines if not line.outside]
    more = len(ranked) > limit or len(ids) >= CANDIDATES
    outside = [line for line in lines if line.outside]
    return Found(own, outside, more, _hint(actor, terms, found=bool(lines), more=more))


def _by_card(actor: Actor, text: rules.CardText) -> Found:
    """The family of a card alone. Its QR is proof that somebody holds it here; its number can be known to anybody."""
    card = cards.by_text(text.value)
    if card is None or actor.scope == "none":
        return Found(hint=NO_CARD)
    stopped = card.state == Card.State.REVOKED
    held = text.kind == "token" and not stopped
    found = _lines(actor, [card.household_id], [card.household_id] if held else [])
    own = [line for line in found if not line.outside]
    if stopped:
        own = [replace(line, flags=(STOPPED, *line.flags)) for line in own]
        return Found(own, hint=STOPPED_HINT)
    return Found(own, [line for line in found if line.outside], hint="" if found else OUTSIDE_HINT)


def _hint(actor: Actor, terms: Terms, *, found: bool, more: bool) -> str:
    if more:
        return MORE_HINT
    if not terms.grams():
        return SHORT_HINT
    if not found and actor.scope == "agency" and terms.exact_kinds() < 2:
        return OUTSIDE_HINT
    return ""


def _own_gram(actor: Actor) -> list[str]:
    return [f"a:{actor.agency_id}"] if actor.scope == "agency" else []


def _prefix_ids(actor: Actor, terms: Terms, *, most: int) -> set[int]:
    """Stage one: own families whose sort key starts with the only word, the first by that key.

    They rank before all that stage two could add, so a full page of them is enough.
    """
    prefix = terms.prefix
    if prefix is None:
        return set()
    column, start = prefix
    return set(_starting(actor, start, rules.next_key(start), column=column, most=most))


@prepared
def _starting(actor: Actor, start: str, end: str, *, column: str, most: int) -> QuerySet[Any, int]:
    span = {f"{column}__gte": start, f"{column}__lt": end}
    if actor.scope == "agency":
        rows = AgencyLink.objects.filter(agency=actor.agency_id, listed=True, **span)
        return rows.order_by(column).values_list("household_id", flat=True)[:most]
    entries = SearchEntry.objects.filter(municipality_id=actor.municipality_id, listed=True, **span)
    return entries.order_by(column).values_list("pk", flat=True)[:most]


def _ids_by_grams(wanted: Sequence[str]) -> set[int]:
    """Stage two: households that hold all grams."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT household_id FROM families_find(%s, %s)", [list(wanted), CANDIDATES])
        return {row[0] for row in cursor.fetchall()}


def _ranked(actor: Actor, ids: set[int], terms: Terms) -> list[int]:
    """Ids of those that truly fit: exact > start of family name > start of given name > inside; moved families last."""
    if not ids:
        return []
    rows = _entries(actor, list(ids), with_grams=bool(terms.phone_parts))
    scored = []
    for pk, sort_kana, status, kana, names, *grams in rows:
        rank = terms.rank(kana, names)
        if rank is not None and terms.holds_phones(grams[0] if grams else ()):
            scored.append((status != Household.Status.ACTIVE, rank, sort_kana, pk))
    return [line[3] for line in sorted(scored)]


@prepared
def _entries(actor: Actor, ids: list[int], *, with_grams: bool) -> QuerySet[SearchEntry, Any]:
    columns = ["household_id", "sort_kana", "household__status", "kana", "names"]
    rows = SearchEntry.objects.filter(
        pk__any_of=ids, municipality_id=actor.municipality_id, household__joined_into__isnull=True
    )
    return rows.values_list(*columns, *(["grams"] if with_grams else []))


def _lines(actor: Actor, own: list[int], others: list[int]) -> list[FamilyHit]:
    """The families as lines, own ones first, in order; whether a family is one's own is asked of the database."""
    if not own and not others:
        return []
    found: dict[int, Any] = {row.pk: row for row in _households(actor, [*own, *others])}
    mine = [found[pk] for pk in own if pk in found and found[pk].known]
    outside = [found[pk] for pk in others if pk in found and not found[pk].known]
    return hits(actor, [*mine, *outside], outside=frozenset(row.pk for row in outside))


@prepared
def _households(actor: Actor, ids: list[int]) -> QuerySet[Household, Household]:
    visible = Household.objects.visible_to(actor).filter(pk=OuterRef("pk"))
    rows = Household.objects.filter(
        pk__any_of=ids, municipality_id=actor.municipality_id, joined_into__isnull=True
    )
    return rows.annotate(known=Exists(visible))
