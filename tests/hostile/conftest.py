"""The town of the contract's tests, and its operations by the document."""

import pytest

from tests.hostile.corpus import Document, Operation
from tests.test_contract import Town, powerful, town  # noqa: F401  fixtures


@pytest.fixture(scope="module")
def document(town: Town) -> Document:  # noqa: F811  the fixture above
    return Document(town.service.app.openapi(), town.ids)


@pytest.fixture(scope="module")
def writes(document: Document) -> list[Operation]:
    """Every operation that takes a body."""
    found = [one for one in document.operations if one.body is not None]
    assert len(found) >= 22
    return found
