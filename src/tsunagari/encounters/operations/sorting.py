"""The city's finer categories under the 13. Records keep the ones they were given, under the name they had then."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.japanese.ages import fiscal_year
from tsunagari.encounters import access
from tsunagari.encounters.models import OfficialMapping, SubCategory
from tsunagari.encounters.operations.keeping import STALE
from tsunagari.encounters.operations.partners import lock_town
from tsunagari.encounters.queries import sorting as queries
from tsunagari.encounters.rules.sorting import MOST_DETAILS, detail_problems, year_problems

IN_CHECKED_TABLE = "確認ずみの公の表で使われています。先に、その表を直せるようにしてください。"


@transaction.atomic
def add_detail(*, actor: Actor, category: int, label: str, from_year: int) -> SubCategory:
    """A finer category from a fiscal year on, last of its category."""
    _refuse(category, label, from_year)
    lock_town(actor)
    rows = SubCategory.objects.visible_to(actor)
    if rows.filter(to_year__isnull=True).count() >= MOST_DETAILS:
        raise DomainError(f"細かい分類は{MOST_DETAILS}個までです。使わないものを終わりにしてください。")
    _require_free(actor, category, label)
    last = rows.filter(category=category).aggregate(last=Max("position"))["last"] or 0
    detail = SubCategory.objects.create(
        municipality_id=actor.municipality_id,
        category=category,
        label=label.strip(),
        from_year=from_year,
        position=last + 1,
    )
    _trail(detail, actor, "added")
    return detail


@transaction.atomic
def rename_detail(
    detail: SubCategory, *, actor: Actor, label: str, from_year: int, version: int
) -> SubCategory:
    """Another name. One that no record has is renamed; one that records have ends with the year before `from_year` and
    goes on under the new name, so that they keep theirs. Returns the one that goes on."""
    locked = _current(detail, actor, version)
    _refuse(locked.category, label, from_year)
    if label.strip() == locked.label:
        return locked
    _require_free(actor, locked.category, label)
    if not queries.used(locked):
        locked.label, locked.version = label.strip(), locked.version + 1
        locked.save(update_fields=["label", "version"])
        _trail(locked, actor, "renamed")
        return locked
    if from_year <= locked.from_year:
        raise DomainError(
            f"記録についている分類です。{locked.from_year + 1}年度からの名前として変えてください。",
            field="from_year",
        )
    _end(locked, from_year - 1)
    follower = SubCategory.objects.create(
        municipality_id=actor.municipality_id,
        category=locked.category,
        label=label.strip(),
        from_year=from_year,
        position=locked.position,
    )
    _trail(follower, actor, "followed", after=locked.pk)
    return follower


@transaction.atomic
def end_detail(detail: SubCategory, *, actor: Actor, to_year: int, version: int) -> SubCategory:
    """Use a finer category no more after a fiscal year; records keep it."""
    locked = _current(detail, actor, version)
    for problem in year_problems("to_year", to_year):
        raise DomainError(problem.message, field=problem.field)
    if to_year < locked.from_year:
        raise DomainError(
            f"{locked.from_year}年度からの分類です。その年度か、あとの年度をえらんでください。",
            field="to_year",
        )
    _end(locked, to_year)
    _trail(locked, actor, "ended")
    return locked


@transaction.atomic
def remove_detail(detail: SubCategory, *, actor: Actor, version: int) -> None:
    """Take back a finer category that no record has and no checked table counts."""
    locked = _current(detail, actor, version)
    if queries.used(locked):
        raise DomainError("記録についている分類なので、消せません。終わりにしてください。")
    mapped = OfficialMapping.objects.filter(detail=locked)
    if mapped.filter(table__checked_at__isnull=False).exists():
        raise DomainError(IN_CHECKED_TABLE)
    mapped.delete()
    _trail(locked, actor, "removed")
    locked.delete()


@transaction.atomic
def move_detail(detail: SubCategory, *, actor: Actor, up: bool) -> None:
    """One place up or down among those of its category that are in use; at the end nothing happens."""
    lock_town(actor)
    year = fiscal_year(clock.today())
    row = [
        one
        for one in SubCategory.objects.visible_to(actor)
        .filter(category=detail.category)
        .order_by("position", "pk")
        if one.to_year is None or one.to_year >= year
    ]
    place = next((place for place, one in enumerate(row) if one.pk == detail.pk), None)
    if place is None:
        raise Conflict("この分類は、もう使われていません。")
    other = place - 1 if up else place + 1
    if not 0 <= other < len(row):
        return
    row[place], row[other] = row[other], row[place]
    for position, one in enumerate(row, 1):
        one.position = position
    SubCategory.objects.bulk_update(row, ["position"])
    _trail(detail, actor, "moved")


def _end(detail: SubCategory, to_year: int) -> None:
    detail.to_year, detail.version = to_year, detail.version + 1
    detail.save(update_fields=["to_year", "version"])


def _current(detail: SubCategory, actor: Actor, version: int) -> SubCategory:
    lock_town(actor)
    locked = SubCategory.objects.visible_to(actor).select_for_update().filter(pk=detail.pk).first()
    if locked is None:
        raise Conflict("この分類は、もう消されています。")
    if locked.version != version:
        raise Conflict(STALE)
    if locked.to_year is not None:
        raise Conflict("この分類は、もう終わりになっています。")
    return locked


def _require_free(actor: Actor, category: int, label: str) -> None:
    same = SubCategory.objects.visible_to(actor).filter(category=category, label=label.strip())
    if same.filter(to_year__isnull=True).exists():
        raise DomainError("同じ名称の分類がもうあります。", field="label")


def _refuse(category: int, label: str, from_year: int) -> None:
    for problem in detail_problems(category, label, from_year):
        raise DomainError(problem.message, field=problem.field)


def _trail(detail: SubCategory, actor: Actor, what: str, **more: int) -> None:
    said: dict[str, object] = {"detail": what, **more}
    audit.record(access.MANAGE_CATEGORIES, actor=actor, obj=detail, detail=said)
