"""Reads about people who work here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from tsunagari.accounts.models import Device, Membership, User
from tsunagari.accounts.sessions import current_memberships
from tsunagari.base import clock, tenancy
from tsunagari.base.access import LABELS, Role
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared


@dataclass(frozen=True, slots=True)
class Workplace:
    """A membership that is valid today, with its names."""

    membership_id: int
    municipality_id: int
    municipality_name: str
    agency_name: str
    role_label: str
    valid_from: date
    valid_to: date | None


def workplaces(user_id: int) -> list[Workplace]:
    """Where the person may work today, by town.

    Agencies are behind each town's wall, so each town is asked in turn.
    """
    with tenancy.municipality(None, user_id=user_id):
        towns = sorted(set(current_memberships(user_id).values_list("municipality_id", flat=True)))
    return [place for town in towns for place in _workplaces_in(town, user_id)]


def _workplaces_in(municipality_id: int, user_id: int) -> list[Workplace]:
    with tenancy.municipality(municipality_id, user_id=user_id):
        rows = current_memberships(user_id).filter(municipality_id=municipality_id)
        return [
            Workplace(
                membership_id=row.pk,
                municipality_id=row.municipality_id,
                municipality_name=row.municipality.name,
                agency_name=row.agency.name if row.agency else "",
                role_label=LABELS[Role(row.role)],
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
            for row in rows.select_related("municipality", "agency").order_by("agency__name", "role")
        ]


def missing_step(user: User) -> str | None:
    """URL name of what a person must do before any workplace opens: an own password, then a second factor."""
    if user.must_change_password:
        return "account_change_password"
    if settings.MFA_REQUIRED and not has_second_factor(user.pk):
        return "mfa_index"
    return None


def has_second_factor(user_id: int) -> bool:
    """Whether an authenticator app or a passkey is set up (recovery codes alone are none)."""
    found = Authenticator.objects.filter(user_id=user_id).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(found.exists())


@dataclass(frozen=True, slots=True)
class StaffFilters:
    """What to show of the list; empty means all. `state` is current, former or all."""

    text: str = ""
    role: str = ""
    agency_id: int | None = None
    state: str = "current"


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A person and the memberships the reader may see; `second_factor` whether one is set up."""

    user: User
    memberships: tuple[Membership, ...]
    current: bool
    second_factor: bool


def staff(actor: Actor, filters: StaffFilters | None = None) -> QuerySet[User]:
    """People who work or worked where the actor may see, by reading of the name; cut them before `staff_lines`."""
    filters = filters or StaffFilters()
    rows = Membership.objects.visible_to(actor)
    if filters.role:
        rows = rows.filter(role=filters.role)
    if filters.agency_id:
        rows = rows.filter(agency_id=filters.agency_id)
    lasting = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today()))
    current = Q(is_active=True, pk__in=lasting.values("user_id"))
    found = User.objects.filter(pk__in=rows.values("user_id"))
    if filters.state != "all":
        found = found.filter(current if filters.state == "current" else ~current)
    for word in filters.text.split():
        found = found.filter(Q(name__contains=word) | Q(kana__contains=word) | Q(username=word))
    posts = Prefetch("memberships", rows.select_related("agency").order_by("-valid_from"), to_attr="posts")
    return found.order_by("kana", "name", "pk").prefetch_related(posts)


def staff_lines(found: Iterable[User]) -> list[StaffLine]:
    """Rows of `staff` with the memberships they were found by. Three queries with what `found` asks."""
    users, today = list(found), clock.today()
    factors = Authenticator.objects.filter(user_id__in=[user.pk for user in users])
    secured = set(factors.exclude(type=Authenticator.Type.RECOVERY_CODES).values_list("user_id", flat=True))
    return [_staff_line(user, user.posts, today, secured) for user in users]  # type: ignore[attr-defined]


def _staff_line(user: User, rows: Sequence[Membership], today: date, secured: set[int]) -> StaffLine:
    current = user.is_active and any(holds(row, today) or row.valid_from > today for row in rows)
    return StaffLine(user, tuple(rows), current, user.pk in secured)


def holds(row: Membership, day: date) -> bool:
    """Whether the membership is in force on `day`."""
    return row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)


def leaving(actor: Actor, day: date, ahead: timedelta) -> list[Membership]:
    """Memberships that hold on `day` and end within `ahead`, the soonest first, of people who have no other then."""
    mine = Membership.objects.visible_to(actor)
    staying = mine.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day + ahead)).values("user_id")
    rows = mine.on(day).filter(valid_to__lte=day + ahead, user__is_active=True).exclude(user_id__in=staying)
    return list(rows.select_related("user").order_by("valid_to", "user__kana", "pk"))


def staff_member(actor: Actor, user_id: int) -> StaffLine | None:
    """One person with the memberships the actor may see, or None."""
    rows = Membership.objects.visible_to(actor).filter(user_id=user_id).select_related("user", "agency")
    found = list(rows.order_by("-valid_from"))
    if not found:
        return None
    return _staff_line(
        found[0].user, found, clock.today(), {user_id} if has_second_factor(user_id) else set()
    )


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A tablet as staff see it. `state`: open, silent (open, but not heard of for a while), locked or ended."""

    device: Device
    state: str
    unlocked_by: str

    @property
    def day_end(self) -> date | None:
        """The day with which it ends by itself; None when it stays open until locked."""
        ends = self.device.ends_at.astimezone(clock.TOKYO)
        return ends.date() - timedelta(days=1) if (ends.hour, ends.minute) == (0, 0) else None


SILENT_AFTER = timedelta(minutes=5)
ENDED_SHOWN = timedelta(days=30)
MOST_DEVICES = 200


def devices(actor: Actor) -> list[DeviceLine]:
    """Tablets in sight: those at work first, then those of the last thirty days. Two queries."""
    recent = Q(ends_at__gt=clock.now() - ENDED_SHOWN) & (
        Q(locked_at__isnull=True) | Q(locked_at__gt=clock.now() - ENDED_SHOWN)
    )
    rows = Device.objects.visible_to(actor).filter(recent | Q(waiting__gt=0)).select_related("agency", "site")
    found = list(rows.order_by("-unlocked_at")[:MOST_DEVICES])
    names = dict(User.objects.filter(pk__in={row.unlocked_by for row in found}).values_list("pk", "name"))
    lines = [DeviceLine(row, _state(row), names.get(row.unlocked_by or 0, "")) for row in found]
    return sorted(lines, key=lambda line: line.state in {"locked", "ended"})


def _state(row: Device) -> str:
    if row.locked_at is not None:
        return "locked"
    if row.ends_at <= clock.now():
        return "ended"
    return "silent" if row.seen_at is None or clock.now() - row.seen_at > SILENT_AFTER else "open"


def kept_on_devices(actor: Actor) -> list[Device]:
    """Tablets of the actor's agency that keep check-ins not sent yet."""
    if actor.agency_id is None:
        return []
    return _keeping(actor, actor.agency_id)


@prepared
def _keeping(actor: Actor, agency: int) -> QuerySet[Device, Device]:
    own = Device.objects.visible_to(actor).filter(agency=agency, waiting__gt=0)
    return own.order_by("-unlocked_at")[:MOST_DEVICES]
