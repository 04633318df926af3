"""Signing in: an app's codes, passkeys, and what somebody reads who has typed wrongly too often (X1, X2, X4)."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.people import Desk, menu
from tests.makers import PASSWORD, Town
from tsunagari.accounts.models import User
from tsunagari.base.actor import Actor

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _forgotten_attempts(real_site: object) -> None:
    cache.clear()


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def _user(actor: Actor) -> User:
    return User.objects.get(pk=actor.user_id)


def _type_password(page: Page, actor: Actor, password: str = PASSWORD) -> None:
    page.get_by_label("ログイン名").fill(_user(actor).username)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="ログインする", exact=True).click()


def test_the_first_sign_in_sets_up_an_app_and_the_next_asks_for_its_code(desk: Desk, town: Town) -> None:
    page = desk.device().new_page()
    page.goto("/")
    _type_password(page, town.counselor)
    page.get_by_role("link", name="認証アプリを設定する").click()
    page.get_by_text("図を読み取れないとき").click()
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("6けたのコード").fill(_code(secret))
    page.get_by_role("button", name="設定する").click()
    expect(page.get_by_role("list", name="まだ使っていないコード").get_by_role("listitem")).to_have_count(10)
    page.get_by_role("link", name="しまいました。仕事を始める").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("月")
    menu(page, "ログアウト")
    expect(page.get_by_role("heading", name="ログイン")).to_be_visible()


def test_a_code_of_the_app_opens_the_page_that_was_asked_for(desk: Desk, town: Town) -> None:
    TOTP.activate(_user(town.counselor), SECRET)
    page = desk.device().new_page()
    page.goto("/visits/")
    _type_password(page, town.counselor)
    page.get_by_label("コード").fill("000000")
    page.get_by_role("button", name="つづける").click()
    expect(page.get_by_text("コードがちがいます").first).to_be_visible()
    page.get_by_label("コード").fill(_code(SECRET))
    page.get_by_role("button", name="つづける").click()
    expect(page.get_by_role("heading", name="今日の来所")).to_be_visible()


def test_five_wrong_passwords_lock_and_the_page_says_for_how_long(desk: Desk, town: Town) -> None:
    desk.watch.expect("429 (Too Many Requests)")
    page = desk.device().new_page()
    page.goto("/accounts/login/")
    for number in range(5):
        _type_password(page, town.counselor, f"wrong-{number}")
        expect(page.get_by_text("ログイン名かパスワードがちがいます").first).to_be_visible()
    _type_password(page, town.counselor)
    expect(page.get_by_text("分ほどたってから、もう一度おためしください").first).to_be_visible()


def _with_authenticator(context: BrowserContext, page: Page) -> None:
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_signs_in_without_a_password(desk: Desk, town: Town) -> None:
    context = desk.device(base_url=desk.site.named_url)
    page = context.new_page()
    _with_authenticator(context, page)
    page.goto("/accounts/login/")
    _type_password(page, town.counselor)
    page.get_by_role("link", name="パスキーを加える").click()
    page.get_by_label("呼び名").fill("受付のタブレット")
    page.get_by_label("パスワードを入れずにログインする").check()
    page.get_by_role("button", name="登録する").click()
    page.get_by_role("link", name="しまいました。仕事を始める").click()
    menu(page, "ログアウト")
    page.get_by_role("button", name="パスキーでログインする").click()
    expect(page.locator("header .who")).to_contain_text("三浦 架空")
