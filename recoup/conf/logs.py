"""Logs: one line each on standard error, without the secrets that links carry."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# A link's secret is 256 bits in URL-safe base 64: exactly 43 characters (kit.ids.secret).
_SECRET = re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])")
_QUIET = ("procrastinate", "PIL", "uvicorn", "asyncio", "django.request")


def configure() -> None:
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(shared))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    # Migrating installs one trigger after the other; nobody needs to read that.
    logging.getLogger("pgtrigger").setLevel(logging.WARNING)


def _formatter(shared: list[Any]) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _plain if sys.stderr.isatty() else structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
            hide,
        ],
    )


def _plain(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """For a person at a terminal: '11:32:18 warning job.rescued job_id=7', then the traceback if there is one."""
    at, level, name = event.pop("timestamp", "")[11:19], event.pop("level", ""), event.pop("event", "")
    trace = event.pop("exception", "")
    event.pop("logger", "")
    words = " ".join(f"{key}={value}" for key, value in event.items())
    return f"{at} {level:<7} {name} {words}".rstrip() + (f"\n{trace}" if trace else "")


def hide(_logger: Any, _method: str, event: str | MutableMapping[str, Any]) -> Any:
    """Put '…' where a link's secret stood."""
    return _SECRET.sub("…", event) if isinstance(event, str) else event
