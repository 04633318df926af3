"""Deciding how records are kept: an agency's style and texts, the city's marks and words of concern."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.base.faster import stamp
from tsunagari.encounters import access
from tsunagari.encounters.models import (
    Consultation,
    KeepingPolicy,
    RecordKeeping,
    RecordMark,
    Snippet,
    Style,
)
from tsunagari.encounters.rules.keeping import (
    MOST_MARKS,
    MOST_SNIPPETS,
    MarkInput,
    concern_problems,
    mark_problems,
    snippet_problems,
)
from tsunagari.encounters.rules.record import Problem
from tsunagari.places.models import Agency, Municipality

_MARK_SAYS = ("symbol", "name", "meaning", "follow", "readers", "within_days", "sight", "position")
STALE = "ほかの人が先に変えました。いまの内容をたしかめて、もう一度おねがいします。"


@transaction.atomic
def choose_style(
    agency: Agency,
    *,
    actor: Actor,
    style: str,
    mark_required: bool = False,
    circulate_all: bool = False,
    version: int,
) -> RecordKeeping:
    """Keep an agency's records another way from now on; no record is touched. `version` is 0 before the first choice.

    Raises Conflict when somebody chose meanwhile, Forbidden for another's agency.
    """
    if actor.scope == "agency" and agency.pk != actor.agency_id:
        raise Forbidden("ほかの機関の記録のしかたは決められません。", action=access.MANAGE_KEEPING.name)
    if style not in Style.values:
        raise DomainError("記録のしかたをえらんでください。", field="style")
    if mark_required and not RecordMark.objects.visible_to(actor).filter(ended_on__isnull=True).exists():
        raise DomainError(
            "印がまだありません。市の担当が印を決めてから、えらんでください。", field="mark_required"
        )
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    keeping = RecordKeeping.objects.filter(agency=agency).first() or RecordKeeping(
        municipality_id=actor.municipality_id, agency=agency, version=0
    )
    if keeping.version != version:
        raise Conflict(STALE)
    former = keeping.style if keeping.pk else None
    keeping.style, keeping.mark_required, keeping.circulate_all = style, mark_required, circulate_all
    keeping.version, keeping.changed_at, keeping.changed_by = version + 1, clock.now(), actor.user_id
    keeping.save()
    detail = {
        "agency": agency.pk,
        "style": style,
        "from": former,
        "mark": mark_required,
        "all": circulate_all,
    }
    audit.record(access.MANAGE_KEEPING, actor=actor, obj=keeping, detail=detail)
    return keeping


@transaction.atomic
def add_mark(given: MarkInput, *, actor: Actor) -> RecordMark:
    """A new mark of the city, at the end of the row."""
    _refuse(mark_problems(given))
    _lock_town(actor)
    used = RecordMark.objects.visible_to(actor).filter(ended_on__isnull=True)
    if used.count() >= MOST_MARKS:
        raise DomainError(f"印は{MOST_MARKS}個までです。使わない印を終わりにしてください。")
    _require_free(given, used.values_list("symbol", flat=True))
    mark = RecordMark(municipality_id=actor.municipality_id)
    _put(mark, given)
    mark.save()
    _mark_trail(mark, actor, "added")
    return mark


@transaction.atomic
def change_mark(mark: RecordMark, given: MarkInput, *, actor: Actor, seen: str = "") -> RecordMark:
    """Change what follows from a mark. Sign and name of a mark that stands on records stay: they would come to say
    something else; end it and make another. `seen`: its stamp when the page was opened; Conflict when it changed."""
    _refuse(mark_problems(given))
    _lock_town(actor)
    locked = _open_mark(mark, actor)
    _require_seen(seen, stamp_of_mark(locked))
    renamed = (given.symbol.strip(), given.name.strip()) != (locked.symbol, locked.name)
    if renamed and Consultation.objects.filter(mark=locked).exists():
        raise DomainError(
            "記録についている印なので、印と名前は変えられません。終わりにして、新しい印をつくってください。",
            field="symbol",
        )
    others = RecordMark.objects.visible_to(actor).filter(ended_on__isnull=True).exclude(pk=locked.pk)
    _require_free(given, others.values_list("symbol", flat=True))
    _put(locked, given)
    locked.save()
    _mark_trail(locked, actor, "changed")
    return locked


@transaction.atomic
def end_mark(mark: RecordMark, *, actor: Actor) -> RecordMark:
    """Use a mark no more; records keep it. Without any mark left no agency can ask for one."""
    _lock_town(actor)
    locked = _open_mark(mark, actor)
    locked.ended_on = clock.today()
    locked.save(update_fields=["ended_on"])
    _mark_trail(locked, actor, "ended")
    return locked


@transaction.atomic
def set_concerns(words: Sequence[str], *, actor: Actor, version: int) -> KeepingPolicy:
    """The city's words for the four levels of concern, lowest first. Records keep their level."""
    _refuse(concern_problems(words))
    _lock_town(actor)
    policy = KeepingPolicy.objects.visible_to(actor).first() or KeepingPolicy(
        municipality_id=actor.municipality_id, version=0
    )
    if policy.version != version:
        raise Conflict(STALE)
    policy.concerns = [word.strip() for word in words]
    policy.version, policy.changed_at, policy.changed_by = version + 1, clock.now(), actor.user_id
    policy.save()
    audit.record(access.MANAGE_MARKS, actor=actor, obj=policy, detail={"version": policy.version})
    return policy


