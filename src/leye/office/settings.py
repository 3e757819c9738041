"""Django's settings, all from the environment (`environment.py`). Importing it creates nothing on disk."""

from __future__ import annotations

from pathlib import Path

from jinja2 import StrictUndefined

from leye.office.database_url import database_from_url
from leye.office.environment import read_environment

ENVIRONMENT = read_environment()
PACKAGE = Path(__file__).parents[1]
SITE = PACKAGE / "site"

LEYE_DATA = ENVIRONMENT.data
LEYE_MODE = ENVIRONMENT.mode
LEYE_EVENTS_URL = ENVIRONMENT.events_url
LEYE_KEYS = ENVIRONMENT.keys
CHROMIUM = ENVIRONMENT.chromium
BULLETIN_WEEKDAY = ENVIRONMENT.bulletin_weekday
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
DEBUG = False

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "leye.office.accounts",
    "leye.office.outbox",
    "leye.office.alerts",
    "leye.office.jobs",
    "leye.office.decisions",
    "leye.office.registry",
    "leye.office.review",
    "leye.office.objections",
    "leye.office.privacy",
    "leye.office.fairness",
    "leye.office.entitlements",
    "leye.office.reforms",
    "leye.office.impact",
    "leye.office.promotion",
    "leye.office.rules",
    "leye.office.programmes",
    "leye.office.drills",
    "leye.office.measures",
    "leye.office.prospects",
    "leye.office.occupations",
    "leye.office.reports",
    "leye.office.searches",
    "leye.office.matches",
    "leye.office.vacancies",
    "leye.office.applications",
    "leye.office.campaigns",
    "leye.office.profiles",
]

MIDDLEWARE = [
    "leye.office.web.headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "leye.office.web.preferences.Preferences",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "leye.office.web.gate.Gate",
    "leye.office.web.errors.ErrorPages",
]

ROOT_URLCONF = "leye.site.urls"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [SITE / "templates"],
        "OPTIONS": {"environment": "leye.site.jinja.environment", "undefined": StrictUndefined},
    }
]

DATABASES = {"default": database_from_url(ENVIRONMENT.database_url, data=LEYE_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["leye.office.accounts.login.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "leye_lang"
ELDER_COOKIE_NAME = "leye_elder"
LOCALE_PATHS = [SITE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# What `leye.site.build` makes lies beside the sources in a checkout, in the user's cache when the package is installed elsewhere.
_CHECKOUT = PACKAGE.parents[1]
BUILD_DIR = _CHECKOUT / "build" if (_CHECKOUT / "pyproject.toml").exists() else Path.home() / ".cache" / "leye" / "build"
STATIC_URL = "/static/"
STATIC_ROOT = BUILD_DIR / "static"
STATICFILES_DIRS = [folder for folder in (SITE / "static", BUILD_DIR / "generated") if folder.is_dir()]
IS_STATIC_BUILT = (STATIC_ROOT / "staticfiles.json").exists()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_STATIC_BUILT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_STATIC_BUILT
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # chosen by us: one working day with its evening
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "leye.office.web.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # a table handed in for an audit is read from memory and never touches the disk
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

if ENVIRONMENT.is_production:
    # TLS ends at the proxy in front, which must set this header itself and drop what clients send.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

JOB_HANDLERS = {
    "nightly": "leye.office.jobs.nightly_job.run",
    "replay": "leye.office.jobs.replay_job.run",
    "report": "leye.office.reports.job.run",
    "charts": "leye.site.charts.job.run",
    "fairness": "leye.site.charts.fairness.run",
    "simulate": "leye.office.reforms.job.run",
    "programmes": "leye.office.programmes.job.run",
    "placements": "leye.office.programmes.job.seal",
    "watch_replay": "leye.office.drills.job.run",
}
"""Kind of job -> function of (params, report_progress) that returns a JSON-able dict; how the office reaches rooms it may not import."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"mask": {"()": "leye.office.privacy.log_filter.MaskPersonalData"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["mask"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},  # every other library's records pass the same filter
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "leye": {"level": "INFO", "propagate": True},
    },
}
