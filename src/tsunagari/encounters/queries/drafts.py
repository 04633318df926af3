"""Drafts: what a new one begins with, whose are open, who else is writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import (
    Consultation,
    Draft,
    DraftQuerySet,
    RecordKeeping,
    RecordMark,
    VisitPerson,
)
from tsunagari.encounters.queries.names import FamilyName, family_names, members
from tsunagari.encounters.rules import CATEGORY
from tsunagari.families.models import Household
from tsunagari.families.queries import as_outside

PRESENT = timedelta(minutes=2)
MOST_SHOWN = 20
#: What a draft is of, by the first word of its form.
FORMS = {
    "": "",
    "group": "グループでの話",
    "assess": "見立て",
    "plan": "支援プラン",
    "plan_end": "支援プランのふりかえり",
}


#: Where the first words of a draft stand.
_BEGINNINGS = ("topic", "content", "findings", "family_words", "wishes", "issues", "outcome")


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One open draft in a list. `family` is None when it is about nobody by name."""

    id: int
    family: FamilyName | None
    who_hint: str
    beginning: str
    category: str
    updated_at: datetime
    consultation_id: int | None
    is_split: bool
    form: str = ""

    @property
    def what(self) -> str:
        """What a draft of another page than the record's is of."""
        return FORMS.get(self.form.partition(":")[0], "紙の記録の入力")


def drafts(actor: Actor, *, limit: int = MOST_SHOWN) -> list[DraftLine]:
    """The actor's own drafts that something was typed into, the latest first. Two queries."""
    rows = list(Draft.objects.visible_to(actor).filter(version__gt=1).order_by("-updated_at")[:limit])
    names = family_names(row.household_id for row in rows)
    return [draft_line(row, names) for row in rows]


def open_draft_of(actor: Actor, draft_id: int) -> Draft | None:
    """One of the actor's drafts (as met_marked), or None once it is saved or thrown away."""
    return _open_draft.first(actor, draft_id)


@prepared
def _open_draft(actor: Actor, draft: int) -> QuerySet[Draft, Draft]:
    return met_marked(actor).filter(pk=draft)[:1]


def met_marked(actor: Actor) -> DraftQuerySet:
    """The actor's drafts with record and family, and `met`: whether the actor may see the family. One found by exact
    words can be written about before it is met. `mark_required`: the agency's records need a mark."""
    seen = Household.objects.visible_to(actor).filter(pk=OuterRef("household_id"))
    asked = RecordKeeping.objects.filter(agency=OuterRef("agency_id"), mark_required=True)
    marks = RecordMark.objects.filter(municipality=OuterRef("municipality_id"), ended_on__isnull=True)
    mine = Draft.objects.visible_to(actor).select_related("consultation", "household")
    return mine.annotate(met=Exists(seen), mark_required=Exists(asked) & Exists(marks))


def draft_line(draft: Draft, names: dict[int, FamilyName]) -> DraftLine:
    """A draft as a line, given the families' names."""
    typed = draft.fields
    main = str(typed.get("main_category") or next(iter(typed.get("categories") or []), ""))
    return DraftLine(
        draft.pk,
        _plain(names.get(draft.household_id or 0)),
        str(typed.get("who_hint", "")),
        " ".join(next((str(typed[name]) for name in _BEGINNINGS if typed.get(name)), "").split())[:40],
        CATEGORY[int(main)].short if main.isdecimal() and int(main) in CATEGORY else "",
        draft.updated_at,
        draft.consultation_id,
        draft.split_from_id is not None,
        str(typed.get("form") or ""),
    )


def _plain(name: FamilyName | None) -> FamilyName | None:
    """A draft may be about a family not met yet: no more than its name."""
    return as_outside(name) if name else None


def writing_now(actor: Actor, draft: Draft) -> tuple[str, ...]:
    """Names of colleagues at the own agency who write about the same record, or (for a new one) the same
    family, and saved within the last two minutes."""
    others = Draft.objects.filter(
        municipality_id=actor.municipality_id,
        agency_id=draft.agency_id,
        updated_at__gte=clock.now() - PRESENT,
    ).exclude(user_id=draft.user_id)
    if draft.consultation_id is not None:
        others = others.filter(consultation_id=draft.consultation_id)
    elif draft.household_id is not None:
        others = others.filter(household_id=draft.household_id, consultation__isnull=True)
        form = draft.fields.get("form")
        others = others.filter(fields__form=form) if form else others.exclude(fields__has_key="form")
    else:
        return ()
    return tuple(others.order_by("user_name").values_list("user_name", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class LastTime:
    """What was to be done next when the family was last written about."""

    record_id: int
    day: date
    step: str
    next_on: date | None
    done: bool
    result: str


def last_time(actor: Actor, draft: Draft) -> LastTime | None:
    """The latest next step of the draft's family that the actor may read. One query."""
    if draft.household_id is None:
        return None
    rows = Consultation.objects.visible_to(actor).filter(household_id=draft.household_id)
    rows = rows.exclude(pk=draft.consultation_id or 0).exclude(next_step="")
    row = rows.order_by("-occurred_at", "-pk").first()
    if row is None:
        return None
    return LastTime(
        row.pk, row.occurred_on, row.next_step, row.next_on, row.next_done_at is not None, row.next_result
    )


def first_fields(actor: Actor, household: Household | None, *, channel: str = "") -> dict[str, Any]:
    """What a new record starts with: now; those who came today, else the only child and only guardian;
    来所 when the family was here today (or has no name), otherwise the channel is left to be chosen."""
    now = clock.now()
    begun: dict[str, Any] = {
        "occurred_on": now.date().isoformat(),
        "occurred_time": now.strftime("%H:%M"),
        "channel": channel or "visit",
        "consent": "not_asked",
        "people": [],
        "consulting": [],
    }
    if household is None:
        return begun
    came = set(
        VisitPerson.objects.filter(
            visit__household=household,
            visit__agency_id=actor.agency_id or 0,
            visit__visited_on=now.date(),
            visit__undone_at__isnull=True,
        ).values_list("person_id", flat=True)
    )
    here = members(household, now.date())
    children = [one.id for one in here if one.is_child]
    guardians = [one.id for one in here if one.kind == "guardian"]
    about = [pk for pk in children if pk in came] or (children if len(children) == 1 else [])
    talking = [pk for pk in guardians if pk in came] or (guardians if len(guardians) == 1 else [])
    begun["people"] = [str(pk) for pk in [*about, *talking]]
    begun["consulting"] = [str(pk) for pk in talking]
    begun["channel"] = channel or ("visit" if came else "")
    return begun


def splits(draft: Draft) -> list[Draft]:
    """Other texts of the same draft that another tab left; one query."""
    return list(draft.splits.order_by("pk"))
