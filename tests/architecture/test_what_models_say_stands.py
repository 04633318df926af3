"""Indexes and constraints that models name stand in the database: a migration can take one away unasked."""

from __future__ import annotations

from django.apps import apps
from django.db import connection


def _named() -> set[str]:
    return {
        one.name
        for model in apps.get_models()
        if model.__module__.startswith("tsunagari.")
        for one in [*model._meta.indexes, *model._meta.constraints]
    }


def test_every_index_and_constraint_of_a_model_stands_in_the_database(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class UNION SELECT conname FROM pg_constraint")
        standing = {name for (name,) in cursor.fetchall()}
    assert len(_named()) > 100
    assert _named() - standing == set()
