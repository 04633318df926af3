"""Qualifications, training and supervision of those who work here, and the town's courses.

A row is never changed: put right, it ends and another takes its place; taken back, it ends. Pressed twice, an entry is
made once. Whoever writes may see the person (queries.skills.in_sight).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from django.db import transaction

from tsunagari.accounts import access
from tsunagari.accounts.models import Course, Qualification, Supervision, Training, User
from tsunagari.accounts.queries import skills as queries
from tsunagari.accounts.rules.skills import (
    MOST_AT_ONCE,
    OFFERED,
    CourseInput,
    QualificationInput,
    SupervisionInput,
    TrainingInput,
)
from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.access import EVERYONE
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError

Skill = TypeVar("Skill", Qualification, Training, Supervision)


@transaction.atomic
def hold(user_id: int, given: QualificationInput, *, actor: Actor) -> Qualification:
    """A qualification a person holds. DomainError at the field that cannot be."""
    _locked([user_id], actor)
    return _hold(user_id, given, actor, former=None)


@transaction.atomic
def correct_qualification(row: Qualification, given: QualificationInput, *, actor: Actor) -> Qualification:
    """What was wrong with an entry put right. Conflict when somebody else was faster."""
    former = _ended(row, actor)
    return _hold(former.user_id, given, actor, former=former.pk)


@transaction.atomic
def take(user_ids: Sequence[int], given: TrainingInput, *, actor: Actor) -> list[Training]:
    """A training day of one or several people; whoever has it already on that day is left as it is.

    Returns what was added. DomainError for nobody, more than MOST_AT_ONCE, and a day to come.
    """
    people = sorted(set(user_ids))
    if not people:
        raise DomainError("受けた人をえらんでください。", field="people")
    if len(people) > MOST_AT_ONCE:
        raise DomainError(f"一度に入れられるのは{MOST_AT_ONCE}人までです。", field="people")
    _locked(people, actor)
    course = _course_for(given, actor)
    same = Training.objects.visible_to(actor).filter(
        user_id__in=people, course=course, taken_on=given.taken_on, ended_at__isnull=True
    )
    have = set(same.values_list("user_id", flat=True))
    return [_take(user_id, course, given, actor, former=None) for user_id in people if user_id not in have]


@transaction.atomic
def correct_training(row: Training, given: TrainingInput, *, actor: Actor) -> Training:
    """As `correct_qualification`. DomainError when the course on that day is there already."""
    former = _ended(row, actor)
    course = _course_for(given, actor, kept=former.course_id)
    same = Training.objects.visible_to(actor).filter(
        user_id=former.user_id, course=course, taken_on=given.taken_on, ended_at__isnull=True
    )
    if same.exists():
        raise DomainError("この研修は、この日に受けたことになっています。", field="taken_on")
    return _take(former.user_id, course, given, actor, former=former.pk)


@transaction.atomic
def supervise(user_id: int, given: SupervisionInput, *, actor: Actor) -> Supervision:
    """A supervision a person had, and when the next one is."""
    _locked([user_id], actor)
    return _supervise(user_id, given, actor, former=None)


@transaction.atomic
def correct_supervision(row: Supervision, given: SupervisionInput, *, actor: Actor) -> Supervision:
    """As `correct_qualification`."""
    former = _ended(row, actor)
    return _supervise(former.user_id, given, actor, former=former.pk)


@transaction.atomic
def take_back(row: Skill, *, actor: Actor) -> Skill:
    """An entry made by mistake no longer counts. The row stays. Conflict when it ended already."""
    ended = _ended(row, actor)
    _tell(ended, actor, {"change": "take-back"})
    return ended


@transaction.atomic
def add_course(given: CourseInput, *, actor: Actor) -> Course:
    """A training the town asks for or offers. DomainError when there is one of that name."""
    _checked_course(given, actor, None)
    last = queries.courses(actor).order_by("-position").values_list("position", flat=True).first()
    course = Course.objects.create(
        municipality_id=actor.municipality_id, position=(last or 0) + 1, **_fields(given)
    )
    audit.record(access.MANAGE_COURSES, actor=actor, obj=course, detail={"change": "add"})
    return course


@transaction.atomic
def offer_courses(*, actor: Actor) -> list[Course]:
    """Those of the list we offer whose names the town has never had."""
    had = set(Course.objects.visible_to(actor).values_list("name", flat=True))
    return [add_course(given, actor=actor) for given in OFFERED if given.name not in had]


@transaction.atomic
def change_course(course: Course, given: CourseInput, *, actor: Actor, version: int) -> Course:
    """What is asked from now on. Conflict when it was changed since the page was opened."""
    course = _held_course(course, actor)
    if course.version != version:
        raise Conflict(
            "この研修は、ほかの人が直しました。", what_to_do="いまの内容を見て、もう一度直してください。"
        )
    _checked_course(given, actor, course.pk)
    fields = _fields(given)
    for name, value in fields.items():
        setattr(course, name, value)
    course.version += 1
    course.save(update_fields=[*fields, "version"])
    audit.record(access.MANAGE_COURSES, actor=actor, obj=course, detail={"change": "change"})
    return course


@transaction.atomic
def end_course(course: Course, *, actor: Actor) -> Course:
    """Asked of nobody any more; who took it keeps it."""
    course = _held_course(course, actor)
    course.ended_on = clock.today()
    course.save(update_fields=["ended_on"])
    audit.record(access.MANAGE_COURSES, actor=actor, obj=course, detail={"change": "end"})
    return course


def _hold(user_id: int, given: QualificationInput, actor: Actor, *, former: int | None) -> Qualification:
    name = given.name.strip()
    if not name:
        raise DomainError("資格を入れてください。", field="name")
    _not_to_come(given.obtained_on, "obtained_on")
    _not_to_come(given.seen_on, "seen_on")
    if given.obtained_on and given.expires_on and given.expires_on < given.obtained_on:
        raise DomainError("期限が、取得日より前です。", field="expires_on")
    fields = {
        "name": name,
        "obtained_on": given.obtained_on,
        "expires_on": given.expires_on,
        "seen_on": given.seen_on,
    }
    return _once(Qualification, user_id, fields, actor, former)


def _supervise(user_id: int, given: SupervisionInput, actor: Actor, *, former: int | None) -> Supervision:
    supervisor, theme = given.supervisor.strip(), given.theme.strip()
    if not supervisor:
        raise DomainError("スーパーバイザーを入れてください。", field="supervisor")
    if not theme:
        raise DomainError("テーマを入れてください。", field="theme")
    _not_to_come(given.held_on, "held_on")
    if given.next_on and given.next_on <= given.held_on:
        raise DomainError("次回は、この日より後にしてください。", field="next_on")
    fields = {
        "supervisor": supervisor,
        "held_on": given.held_on,
        "theme": theme,
        "learned": given.learned.strip(),
        "next_on": given.next_on,
    }
    return _once(Supervision, user_id, fields, actor, former)


def _take(
    user_id: int, course: Course, given: TrainingInput, actor: Actor, *, former: int | None
) -> Training:
    fields = {"course": course, "taken_on": given.taken_on, "note": given.note.strip()}
    fields["hours"] = given.hours if given.hours is not None else course.hours
    return _once(Training, user_id, fields, actor, former)


def _once(
    model: type[Skill], user_id: int, fields: Mapping[str, object], actor: Actor, former: int | None
) -> Skill:
    """The row that says just this of the person, or a new one."""
    own = {"municipality_id": actor.municipality_id, "user_id": user_id, "ended_at": None}
    row, new = model.objects.get_or_create(
        **own, **fields, defaults={"created_at": clock.now(), "created_by": actor.user_id}
    )
    if new or former is not None:
        _tell(row, actor, {"change": "add"} if former is None else {"change": "correct", "former": former})
    return row


def _ended(row: Skill, actor: Actor) -> Skill:
    """The row, ended now: nothing of it is lost."""
    _locked([row.user_id], actor)
    found = type(row).objects.visible_to(actor).select_for_update().get(pk=row.pk)
    if found.ended_at is not None:
        raise Conflict(
            "この記録は、ほかの人が直したか、取り消しています。", what_to_do="いまの内容を見てください。"
        )
    found.ended_at = clock.now()
    found.save(update_fields=["ended_at"])
    return found


def _tell(row: Skill, actor: Actor, detail: dict[str, object]) -> None:
    """Whose skills were written about is the user of the detail."""
    audit.record(access.WRITE_SKILLS, actor=actor, obj=row, detail=detail | {"user": row.user_id})


def _locked(user_ids: Sequence[int], actor: Actor) -> None:
    seen = set(queries.in_sight(actor).filter(pk__in=user_ids).values_list("pk", flat=True))
    if seen != set(user_ids):
        raise DomainError("この職員は見つかりません。", status=404, field="people")
    list(User.objects.select_for_update().filter(pk__in=user_ids).order_by("pk").values_list("pk"))


def _course_for(given: TrainingInput, actor: Actor, kept: int | None = None) -> Course:
    """A course that is asked for; one that ended only where it stood already (`kept`)."""
    _not_to_come(given.taken_on, "taken_on")
    if given.hours is not None and given.hours <= 0:
        raise DomainError("時間は、0より大きい数にしてください。", field="hours")
    course = Course.objects.visible_to(actor).filter(pk=given.course_id).first()
    if course is None or (course.ended_on is not None and course.pk != kept):
        raise DomainError("研修をえらんでください。", field="course")
    return course


def _held_course(course: Course, actor: Actor) -> Course:
    found = Course.objects.visible_to(actor).select_for_update().get(pk=course.pk)
    if found.ended_on is not None:
        raise Conflict("この研修は、もう終わりにしてあります。")
    return found


def _checked_course(given: CourseInput, actor: Actor, own: int | None) -> None:
    if not given.name.strip():
        raise DomainError("研修の名前を入れてください。", field="name")
    if unknown := set(given.roles) - {role.value for role in EVERYONE}:
        raise DomainError(f"役割をえらんでください（{'、'.join(sorted(unknown))}）。", field="roles")
    if _named(given.name.strip(), actor, own):
        raise DomainError("同じ名前の研修があります。", field="name")


def _named(name: str, actor: Actor, own: int | None) -> bool:
    """Whether another course that is asked for has the name."""
    others = queries.courses(actor).filter(name=name)
    return (others.exclude(pk=own) if own is not None else others).exists()


def _fields(given: CourseInput) -> dict[str, object]:
    return {
        "name": given.name.strip(),
        "roles": [str(role) for role in given.roles],
        "within_months": given.within_months,
        "lasts_years": given.lasts_years,
        "hours": given.hours,
    }


def _not_to_come(day: date | None, field: str) -> None:
    if day is not None and day > clock.today():
        raise DomainError("まだ来ていない日です。", field=field)
