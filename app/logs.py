"""What the service says of itself: one JSON object a line, whatever the input, and never a secret."""

import json
import logging
import re
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

# A key as its holder sends it (in a path, some write each _ as %5F), and the password of a URL: wherever they
# were met, they are not written.
SECRETS = re.compile(
    r"(mm(?:_|%5[fF])[0-9a-fA-F]{32}(?:_|%5[fF]))[0-9a-fA-F]+|(://[^:/@\s\"]*:)[^@/\s\"]+(?=@)"
)

# ASCII: no line separator that Unicode knows, and no terminal's command, stands in a line.
ENCODER = json.JSONEncoder(ensure_ascii=True, default=repr)


def configuration(level: str) -> dict[str, Any]:
    """For logging's dictConfig: every logger of the process writes to standard error, in one way."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {"alembic.runtime.plugins": {"level": "WARNING"}},  # it greets each of its parts
        "root": {"handlers": ["stderr"], "level": level.upper()},
    }


def formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _plain,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=lambda said, **_: ENCODER.encode(said)),
            _without_secrets,
        ],
    )


def requests() -> Any:
    """Where the edge writes one line for each request: by a shorter way, since it is taken at each."""
    return structlog.wrap_logger(
        structlog.WriteLogger(sys.stderr),
        wrapper_class=structlog.BoundLogger,
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=lambda said, **_: ENCODER.encode(said)),
            _without_secrets,
        ],
    ).bind(logger="app.requests")


def within(**known: str) -> None:
    """Every line that is logged from here on, in this request, says this too."""
    structlog.contextvars.bind_contextvars(**known)


def _plain(_: WrappedLogger, __: str, said: EventDict) -> EventDict:
    """Uvicorn says its messages a second time, in colours."""
    said.pop("color_message", None)
    return said


def _without_secrets(_: WrappedLogger, __: str, line: Mapping[str, Any] | str) -> str:
    return SECRETS.sub(lambda found: f"{found[1] or found[2]}***", str(line))
