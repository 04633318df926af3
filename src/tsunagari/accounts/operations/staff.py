"""What the town's officer does about staff: take on, move, end, stop, and give a new way in."""

from __future__ import annotations

from datetime import date

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from tsunagari.accounts import access, attempts, leaving
from tsunagari.accounts.models import Membership, User
from tsunagari.accounts.rules import LOGIN_NAME, MembershipInput, StaffInput, one_time_password
from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.access import EVERYONE, Role, needs_agency
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.places.models import Agency


@transaction.atomic
def add_staff(person: StaffInput, *, actor: Actor) -> tuple[User, str]:
    """A new person with a first membership, and the one-time password, which is kept nowhere in the clear.

    DomainError when the login name cannot be used; it never says whose it is.
    """
    if not LOGIN_NAME.fullmatch(person.username):
        raise DomainError("英小文字と数字で、3文字以上にしてください。", field="username")
    if not person.name.strip():
        raise DomainError("氏名を入れてください。", field="name")
    password = one_time_password()
    user = User(username=person.username, name=person.name, kana=person.kana, must_change_password=True)
    user.set_password(password)
    try:
        with transaction.atomic():
            if User.objects.filter(username__iexact=person.username).exists():
                raise IntegrityError
            user.save()
    except IntegrityError:
        raise DomainError(
            "このログイン名は使えません。", what_to_do="別の名前にしてください。", field="username"
        ) from None
    membership = _insert(user, person.membership, actor)
    audit.record(access.MANAGE_STAFF, actor=actor, obj=user, detail=_detail("add", membership))
    return user, password


@transaction.atomic
def change_person(user: User, *, actor: Actor, name: str, kana: str) -> User:
    """Correct the name of a person."""
    user = _locked(user, actor)
    if not name.strip():
        raise DomainError("氏名を入れてください。", field="name")
    user.name, user.kana = name, kana
    user.save(update_fields=["name", "kana"])
    audit.record(access.MANAGE_STAFF, actor=actor, obj=user, detail={"change": "name"})
    return user


@transaction.atomic
def add_membership(user: User, given: MembershipInput, *, actor: Actor) -> Membership:
    """Another role or place for a person of this town."""
    user = _locked(user, actor)
    membership = _insert(user, given, actor)
    audit.record(access.MANAGE_STAFF, actor=actor, obj=user, detail=_detail("membership", membership))
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, actor: Actor, ends_on: date) -> Membership:
    """The last day of a membership; from the next day on its holder no longer gets in. On that day what they are in
    charge of goes to whoever stands in.

    DomainError for the actor's own membership and the last officer's, and when nobody can stand in.
    """
    membership = Membership.objects.visible_to(actor).select_for_update().get(pk=membership.pk)
    if membership.valid_to is not None and membership.valid_to <= min(ends_on, clock.today()):
        raise Conflict("この所属は、もう終わっています。")
    if membership.pk == actor.membership_id:
        raise DomainError(
            "いま使っている自分の所属は、終えられません。", what_to_do="ほかの担当に頼んでください。"
        )
    _keep_an_officer(membership, ends_on, actor)
    if ends_on < membership.valid_from:
        raise DomainError("終了日が、開始日より前です。", field="ends_on")
    membership.valid_to = ends_on
    membership.save(update_fields=["valid_to"])
    leaving.keeper().settle(membership, actor=actor)
    detail = _detail("membership-end", membership) | {"on": ends_on.isoformat()}
    audit.record(access.MANAGE_STAFF, actor=actor, obj=membership.user, detail=detail)
    return membership


@transaction.atomic
def bring_in(person: StaffInput, *, actor: Actor) -> tuple[User, str | None]:
    """Give a person a place in the actor's town, whether or not they already sign in elsewhere.

    The one-time password of a new person, None for one who has a way in. For whoever runs the server, not
    for a page: it tells whose a login name is. DomainError when the login name is somebody of another name.
    """
    user = User.objects.select_for_update().filter(username__iexact=person.username).first()
    if user is None:
        return add_staff(person, actor=actor)
    if not user.is_active:
        raise DomainError(f"ログイン名「{user.username}」は、利用を止められています。")
    if person.name and _plain(person.name) != _plain(user.name):
        raise DomainError(
            f"ログイン名「{user.username}」は、{user.name}さんが使っています。", field="username"
        )
    membership = _insert(user, person.membership, actor)
    audit.record(access.MANAGE_STAFF, actor=actor, obj=user, detail=_detail("membership", membership))
    return user, None


