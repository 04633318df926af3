"""利用カード of one family: on paper, on a screen, anew, stopped."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base import paper
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.pages import go, render
from tsunagari.families import access, rules
from tsunagari.families.forms.cards import CardReasonForm, LayoutForm, StopForm
from tsunagari.families.models import Card, Household
from tsunagari.families.operations import cards as operations
from tsunagari.families.queries import cards as queries
from tsunagari.families.queries.policies import policy_of
from tsunagari.families.views.common import household_of, refuse, shown, status_of

TEMPLATE = "families/paper/cards.typ"
TITLE = "利用カード"
SERVICE = "地域子育て相談機関"
NOTE = "相談機関に来たら、受付にかざしてください。なくしたときは、近くの相談機関へお知らせください。"
HINT = "線で切ってお使いください。写真にとって、スマートフォンの画面を受付にかざすこともできます。"


@allow(access.CARD_PRINT)
def card(request: StaffRequest, household_id: int) -> HttpResponse:
    """The family's cards: the one in use, others that still work, stopped ones; what can be done with them."""
    household = household_of(request, household_id)
    context = {
        "head": shown(request, household),
        "cards": queries.of_household(household),
        "form": LayoutForm(initial={"layout": "a4"}),
    }
    return render(request, "families/card.html", context)


@require_POST
@allow(access.CARD_PRINT)
def card_issue(request: StaffRequest, household_id: int) -> HttpResponse:
    """The first card of a family, or one after the last was stopped; again it is the same one."""
    household = household_of(request, household_id)
    operations.issue_card(household, actor=request.actor)
    return _back(request, household, "利用カードをつくりました。印刷して渡してください。")


@require_POST
@allow(access.CARD_PRINT)
def card_print(request: StaffRequest, household_id: int, card_id: int) -> HttpResponse:
    """One card on paper."""
    household = household_of(request, household_id)
    found = _standing(household, card_id)
    form = LayoutForm(request.POST)
    if not form.is_valid():
        context = {"head": shown(request, household), "cards": queries.of_household(household), "form": form}
        return render(request, "families/card.html", context, status=422)
    operations.printed([found], actor=request.actor)
    return on_paper(request, [found], form)


@allow(access.CARD_PRINT)
def card_show(request: StaffRequest, household_id: int, card_id: int) -> HttpResponse:
    """The QR large on the screen, for the family's phone to photograph. Nothing on it tells whose it is."""
    household = household_of(request, household_id)
    found = _standing(household, card_id)
    operations.shown(found, actor=request.actor)
    return render(request, "families/card_show.html", {"card": found, "household_id": household.pk})


@allow(access.CARD_PRINT)
def card_qr(request: StaffRequest, household_id: int, card_id: int) -> HttpResponse:
    """The picture on that page."""
    found = _standing(household_of(request, household_id), card_id)
    response = HttpResponse(paper.qr(found.token), content_type="image/svg+xml")
    response["Cache-Control"] = "no-store"
    return response


@allow(access.CARD_PRINT)
def card_reissue(request: StaffRequest, household_id: int, card_id: int) -> HttpResponse:
    """A new card instead of the main one, which stops at once. A second click finds the new one."""
    household = household_of(request, household_id)
    found = get_object_or_404(household.cards, pk=card_id)
    form = CardReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            operations.reissue_card(household, actor=request.actor, reason=reason, instead_of=found)
            return _back(
                request, household, "新しいカードをつくり、前のカードを止めました。印刷して渡してください。"
            )
        except Conflict as error:
            messages.info(request, f"{error.message}{error.what_to_do}")
            return go(request, reverse("card", args=[household.pk]))
        except DomainError as error:
            refuse(form, error)
    context = {"head": shown(request, household), "card": found, "form": form}
    return render(request, "families/card_reissue.html", context, status=status_of(form))


@allow(access.CARD_REVOKE)
def card_revoke(request: StaffRequest, household_id: int, card_id: int) -> HttpResponse:
    """Stop a card without a new one. A second click changes nothing."""
    household = household_of(request, household_id)
    found = get_object_or_404(household.cards, pk=card_id)
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.revoke_card(found, actor=request.actor, reason=form.cleaned_data["reason"])
            return _back(request, household, "カードを止めました。")
        except Conflict as error:
            messages.info(request, error.message)
            return go(request, reverse("card", args=[household.pk]))
        except DomainError as error:
            refuse(form, error)
    context = {"head": shown(request, household), "card": found, "form": form}
    return render(request, "families/card_revoke.html", context, status=status_of(form))


def on_paper(request: StaffRequest, cards: Sequence[Card], form: LayoutForm) -> HttpResponse:
    """The cards as a PDF, laid out as the valid form says; nothing in it tells whose they are."""
    data = {
        "issuer": f"{request.actor.municipality_name} {SERVICE}",
        "title": TITLE,
        "note": policy_of(request.actor.municipality_id).card_note or NOTE,
        "hint": HINT,
        "layout": form.cleaned_data["layout"],
        "start": form.cleaned_data["start"],
        "cards": [{"number": rules.grouped(card.number), "qr": paper.qr(card.token)} for card in cards],
    }
    response = HttpResponse(paper.render(TEMPLATE, data), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="card.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _standing(household: Household, card_id: int) -> Card:
    """A card of the family that works. Conflict for one that was stopped since the page was opened."""
    found: Card = get_object_or_404(household.cards, pk=card_id)
    if found.state != Card.State.ACTIVE:
        raise Conflict(
            "このカードは、止められています。",
            what_to_do="家庭の「利用カード」を開きなおして、いまのカードを確かめてください。",
        )
    return found


def _back(request: StaffRequest, household: Household, said: str) -> HttpResponse:
    messages.success(request, said)
    return go(request, reverse("card", args=[household.pk]))
