"""Django's settings. What this machine can do comes from the environment (``LINLI_*``, see docs/settings.md);
what a community wants is dated rows in the database.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF

from linli.faces import languages
from linli.site import env

HOME = Path(env.text("LINLI_HOME", str(Path.home() / ".linli")))
DEBUG = False
TESTING = env.flag("LINLI_TESTING")
LINLI_DEMO = env.flag("LINLI_DEMO")
LINLI_DEMO_PAST = env.flag("LINLI_DEMO_PAST", default=True)
LINLI_STAFF_MFA = env.flag("LINLI_STAFF_MFA", default=not LINLI_DEMO)
LINLI_KEYRING_FILE = env.text("LINLI_KEYRING_FILE", "")
LINLI_ERASED_FILE = env.text("LINLI_ERASED_FILE", "") or str(HOME / "secrets" / "erased.jsonl")
LINLI_LIVE_URL = env.text("LINLI_LIVE_URL", "")
LINLI_BASE_URL = env.text("LINLI_BASE_URL", "")
# Private networks and hosts that may be asked over HTTP all the same (kernel.outside); a demo plays other systems itself.
LINLI_OUTSIDE_PRIVATE = env.words(
    "LINLI_OUTSIDE_PRIVATE", "127.0.0.0/8,::1" if env.flag("LINLI_DEMO") else ""
)
# An endpoint that may propose summaries and drafts; off without an address (integrations/assistant).
LINLI_ASSISTANT_URL = env.text("LINLI_ASSISTANT_URL", "")
LINLI_ASSISTANT_MODEL = env.text("LINLI_ASSISTANT_MODEL", "")
LINLI_ASSISTANT_KEY = env.text("LINLI_ASSISTANT_KEY", "")
LINLI_ASSISTANT_TIMEOUT = env.number("LINLI_ASSISTANT_TIMEOUT", 20)
LINLI_ASSISTANT_TOKENS = env.number("LINLI_ASSISTANT_TOKENS", 200_000)
# Carriers of messages: an SMS carrier described by a file, a mail server, robots of three makers (integrations/).
LINLI_SMS_CONFIG = env.text("LINLI_SMS_CONFIG", "")
LINLI_SMS_KEY = env.text("LINLI_SMS_KEY", "")
LINLI_SMS_RECEIPT_KEY = env.text("LINLI_SMS_RECEIPT_KEY", "")
LINLI_SMTP_URL = env.text("LINLI_SMTP_URL", "")
LINLI_SMTP_FROM = env.text("LINLI_SMTP_FROM", "")
LINLI_ROBOT_HOSTS = env.words(
    "LINLI_ROBOT_HOSTS", "qyapi.weixin.qq.com,oapi.dingtalk.com,open.feishu.cn,open.larksuite.com"
)
LINLI_ROBOT_PER_MINUTE = env.number("LINLI_ROBOT_PER_MINUTE", 20)
# The WeChat platform; empty: its own addresses, in a demo the side that is played there (integrations/wechat).
LINLI_WECHAT_API = env.text("LINLI_WECHAT_API", "")
LINLI_WECHAT_OPEN = env.text("LINLI_WECHAT_OPEN", "")
LINLI_WECHAT_MP = env.text("LINLI_WECHAT_MP", "")
# The script with which WeChat's own browser is told what a shared page shows.
LINLI_WECHAT_SCRIPT = env.text("LINLI_WECHAT_SCRIPT", "https://res.wx.qq.com/open/js/jweixin-1.6.0.js")
LINLI_WECHAT_PATIENCE = env.number("LINLI_WECHAT_PATIENCE", 3)
LINLI_HTTPS = env.flag("LINLI_HTTPS", default=not LINLI_DEMO)
LINLI_API_LIMITS = env.flag("LINLI_API_LIMITS", default=not TESTING)  # off where a gateway before us counts
LINLI_JOBS_NOTIFY = env.flag("LINLI_JOBS_NOTIFY", default=False)
LINLI_PART = env.text("LINLI_PART", "")  # which process of the house this is: web, worker, or a command
SECRET_KEY = env.text("LINLI_SECRET_KEY", "test-only-" + "x" * 40 if TESTING else None)
ALLOWED_HOSTS = env.words("LINLI_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env.words("LINLI_TRUSTED_ORIGINS")

ROOT_URLCONF = "linli.site.urls"
WSGI_APPLICATION = "linli.site.wsgi.application"
AUTH_USER_MODEL = "people.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "procrastinate.contrib.django",
    "linli.kernel",
    "linli.faces",
    "linli.people",
    "linli.grids",
    "linli.cases",
    "linli.publishing",
    "linli.groups",
    "linli.training",
    "linli.fieldwork",
    "linli.assessment",
    "linli.triage",
    "linli.notices",
    "linli.controlroom",
    "linli.portal",
    "linli.integrations.wechat",
    "linli.integrations.webhooks",
    "linli.integrations.clients",
    "linli.integrations.oidc",
    "linli.integrations.hotline",
    "linli.integrations.open311",
    "linli.site",
]

# Those in site.roads step aside for the API.
MIDDLEWARE = [
    "linli.site.middleware.Watch",
    "django.middleware.security.SecurityMiddleware",
    "linli.site.middleware.Headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "linli.site.roads.Gzip",
    "linli.site.roads.Static",
    "linli.site.roads.Csp",
    "linli.site.roads.Session",
    "linli.site.roads.Language",
    "linli.site.roads.Common",
    "django.middleware.csrf.CsrfViewMiddleware",
    "linli.site.roads.Authentication",
    "linli.site.roads.Messages",
    "linli.site.middleware.Who",
    "linli.people.middleware.StaffIdle",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linli.site.context.site",
                "linli.site.context.workbench",
            ],
        },
    }
]


# How long a statement may run, wait for a lock, and leave its transaction open, by part of the house. A page that waits
# longer says so (503) and gives its place to the next; a worker that stands still gives up its locks before its job is
# handed to another (kernel.jobs.STUCK_AFTER). Commands, migrations and backups take their time.
PATIENCE = {
    "web": {"statement_timeout": "5s", "lock_timeout": "3s", "idle_in_transaction_session_timeout": "15s"},
    "worker": {
        "statement_timeout": "60s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "20s",
    },
}
# A server on another machine that is suddenly gone is noticed within half a minute (libpq; unix sockets need none of it).
KEEPALIVE = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


def database(url: str, part: str = "") -> dict[str, object]:
    """Django's database entry for a ``postgresql://role:secret@host/name?host=/socket/folder`` address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise env.BadSetting("DATABASE_URL must begin with postgresql:// (Linli runs on PostgreSQL only).")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    patience = [f"-c {name}={value}" for name, value in PATIENCE.get(part, {}).items()]
    if patience:
        options["options"] = " ".join([*patience, options.get("options", "")]).strip()
    return {
        "ENGINE": "linli.kernel.postgres",
        "NAME": unquote(parts.path.lstrip("/")) or "linli",
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {"connect_timeout": 5, **KEEPALIVE, **options},
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "TEST": {"NAME": None},
    }


