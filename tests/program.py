"""`python -m app` in processes of their own that begin where a start has loaded everything.

To load it takes a start a second and a half. Here one process does, and is then divided for each run, which has
its own arguments, environment, output and end. That it starts from nothing as well, tests.test_commands says.
"""

import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PATIENCE = 60  # seconds


class Program:
    """The process that is divided."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.program"]
        self._loaded = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """What `python -m app` says to these words, and how it ends."""
        assert self._loaded.stdin is not None
        assert self._loaded.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            told = {
                "words": words,
                "environment": {**os.environ, **settings},
                "out": str(out),
                "err": str(err),
            }
            self._loaded.stdin.write(json.dumps(told) + "\n")
            self._loaded.stdin.flush()
            code = int(self._loaded.stdout.readline())
            return subprocess.CompletedProcess(["app", *words], code, out.read_text(), err.read_text())

    def stop(self) -> None:
        self._loaded.communicate(timeout=PATIENCE)


def _divide() -> None:
    """For each line one process more; its exit code is answered when it has ended."""
    for part in ("app.__main__", "app.main", "app.checking"):
        __import__(part)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(json.loads(line))
            return
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201  the answer


def _become(told: dict[str, Any]) -> None:
    signal.alarm(PATIENCE)
    os.environ.clear()
    os.environ.update(told["environment"])
    for number, path in enumerate((os.devnull, told["out"], told["err"])):
        opened = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["app", *told["words"]]
    runpy.run_module("app", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _divide()
