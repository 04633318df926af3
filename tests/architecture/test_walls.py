"""The database holds the wall between towns by itself (X1)."""

from __future__ import annotations

import psycopg
import pytest
from django.db import IntegrityError, connection
from tests import makers
from tests.makers import Town, scope

from tsunagari.families.models import Household, Person

NOW = "2026-04-01T00:00:00+09:00"

# Tables about the installation, sign-in and jobs; none holds data about a family.
WITHOUT_TOWN = {
    "accounts_user",
    "account_emailaddress",
    "account_emailconfirmation",
    "audit_head",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "base_cache",
    "django_content_type",
    "django_migrations",
    "django_session",
    "mfa_authenticator",
    "places_municipality",
}


def _tables() -> dict[str, bool]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT LIKE 'procrastinate%%'"
        )
        return dict(cursor.fetchall())


def test_every_table_is_closed_by_municipality_or_declared_open(db: None) -> None:
    tables = _tables()
    assert {name for name, closed in tables.items() if not closed} == WITHOUT_TOWN


def test_the_web_role_owns_nothing_and_cannot_bypass(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = user)"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_a_raw_connection_as_the_web_role_sees_nothing_of_the_other_town() -> None:
    here, there = makers.make_town("999999", "つながり市"), makers.make_town("999981", "となり町")
    for place in (here, there):
        with scope(place):
            Household.objects.create(municipality=place.municipality, created_at=NOW)
    with psycopg.connect(**_raw_login()) as raw:
        assert raw.execute("SELECT count(*) FROM families_household").fetchone() == (0,)
        raw.execute("SELECT set_config('tsunagari.municipality', %s, true)", [str(here.municipality.pk)])
        towns = raw.execute("SELECT DISTINCT municipality_id FROM families_household").fetchall()
        assert towns == [(here.municipality.pk,)]
        moved = raw.execute(
            "UPDATE families_household SET caution = 'x' WHERE municipality_id <> %s", [here.municipality.pk]
        )
        assert moved.rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute(
                "INSERT INTO places_area (municipality_id, kind, code, name, valid_from) "
                "VALUES (%s, 'other', 'x', 'x', now())",
                [there.municipality.pk],
            )


def test_a_row_cannot_hang_on_another_towns_household(town: Town, other_town: Town) -> None:
    with scope(other_town):
        theirs = Household.objects.create(municipality=other_town.municipality, created_at=NOW)

    def hang() -> None:
        with scope(town), connection.cursor() as cursor:
            Person.objects.create(municipality=town.municipality, household_id=theirs.pk, kind="child")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError):
        hang()


def _raw_login() -> dict[str, object]:
    given = connection.settings_dict
    return {
        "dbname": given["NAME"],
        "user": given["USER"],
        "password": given["PASSWORD"],
        "host": given["HOST"],
        "port": given["PORT"],
    }
