"""利用カード: given out, replaced, stopped, printed. One standing main card a household (constraint `card_main`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.access import Action
from tsunagari.base.actor import Actor
from tsunagari.base.adding import add
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.prepared import prepared
from tsunagari.families import access, rules
from tsunagari.families.models import Card, Household
from tsunagari.families.operations import links
from tsunagari.families.operations.history import locked
from tsunagari.families.queries import cards as queries

_ADD_NUMBERS = """
UPDATE families_searchentry AS entry SET grams = array_append(entry.grams, card.gram)
FROM unnest(%s::bigint[], %s::text[]) AS card (household_id, gram)
WHERE entry.household_id = card.household_id AND NOT entry.grams @> ARRAY[card.gram]
"""


@transaction.atomic
def issue_card(household: Household, *, actor: Actor) -> Card:
    """The household's main card: the standing one, else a new one."""
    household = locked(household)
    _lives_here(household)
    return own_card(household, actor=actor)


def own_card(household: Household, *, actor: Actor) -> Card:
    """As `issue_card`, in the transaction of a caller who holds the household locked."""
    return _standing(household) or _make(household, actor=actor, did="issue")


def first_card(household: Household, *, actor: Actor) -> Card:
    """The card of a household made in this transaction."""
    return _make(household, actor=actor, did="issue")


def taken_up_again(household: Household, *, actor: Actor) -> Card:
    """As `own_card`, after registrations that had ended by mistake: the card that stopped with them works again."""
    last = Card.objects.filter(household=household, main=True).order_by("-issued_at", "-pk").first()
    if last is None or last.state == Card.State.ACTIVE or last.reason != Card.Reason.ENDED:
        return own_card(household, actor=actor)
    last.state, last.reason = Card.State.ACTIVE, ""
    last.revoked_at = last.revoked_by = None
    last.save(update_fields=["state", "reason", "revoked_at", "revoked_by"])
    _tell(access.CARD_PRINT, last, actor=actor, did="take_up_again")
    return last


@transaction.atomic
def reissue_card(household: Household, *, actor: Actor, reason: str, instead_of: Card | None = None) -> Card:
    """Stop the main card at once and give a new one. `reason` is one of Card.Reason.

    `instead_of` is the card the person saw: Conflict when it no longer is the main card (a second click).
    """
    household = locked(household)
    _lives_here(household)
    _check_reason(reason)
    standing = _standing(household)
    if instead_of is not None and (standing is None or standing.pk != instead_of.pk):
        raise Conflict(
            "このカードは、すでに止められています。", what_to_do="いまのカードを確かめてください。"
        )
    if standing is not None:
        _stop(standing, actor=actor, reason=reason)
    return _make(household, actor=actor, did="reissue")


@transaction.atomic
def revoke_card(card: Card, *, actor: Actor, reason: str) -> Card:
    """Stop a card: it opens nothing from now on. `reason` is one of Card.Reason. Conflict when it stands no longer."""
    locked(card.household)
    _check_reason(reason)
    card = Card.objects.select_for_update(of=("self",)).get(pk=card.pk)
    if card.state == Card.State.REVOKED:
        raise Conflict("このカードは、すでに止められています。")
    _stop(card, actor=actor, reason=reason)
    return card


