"""What somebody has typed and not saved as a record yet: theirs on every device, never overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError, Forbidden
from tsunagari.encounters import access, queries
from tsunagari.encounters.models import Consultation, Draft
from tsunagari.encounters.rules import to_fields
from tsunagari.families.models import Household

NOT_KEPT = frozenset({"csrfmiddlewaretoken", "draft_version", "client_id", "key", "version"})
LONGEST_DRAFT = 200_000


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """What became of one autosave.

    `version` is the draft's after saving. `others` are colleagues writing about the same at this moment.
    With `conflict` the text was kept as a draft of its own, `kept`, because another tab had saved meanwhile.
    """

    draft: Draft
    version: int
    saved_at: datetime
    others: tuple[str, ...] = ()
    conflict: bool = False
    kept: Draft | None = None


@transaction.atomic
def open_draft(
    *,
    actor: Actor,
    household: Household | None = None,
    consultation: Consultation | None = None,
    channel: str = "",
) -> Draft:
    """The actor's unfinished draft for the family or record, else a new one, begun with what is known.
    `channel` is how the talk comes, when it is known already (somebody is on the phone).

    Without both it is for somebody without a name: an untouched one is returned, never a begun one, since
    that would be about somebody else.
    """
    agency_id = _own_agency(actor)
    _lock_subject(household, consultation)
    draft = _unfinished(actor, household, consultation) or Draft(
        municipality_id=actor.municipality_id,
        agency_id=agency_id,
        user_id=actor.user_id or 0,
        user_name=actor.name,
        household_id=consultation.household_id if consultation else household.pk if household else None,
        consultation=consultation,
        key=uuid4(),
        created_at=clock.now(),
    )
    if draft.version == 1:
        _begin(draft, actor, household, consultation, channel)
        audit.record(
            access.WRITE_RECORD,
            actor=actor,
            household_id=draft.household_id,
            obj=draft,
            detail={"begun": True},
        )
    return draft


@transaction.atomic
def open_form(
    form: str,
    *,
    actor: Actor,
    fields: Mapping[str, Any] | None = None,
    household: Household | None = None,
) -> Draft:
    """The actor's draft of another page than the record's (a group talk, a sheet of paper, a plan), kept as safely:
    the unfinished one of this name, else a new one begun with `fields`. `household`: whom it is about."""
    agency_id = _own_agency(actor)
    _wait(f"{form} {actor.user_id}")
    mine = Draft.objects.visible_to(actor).filter(fields__form=form, split_from__isnull=True)
    found = mine.order_by("-updated_at").first()
    if found is not None:
        return found
    now = clock.now()
    draft: Draft = Draft.objects.create(
        municipality_id=actor.municipality_id,
        agency_id=agency_id,
        user_id=actor.user_id or 0,
        user_name=actor.name,
        household=household,
        key=uuid4(),
        fields={"form": form, **_typed(fields or {})},
        created_at=now,
        updated_at=now,
    )
    audit.record(
        access.WRITE_RECORD,
        actor=actor,
        household_id=draft.household_id,
        obj=draft,
        detail={"begun": True},
    )
    return draft


def no_draft() -> DomainError:
    """What is said of a draft that is saved, thrown away, never was, or is another person's: the same of all."""
    where = "保存した内容は家庭や記録のページに、書きかけは「今日」にあります。"
    return DomainError("この下書きは、もうありません。", what_to_do=where, status=404)


def _wait(words: str) -> None:
    """Two clicks at once must find one draft, not begin two."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [words])


def _begin(
    draft: Draft,
    actor: Actor,
    household: Household | None,
    consultation: Consultation | None,
    channel: str,
) -> None:
    """Fill a draft nobody has typed into: today's circumstances, or the record as it stands now."""
    draft.updated_at = clock.now()
    draft.base_version = consultation.version if consultation else 0
    draft.fields = (
        to_fields(queries.record_input(consultation))
        if consultation
        else queries.first_fields(actor, household, channel=channel)
    )
    draft.save()


def save_draft(
    draft: Draft, *, actor: Actor, fields: Mapping[str, Any], version: int, client: str
) -> SavedDraft:
    """Keep what was typed. `version` is the draft's as the tab knows it, `client` names the tab.

    When another tab saved since, this text is kept as a second draft (again and again the same one for the
    same tab), and both can be compared. Raises DomainError when the text is unreasonably long.
    """
    locked = _locked(draft, actor)
    typed = _typed(fields)
    if "form" in locked.fields:
        typed["form"] = locked.fields["form"]
    client = client[:36]
    if version != locked.version and client != locked.client and typed != locked.fields:
        kept = _keep_beside(locked, typed, client)
        return SavedDraft(
            locked,
            locked.version,
            kept.updated_at,
            queries.writing_now(actor, locked),
            conflict=True,
            kept=kept,
        )
    if typed != locked.fields:
        locked.fields, locked.client = typed, client
        locked.version += 1
    locked.updated_at = clock.now()
    locked.save(update_fields=["fields", "client", "version", "updated_at"])
    return SavedDraft(locked, locked.version, locked.updated_at, queries.writing_now(actor, locked))