DATABASES = {
    "default": database(env.text("DATABASE_URL", "postgresql://linli_app@localhost/linli"), LINLI_PART)
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["django.contrib.auth.hashers.Argon2PasswordHasher"]
)
AUTHENTICATION_BACKENDS = ["linli.people.backends.PhonePassword"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
# A further language is a folder of files, ours or the operator's own (docs/languages.md).
LOCALE_PATHS = [path for path in [HOME / "locale"] if path.is_dir()]
try:
    LINLI_LANGUAGES = languages.found([*LOCALE_PATHS, Path(languages.__file__).with_name("locale")])
except languages.BadLanguage as error:
    raise env.BadSetting(str(error)) from error
LANGUAGES = [(one.code, one.name) for one in LINLI_LANGUAGES]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "media": {
        "BACKEND": env.text("LINLI_MEDIA_BACKEND", "linli.kernel.media.storage.DurableStorage"),
        "OPTIONS": {
            "bucket_name": env.text("LINLI_S3_BUCKET"),
            "endpoint_url": env.text("LINLI_S3_ENDPOINT", "") or None,
        }
        if "s3" in env.text("LINLI_MEDIA_BACKEND", "")
        else {"location": str(HOME / "media")},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Every address of ours carries a digest of its file, so a browser may keep it for good.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/(linli|vendor|cases|people|portal|grids|wechat|notices|training)/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
_INCOMING = (
    HOME / "incoming"
)  # private, and cleared after a crash (runtime.home); the system's folder is neither
FILE_UPLOAD_TEMP_DIR = str(_INCOMING) if _INCOMING.is_dir() else None
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20

SESSION_COOKIE_NAME = "__Host-linli" if LINLI_HTTPS else "linli"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = LINLI_HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_NAME = "__Host-linli-csrf" if LINLI_HTTPS else "linli-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = LINLI_HTTPS
CSRF_FAILURE_VIEW = "linli.site.problems.csrf_failed"
SECURE_SSL_REDIRECT = LINLI_HTTPS and not TESTING
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if LINLI_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = LINLI_HTTPS
SECURE_HSTS_PRELOAD = LINLI_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": with it browsers send "Origin: null" with our own forms, which the CSRF check must refuse. Other sites
# learn as little either way.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
X_FRAME_OPTIONS = "DENY"
_LIVE = [LINLI_LIVE_URL] if LINLI_LIVE_URL else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],  # a voice note is heard before it is sent
        "font-src": [SELF],
        "connect-src": [SELF, *_LIVE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_IMPORT_PATHS = ["linli.site.timetable"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "linli.kernel.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("LINLI_LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "procrastinate": {"level": "WARNING"}},
}
