"""Settings: one file, read from RECOUP_* (and DATABASE_URL) only. Importing it starts nothing."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF

from recoup.conf import embedders, scripts, secret, texting
from recoup.foundation.database import connect, embedded
from recoup.web.look import brand

ROOT = Path(__file__).resolve().parents[2]
VAR = embedded.var()

# --- who we are -------------------------------------------------------------------------------
RECOUP_SITE_NAME = os.environ.get("RECOUP_SITE_NAME", "Recoup")


# Addresses have their lines separated by semicolons, such as "Dock Street 4; 20457 Hamburg; Germany".
def _lines(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(";") if part.strip()]


RECOUP_COMPANY_ADDRESS = _lines("RECOUP_COMPANY_ADDRESS")
RECOUP_RETURN_ADDRESS = _lines("RECOUP_RETURN_ADDRESS") or RECOUP_COMPANY_ADDRESS
RECOUP_ADDRESS = os.environ.get("RECOUP_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
RECOUP_VAR = VAR
RECOUP_BRAND = brand.of(os.environ.get("RECOUP_LOGO", ""), os.environ.get("RECOUP_COLOURS", ""))
RECOUP_DEMO = os.environ.get("RECOUP_DEMO", "") not in ("", "0")
RECOUP_EMBEDDERS = embedders.origins(os.environ.get("RECOUP_EMBEDDERS", ""))
_https = RECOUP_ADDRESS.startswith("https://")
_own_host = urlsplit(RECOUP_ADDRESS).hostname or "127.0.0.1"

# --- safety -----------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = secret.key(var=VAR)
ALLOWED_HOSTS = list(
    dict.fromkeys([*os.environ.get("RECOUP_HOSTS", "").replace(",", " ").split(), _own_host, "127.0.0.1", "localhost"])
)
CSRF_TRUSTED_ORIGINS = [RECOUP_ADDRESS]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
# Whether a request came by https is the web server's word, which believes only proxies it knows (RECOUP_PROXIES).
SECURE_CONTENT_TYPE_NOSNIFF = True
# Links carry their secret in the path, so no page of ours may tell another site where it was.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# No page may be framed. What RECOUP_EMBEDDERS changes about that is in recoup/web/capture/guest.py alone.
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "recoup.conf.refusals.form_expired"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # bytes; photos do not come this way
RECOUP_PHOTO_BYTES = int(os.environ.get("RECOUP_PHOTO_BYTES", 40 * 2**20))  # the largest photo
RECOUP_PHOTOS_PER_SESSION = int(os.environ.get("RECOUP_PHOTOS_PER_SESSION", "60"))

# --- what runs --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "pgtrigger",
    "csp",
    "django_htmx",
    "django_vite",
    "recoup.web.desk",  # before allauth, whose pages it dresses as ours
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "recoup.foundation.database",
    "recoup.foundation.accounts",
    "recoup.foundation.audit",
    "recoup.foundation.facts",
    "recoup.foundation.jobs",
    "recoup.foundation.notices",
    "recoup.foundation.files",
    "recoup.domain.catalogue",
    "recoup.domain.suppliers",
    "recoup.domain.orders",
    "recoup.domain.defects",
    "recoup.domain.ledger",
    "recoup.domain.evidence",
    "recoup.domain.returns",
    "recoup.domain.warehouse",
    "recoup.domain.claims",
    "recoup.domain.insight",
    "recoup.channels",
    "recoup.flows",
    "recoup.web.look",
    "recoup.web.capture",
    "recoup.web.supplier",
    "recoup.web.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "recoup.conf.static_files.StaticFiles",
    "recoup.conf.packing.PackedMiddleware",
    "csp.middleware.CSPMiddleware",
    "recoup.conf.devices.devices_middleware",
    "recoup.web.capture.guest.guest_middleware",  # before sessions: a guest's page has no cookies
    "django.contrib.sessions.middleware.SessionMiddleware",
    "recoup.conf.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "recoup.conf.refusals.RefusalMiddleware",
]
ROOT_URLCONF = "recoup.conf.urls"
ASGI_APPLICATION = "recoup.conf.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    }
]

# --- the database and its jobs ------------------------------------------------------------------
DATABASES = {"default": connect.settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "recoup.foundation.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/desk/"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True

# --- files that browsers fetch ----------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = None  # WhiteNoise serves what the finders find; nothing is collected
_built = ROOT / "phone" / "dist"
STATICFILES_DIRS = [_built] if _built.exists() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = scripts.static_headers
# Vite names a file after its content: main-BvRk9kiK.js.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/assets/.+-[0-9a-zA-Z_-]{8}\.\w+$"
DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": _built / ".vite" / "manifest.json"}}

# --- words, time, mail --------------------------------------------------------------------------------
LANGUAGE_CODE = "en"  # what is written in the code; the others are in recoup/locale, made by script/messages
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("ar", "العربية")]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE, LANGUAGE_COOKIE_SECURE = True, "Lax", _https
USE_TZ = True
TIME_ZONE = "UTC"
_mail = urlsplit(os.environ.get("RECOUP_MAIL", ""))  # smtp://user:password@host:587 or smtps://…
_by = "django.core.mail.backends.smtp" if _mail.hostname else "recoup.foundation.notices.terminal"
EMAIL_BACKEND = f"{_by}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp" and bool(_mail.username)
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("RECOUP_MAIL_FROM", f"returns@{_own_host}")
# Text messages: without a gateway none are sent, and nobody is asked for a telephone number.
RECOUP_SMS_URL = texting.gateway(os.environ.get("RECOUP_SMS_URL", ""))
RECOUP_SMS_TOKEN = texting.token(os.environ.get("RECOUP_SMS_TOKEN", ""))
RECOUP_SMS_PER_DAY = int(os.environ.get("RECOUP_SMS_PER_DAY", "1000"))  # to everybody together: each one costs
RECOUP_COUNTRY = texting.country(os.environ.get("RECOUP_COUNTRY", ""))  # of numbers on orders that name no country
LOGGING_CONFIG = None  # recoup.conf.logs
# auth.W004: an e-mail address is unique whatever its capitals, by a constraint that this check cannot see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