@transaction.atomic
def add_snippet(*, actor: Actor, title: str, text: str, field: str = "content") -> Snippet:
    """A text the own agency often writes, at the end of the list. One that says just this already is that one."""
    _refuse(snippet_problems(title, text, field))
    agency_id = _own_agency(actor)
    Agency.objects.select_for_update(no_key=True).get(pk=agency_id)
    here = Snippet.objects.filter(agency_id=agency_id)
    says = {"title": title.strip(), "text": text.replace("\r\n", "\n"), "field": field}
    if (same := here.filter(**says).first()) is not None:
        return same
    if here.count() >= MOST_SNIPPETS:
        raise DomainError(f"定型文は{MOST_SNIPPETS}個までです。使わないものを消してください。")
    last = here.order_by("-position").values_list("position", flat=True).first()
    snippet = Snippet.objects.create(
        municipality_id=actor.municipality_id,
        agency_id=agency_id,
        **says,
        position=(last or 0) + 1,
        created_by=actor.user_id,
    )
    audit.record(access.MANAGE_KEEPING, actor=actor, obj=snippet, detail={"snippet": "added"})
    return snippet


@transaction.atomic
def change_snippet(
    snippet: Snippet, *, actor: Actor, title: str, text: str, field: str, seen: str = ""
) -> Snippet:
    """Other words from now on; records that have the former ones keep them. `seen` as for change_mark."""
    _refuse(snippet_problems(title, text, field))
    locked = _own_snippet(snippet, actor)
    _require_seen(seen, stamp_of_snippet(locked))
    locked.title, locked.text, locked.field = title.strip(), text.replace("\r\n", "\n"), field
    locked.save(update_fields=["title", "text", "field"])
    audit.record(access.MANAGE_KEEPING, actor=actor, obj=locked, detail={"snippet": "changed"})
    return locked


@transaction.atomic
def remove_snippet(snippet: Snippet, *, actor: Actor) -> None:
    """Offer a text no more."""
    locked = _own_snippet(snippet, actor)
    audit.record(access.MANAGE_KEEPING, actor=actor, obj=locked, detail={"snippet": "removed"})
    locked.delete()


def stamp_of_mark(mark: RecordMark) -> str:
    """Changes with anything a mark says."""
    return stamp(*(getattr(mark, name) for name in _MARK_SAYS))


def stamp_of_snippet(snippet: Snippet) -> str:
    """Changes with anything a text says."""
    return stamp(snippet.title, snippet.text, snippet.field)


def _require_seen(seen: str, now: str) -> None:
    if seen and seen != now:
        raise Conflict(STALE)


def _put(mark: RecordMark, given: MarkInput) -> None:
    mark.symbol, mark.name, mark.meaning = given.symbol.strip(), given.name.strip(), given.meaning.strip()
    mark.follow, mark.readers, mark.within_days = given.follow, list(given.readers), given.within_days
    mark.sight, mark.position = given.sight, given.position


def _open_mark(mark: RecordMark, actor: Actor) -> RecordMark:
    locked = RecordMark.objects.visible_to(actor).select_for_update().get(pk=mark.pk)
    if locked.ended_on is not None:
        raise Conflict("この印は、もう終わりになっています。")
    return locked


def _require_free(given: MarkInput, symbols: Iterable[str]) -> None:
    if given.symbol.strip() in set(symbols):
        raise DomainError("同じ印がもうあります。ちがう印にしてください。", field="symbol")


def _own_agency(actor: Actor) -> int:
    if actor.agency_id is None:
        raise Forbidden("定型文は、機関に所属する人が決めます。", action=access.MANAGE_KEEPING.name)
    return actor.agency_id


def _own_snippet(snippet: Snippet, actor: Actor) -> Snippet:
    locked: Snippet | None = Snippet.objects.select_for_update().filter(pk=snippet.pk).first()
    if locked is None:
        raise DomainError("この定型文は、もう消されています。", status=410)
    if locked.agency_id != _own_agency(actor):
        raise Forbidden("ほかの機関の定型文は変えられません。", action=access.MANAGE_KEEPING.name)
    return locked


def _lock_town(actor: Actor) -> None:
    Municipality.objects.select_for_update(no_key=True).get(pk=actor.municipality_id)


def _refuse(found: Iterable[Problem]) -> None:
    for problem in found:
        raise DomainError(problem.message, field=problem.field)


def _mark_trail(mark: RecordMark, actor: Actor, what: str) -> None:
    audit.record(access.MANAGE_MARKS, actor=actor, obj=mark, detail={"mark": what, "sight": mark.sight})
