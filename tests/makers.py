"""Plain makers of a small world. Names are fictional; codes 9999xx belong to no municipality."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.test import Client

from tsunagari.accounts.models import Membership, User
from tsunagari.accounts.sessions import TOUCHED, WORKPLACE, actor_of
from tsunagari.accounts.signed_in import SessionStore
from tsunagari.base import clock, tenancy
from tsunagari.base.access import Role
from tsunagari.base.actor import Actor
from tsunagari.places.models import Agency, AgencyPeriod, Area, Municipality

PASSWORD = "hirogaru-tsunagari-7"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[139.0, 36.0], [139.1, 36.0], [139.1, 36.1], [139.0, 36.1], [139.0, 36.0]]],
}
OPENED = date(2020, 4, 1)
# Town's name for the post, the role, the town's name for the place (none: the whole town), who works there.
STAFF = (
    ("counselor", Role.COUNSELOR, "aoba", "三浦 架空"),
    ("colleague", Role.COUNSELOR, "aoba", "原 架空"),
    ("stranger", Role.COUNSELOR, "midori", "森 架空"),
    ("manager", Role.MANAGER, "aoba", "岡 架空"),
    ("rounds", Role.ROUNDS, "aoba", "巡 架空"),
    ("nurse", Role.NURSE, "centre", "保 架空"),
    ("lead", Role.LEAD, "centre", "統 架空"),
    ("officer", Role.OFFICER, "", "市 架空"),
    ("auditor", Role.AUDITOR, "", "監 架空"),
)
_numbers = count(1)


@dataclass(frozen=True)
class Town:
    """A municipality, its area and agencies, and one actor for each role.

    `counselor` and `colleague` work at あおば (`aoba`), `stranger` is a counselor at みどり (`midori`).
    """

    municipality: Municipality
    area: Area
    aoba: Agency
    midori: Agency
    centre: Agency
    counselor: Actor
    colleague: Actor
    stranger: Actor
    manager: Actor
    rounds: Actor
    nurse: Actor
    lead: Actor
    officer: Actor
    auditor: Actor

    @property
    def actors(self) -> dict[str, Actor]:
        """One actor of each role, by role."""
        everyone = [
            self.counselor,
            self.manager,
            self.rounds,
            self.nurse,
            self.lead,
            self.officer,
            self.auditor,
        ]
        return {actor.role: actor for actor in everyone}


def make_town(code: str, name: str) -> Town:
    """A whole town; ids of people and agencies differ from call to call."""
    municipality = Municipality.objects.create(code=code, name=name, prefecture="架空県")
    with scope(municipality):
        area = make_area(municipality, "中央")
        aoba, midori, centre = _open(municipality, area)
        places = {"aoba": aoba, "midori": midori, "centre": centre, "": None}
        staff = _hire(municipality, [(role, places[place], person) for _, role, place, person in STAFF])
        actors = {post: actor for (post, *_), actor in zip(STAFF, staff, strict=True)}
        return Town(municipality, area, aoba, midori, centre, **actors)


def _open(municipality: Municipality, area: Area) -> list[Agency]:
    """`make_agency` for あおば, みどり and the centre in two statements: nearly every test asks for a town."""
    names = ("あおば子育て支援センター", "みどり児童館", "こども家庭センター")
    kinds = (Agency.Kind.AGENCY, Agency.Kind.AGENCY, Agency.Kind.CENTRE)
    agencies = [_agency(municipality, name, kind) for name, kind in zip(names, kinds, strict=True)]
    Agency.objects.bulk_create(agencies)
    AgencyPeriod.objects.bulk_create([_period(agency, area) for agency in agencies])
    return agencies


def _hire(municipality: Municipality, posts: list[tuple[Role, Agency | None, str]]) -> list[Actor]:
    """`make_actor` for a whole staff in two statements: nearly every test asks for a town."""
    users = User.objects.bulk_create([_user(name) for _, _, name in posts])
    memberships = Membership.objects.bulk_create(
        [
            Membership(user=user, municipality=municipality, agency=agency, role=role, valid_from=OPENED)
            for user, (role, agency, _) in zip(users, posts, strict=True)
        ]
    )
    return [actor_of(membership, ip="127.0.0.1", via="test") for membership in memberships]


@contextmanager
def scope(town: Town | Municipality, user_id: int | None = None) -> Iterator[None]:
    """The open transaction of a town, for arranging and for looking at the database."""
    municipality = town.municipality if isinstance(town, Town) else town
    with tenancy.municipality(municipality.pk, user_id=user_id):
        yield


def make_area(municipality: Municipality, name: str, polygon: object = SQUARE) -> Area:
    """A school district with a square for a polygon."""
    return Area.objects.create(
        municipality=municipality,
        code=f"{name}-{next(_numbers)}",
        name=name,
        polygon=polygon,
        min_lon=139.0,
        min_lat=36.0,
        max_lon=139.1,
        max_lat=36.1,
        valid_from=OPENED,
    )


def make_agency(
    municipality: Municipality, name: str, area: Area | None = None, kind: str = Agency.Kind.AGENCY
) -> Agency:
    """An agency open since April 2020 with one period."""
    agency = _agency(municipality, name, kind)
    agency.save()
    _period(agency, area).save()
    return agency


def _agency(municipality: Municipality, name: str, kind: str) -> Agency:
    number = f"T{next(_numbers):05}"
    return Agency(municipality=municipality, kind=kind, identifier=number, name=name, opened_on=OPENED)


def _period(agency: Agency, area: Area | None) -> AgencyPeriod:
    return AgencyPeriod(
        municipality=agency.municipality,
        agency=agency,
        valid_from=OPENED,
        name=agency.name,
        address=f"{agency.municipality.name}あおば町1-2-3",
        latitude=36.05,
        longitude=139.05,
        area=area,
    )


def make_user(name: str, *, password: str = PASSWORD) -> User:
    """A person who can sign in."""
    user = _user(name, password)
    user.save()
    return user


def _user(name: str, password: str = PASSWORD) -> User:
    return User(username=f"user{next(_numbers)}", name=name, password=_hashed(password))


@cache
def _hashed(password: str) -> str:
    """Once for each password: hashing it for everybody in every town took longer than writing them down."""
    return make_password(password)


def make_actor(
    municipality: Municipality, role: Role, agency: Agency | None, name: str, *, user: User | None = None
) -> Actor:
    """A person with a membership since April 2020, as an Actor. Needs the town's scope."""
    membership = Membership.objects.create(
        user=user or make_user(name),
        municipality=municipality,
        agency=agency,
        role=role,
        valid_from=OPENED,
    )
    loaded = Membership.objects.select_related("user", "municipality", "agency").get(pk=membership.pk)
    return actor_of(loaded, ip="127.0.0.1", via="test")


def client_of(actor: Actor, **defaults: object) -> Client:
    """A client signed in as the actor; sign-in pages themselves have their own tests."""
    user = User.objects.get(pk=actor.user_id)
    user.last_login = clock.now()
    user.save(update_fields=["last_login"])
    session = SessionStore()  # written once; Client.force_login takes four statements, for nearly every test
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[WORKPLACE] = (actor.membership_id, actor.municipality_id)
    session[TOUCHED] = int(clock.now().timestamp())
    session.create()
    client = Client(**defaults)  # type: ignore[arg-type]
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client
