"""What people have typed and not saved as a record yet."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tsunagari.base.actor import Actor
from tsunagari.encounters.models.records import Consultation


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, actor: Actor) -> DraftQuerySet:
        """One's own drafts, while working at the agency they were begun at."""
        return self.filter(
            municipality_id=actor.municipality_id, user_id=actor.user_id or 0, agency_id=actor.agency_id or 0
        )


class Draft(models.Model):
    """What one person has typed and not saved as a record yet; it is theirs on every device."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=80)
    household = models.ForeignKey(
        "families.Household", on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        help_text="NULL: new",
        db_index=False,
    )
    fields = models.JSONField(help_text="the form as typed: {field: value or [values]}")
    key = models.UUIDField(unique=True, help_text="becomes the record's key")
    base_version = models.PositiveIntegerField(
        default=0, help_text="version of the record when the form was opened"
    )
    version = models.PositiveIntegerField(default=1)
    client = models.CharField(max_length=36, blank=True, help_text="the browser tab that saved last")
    split_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="splits",
        help_text="the draft whose other text this is: two tabs wrote at once and neither may be lost",
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user_id", "-updated_at"], name="draft_by_user"),
            models.Index(
                fields=["consultation", "-updated_at"],
                name="draft_by_record",
                condition=Q(consultation__isnull=False),
            ),
        ]