@transaction.atomic
def unlock(username: str, *, actor: Actor) -> tuple[User, bool]:
    """Let a person who failed too often try again at once; whether they were locked out.

    DomainError when nobody has the login name. Failures of an address are not forgotten.
    """
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        raise DomainError(f"ログイン名「{username}」の職員はいません。", status=404)
    locked = bool(attempts.locked_keys(user))
    attempts.forget(user)
    audit.record(access.MANAGE_STAFF, actor=actor, obj=user, detail={"change": "unlock", "locked": locked})
    return user, locked


@transaction.atomic
def set_active(user: User, *, actor: Actor, active: bool) -> User:
    """Stop a person's sign-in at once, or allow it again.

    Every running session of theirs is refused from now on.
    """
    user = _locked(user, actor)
    _own_staff_only(user, actor)
    if user.pk == actor.user_id:
        raise DomainError("自分の利用は、止められません。", what_to_do="ほかの担当に頼んでください。")
    user.is_active = active
    user.save(update_fields=["is_active"])
    audit.record(access.MANAGE_STAFF, actor=actor, obj=user, detail={"change": "start" if active else "stop"})
    return user


@transaction.atomic
def reset_sign_in(user: User, *, actor: Actor, second_factor: bool) -> str:
    """A new one-time password; with `second_factor` also forgets the app, passkeys and codes.

    Sessions end at once, and so does a lock-out.
    """
    user = _locked(user, actor)
    _own_staff_only(user, actor)
    if user.pk == actor.user_id:
        raise DomainError("自分のパスワードは、右上のメニューからかえてください。")
    password = one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    attempts.forget(user)
    if second_factor:
        Authenticator.objects.filter(user=user).delete()
    detail = {"change": "reset-all" if second_factor else "reset-password"}
    audit.record(access.MANAGE_STAFF, actor=actor, obj=user, detail=detail)
    return password


def _locked(user: User, actor: Actor) -> User:
    """The person, if they work or worked in the actor's town."""
    if not Membership.objects.visible_to(actor).filter(user=user).exists():
        raise DomainError("この職員は見つかりません。", status=404)
    return User.objects.select_for_update().get(pk=user.pk)


def _own_staff_only(user: User, actor: Actor) -> None:
    with connection.cursor() as cursor:
        arguments = (user.pk, actor.municipality_id, clock.today().isoformat())
        cursor.execute("SELECT accounts_works_elsewhere(%s, %s, %s::date)", arguments)
        if cursor.fetchone() != (False,):
            raise DomainError(
                "ほかの自治体でも働いている人のため、ここからはかえられません。",
                what_to_do="この自治体での利用を止めるには、所属を終えてください。",
            )


def _insert(user: User, given: MembershipInput, actor: Actor) -> Membership:
    if given.role not in EVERYONE:
        raise DomainError("役割をえらんでください。", field="role")
    agency = Agency.objects.visible_to(actor).filter(pk=given.agency_id).first() if given.agency_id else None
    if needs_agency(given.role) and agency is None:
        raise DomainError(
            "この役割には、場所が要ります。", what_to_do="場所をえらんでください。", field="agency"
        )
    if given.valid_to is not None and given.valid_to < given.valid_from:
        raise DomainError("終了日が、開始日より前です。", field="valid_to")
    agency_id = agency.pk if agency and needs_agency(given.role) else None
    same = Membership.objects.filter(user=user, municipality_id=actor.municipality_id, agency=agency_id)
    meeting = same.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=given.valid_from), role=given.role)
    if meeting.filter(valid_from__lte=given.valid_to or date.max).exists():
        raise DomainError("同じ場所・同じ役割の期間が重なっています。", field="valid_from")
    return Membership.objects.create(
        user=user,
        municipality_id=actor.municipality_id,
        agency_id=agency_id,
        role=given.role,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
    )


def _keep_an_officer(membership: Membership, ends_on: date, actor: Actor) -> None:
    if membership.role != Role.OFFICER:
        return
    officers = Membership.objects.visible_to(actor).filter(role=Role.OFFICER, user__is_active=True)
    lasting = officers.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=ends_on)).exclude(pk=membership.pk)
    if not lasting.exists():
        raise DomainError("自治体担当がいなくなります。", what_to_do="先に、次の担当を登録してください。")


def _plain(name: str) -> str:
    """A name without its blanks."""
    return "".join(name.split())


def _detail(change: str, membership: Membership) -> dict[str, object]:
    return {
        "change": change,
        "membership": membership.pk,
        "role": str(membership.role),
        "agency": membership.agency_id,
    }
