"""What models declare stands in the database: Django drops an index on a column whose key loses its own, unasked."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

STANDING = """
SELECT indexname FROM pg_indexes WHERE schemaname = 'public'
UNION SELECT conname FROM pg_constraint
"""


@pytest.mark.django_db
def test_every_constraint_and_index_of_the_models_stands_in_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(STANDING)
        standing = {name for (name,) in cursor.fetchall()}
    declared = {
        one.name for model in apps.get_models() for one in [*model._meta.constraints, *model._meta.indexes]
    }
    assert declared
    assert declared - standing == set()
