"""A service on an empty database, and the first key that an operator makes for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import Settings
from tests.conftest import SETTINGS, _database, running
from tests.journeys.commune import Commune
from tests.program import Program


@pytest.fixture(params=["sqlite", "postgresql"])
def commune(request: pytest.FixtureRequest, program: Program, tmp_path: Path) -> Iterator[Commune]:
    """Nothing is in the database but the tenant and its first key."""
    url, drop = _database(request, tmp_path)
    key = first_key(program, url, "Tỉnh Thử Nghiệm")
    with running(Settings(database_url=url, allow_weak_durability=True, **SETTINGS)) as service:
        yield Commune(service, service.client(key))
    drop()


def first_key(program: Program, url: str, organization: str) -> str:
    settings = {"MINUTES_DATABASE_URL": url, "MINUTES_ALLOW_WEAK_DURABILITY": "true"}
    said = program.run("new-key", "--organization", organization, **settings)
    assert said.returncode == 0, said.stderr
    return said.stdout.strip()
