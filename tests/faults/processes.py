"""The service as an operator starts it: processes of its own, which can be killed."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from tests import postgres
from tests.conftest import NO_TLS, ROOT

PATIENCE = 60  # seconds; four workers on a busy machine of two cores need ten

# Waits until our end of its input is closed, by our death of whatever kind, then ends the whole group.
UNDERTAKER = 'cat >/dev/null; kill -s KILL -- "-$1" 2>/dev/null'


class Served:
    """`python -m app serve` on a port that stays the same from one start to the next."""

    def __init__(
        self,
        database_url: str,
        folder: Path,
        *,
        workers: int = 1,
        program: Sequence[str] = ("-m", "app"),
        **environment: str,
    ) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"service-{self.port}.log"
        self._command = [sys.executable, *program, "serve", "--migrate", "--port", str(self.port)]
        self._command += ["--workers", str(workers)]
        self._environment = {
            **os.environ,
            "MINUTES_DATABASE_URL": database_url,
            "MINUTES_REQUESTS_A_MINUTE": "100000000",
            "MINUTES_REFUSALS_A_MINUTE": "100000000",
            "MINUTES_LOG_LEVEL": "warning",
            "TMPDIR": str(folder),  # what a killed process leaves behind goes with the test's folder
            **environment,
        }
        self._clients: list[httpx.Client] = []

    def start(self) -> "Served":
        """Return once it says that it is ready."""
        self.begin()
        self.wait()
        return self

    def begin(self) -> None:
        """Start it, and do not wait."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._undertaker = subprocess.Popen(
            ["sh", "-c", UNDERTAKER, "sh", str(self._process.pid)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.is_ready():
                return
            assert self._process.poll() is None, self.said()
            time.sleep(0.02)
        raise AssertionError(self.said())

    def is_ready(self) -> bool:
        """Asked on a connection of its own, as a balancer does."""
        try:
            answer = httpx.get(f"{self.url}/readyz", timeout=10, verify=NO_TLS)
        except httpx.TransportError:
            return False
        return answer.status_code == 200

    def kill(self) -> None:
        """SIGKILL for every process of it."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)
        self._bury()

    def kill_workers(self) -> None:
        """SIGKILL for all but the one that starts them again."""
        for worker in children_of(self._process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)

    def terminate(self) -> None:
        """SIGTERM, as a deployment sends it: to the first process alone."""
        self._process.terminate()

    def ended(self) -> int:
        """Wait until it is gone; answers how."""
        code = self._process.wait(PATIENCE)
        self._bury()
        return code

    def close(self) -> None:
        """Whatever state it is in."""
        for client in self._clients:
            client.close()
        if self._process.poll() is None:
            self.kill()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def client(self, key: str, *, each_anew: bool = False) -> httpx.Client:
        """A caller; where each request comes on a connection of its own, whichever worker is free takes it."""
        kept = httpx.Limits(max_keepalive_connections=0 if each_anew else None)
        known = {"x-api-key": key}
        made = httpx.Client(base_url=self.url, headers=known, timeout=60, verify=NO_TLS, limits=kept)
        self._clients.append(made)
        return made

    def said(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-4000:]

    def _bury(self) -> None:
        self._undertaker.kill()
        self._undertaker.wait(PATIENCE)
        assert self._undertaker.stdin is not None
        self._undertaker.stdin.close()


class Mortal(postgres.Running):
    """A PostgreSQL whose settings lose nothing, and whose every process can be killed and started again."""

    def __init__(self, where: Path | None = None, **settings: str) -> None:
        super().__init__(where=where, fsync="on", full_page_writes="on", autovacuum="on", **settings)

    def kill(self) -> None:
        """SIGKILL for the server and all that it started."""
        children = children_of(self._server.pid)
        for process in (self._server.pid, *children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._server.wait(PATIENCE)
        while any(Path(f"/proc/{child}").exists() for child in children):
            time.sleep(0.001)

    def start_again(self) -> None:
        """Return once it has recovered, and answers."""
        self._start()
        self._wait()
        watching = self._undertaker
        self._watch()
        watching.kill()
        watching.wait(PATIENCE)
        assert watching.stdin is not None
        watching.stdin.close()

    def give(self, folder: Path) -> None:
        """Let the server's account have it."""
        postgres._give(folder, self._place[3])

    @property
    def is_running(self) -> bool:
        return self._server.poll() is None


def children_of(process: int) -> list[int]:
    """The processes that it started, and theirs."""
    found = list[int]()
    with contextlib.suppress(FileNotFoundError):  # it has just ended
        found = [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return found + [below for one in found for below in children_of(one)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
