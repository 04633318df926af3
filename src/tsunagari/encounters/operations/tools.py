"""The city's shared assessment tool: a version is prepared, then in force from a day; one that was used stays so."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.faster import stamp
from tsunagari.encounters import access
from tsunagari.encounters.models import Assessment, AssessmentTool
from tsunagari.encounters.rules.assessment import ToolInput, tool_json, tool_of, tool_problems
from tsunagari.encounters.rules.first_tool import FIRST_TOOL
from tsunagari.places.models import Municipality

STALE = "ほかの人が先に変えました。あなたの入力は下に残っています。もう一度保存すると、下の内容になります。"
PREPARING = "準備しているツールがもうあります。そのつづきをしてください。"


class Preparing(Conflict):
    """There is a version being prepared already: `tool`."""

    def __init__(self, tool: AssessmentTool) -> None:
        super().__init__(PREPARING)
        self.tool = tool


@transaction.atomic
def begin(*, actor: Actor) -> AssessmentTool:
    """The tool that ships, as a version being prepared, to be looked at and put in force. For a city without a tool."""
    return _prepare(FIRST_TOOL, actor)


@transaction.atomic
def next_version(tool: AssessmentTool, *, actor: Actor) -> AssessmentTool:
    """A copy of a version, to be changed and put in force. Preparing when there is one already."""
    return _prepare(tool_of(tool.name, tool.source, tool.items, tool.bands), actor)


@transaction.atomic
def change(tool: AssessmentTool, given: ToolInput, *, actor: Actor, seen: str = "") -> AssessmentTool:
    """Keep what was typed into a version being prepared. It may be unfinished: `put_in_force` asks for all of it.
    `seen`: its stamp when the page was opened; Conflict when somebody changed it since."""
    locked = _prepared(tool, actor)
    if seen and seen != stamp_of(locked):
        raise Conflict(STALE)
    for problem in tool_problems(given):
        if "使えない文字" in problem.message:
            raise DomainError(problem.message, field=problem.field)
    locked.name, locked.source = given.name.strip()[:60], given.source.strip()[:200]
    locked.items, locked.bands = tool_json(given)
    locked.save(update_fields=["name", "source", "items", "bands"])
    _trail(locked, actor, "changed")
    return locked


@transaction.atomic
def put_in_force(tool: AssessmentTool, *, actor: Actor, starts_on: date) -> AssessmentTool:
    """Use the version from a day on; the one in force ends the day before. DomainError while something is missing."""
    locked = _prepared(tool, actor)
    given = tool_of(locked.name, locked.source, locked.items, locked.bands)
    for problem in tool_problems(given):
        raise DomainError(problem.message, field=problem.field)
    if starts_on < clock.today():
        raise DomainError("使いはじめは、今日かそのあとの日をえらんでください。", field="starts_on")
    waiting = AssessmentTool.objects.visible_to(actor).filter(starts_on__gt=clock.today())
    if (other := waiting.first()) is not None:
        raise Conflict(f"第{other.number}版が、これから使われることになっています。先に取りやめてください。")
    former = AssessmentTool.objects.visible_to(actor).filter(starts_on__isnull=False, ended_on__isnull=True)
    former.update(ended_on=starts_on)
    locked.starts_on = starts_on
    locked.save(update_fields=["starts_on"])
    _trail(locked, actor, "in force")
    return locked


@transaction.atomic
def call_off(tool: AssessmentTool, *, actor: Actor) -> AssessmentTool:
    """A version that was to begin later is being prepared again; the one before goes on."""
    _lock_town(actor)
    locked = AssessmentTool.objects.visible_to(actor).select_for_update().get(pk=tool.pk)
    if locked.starts_on is None or locked.starts_on <= clock.today() or _used(locked):
        raise Conflict("もう使われています。変えるときは、次の版をつくってください。")
    AssessmentTool.objects.visible_to(actor).filter(ended_on=locked.starts_on).update(ended_on=None)
    locked.starts_on = None
    locked.save(update_fields=["starts_on"])
    _trail(locked, actor, "called off")
    return locked


@transaction.atomic
def throw_away(tool: AssessmentTool, *, actor: Actor) -> None:
    """A version being prepared is not wanted."""
    locked = _prepared(tool, actor)
    _trail(locked, actor, "thrown away")
    locked.delete()


def stamp_of(tool: AssessmentTool) -> str:
    """Changes with anything a version says."""
    return stamp(tool.name, tool.source, tool.items, tool.bands)


def _prepare(given: ToolInput, actor: Actor) -> AssessmentTool:
    _lock_town(actor)
    tools = AssessmentTool.objects.visible_to(actor)
    if (open_one := tools.filter(starts_on__isnull=True).first()) is not None:
        raise Preparing(open_one)
    items, bands = tool_json(given)
    made: AssessmentTool = AssessmentTool.objects.create(
        municipality_id=actor.municipality_id,
        name=given.name,
        number=(tools.aggregate(last=Max("number"))["last"] or 0) + 1,
        source=given.source,
        items=items,
        bands=bands,
        created_at=clock.now(),
        created_by=actor.user_id,
    )
    _trail(made, actor, "begun")
    return made


def _prepared(tool: AssessmentTool, actor: Actor) -> AssessmentTool:
    _lock_town(actor)
    locked = AssessmentTool.objects.visible_to(actor).select_for_update().filter(pk=tool.pk).first()
    if locked is None:
        raise DomainError("この版は、もうありません。", status=410)
    if locked.starts_on is not None or _used(locked):
        raise Conflict("この版は、もう使われています。変えるときは、次の版をつくってください。")
    return locked


def _used(tool: AssessmentTool) -> bool:
    return Assessment.objects.filter(tool=tool).exists()


def _lock_town(actor: Actor) -> None:
    Municipality.objects.select_for_update(no_key=True).get(pk=actor.municipality_id)


def _trail(tool: AssessmentTool, actor: Actor, did: str) -> None:
    audit.record(access.MANAGE_TOOL, actor=actor, obj=tool, detail={"did": did, "number": tool.number})
