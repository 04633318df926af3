"""The words of the records there are, in batches; the indexes after them. About a minute for 100,000 records."""

import django.contrib.postgres.indexes
from django.db import migrations, models, transaction

from tsunagari.encounters.rules.indexing import COLUMNS, row_of

BATCH = 1_000


def fill(apps, schema_editor):
    """Each batch is a transaction of its own; begun again, it goes on where it was."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(consultation_id), 0) FROM encounters_recordwords")
        last = cursor.fetchone()[0]
        while True:
            cursor.execute(
                f"SELECT {', '.join(COLUMNS)} FROM encounters_consultation WHERE id > %s ORDER BY id LIMIT %s",
                [last, BATCH],
            )
            rows = [row_of(dict(zip(COLUMNS, row, strict=True))) for row in cursor.fetchall()]
            if not rows:
                return
            with transaction.atomic(using=connection.alias):
                cursor.executemany(
                    "INSERT INTO encounters_recordwords (consultation_id, municipality_id, occurred_at, grams) "
                    "VALUES (%s, %s, %s, %s::int[]) ON CONFLICT DO NOTHING",
                    rows,
                )
            last = rows[-1][0]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("encounters", "0008_words")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            "recordwords",
            models.Index(fields=["municipality", "occurred_at", "consultation"], name="words_newest"),
        ),
        migrations.AddIndex(
            "recordwords",
            django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="words_grams"),
        ),
    ]
