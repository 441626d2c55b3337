"""What an operator sees of a running service: its log, its figures, and how it leaves."""

import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import logs
from tests.conftest import NO_TLS, ROOT, Service
from tests.faults.processes import PATIENCE
from tests.program import Program

SECRET = "mm_" + "0" * 32 + "_" + "f" * 64


# -- lines


def line_of(said: str, *arguments: object, **extra: Any) -> str:
    record = logging.LogRecord("app", logging.INFO, "", 0, said, arguments, None)
    record.__dict__.update(extra)
    return logs.formatter().format(record)


anything = st.text() | st.text(st.characters(codec=None, categories=["Cc", "Cs", "Zl", "Zp", "Lo"]))


@given(anything, st.dictionaries(st.sampled_from(["path", "code", "client"]), anything | st.binary()))
def test_whatever_is_logged_is_one_json_object_on_one_line(said: str, extra: dict[str, Any]) -> None:
    line = line_of("%s", said, **extra)
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert json.loads(line)["level"] == "info"


def test_an_error_is_one_line_with_its_traceback_inside() -> None:
    with pytest.raises(ValueError, match="dòng") as raised:
        int("dòng một\ndòng hai")
    what = (raised.type, raised.value, raised.tb)
    record = logging.LogRecord("app", logging.ERROR, "", 0, "failed", (), what)
    line = logs.formatter().format(record)
    assert len(line.splitlines()) == 1
    assert "dòng hai" in json.loads(line)["exception"]


@pytest.mark.parametrize(
    "said",
    [
        SECRET,
        f"/v1/meetings/{SECRET}/x",
        f"key={SECRET.replace('f', 'F')}",
        f"/v1/meetings/{SECRET.replace('_', '%5f')}",
        f"/v1/meetings/{SECRET.replace('_', '%5F')}/x",
        "postgresql://minutes:ffffff@host/name",
        "could not connect to postgresql+psycopg://minutes:f%40fffff@host:5432/name?x=1",
    ],
)
def test_a_secret_is_never_written(said: str) -> None:
    for line in (line_of(said), line_of("x", path=said), line_of("x", about={"inside": [said]})):
        assert "fffff" not in line.lower()
        assert "***" in line


# -- a service of two processes


