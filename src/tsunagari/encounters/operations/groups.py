"""What several families talked about at once: one page, an entry for each of them, unnamed ones counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError, Forbidden
from tsunagari.encounters import access
from tsunagari.encounters.models import Consultation, Draft, GroupTalk, Kind
from tsunagari.encounters.operations import away, records
from tsunagari.encounters.rules import RecordInput

MOST_FAMILIES, LONGEST_TOPIC, LONGEST_CONTENT, MOST_UNNAMED = 30, 80, 20_000, 99


@dataclass(frozen=True, slots=True)
class TalkInput:
    """The talk as a whole. `content` is read with every family's entry and names nobody; `categories` main first."""

    topic: str
    occurred_at: datetime
    categories: tuple[int, ...]
    content: str = ""
    unnamed: int = 0


@dataclass(frozen=True, slots=True)
class TalkEntry:
    """One family in the talk: who of it, and what is said of this family alone ("" for nothing)."""

    household_id: int
    text: str = ""
    person_ids: tuple[int, ...] = ()
    consulting_ids: tuple[int, ...] = ()


@transaction.atomic
def write_group(
    talk: TalkInput, entries: Sequence[TalkEntry], *, actor: Actor, key: UUID, draft: Draft | None = None
) -> GroupTalk:
    """Keep the talk and one record of kind group a family; people without a name are counted only.

    The same `key` returns the talk that was saved. All or nothing: DomainError names the field.
    """
    if actor.agency_id is None:
        raise Forbidden("機関に所属する人だけが記録できます。", action=access.WRITE_RECORD.name)
    _require_sound(talk, entries)
    records._wait_for(key)
    gone = away.put_away(draft, actor)
    saved = GroupTalk.objects.filter(municipality_id=actor.municipality_id, key=key).first()
    if saved is not None and not gone.there:
        return saved
    group = GroupTalk.objects.create(
        municipality_id=actor.municipality_id,
        agency_id=actor.agency_id,
        topic=talk.topic.strip(),
        content=talk.content.replace("\r\n", "\n").strip(),
        occurred_at=talk.occurred_at,
        unnamed=talk.unnamed,
        key=key,
        created_at=clock.now(),
        created_by=actor.user_id,
    )
    for entry in sorted(entries, key=lambda one: one.household_id):
        _entry(group, talk, entry, actor)
    detail = {"families": len(entries), "unnamed": talk.unnamed}
    audit.record(access.WRITE_RECORD, actor=actor, obj=group, detail=detail)
    return group


def _entry(group: GroupTalk, talk: TalkInput, entry: TalkEntry, actor: Actor) -> Consultation:
    record = RecordInput(
        occurred_at=talk.occurred_at,
        content=entry.text.strip() or f"グループで話した：{group.topic}",
        categories=talk.categories,
        household_id=entry.household_id,
        person_ids=entry.person_ids,
        consulting_ids=entry.consulting_ids,
        kind=Kind.GROUP,
    )
    key = uuid5(group.key, str(entry.household_id))
    written = records.write_record(record, actor=actor, key=key)
    written.group = group
    written.save(update_fields=["group"])
    return written


def _require_sound(talk: TalkInput, entries: Sequence[TalkEntry]) -> None:
    if not talk.topic.strip() or len(talk.topic.strip()) > LONGEST_TOPIC:
        raise DomainError(f"なんの話かを{LONGEST_TOPIC}文字までで書いてください。", field="topic")
    if len(talk.content) > LONGEST_CONTENT:
        raise DomainError(f"{LONGEST_CONTENT}文字までです。短くしてください。", field="content")
    if not 0 <= talk.unnamed <= MOST_UNNAMED:
        raise DomainError(f"名前の分からない組は{MOST_UNNAMED}組までです。", field="unnamed")
    if not entries and not talk.unnamed:
        raise DomainError("いた家庭をえらぶか、名前の分からない組の数を入れてください。", field="families")
    if len(entries) > MOST_FAMILIES:
        raise DomainError(f"1回に{MOST_FAMILIES}家庭までです。2回に分けてください。", field="families")
    if len({entry.household_id for entry in entries}) != len(entries):
        raise DomainError("同じ家庭が2回えらばれています。", field="families")
