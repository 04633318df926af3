"""Input about staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms

from tsunagari.accounts import access, attempts, factors
from tsunagari.accounts.models import Membership
from tsunagari.accounts.rules import LOGIN_NAME, MembershipInput, StaffInput
from tsunagari.accounts.trail import keep
from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.fields import DayField
from tsunagari.base.offering import offer_rows
from tsunagari.places import queries as places

REQUIRED = {"required": "入れてください。"}


class DateInput(forms.DateInput):
    """A day, by the browser's own calendar or typed."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def day_field(label: str, *, required: bool = True, help_text: str = "") -> DayField:
    messages = {"required": "日を入れてください。", "invalid": "「2026-04-01」のように入れてください。"}
    return DayField(
        label=label, required=required, help_text=help_text, widget=DateInput, error_messages=messages
    )


class MembershipForm(forms.Form):
    """Role, place and period."""

    role = forms.ChoiceField(
        label="役割", choices=Membership.ROLES, error_messages={"required": "役割をえらんでください。"}
    )
    agency: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label="場所",
        queryset=None,
        required=False,
        empty_label="（市全体）",
        help_text="自治体担当と監査は、市全体です。",
        error_messages={"invalid_choice": "一覧からえらんでください。"},
    )
    valid_from = day_field("開始日")
    valid_to = day_field("終了日", required=False, help_text="決まっていなければ空けておきます。")

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "agency", places.open_agencies(actor))

    def membership(self) -> MembershipInput:
        clean = self.cleaned_data
        agency = clean["agency"]
        return MembershipInput(
            clean["role"], agency.pk if agency else None, clean["valid_from"], clean["valid_to"]
        )


class StaffForm(MembershipForm):
    """A new person."""

    name = forms.CharField(label="氏名", max_length=80, error_messages=REQUIRED)
    kana = forms.CharField(label="ふりがな", max_length=80, error_messages=REQUIRED)
    username = forms.RegexField(
        LOGIN_NAME,
        label="ログイン名",
        max_length=64,
        help_text="英小文字と数字で3文字以上。あとからかえられません。",
        error_messages={**REQUIRED, "invalid": "英小文字と数字（. _ - も可）で、3文字以上にしてください。"},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    field_order = ("name", "kana", "username", "role", "agency", "valid_from", "valid_to")

    def person(self) -> StaffInput:
        clean = self.cleaned_data
        return StaffInput(clean["username"], clean["name"], clean["kana"], self.membership())


class PersonForm(forms.Form):
    name = forms.CharField(label="氏名", max_length=80, error_messages=REQUIRED)
    kana = forms.CharField(label="ふりがな", max_length=80, required=False)


class EndForm(forms.Form):
    ends_on = day_field("終了日", help_text="この日までは働けます。")


class StaffFilterForm(forms.Form):
    """Filters of the list; a value that does not fit is left out."""

    q = forms.CharField(label="名前", required=False, max_length=80)
    role = forms.ChoiceField(label="役割", required=False, choices=[("", "すべて"), *Membership.ROLES])
    agency: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label="場所", queryset=None, required=False, empty_label="すべて"
    )
    state = forms.ChoiceField(
        label="在籍",
        required=False,
        choices=[("current", "いまの職員"), ("former", "以前の職員"), ("all", "すべて")],
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "agency", places.all_agencies(actor))
        if actor.scope == "agency":
            del self.fields["agency"]


class _Once:
    """A code opens once. A refused one goes on the trail: never the code, only whose it was."""

    def clean_code(self) -> str:
        form: Any = self
        typed, user = form.cleaned_data["code"], form.user
        if factors.is_spent(user.pk, typed):
            raise self._refused("spent")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except forms.ValidationError as error:
            raise self._locked_out() if error.code == attempts.TOO_MANY else error from None
        found = form.authenticator
        if found.type == Authenticator.Type.TOTP and not self._spend(found, code):
            raise self._refused("spent")
        return code

    def _spend(self, app: Authenticator, code: str) -> bool:
        return factors.spend(app.user_id, factors.unseal(app.data["secret"]), code)

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)  # type: ignore[misc]
        self._keep("code")

    def _refused(self, reason: str) -> forms.ValidationError:
        self._keep(reason)
        error: forms.ValidationError = get_adapter().validation_error("spent_code")
        return error

    def _locked_out(self) -> forms.ValidationError:
        self._keep("blocked")
        key = attempts.code_key(self.user.pk)  # type: ignore[attr-defined]
        minutes = attempts.minutes_left(mfa.context.request, key)
        return forms.ValidationError(attempts.blocked(minutes), code=attempts.TOO_MANY)

    def _keep(self, reason: str) -> None:
        request, user = mfa.context.request, self.user  # type: ignore[attr-defined]
        keep(access.SIGN_IN, request, user, outcome=Entry.Outcome.REFUSED, reason=reason)


def _plain(form: forms.BaseForm, labels: Mapping[str, str]) -> None:
    """Our own labels, what to do when a box is empty, and no words inside the boxes that vanish while typing."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in labels:
            field.label = labels[name]
            field.error_messages["required"] = f"{labels[name]}を入れてください。"


class SignInForm(LoginForm):
    """Name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"login": "ログイン名", "password": "パスワード"})


class AgainForm(ReauthenticateForm):
    """The password before a setting is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"password": "パスワード"})


class NewPasswordForm(ChangePasswordForm):
    """The present password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        again = "新しいパスワード（もう一度）"
        _plain(self, {"oldpassword": "今のパスワード", "password1": "新しいパスワード", "password2": again})


class CodeForm(_Once, mfa.AuthenticateForm):
    """The code at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"code": "コード"})


class CodeAgainForm(_Once, mfa.ReauthenticateForm):
    """The code before a setting is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"code": "コード"})


class AppForm(ActivateTOTPForm):
    """The first code of a new app; it has then been used."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"code": "6けたのコード"})

    def clean_code(self) -> str:
        code: str = super().clean_code()
        if not factors.spend(self.user.pk, self.secret, code):
            raise get_adapter().validation_error("spent_code")
        return code


class DeviceForm(forms.Form):
    """Which tablet this is, where it stands and for how long."""

    LASTING = [("today", "今日のおわりまで"), ("locked", "止めるまで")]

    agency: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label="機関", queryset=None, empty_label="えらんでください", error_messages=REQUIRED
    )
    name = forms.CharField(
        label="端末の名前", max_length=40, help_text="例：入口のタブレット", error_messages=REQUIRED
    )
    site: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label="使う場所",
        queryset=None,
        required=False,
        empty_label="この機関",
        error_messages={"invalid_choice": "一覧からえらんでください。"},
    )
    lasting = forms.ChoiceField(
        label="いつまで", choices=LASTING, initial="today", widget=forms.RadioSelect, error_messages=REQUIRED
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = places.running_sites(actor, clock.today())
        if actor.agency_id is not None:
            del self.fields["agency"]
        else:
            offer_rows(self, "agency", places.open_agencies(actor))
        if sites.exists():
            offer_rows(self, "site", sites)
        else:
            del self.fields["site"]
