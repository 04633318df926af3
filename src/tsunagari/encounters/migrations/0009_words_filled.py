"""The words of the records there are, in batches; the indexes after them. About a minute for 100,000 records."""

import django.contrib.postgres.indexes
from django.db import migrations, models, transaction

from tsunagari.encounters.rules.indexing import COLUMNS, row_of

BATCH = 1_000


# Bounded on both sides in both tables: a batch costs the same whatever the planner thinks of a table just filled.
UPTO = "SELECT max(id) FROM (SELECT id FROM encounters_consultation WHERE id > %s ORDER BY id LIMIT %s) AS batch"
ABSENT = f"""
SELECT {", ".join(COLUMNS)} FROM encounters_consultation AS c WHERE c.id > %(after)s AND c.id <= %(upto)s
AND NOT EXISTS (SELECT 1 FROM encounters_recordwords AS w
  WHERE w.consultation_id = c.id AND w.consultation_id > %(after)s AND w.consultation_id <= %(upto)s)
"""
PUT = (
    "INSERT INTO encounters_recordwords (consultation_id, municipality_id, occurred_at, grams) "
    "VALUES (%s, %s, %s, %s::int[]) ON CONFLICT DO NOTHING"
)


def fill(apps, schema_editor):
    """Records without words get them, each batch in a transaction of its own: begun again, it does what is left,
    also where newer records were written meanwhile."""
    connection, after = schema_editor.connection, 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(UPTO, [after, BATCH])
            [upto] = cursor.fetchone()
            if upto is None:
                return
            cursor.execute(ABSENT, {"after": after, "upto": upto})
            rows = [row_of(dict(zip(COLUMNS, row, strict=True))) for row in cursor.fetchall()]
            if rows:
                with transaction.atomic(using=connection.alias):
                    cursor.executemany(PUT, rows)
            after = upto


def index(made, statement):
    """An index that may be there already, from a try that was broken off."""
    return migrations.RunSQL(statement, f"DROP INDEX {made.name}", [migrations.AddIndex("recordwords", made)])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("encounters", "0008_words")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        index(
            models.Index(fields=["municipality", "occurred_at", "consultation"], name="words_newest"),
            "CREATE INDEX IF NOT EXISTS words_newest ON encounters_recordwords "
            "(municipality_id, occurred_at, consultation_id)",
        ),
        index(
            django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="words_grams"),
            "CREATE INDEX IF NOT EXISTS words_grams ON encounters_recordwords USING gin (grams)",
        ),
    ]
