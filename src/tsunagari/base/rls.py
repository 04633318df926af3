"""Migration operations for row-level security and append-only tables.

The web role's name stands in the database setting `tsunagari.web_role` (written by `tsunagari db prepare`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.migrations.operations import RunSQL

_MUNICIPALITY = "(SELECT nullif(current_setting('tsunagari.municipality', true), '')::bigint)"
_USER = "(SELECT nullif(current_setting('tsunagari.user', true), '')::bigint)"


def tenant_table(
    table: str, *, or_own_user: bool = False, parents: Mapping[str, str] | None = None
) -> RunSQL:
    """Close `table` to other municipalities by a policy on its column municipality_id.

    `or_own_user` also shows rows whose user_id is the signed-in person (memberships). `parents` maps a
    foreign-key column to its table: the pair (column, municipality_id) must exist there, so that a row can
    never hang on another town's parent.
    """
    using = f"municipality_id = {_MUNICIPALITY}"
    reading = f"{using} OR user_id = {_USER}" if or_own_user else using
    forward: list[str | tuple[str, dict[str, Any] | list[Any] | tuple[Any, ...] | None]] = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant_read ON {table} FOR SELECT USING ({reading})",
        f"CREATE POLICY tenant_insert ON {table} FOR INSERT WITH CHECK ({using})",
        f"CREATE POLICY tenant_update ON {table} FOR UPDATE USING ({using}) WITH CHECK ({using})",
        f"CREATE POLICY tenant_delete ON {table} FOR DELETE USING ({using})",
    ]
    for column, parent in (parents or {}).items():
        forward.append(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_same_town FOREIGN KEY "
            f"({column}, municipality_id) REFERENCES {parent} (id, municipality_id) DEFERRABLE INITIALLY DEFERRED"
        )
    return RunSQL(forward, RunSQL.noop)


def tenant_parent(table: str) -> RunSQL:
    """Make (id, municipality_id) referable, for `parents` of other tables."""
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_id_town UNIQUE (id, municipality_id)", RunSQL.noop
    )


def append_only(table: str) -> RunSQL:
    """The web role may add and read rows of `table`, never change or remove them."""
    return RunSQL(
        f"""
        DO $$ BEGIN
          IF nullif(current_setting('tsunagari.web_role', true), '') IS NOT NULL THEN
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM %I',
                           current_setting('tsunagari.web_role'));
          END IF;
        END $$
        """,
        RunSQL.noop,
    )


def read_only(table: str) -> RunSQL:
    """The web role may only read `table`."""
    return RunSQL(
        f"""
        DO $$ BEGIN
          IF nullif(current_setting('tsunagari.web_role', true), '') IS NOT NULL THEN
            EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM %I',
                           current_setting('tsunagari.web_role'));
          END IF;
        END $$
        """,
        RunSQL.noop,
    )
