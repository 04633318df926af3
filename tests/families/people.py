"""Fictional people and families for the tests of this app."""

from __future__ import annotations

from datetime import date

from tsunagari.audit.models import Entry
from tsunagari.base import tenancy
from tsunagari.base.actor import Actor
from tsunagari.families.models import Household
from tsunagari.families.operations import households
from tsunagari.families.rules import CHILD, GUARDIAN, PersonInput

AYA = PersonInput(
    kind=GUARDIAN,
    family_name="髙橋",
    given_name="綾",
    family_kana="たかはし",
    given_kana="あや",
    sex="2",
    birth_date=date(1992, 5, 10),
    relation="母",
    phone="090-1234-5678",
)
SOTA = PersonInput(
    kind=CHILD,
    family_name="髙橋",
    given_name="颯太",
    family_kana="タカハシ",
    given_kana="ソウタ",
    sex="1",
    birth_date=date(2024, 8, 9),
)


def make_family(actor: Actor, *people: PersonInput, **more: object) -> Household:
    """A household made by the actor; 髙橋 綾 and her son 颯太 unless told otherwise. Needs an open scope."""
    return households.create_household(actor=actor, people=people or (AYA, SOTA), **more)  # type: ignore[arg-type]


def trail(action: str) -> list[Entry]:
    """Lines of the trail with this action, oldest first, as they stand in the running transaction."""
    for hook in tenancy.current().before_commit:
        hook()
    return list(Entry.objects.filter(action=action).order_by("pk"))
