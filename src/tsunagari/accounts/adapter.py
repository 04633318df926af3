"""How sign-in behaves: no sign-up, Japanese words, a trail of who came, left, failed or changed a factor."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from tsunagari.accounts import access, attempts, factors, sessions
from tsunagari.accounts.models import User
from tsunagari.accounts.trail import keep
from tsunagari.audit.models import Entry

FRESH_SECONDS = 300
WRONG = "ログイン名かパスワードがちがいます。"
CHANGES = {
    "account/email/password_changed": "password",
    "mfa/email/totp_activated": "totp-added",
    "mfa/email/totp_deactivated": "totp-removed",
    "mfa/email/webauthn_added": "passkey-added",
    "mfa/email/webauthn_removed": "passkey-removed",
    "mfa/email/recovery_codes_generated": "recovery-codes",
}


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are made by the city; a person signs in, changes the password and signs out."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "incorrect_password": "パスワードがちがいます。",
        "enter_current_password": "今のパスワードを入れてください。",
        attempts.TOO_MANY: attempts.blocked(10),
        "rate_limited": attempts.blocked(10),
        "account_inactive": "このログイン名は、いま使えません。市の担当にお問い合わせください。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return sessions.client_ip(request) or "unknown"

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages themselves say what happened."""

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """allauth calls this after each change of a password or factor: the place to keep it on the trail."""
        change = CHANGES.get(template_prefix, template_prefix[-40:])
        request = self.request or context.request
        workplace = request.session.get(sessions.WORKPLACE)
        town = workplace[1] if workplace else 0
        keep(access.CHANGE_FACTOR, request, user, municipality_id=town, change=change)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago need not type the password again to set up a second factor."""
        records = get_authentication_records(context.request, context.request.user)
        if any(time.time() - record["at"] < FRESH_SECONDS for record in records):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def set_password(self, user: User, password: str) -> None:
        """A password of the person's own choice ends the one-time password."""
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; while the account or the address is blocked, say until when."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            user = _owner(credentials)
            keep(access.SIGN_IN, request, user, outcome=Entry.Outcome.REFUSED, reason="blocked")
            minutes = attempts.minutes_left(
                request, self._get_login_attempts_cache_key(request, **credentials)
            )
            raise ValidationError(attempts.blocked(minutes), code=attempts.TOO_MANY) from None

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return attempts.name_key(credentials.get("username", ""))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """The typed name is not kept: it may be a password. Whose name it is, is."""
        user = _owner(credentials)
        keep(access.SIGN_IN, request, user, outcome=Entry.Outcome.REFUSED, reason="password")

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session.pop(sessions.WORKPLACE, None)
        keep(access.SIGN_IN, request, user)

    def logout(self, request: HttpRequest) -> None:
        user, workplace = request.user, request.session.get(sessions.WORKPLACE)
        super().logout(request)
        if isinstance(user, User):
            keep(access.SIGN_OUT, request, user, municipality_id=workplace[1] if workplace else 0)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        keep(access.SIGN_IN, request, user, outcome=Entry.Outcome.REFUSED, reason="inactive")
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response


def _owner(credentials: dict[str, Any]) -> User | None:
    """The person whose login name was typed, if there is one."""
    return User.objects.filter(username__iexact=credentials.get("username", "")).first()


class StaffMFAAdapter(DefaultMFAAdapter):
    """Second factors: sealed at rest, each code once; the last one stays where the installation requires one."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "二要素は必要です。先に別の方法を加えてから、外してください。",
        "cannot_generate_recovery_codes": "二要素を設定してから、予備のコードを作れます。",
        "incorrect_code": "コードがちがいます。今の画面に出ているコードを入れてください。",
        "spent_code": "このコードは、もう使われています。アプリに次のコードが出てから入れてください。",
    }

    def encrypt(self, text: str) -> str:
        return factors.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factors.unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not settings.MFA_REQUIRED:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "パスキー" if number == 1 else f"パスキー {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}
