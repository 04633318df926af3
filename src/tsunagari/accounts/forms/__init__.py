"""Input about people who work here, by topic."""

from tsunagari.accounts.forms.people import (
    REQUIRED,
    AgainForm,
    AppForm,
    CodeAgainForm,
    CodeForm,
    DateInput,
    DeviceForm,
    EndForm,
    MembershipForm,
    NewPasswordForm,
    PersonForm,
    SignInForm,
    StaffFilterForm,
    StaffForm,
    day_field,
)

__all__ = [
    "REQUIRED",
    "AgainForm",
    "AppForm",
    "CodeAgainForm",
    "CodeForm",
    "DateInput",
    "DeviceForm",
    "EndForm",
    "MembershipForm",
    "NewPasswordForm",
    "PersonForm",
    "SignInForm",
    "StaffFilterForm",
    "StaffForm",
    "day_field",
]