@dataclass
class Running:
    """`python -m app serve --workers 2`, and the file that its log goes to."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path
    key: str

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, verify=NO_TLS, headers={"x-api-key": self.key})

    def lines(self) -> list[dict[str, Any]]:
        return [
            json.loads(line)
            for line in self.log.read_bytes().splitlines(keepends=True)
            if line.endswith(b"\n")
        ]


@pytest.fixture(scope="module")
def served(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("served")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"MINUTES_DATABASE_URL": f"sqlite:///{folder}/minutes.db", "MINUTES_DRAIN_SECONDS": "2"}
    made = program.run("new-key", "--organization", "Tỉnh Thử", **settings)
    assert made.returncode == 0, made.stderr
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--workers", "2", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
    running = Running(process, f"http://127.0.0.1:{port}", folder / "log", made.stdout.strip())
    _wait_for(running)
    yield running
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # its workers too, where no test has told it to stop
    process.wait(10)


def _wait_for(running: Running) -> None:
    end = time.monotonic() + PATIENCE
    with running.client() as client:
        while time.monotonic() < end:
            with suppress(httpx.TransportError):
                if client.get("/readyz").status_code == 200:
                    return
            time.sleep(0.05)
    raise AssertionError(running.log.read_text())


def _figure(page: str, name: str, **labels: str) -> float:
    found = 0.0
    for line in page.splitlines():
        if line.startswith(name + "{") and all(f'{k}="{v}"' in line for k, v in labels.items()):
            found += float(line.rsplit(" ", 1)[1])
    return found


def test_the_figures_of_all_workers_stand_on_one_page_by_the_template_of_the_route(served: Running) -> None:
    for _ in range(20):  # each with a connection of its own, so that both workers have some
        with served.client() as client:
            assert client.get(f"/v1/meetings/{'0' * 32}").status_code == 404
    with served.client() as client:
        client.request("PROPFIND", "/v1/meetings")
        page = client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    assert page.headers["cache-control"] == "no-store"
    route = "/v1/meetings/{meeting_id}"
    assert _figure(page.text, "http_requests_total", method="GET", route=route, status="404") == 20
    assert _figure(page.text, "http_request_duration_seconds_count", route=route) == 20
    assert _figure(page.text, "http_requests_total", method="OTHER") == 1
    assert "PROPFIND" not in page.text
    assert "0" * 32 not in page.text


def test_every_request_leaves_one_line_that_can_be_found_by_its_id(served: Running) -> None:
    with served.client() as client:
        answers = [
            client.get("/v1/meetings?q=bí-mật", headers={"x-request-id": "mine-1"}),
            client.get(f"/v1/meetings/{SECRET}", headers={"x-api-key": SECRET, "x-request-id": "mine-2"}),
            client.get("/v1/%e2%80%a8%0d%0a%7b%22level", headers={"x-request-id": "mine-3"}),
            client.post("/v1/meetings", content=b"{", headers={"x-request-id": "mine-4"}),
        ]
    told = [_line_of(served, f"mine-{n}") for n in (1, 2, 3, 4)]
    assert [one["status"] for one in told] == [answer.status_code for answer in answers]
    assert [one["code"] for one in told[1:3]] == ["unauthorized", "not-found"]
    assert told[0]["path"] == "/v1/meetings"
    assert told[0]["principal"]
    assert told[0]["ms"] > 0
    text = served.log.read_text()
    assert served.key not in text
    assert "ffffff" not in text
    assert "bí-mật" not in text
    assert "b%C3%AD" not in text


def _line_of(served: Running, request_id: str) -> dict[str, Any]:
    """It is written when the answer is out, so it may come a little later."""
    for _ in range(100):
        for line in served.lines():
            if line["event"] == "request" and line["request_id"] == request_id:
                return line
        time.sleep(0.02)
    raise AssertionError(request_id)


def test_told_to_stop_it_is_first_not_ready_then_ends_what_was_begun_and_goes(served: Running) -> None:
    with served.client() as client:
        waiting = client.get("/v1/changes?cursor=latest").json()["next_cursor"]
        children = _children(served.process.pid)
        served.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        while (told := client.get("/readyz")).status_code == 200:
            assert time.monotonic() - began < 2
            time.sleep(0.02)
        assert (
            told.headers.get("connection") == "close"
        )  # the server itself says so only after the two seconds
        late = client.get(f"/v1/changes?cursor={waiting}&wait=3", timeout=10)
        assert late.status_code == 200  # it outlived the two seconds in which others may still come
        assert late.headers["connection"] == "close"
    assert served.process.wait(25) in {0, -signal.SIGTERM}
    assert time.monotonic() - began < 30
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() - began < 30
        time.sleep(0.02)


def _children(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(one) for one in listed.split()]


# -- one process


def test_an_error_that_nobody_foresaw_tells_the_operator_all_and_the_caller_nothing(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken() -> None:
        raise RuntimeError("tệp cấu hình /etc/secret")

    service.app.add_api_route("/broken", broken, include_in_schema=False)
    with caplog.at_level(logging.ERROR, "app"):
        answer = service.client().get("/broken", headers={"x-request-id": "mine"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert answer.json()["request_id"] == answer.headers["x-request-id"] == "mine"
    assert "secret" not in answer.text
    (record,) = caplog.records
    assert record.exc_info is not None
    assert "/etc/secret" in str(record.exc_info[1])


BROKEN_OFF = {  # by its kind: where it is sent, and how it begins
    "application/json": ("/v1/meetings", b'{"title": "'),
    "multipart/form-data; boundary=x": (
        f"/v1/meetings/{'0' * 32}/attachments",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF',
    ),
}


@pytest.mark.parametrize("kind", BROKEN_OFF)
def test_a_caller_who_goes_away_while_sending_is_no_failure_of_the_service(
    service: Service, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    """A line cut in a commune must wake nobody up, and is counted apart: it had no answer."""
    path, beginning = BROKEN_OFF[kind]
    known = f"X-API-Key: {service.town.keys['secretary']}\r\nContent-Type: {kind}"
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\n{known}\r\nContent-Length: 1000\r\n\r\n"
    url = httpx.URL(service.url)
    with caplog.at_level(logging.WARNING):
        with socket.create_connection((url.host, url.port or 80)) as leaving:
            leaving.sendall(head.encode() + beginning)
        route = path.replace("0" * 32, "{meeting_id}")
        page = _with_figure(service, route=route, status="0")
    assert not _figure(page, "http_requests_total", route=route, status="500")
    assert caplog.records == []


def _with_figure(service: Service, **labels: str) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        page = service.client().get("/metrics").text
        if _figure(page, "http_requests_total", **labels) == 1:
            return page
        time.sleep(0.02)
    raise AssertionError(labels)


def test_an_error_of_the_database_tells_the_statement_and_no_value(service: Service) -> None:
    asked = text("SELECT 1 FROM nowhere WHERE :it = 'a'")
    with pytest.raises(DBAPIError) as raised, service.engine.connect() as connection:
        connection.execute(asked, {"it": SECRET})
    assert "FROM nowhere" in str(raised.value)
    assert SECRET not in str(raised.value)


def test_a_single_process_tells_of_itself_too(service: Service) -> None:
    page = service.client().get("/metrics").text
    assert re.search(r"^process_resident_memory_bytes \d", page, re.MULTILINE) or not Path("/proc").exists()
    assert service.client().head("/metrics").content == b""
    assert "/metrics" not in service.client().get("/openapi.json").json()["paths"]
