"""One service for the whole folder, the town of the contract's tests in it, and its operations by the document."""

from collections.abc import Iterator

import pytest

from app.settings import Settings
from tests.conftest import SETTINGS, Service, _database, running
from tests.hostile.corpus import Document, Operation
from tests.test_contract import Town, powerful  # noqa: F401  a fixture
from tests.town import build


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """As everywhere, but not anew for each module: nothing here minds what others left."""
    url, drop = _database(request, tmp_path_factory.mktemp("hostile"))
    with running(Settings(database_url=url, allow_weak_durability=True, **SETTINGS)) as started:
        started.town = build(started.engine)
        yield started
    drop()


@pytest.fixture(scope="package")
def town(service: Service) -> Town:
    found = Town(service)
    found.everything()
    return found


@pytest.fixture(scope="package")
def document(town: Town) -> Document:
    return Document(town.service.app.openapi(), town.ids)


@pytest.fixture(scope="package")
def writes(document: Document) -> list[Operation]:
    """Every operation that takes a body."""
    found = [one for one in document.operations if one.body is not None]
    assert len(found) >= 22
    return found
