"""Clients that others' generators make of the contract: compiled strictly, and used against the service."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from app.types import Json
from tests.conftest import ROOT, Service
from tests.contract import tools
from tests.contract.snapshot import SNAPSHOT
from tests.contract.tools import HERE, said
from tests.town import shown

MYPY = ("-m", "mypy", "--strict", "--config-file=", "--cache-dir", ROOT / ".mypy_cache" / "client")
one_database = pytest.mark.parametrize("service", ["sqlite"], indirect=True)  # the contract is that of both


@one_database
def test_a_python_client_makes_lists_and_is_refused_a_stale_version(service: Service, tmp_path: Path) -> None:
    generator = tools.python("openapi-python-client")
    (tmp_path / "settings.yaml").write_text("post_hooks: []\n")  # nobody reads it, so nobody lays it out
    into = ("--meta", "none", "--output-path", "minutes_client", "--config", "settings.yaml")
    said(generator, "generate", "--fail-on-warning", "--path", HERE / SNAPSHOT, *into, at=tmp_path)
    shutil.copy(HERE / "use_client.py", tmp_path)
    its_own = ("--python-executable", tools.python())
    said(sys.executable, *MYPY, *its_own, "minutes_client", "use_client.py", at=tmp_path)
    told = said(tools.python(), "use_client.py", *_caller(service), at=tmp_path)
    _check(service, json.loads(told))


@one_database
def test_a_typescript_client_makes_lists_and_is_refused_a_stale_version(
    service: Service, tmp_path: Path
) -> None:
    generator, compiler = tools.node("openapi-typescript"), tools.node("tsc")
    for name in ("use_client.ts", "tsconfig.json", "package.json"):
        shutil.copy(HERE / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(HERE / "node_modules")
    said(generator, HERE / SNAPSHOT, "-o", "minutes.ts", "--default-non-nullable=false", at=tmp_path)
    said(compiler, at=tmp_path)
    told = said("node", "out/use_client.js", *_caller(service), at=tmp_path)
    _check(service, json.loads(told))


def _caller(service: Service) -> tuple[str, str, str]:
    return service.url, service.town.keys["secretary"], str(service.town.bodies["party"])


def _check(service: Service, told: Json) -> None:
    """What the program was told is what everybody is told."""
    made = told["made"]
    found = shown(service.as_("secretary").get(f"/v1/meetings/{made['id']}"))
    assert (made["held_on"], made["tag"].strip('W/"').split("-")[0]) == ("2025-09-04", "1")
    assert made["id"] in told["found"]
    assert told["changed"] == {"version": 2, "location": "Hội trường"}
    assert told["late"] == {"status": 412, "code": "precondition-failed", "version": 2}
    assert (found["version"], found["location"]) == (2, "Hội trường")