@transaction.atomic
def issue_many(
    households: Sequence[Household], *, actor: Actor, entered: Mapping[int, datetime] | None = None
) -> list[Card]:
    """`issue_card` for many households in a fixed number of queries; their cards in the same order.

    `entered` says of a household id when the card was written down (default now).
    """
    ids = [household.pk for household in households]
    rows = list(Household.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    for row in rows:
        _lives_here(row)
    standing = {card.household_id: card for card in _main_cards(ids)}
    new = _unsaved([row for row in rows if row.pk not in standing], actor, entered or {})
    Card.objects.bulk_create(new, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD_NUMBERS, [[card.household_id for card in new], [f"c:{card.number}" for card in new]]
        )
    for card in new:
        with clock.stopped_at(card.issued_at):
            _tell(access.CARD_PRINT, card, actor=actor, did="issue")
    standing |= {card.household_id: card for card in new}
    return [standing[pk] for pk in ids]


@transaction.atomic
def printed(cards: Sequence[Card], *, actor: Actor) -> None:
    """Note that the cards were printed, now. DomainError, and none is noted, when one was stopped meanwhile."""
    ids = [card.pk for card in cards]
    rows = list(Card.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    if any(row.state == Card.State.REVOKED for row in rows):
        raise DomainError(
            "止められたカードが入っています。", what_to_do="一覧を開きなおして、もう一度印刷してください。"
        )
    Card.objects.filter(pk__in=ids).update(printed_at=clock.now())
    for row in rows:
        _tell(access.CARD_PRINT, row, actor=actor, did="print")


def shown(card: Card, *, actor: Actor) -> None:
    """Note that the QR was shown on a screen, for a phone to photograph."""
    _tell(access.CARD_PRINT, card, actor=actor, did="show")


def _lives_here(household: Household) -> None:
    if household.joined_into_id is not None:
        raise Conflict(
            "この家庭はほかの家庭にまとめられています。", what_to_do="まとめた先の家庭を開いてください。"
        )
    if household.status != Household.Status.ACTIVE:
        raise DomainError(
            "転出・終了した家庭には、カードを出せません。",
            what_to_do="もどってきた家庭は、先に「転出・転入」でもどしてください。",
        )


def _check_reason(reason: str) -> None:
    if reason not in Card.Reason.values:
        raise DomainError("理由をえらんでください。", field="reason")


def _standing(household: Household) -> Card | None:
    return queries.main_card(household.pk)


def _main_cards(household_ids: list[int]) -> list[Card]:
    return list(Card.objects.filter(household__in=household_ids, main=True, state=Card.State.ACTIVE))


def _make(household: Household, *, actor: Actor, did: str) -> Card:
    [card] = _unsaved([household], actor, {})
    add(card)
    links.add_gram(household, f"c:{card.number}")
    _tell(access.CARD_PRINT, card, actor=actor, did=did)
    return card


def _unsaved(households: Sequence[Household], actor: Actor, entered: Mapping[int, datetime]) -> list[Card]:
    made = []
    numbers = _free_numbers(len(households), actor.municipality_id)
    for household, number in zip(households, numbers, strict=True):
        moment = entered.get(household.pk)
        with clock.stopped_at(moment) if moment else nullcontext():
            made.append(
                Card(
                    municipality_id=household.municipality_id,
                    household=household,
                    number=number,
                    token=rules.new_token(),
                    issued_at=clock.now(),
                    issued_by=actor.user_id,
                )
            )
    return made


def _free_numbers(count: int, municipality_id: int) -> list[str]:
    """Numbers at random that no card of the town has, not even a stopped one."""
    free: set[str] = set()
    while len(free) < count:
        drawn = {rules.new_number() for _ in range(count - len(free))}
        free |= drawn - _taken(municipality_id, drawn)
    return list(free)


def _taken(municipality_id: int, numbers: set[str]) -> set[str]:
    if len(numbers) == 1:
        return set(_numbers(municipality_id, *numbers))
    rows = Card.objects.filter(municipality_id=municipality_id, number__in=numbers)
    return set(rows.values_list("number", flat=True))


@prepared
def _numbers(municipality: int, number: str) -> QuerySet[Card, str]:
    return Card.objects.filter(municipality=municipality, number=number).values_list("number", flat=True)


def _stop(card: Card, *, actor: Actor, reason: str) -> None:
    card.state, card.reason = Card.State.REVOKED, reason
    card.revoked_at, card.revoked_by = clock.now(), actor.user_id
    card.save(update_fields=["state", "reason", "revoked_at", "revoked_by"])
    _tell(access.CARD_REVOKE, card, actor=actor, did="revoke", reason=reason)


def _tell(action: Action, card: Card, *, actor: Actor, did: str, **codes: str) -> None:
    audit.record(action, actor=actor, household_id=card.household_id, obj=card, detail={"did": did, **codes})