def stay(draft: Draft, *, actor: Actor) -> tuple[str, ...]:
    """The writer still has the draft before them, typing or not: colleagues go on being told. Nothing is saved;
    answers who else is writing."""
    Draft.objects.visible_to(actor).filter(pk=draft.pk).update(updated_at=clock.now())
    return queries.writing_now(actor, draft)


@transaction.atomic
def settle_draft(draft: Draft, *, actor: Actor, other: Draft, fields: Mapping[str, Any]) -> Draft:
    """Make one draft of two: `fields` is what the person chose, `other` is put away."""
    locked = _locked(draft, actor)
    other = _locked(other, actor)
    if other.split_from_id != locked.pk:
        raise DomainError("この2つの下書きは、くらべられません。")
    locked.fields = _typed(fields)
    locked.version += 1
    locked.client = ""
    locked.updated_at = clock.now()
    locked.save(update_fields=["fields", "client", "version", "updated_at"])
    other.attachments.update(draft=locked)
    other.delete()
    return locked


@transaction.atomic
def point_draft(draft: Draft, *, actor: Actor, household: Household | None) -> Draft:
    """Say that the draft of a new record is about another family, or about nobody by name; words stay."""
    locked = _locked(draft, actor)
    if locked.consultation_id is not None:
        raise DomainError("保存ずみの記録の家庭は「ほかの家庭に移す」で変えてください。")
    locked.household = household
    begun = queries.first_fields(actor, household)
    locked.fields = locked.fields | {name: begun[name] for name in ("people", "consulting")}
    locked.version += 1
    locked.updated_at = clock.now()
    locked.save(update_fields=["household", "fields", "version", "updated_at"])
    audit.record(
        access.WRITE_RECORD, actor=actor, household_id=locked.household_id, obj=locked, detail={"begun": True}
    )
    return locked


@transaction.atomic
def rebase_draft(draft: Draft, *, actor: Actor, base_version: int, fields: Mapping[str, Any]) -> Draft:
    """Let a correction continue from a newer version of the record with the text the person settled on."""
    locked = _locked(draft, actor)
    locked.fields, locked.base_version = _typed(fields), base_version
    locked.version += 1
    locked.updated_at = clock.now()
    locked.save(update_fields=["fields", "base_version", "version", "updated_at"])
    return locked


@transaction.atomic
def discard_draft(draft: Draft, *, actor: Actor) -> None:
    """Throw a draft away for good."""
    locked = _locked(draft, actor)
    audit.record(
        access.WRITE_RECORD,
        actor=actor,
        household_id=locked.household_id,
        obj=locked,
        detail={"discarded": True},
    )
    locked.attachments.filter(removed_at__isnull=True).update(
        removed_at=clock.now(), removed_by=actor.user_id
    )
    locked.delete()


def _own_agency(actor: Actor) -> int:
    if actor.agency_id is None:
        raise Forbidden("機関に所属する人だけが記録できます。", action=access.WRITE_RECORD.name)
    return actor.agency_id


def _lock_subject(household: Household | None, consultation: Consultation | None) -> None:
    """Two clicks at once must find one draft, not begin two."""
    if consultation is not None:
        Consultation.objects.select_for_update(no_key=True).filter(pk=consultation.pk).exists()
    elif household is not None:
        Household.objects.select_for_update(no_key=True).filter(pk=household.pk).exists()


def _unfinished(actor: Actor, household: Household | None, consultation: Consultation | None) -> Draft | None:
    mine = Draft.objects.visible_to(actor).filter(split_from__isnull=True)
    if consultation is not None:
        mine = mine.filter(consultation=consultation)
    elif household is not None:
        mine = mine.filter(household=household, consultation__isnull=True).exclude(fields__has_key="form")
    else:
        mine = mine.filter(household__isnull=True, consultation__isnull=True, version=1)
        mine = mine.exclude(fields__has_key="form")
    return mine.order_by("-updated_at").first()


def _locked(draft: Draft, actor: Actor) -> Draft:
    locked = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if locked is None:
        raise DomainError(
            "この下書きは、もう保存されたか、破棄されています。",
            what_to_do="記録の一覧を見てください。",
            status=410,
        )
    if locked.user_id != actor.user_id:
        raise Forbidden("ほかの人の下書きです。", action=access.WRITE_RECORD.name)
    return locked


def _typed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Form values as JSON; NUL, which PostgreSQL cannot keep, is dropped."""
    kept = {
        name: [str(item).replace("\x00", "") for item in value]
        if isinstance(value, list | tuple)
        else str(value).replace("\x00", "")
        for name, value in fields.items()
        if name not in NOT_KEPT
    }
    if sum(len(str(value)) for value in kept.values()) > LONGEST_DRAFT:
        raise DomainError("文が長すぎます。いくつかの記録に分けてください。", status=413)
    return kept


def _keep_beside(draft: Draft, typed: dict[str, Any], client: str) -> Draft:
    beside = Draft.objects.filter(split_from=draft, client=client).first() or Draft(
        municipality_id=draft.municipality_id,
        agency_id=draft.agency_id,
        user_id=draft.user_id,
        user_name=draft.user_name,
        household_id=draft.household_id,
        consultation_id=draft.consultation_id,
        key=uuid4(),
        base_version=draft.base_version,
        client=client,
        split_from=draft,
        created_at=clock.now(),
    )
    beside.fields = typed
    beside.version += 1
    beside.updated_at = clock.now()
    beside.save()
    return beside
