"""What a record is found by: hashed pieces of its text, and what it is, apart from the record itself."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from tsunagari.encounters.models.records import Consultation


class RecordWords(models.Model):
    """Maintained by operations.words in the same transaction as the change of the record.

    It can be asked only through the function encounters_find_records, which the web role may run (see migration
    0008_words); what is found is re-checked with Consultation.objects.visible_to and the text itself.
    """

    consultation = models.OneToOneField(
        Consultation, on_delete=models.CASCADE, primary_key=True, related_name="words"
    )
    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    occurred_at = models.DateTimeField(help_text="the record's")
    grams = ArrayField(
        models.IntegerField(), help_text="see rules.words: 0 and more of the text, below 0 tokens"
    )

    class Meta:
        indexes = [
            models.Index(fields=["municipality", "occurred_at", "consultation"], name="words_newest"),
            GinIndex(fields=["grams"], name="words_grams"),
        ]
