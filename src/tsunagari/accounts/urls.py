"""Addresses of sign-in, workplace, session and staff. Of allauth only what is used; there is no sign-up."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

from tsunagari.accounts.views import entrance

urlpatterns = [
    path("workplace/", entrance.workplace, name="workplace"),
    path("session/", entrance.session, name="session"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
