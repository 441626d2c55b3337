"""A service on an empty database, and the first key that an operator makes for it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import Settings
from tests.conftest import ROOT, SETTINGS, _database, running
from tests.journeys.commune import Commune


@pytest.fixture(params=["sqlite", "postgresql"])
def commune(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Commune]:
    """Nothing is in the database but the tenant and its first key."""
    url, drop = _database(request, tmp_path)
    key = first_key(url, "Tỉnh Thử Nghiệm")
    with running(Settings(database_url=url, allow_weak_durability=True, **SETTINGS)) as service:
        yield Commune(service, service.client(key))
    drop()


def first_key(url: str, organization: str) -> str:
    settings = {"MINUTES_DATABASE_URL": url, "MINUTES_ALLOW_WEAK_DURABILITY": "true"}
    said = subprocess.run(
        [sys.executable, "-m", "app", "new-key", "--organization", organization],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.strip()
