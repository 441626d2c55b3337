"""Puts the service together: nothing happens at import."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from app import docs, http, logs, openapi
from app.access.gate import Gate
from app.access.routes import router as access
from app.agenda.routes import router as agenda
from app.attachments.recognising import MEDIA_TYPES
from app.attachments.routes import router as attachments
from app.attachments.storing import Store
from app.briefings.routes import router as briefings
from app.changes.routes import router as changes
from app.conclusion_notices.routes import router as conclusion_notices
from app.db import connect, never_weak
from app.documents.press import Press
from app.documents.quarters import router as quarters
from app.documents.routes import router as documents
from app.draining import drain_first
from app.edge import Edge, Net
from app.findings.directives import router as directives
from app.findings.routes import router as findings
from app.lanes import lane
from app.limits import Limits
from app.meetings.routes import router as meetings
from app.metrics import Metrics
from app.minutes import evidence, publishing
from app.minutes.keys import keep_keys_in
from app.minutes.routes import router as minutes
from app.organizations.routes import router as organizations
from app.participations.routes import router as participations
from app.quarterly_tasks.routes import router as quarterly_tasks
from app.reports.routes import router as reports
from app.reviews.routes import router as reviews
from app.settings import Settings
from app.speakers.routes import router as speakers
from app.speeches.routes import router as speeches
from app.vocabularies.routes import router as vocabularies

# The order of the document, and of the look-up of a path: the four of the service come first.
ROUTERS = (
    meetings,
    agenda,
    speakers,
    quarterly_tasks,
    participations,
    speeches,
    findings,
    directives,
    reviews,
    briefings,
    minutes,
    documents,
    evidence.router,
    evidence.chains,
    conclusion_notices,
    quarters,
    attachments,
    reports,
    organizations,
    vocabularies,
    changes,
    access,
)
PACKED_ALREADY = (
    *DEFAULT_EXCLUDED_CONTENT_TYPES,
    *(one for one in MEDIA_TYPES if not one.startswith("text/")),
)
EXPOSED = (
    "ETag",
    "Content-Disposition",
    "Location",
    "Link",
    "X-Request-Id",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Idempotency-Replayed",
)
log = logging.getLogger("app")


def create_app(settings: Settings | None = None) -> FastAPI:
    """The ASGI application for these settings."""
    settings = settings or Settings()
    reads = lane(settings.database_url, settings.read_pool_size, settings.request_seconds)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if not settings.allow_weak_durability:
            never_weak(app.state.engine)
        try:
            app.state.engine.connect().close()
        except OperationalError as error:  # a worker that begins then must not take the others with it
            log.warning("started while the database is away: %s", str(error.orig).partition("\n")[0])
        drain_first(app, settings.drain_seconds)
        await reads.open()
        yield
        await reads.close()
        app.state.engine.dispose()

    app = FastAPI(
        title="Meeting minutes",
        lifespan=lifespan,
        middleware=[
            Middleware(Edge),
            *_cors(settings),
            Middleware(Net),
            Middleware(
                GZipMiddleware, minimum_size=1024, compresslevel=5, exclude_content_types=PACKED_ALREADY
            ),
        ],
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    app.state.settings = settings
    app.state.engine = connect(
        settings.database_url,
        pool_size=settings.pool_size,
        seconds=settings.request_seconds,
        durable=not settings.allow_weak_durability,
    )
    keep_keys_in(app.state.engine, settings.signing_keys)
    app.state.lane = reads
    app.state.store = Store.of(settings)
    app.state.leaving = False
    app.state.press = Press()
    app.state.requests = logs.requests()
    app.state.metrics = Metrics(settings.metrics_folder)
    app.state.limits = Limits(settings.requests_a_minute, settings.refusals_a_minute)
    app.state.authenticate = Gate(
        reads, app.state.engine, app.state.limits, public_reading=settings.public_reading
    )
    http.install(app)
    for router in ROUTERS:
        app.router.routes.extend(router.routes)  # flat: every path stands whole at its handler
    docs.install(app)
    publishing.install(app)
    openapi.install(app)
    return app


def _cors(settings: Settings) -> list[Middleware]:
    if not settings.origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["*"],
            expose_headers=EXPOSED,
        )
    ]
