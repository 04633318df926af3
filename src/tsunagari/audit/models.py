"""The trail: who saw or did what to which family, when, from where. Append-only and hash-chained.

No foreign keys: the trail outlives what it speaks of. Ids only, never free text.
"""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One thing done, seen or refused. Position, previous hash and hash are set by the database."""

    class Outcome(models.TextChoices):
        DONE = "done", "実行"
        REFUSED = "refused", "拒否"

    municipality_id = models.BigIntegerField(help_text="0 stands for the installation (sign-in)")
    seq = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    membership_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=20, blank=True)
    agency_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.DONE)
    household_id = models.BigIntegerField(null=True)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True)
    ip = models.CharField(max_length=45, blank=True)
    via = models.CharField(max_length=10, blank=True)
    detail = models.TextField(blank=True, help_text="canonical JSON of ids and codes")
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality_id", "seq"], name="audit_entry_position")
        ]
        indexes = [
            models.Index(fields=["municipality_id", "-at"], name="audit_by_time"),
            models.Index(
                fields=["household_id", "-at"],
                name="audit_by_household",
                condition=models.Q(household_id__isnull=False),
            ),
            models.Index(fields=["user_id", "-at"], name="audit_by_user"),
            models.Index(fields=["municipality_id", "agency_id", "-at"], name="audit_by_agency"),
            models.Index(
                fields=["municipality_id", "-seq"],
                name="audit_checks",
                condition=models.Q(action="trail.verify"),
            ),
        ]


class Head(models.Model):
    """The newest link of a municipality's chain: a trail cut short at its end no longer meets it."""

    municipality_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
