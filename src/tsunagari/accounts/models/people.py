"""People who work with the system and where they work."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from tsunagari.base.access import EVERYONE, LABELS, Role
from tsunagari.base.actor import Actor
from tsunagari.base.walls import OfTownQuerySet, PeriodQuerySet

Rows = TypeVar("Rows", bound=models.QuerySet[Any])


class Accounts(BaseUserManager["User"]):
    """Django needs a manager that finds a user by login name; it does nothing else."""


class User(AbstractBaseUser):
    """One person who signs in. What they may do stands in their memberships; nobody is a superuser."""

    username = models.CharField("ログイン名", max_length=64, unique=True)
    name = models.CharField("氏名", max_length=80)
    kana = models.CharField("ふりがな", max_length=80, blank=True)
    email = models.EmailField("メールアドレス", blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Accounts()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


def _where_one_works(rows: Rows, actor: Actor) -> Rows:
    """The whole town, or the own agency for roles that serve one; auditors too see who works where."""
    return rows.filter(agency_id=actor.agency_id) if actor.scope == "agency" else rows


class MembershipQuerySet(PeriodQuerySet["Membership"]):
    def visible_to(self, actor: Actor) -> Self:
        return _where_one_works(super().visible_to(actor), actor)


class Membership(models.Model):
    """A person's role at a place for a period (days inclusive; an open end is NULL)."""

    ROLES = [(role.value, LABELS[role]) for role in Role if role in EVERYONE]

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        "places.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField("役割", max_length=20, choices=ROLES)
    valid_from = models.DateField("開始日")
    valid_to = models.DateField("終了日", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "valid_from"], name="membership_by_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | Q(role__in=["officer", "auditor"]),
                name="membership_has_agency",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="membership_period",
            ),
            models.CheckConstraint(condition=~Q(role=Role.KIOSK), name="membership_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.valid_from}"


class DeviceQuerySet(OfTownQuerySet["Device"]):
    def visible_to(self, actor: Actor) -> Self:
        return _where_one_works(super().visible_to(actor), actor)


class Device(models.Model):
    """A tablet at an agency's door. Unlocked by a member of staff it can check families in, and nothing else (D2)."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("places.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("端末の名前", max_length=40)
    token_digest = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the cookie's secret, hex"
    )
    unlocked_by = models.BigIntegerField(null=True)
    unlocked_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="the session ends by itself")
    locked_at = models.DateTimeField(null=True)
    locked_by = models.BigIntegerField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="last heard of, to the minute")
    waiting = models.PositiveIntegerField(default=0, help_text="check-ins it still kept when last heard of")
    wrong_count = models.PositiveSmallIntegerField(default=0, help_text="card numbers that no card has")
    wrong_since = models.DateTimeField(null=True, help_text="when counting them began")

    objects = DeviceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agency", "-unlocked_at"], name="device_by_agency")]

    def __str__(self) -> str:
        return f"端末 {self.pk}"
