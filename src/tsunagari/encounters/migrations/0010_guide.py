"""Versions for saving twice, one key for an entry through all books, checked tables as they were."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

from tsunagari.base import rls


class Migration(migrations.Migration):
    dependencies = [("encounters", "0009_words_filled"), ("places", "0004_site_times")]

    operations = [
        migrations.AddField("partner", "version", models.PositiveIntegerField(default=1)),
        migrations.AddField("subcategory", "version", models.PositiveIntegerField(default=1)),
        migrations.AddField(
            "guidebook",
            "contacts",
            models.JSONField(
                default=dict, help_text="partners as they were when the book was replaced: {id: [name, phone, hours]}"
            ),
        ),
        migrations.AddField("guideentry", "version", models.PositiveIntegerField(default=1)),
        # a default of the database: every entry there is gets a key of its own
        migrations.AddField(
            "guideentry",
            "key",
            models.UUIDField(
                db_default=django.contrib.postgres.functions.RandomUUID(),
                help_text="the same entry through all versions; from the form that added it",
            ),
        ),
        migrations.AddConstraint(
            "guideentry", models.UniqueConstraint(fields=("book", "key"), name="guide_entry_once")
        ),
        migrations.CreateModel(
            name="OfficialFormer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                (
                    "snapshot",
                    models.JSONField(
                        help_text="label, source, items [[code, label, group]], mapping [[category, detail, code]]"
                    ),
                ),
                ("checked_at", models.DateTimeField()),
                ("checked_by_name", models.CharField(max_length=80)),
                ("reason", models.CharField(max_length=200, verbose_name="変える理由")),
                ("opened_at", models.DateTimeField()),
                ("opened_by_name", models.CharField(max_length=80)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.municipality"
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="formers",
                        to="encounters.officialtable",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("table", "version"), name="official_former_once")
                ]
            },
        ),
        rls.tenant_table("encounters_officialformer", parents={"table_id": "encounters_officialtable"}),
        rls.append_only("encounters_officialformer"),
    ]
