"""Pages and probes beside the API: Swagger UI without a foreign request, the problems explained, health."""

import asyncio
import json
import re
from functools import cache, partial
from html import escape
from importlib import resources
from ipaddress import ip_address

from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import HTMLResponse, RedirectResponse

from app import tags
from app.db import SCHEMA
from app.errors import NotFound, Problem, Unavailable, problems
from app.openapi_parts import TAGS

PATIENCE = 5  # seconds that the database may take to say that it is ready
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
GUARDED = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
FILES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
LOCAL = {"localhost", "127.0.0.1", "[::1]"}

PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{head}
</head>
<body>
{body}
</body>
</html>
"""
STYLE = """<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 45rem; margin: 2rem auto; padding: 0 1rem }
td, th { text-align: left; vertical-align: top; padding: .2rem 1rem .2rem 0 }
</style>"""

OPEN = 4  # of the tags: the resources that the service is for

# The key of the example data is filled in only where the visitor has not entered one of their own.
INIT = """const DOCUMENT = "/openapi.json";
const at = (document, path) => path.reduce((part, name) => part?.[name], document);
const plain = (name) => name.replace(/~1/g, "/").replace(/~0/g, "~");
const names = (reference) => reference.slice(2).split("/").map(plain);

// Swagger UI's own takes the whole document apart for each operation that is unfolded, which takes
// seconds. Ours refers to nothing but its own parts; each is put where it is named, but within itself.
const resolved = (part, document, within = []) => {
  if (part === null || typeof part !== "object") return part;
  if (Array.isArray(part)) return part.map((each) => resolved(each, document, within));
  const {$ref: reference, ...members} = part;
  if (within.includes(reference)) return part;
  const beside = Object.entries(members).map(([name, value]) => [name, resolved(value, document, within)]);
  if (reference === undefined) return Object.fromEntries(beside);
  const named = resolved(at(document, names(reference)), document, [...within, reference]);
  return {...named, ...Object.fromEntries(beside), $$ref: new URL(DOCUMENT + reference, location).href};
};

const ui = SwaggerUIBundle({
  url: DOCUMENT,
  dom_id: "#swagger-ui",
  plugins: [(system) => ({
    // what Swagger UI looks for where UUIDs are listed, and warns that it has not
    components: {JsonSchema_string_uuid: system.getComponent("JsonSchema_string")},
    fn: {resolveSubtree: async (spec, path) => ({spec: resolved(at(spec, path), spec), errors: []})},
  })],
  validatorUrl: null,
  deepLinking: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  filter: true,
  displayRequestDuration: true,
  // the four of the service stand open: with all of them open, the page would show only what is in sight
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  onComplete: () => {
    for (const tag of %s) ui.layoutActions.show(["operations-tag", tag], true);
    const key = %s;
    if (key && !ui.authSelectors.authorized().has("ApiKey")) ui.preauthorizeApiKey("ApiKey", key);
  },
});
"""


def install(app: FastAPI) -> None:
    """Routes outside the OpenAPI document, for everybody."""
    add = partial(app.add_api_route, include_in_schema=False)
    add("/", to_docs)
    add("/docs", docs_page)
    add("/docs/init.js", docs_start)
    add("/docs/{name}", docs_file)
    add("/problems", problems_page)
    add("/problems/{code}", problem_page)
    add("/healthz", healthz)
    add("/readyz", readyz)
    add("/metrics", metrics)


async def to_docs() -> Response:
    return RedirectResponse("/docs")


async def docs_page() -> Response:
    links = [f'<link rel="stylesheet" href="{_url("swagger-ui.css")}">']
    links += [f'<link rel="icon" type="image/png" href="{_url("favicon-32x32.png")}">']
    scripts = [
        f'<script src="{source}"></script>' for source in (_url("swagger-ui-bundle.js"), "/docs/init.js")
    ]
    body = "\n".join(['<div id="swagger-ui"></div>', *scripts])
    return _html("Meeting minutes: API", body, "\n".join(links), lang="en")


async def docs_start(request: Request) -> Response:
    key = getattr(request.app.state, "demo_key", None) if _is_at_the_desk(request) else None
    script = INIT % (json.dumps(list(TAGS)[:OPEN]), json.dumps(key).replace("<", "\\u003c"))
    return Response(script, media_type="text/javascript", headers={**GUARDED, "Cache-Control": "no-store"})


async def docs_file(request: Request, name: str) -> Response:
    if name not in FILES:
        raise NotFound
    content, tag = _file(name)
    known = {**GUARDED, "ETag": tag, "Cache-Control": "public, max-age=31536000, immutable"}
    if tags.same(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=known)
    return Response(content, media_type=FILES[name], headers=known)


async def problems_page() -> Response:
    rows = [
        f'<tr><td>{one.status}</td><td><a href="/problems/{escape(code)}">{escape(code)}</a></td>'
        f"<td>{escape(one.title.vi)}<br>{escape(one.title.en)}</td></tr>"
        for code, one in problems().items()
    ]
    return _html(
        "Các lỗi / Problems", "\n".join(["<h1>Các lỗi / Problems</h1>", "<table>", *rows, "</table>"]), STYLE
    )


async def problem_page(code: str) -> Response:
    found = problems().get(code)
    if found is None:
        raise NotFound
    return _html(f"{found.status} {found.title.vi}", _explained(found), STYLE)


async def healthz() -> dict[str, str]:
    return {"status": "ok"}


async def readyz(request: Request) -> dict[str, str]:
    """Ready: not about to stop, the database answers, and is as this code expects it."""
    if request.app.state.leaving:
        raise Unavailable
    try:
        async with asyncio.timeout(PATIENCE):
            rows = await request.app.state.lane.fetch("SELECT version_num FROM alembic_version", [])
    except Exception as error:  # whatever the driver says, it is not ready
        raise Unavailable from error
    if [row[0] for row in rows] != [SCHEMA]:
        raise Unavailable
    return {"status": "ready"}


async def metrics(request: Request) -> Response:
    shown = request.app.state.metrics.text()
    return Response(shown, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


@cache
def _file(name: str) -> tuple[bytes, str]:
    content = resources.files("fastapi_swagger").joinpath("resources", name).read_bytes()
    return content, f'"{tags.digest(content)}"'


def _url(name: str) -> str:
    """A new edition has a new address, so that browsers may keep the old one for good."""
    return f"/docs/{name}?v={_file(name)[1].strip(chr(34))}"


def _is_at_the_desk(request: Request) -> bool:
    """From this machine, under its own name (any site may let one of its own lead here), for its own page."""
    host = request.client.host if request.client else ""
    named = re.sub(r":\d+$", "", request.headers.get("host", ""))
    return _is_loopback(host) and named in LOCAL and "origin" not in request.headers


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _explained(kind: type[Problem]) -> str:
    return "\n".join(
        [
            f"<p><code>{escape(kind.code)}</code> · {kind.status}</p>",
            f"<h1>{escape(kind.title.vi)}</h1>",
            f"<p>{escape(kind.help.vi)}</p>",
            f'<div lang="en"><h2>{escape(kind.title.en)}</h2>',
            f"<p>{escape(kind.help.en)}</p></div>",
            '<p><a href="/problems">Tất cả / All</a></p>',
        ]
    )


def _html(title: str, body: str, head: str, *, lang: str = "vi") -> Response:
    page = PAGE.format(lang=lang, title=escape(title), head=head, body=body)
    return HTMLResponse(page, headers={**GUARDED, "Cache-Control": "no-cache"})
