import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.db import SCHEMA
from app.errors import problems
from app.main import create_app
from app.settings import Settings

DESK = "http://127.0.0.1:8000"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "minutes.db"


@pytest.fixture
def service(database: Path) -> FastAPI:
    return create_app(Settings(database_url=f"sqlite:///{database}", allow_weak_durability=True))


def get(
    service: FastAPI, path: str, *, base: str = DESK, client: str = "127.0.0.1", **headers: str
) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=service, client=(client, 50000))
        async with httpx.AsyncClient(transport=transport, base_url=base) as browser:
            return await browser.get(path, headers=headers)

    return asyncio.run(ask())


# -- Swagger UI


def test_the_root_leads_to_the_documentation(service: FastAPI) -> None:
    answer = get(service, "/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


def test_the_page_needs_nothing_from_elsewhere(service: FastAPI) -> None:
    page = get(service, "/docs")
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(links) == 4
    assert all(link.startswith("/docs/") and get(service, link).status_code == 200 for link in links)
    assert "<script>" not in page.text
    assert "validatorUrl: null" in get(service, "/docs/init.js").text


@pytest.mark.parametrize("path", ["/docs", "/docs/init.js", "/problems", "/problems/not-found"])
def test_pages_are_guarded(service: FastAPI, path: str) -> None:
    headers = get(service, path).headers
    assert "default-src 'none'; script-src 'self';" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"


def test_files_are_kept_for_good_and_small_on_the_way(service: FastAPI) -> None:
    first = get(service, "/docs/swagger-ui-bundle.js")
    assert "immutable" in first.headers["cache-control"]
    assert first.headers["content-encoding"] == "gzip"
    again = get(service, "/docs/swagger-ui-bundle.js", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert get(service, "/docs/secrets.txt").status_code == 404


def test_the_key_of_the_example_data_is_filled_in_at_the_desk(service: FastAPI) -> None:
    service.state.demo_key = "mm_demo"
    for base, client in [
        (DESK, "127.0.0.1"),
        ("http://localhost:8000", "127.0.0.1"),
        ("http://[::1]:80", "::1"),
    ]:
        answer = get(service, "/docs/init.js", base=base, client=client)
        assert '"mm_demo"' in answer.text
        assert answer.headers["cache-control"] == "no-store"


def test_nobody_else_is_given_the_key(service: FastAPI) -> None:
    service.state.demo_key = "mm_demo"
    assert "mm_demo" not in get(service, "/docs/init.js", client="10.0.0.7").text
    assert "mm_demo" not in get(service, "/docs/init.js", base="http://evil.example:8000").text
    assert "mm_demo" not in get(service, "/docs/init.js", Origin="http://evil.example").text


def test_without_example_data_no_key_is_filled_in(service: FastAPI) -> None:
    assert "const key = null;" in get(service, "/docs/init.js").text


# -- problems


def test_every_code_has_a_page_in_both_languages(service: FastAPI) -> None:
    listed = get(service, "/problems").text
    for code, kind in problems().items():
        assert f'href="/problems/{code}"' in listed
        page = get(service, f"/problems/{code}")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        for words in (kind.title, kind.help):
            assert words.vi in page.text
            assert words.en in page.text


def test_an_unknown_code_is_a_problem_itself(service: FastAPI) -> None:
    answer = get(service, "/problems/<script>")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not-found"


# -- health


def test_it_is_alive_without_a_database(service: FastAPI) -> None:
    assert get(service, "/healthz").json() == {"status": "ok"}


def test_it_is_not_ready_without_a_database(service: FastAPI) -> None:
    assert get(service, "/readyz").json()["code"] == "unavailable"


@pytest.mark.parametrize(("revision", "status"), [(None, 200), ("0000", 503)])
def test_it_is_ready_where_the_migrations_are_at_head(
    service: FastAPI, database: Path, revision: str | None, status: int
) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", [revision or SCHEMA])
        connection.commit()

    async def ask() -> int:
        lane = service.state.lane
        await lane.open()
        try:
            transport = httpx.ASGITransport(app=service)
            async with httpx.AsyncClient(transport=transport, base_url=DESK) as client:
                return (await client.get("/readyz")).status_code
        finally:
            await lane.close()

    assert asyncio.run(ask()) == status
