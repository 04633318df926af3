"""Settings of one installation, read from the environment; nonsense is refused at start.

One file on purpose: what differs between a demo, a test run and a city's server is an environment variable
named here, not another settings module.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from tsunagari.config import database

PACKAGE = Path(__file__).resolve().parent.parent
SHORTEST_KEY = 32  # characters


def env(name: str, default: str | None = None) -> str:
    """The variable `name`; raises ImproperlyConfigured when it is required and empty."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} が設定されていません。")
    return value


def env_bool(name: str, default: bool = False) -> bool:
    """True for 1/true/yes/on, False for 0/false/no/off; anything else is refused."""
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} は 1 か 0 で指定してください（今の値: {value}）。")


def env_list(name: str, default: str = "") -> list[str]:
    """Comma-separated values without blanks."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


DEBUG = env_bool("TSUNAGARI_DEBUG")
DEMO = env_bool("TSUNAGARI_DEMO")
TESTING = env_bool("TSUNAGARI_TESTING")
LOCAL = DEBUG or DEMO or TESTING

SECRET_KEY = env("TSUNAGARI_SECRET_KEY", "local-only-not-a-secret" if LOCAL else None)
if not LOCAL and len(SECRET_KEY) < SHORTEST_KEY:
    raise ImproperlyConfigured(f"TSUNAGARI_SECRET_KEY は {SHORTEST_KEY} 文字以上にしてください。")
# A new key must not lock everybody's second factor out: name the old ones until all have been set up anew.
SECRET_KEY_FALLBACKS = env_list("TSUNAGARI_OLD_SECRET_KEYS")
ALLOWED_HOSTS = env_list(
    "TSUNAGARI_HOSTS", "127.0.0.1,localhost,[::1],testserver" if LOCAL else "127.0.0.1,localhost"
)
CSRF_TRUSTED_ORIGINS = env_list("TSUNAGARI_ORIGINS")

DATABASES = {
    "default": database.django_settings(
        env("TSUNAGARI_DB_ROLE", "web"), name=os.environ.get("TSUNAGARI_DB_NAME") or None, pooled=True
    )
}
# where the search for families that stand twice puts what does not fit in memory; None: nowhere
LINKAGE_SPILL = server.folder / "spill" if (server := database.embedded_server()) else None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "tsunagari.base",
    "tsunagari.audit",
    "tsunagari.accounts",
    "tsunagari.places",
    "tsunagari.families",
    "tsunagari.encounters",
    "tsunagari.reports",
    "tsunagari.interop",
    "tsunagari.desk",
    "tsunagari.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tsunagari.base.middleware.PeopleErrors",
]

ROOT_URLCONF = "tsunagari.config.urls"
WSGI_APPLICATION = "tsunagari.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "tsunagari.accounts.context.workspace",
            ],
            "builtins": ["django.templatetags.static", "tsunagari.base.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.Jinja2"

# People and sign-in -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["tsunagari.accounts.signed_in.StaffBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/workplace/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "tsunagari.accounts.adapter.StaffAdapter"
ACCOUNT_FORMS = {
    "login": "tsunagari.accounts.forms.SignInForm",
    "reauthenticate": "tsunagari.accounts.forms.AgainForm",
    "change_password": "tsunagari.accounts.forms.NewPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/5m/ip,5/10m/key"}
MFA_ADAPTER = "tsunagari.accounts.adapter.StaffMFAAdapter"
MFA_FORMS = {
    "authenticate": "tsunagari.accounts.forms.CodeForm",
    "reauthenticate": "tsunagari.accounts.forms.CodeAgainForm",
    "activate_totp": "tsunagari.accounts.forms.AppForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "つながり"
MFA_TOTP_TOLERANCE = 1  # a code typed while it changes; each opens once (accounts.factors)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
MFA_REQUIRED = env_bool("TSUNAGARI_MFA_REQUIRED", default=not DEMO)

# Sessions end after a quiet spell; the page warns two minutes before and drafts are on the server by then. ---------
SESSION_ENGINE = "tsunagari.accounts.signed_in"
SESSION_IDLE_SECONDS = int(env("TSUNAGARI_SESSION_MINUTES", "30")) * 60
SESSION_TOUCH_SECONDS = 60
SESSION_COOKIE_AGE = SESSION_IDLE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not LOCAL
CSRF_COOKIE_SECURE = not LOCAL
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tsunagari.base.errors.csrf_failure"

# Headers ------------------------------------------------------------------------------------------------------------
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
SECURE_SSL_REDIRECT = not LOCAL and env_bool("TSUNAGARI_TLS_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # a monitor on the machine itself asks without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# Files --------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("TSUNAGARI_STATIC_ROOT", str(PACKAGE.parent.parent / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024

# Japanese, one time zone --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

# One cache for all processes: sign-in attempts must be counted together. --------------------------------------------
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "base_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # beyond it counts are thrown away, and lock-outs with them
    }
}

EMAIL_BACKEND = env("TSUNAGARI_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
MESSAGE_STORAGE = "tsunagari.base.toasts.Toasts"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "class": "logging.Formatter" if LOCAL else "tsunagari.config.logs.WithoutWords",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env("TSUNAGARI_LOG_LEVEL", "WARNING")},
}

SILENCED_SYSTEM_CHECKS = [
    "security.W021",  # a browser's preload list is for the city to decide, for its whole domain
]

# The keeper of guarded doors (see base/doors.py) ---------------------------------------------------------------------
DOORKEEPER = "tsunagari.accounts.doorkeeper.keeper"
SIGN_IN_PATH = "/accounts/login/"
# Who knows what somebody who leaves is in charge of (see accounts/leaving.py)
LEAVING = "tsunagari.encounters.operations.leaving"
# The numbers in the menu: a function of the actor (see accounts/context.py)
MENU_NUMBERS = "tsunagari.encounters.queries.circulation.menu_numbers"
TRUSTED_PROXY = env_bool("TSUNAGARI_TRUSTED_PROXY")
