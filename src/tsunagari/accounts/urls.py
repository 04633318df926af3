"""Addresses of sign-in, workplace, session and staff. Of allauth only what is used; there is no sign-up."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import include, path

from tsunagari.accounts.views import devices, staff
from tsunagari.accounts.views.entrance import counted, session, workplace

urlpatterns = [
    path("workplace/", workplace, name="workplace"),
    path("session/", session, name="session"),
    path("devices/", devices.devices, name="devices"),
    path("devices/unlock/", devices.unlock, name="device_unlock"),
    path("devices/<int:device_id>/lock/", devices.lock, name="device_lock"),
    path("staff/", staff.staff, name="staff"),
    path("staff/new/", staff.new, name="staff_new"),
    path("staff/<int:user_id>/", staff.member, name="staff_member"),
    path("staff/<int:user_id>/edit/", staff.edit, name="staff_edit"),
    path("staff/<int:user_id>/memberships/", staff.membership_new, name="membership_new"),
    path(
        "staff/<int:user_id>/memberships/<int:membership_id>/end/",
        staff.membership_end,
        name="membership_end",
    ),
    path("staff/<int:user_id>/active/", staff.active, name="staff_active"),
    path("staff/<int:user_id>/reset/", staff.reset, name="staff_reset"),
    path("accounts/login/", counted(account.login), name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", counted(account.reauthenticate), name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/2fa/authenticate/", counted(mfa.authenticate), name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", counted(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
