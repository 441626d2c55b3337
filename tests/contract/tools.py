"""The programs of others that the contract is tried with, each in an environment of its own."""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NODE = HERE / "node_modules" / ".bin"
PYTHON = HERE.parent.parent / ".venv" / "contract" / "bin"


def node(name: str) -> Path:
    return _there(NODE / name, "npm ci --prefix tests/contract (apt-get install nodejs npm)")


def python(name: str = "python") -> Path:
    return _there(PYTHON / name, "make .venv/.contract")


def _there(tool: Path, install: str) -> Path:
    if not tool.exists():
        missing = f"no {tool.name}: {install}"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    return tool


def said(*command: object, at: Path, also: tuple[int, ...] = ()) -> str:
    """What a program prints; it must end well, or with one of the other codes."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=at, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode in {0, *also}, f"{words[0]}: {done.stdout}{done.stderr}"
    return done.stdout
