"""Promises 14 and 19: schemathesis with all checks over the whole document, and the books balance afterwards."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import GrantRow, Key
from tests.conftest import DATABASES, PROOF, ROOT, Service, Tell, serving_examples
from tests.test_journal import Books

CONFIGURATION = ROOT / "tests" / "hostile" / "schemathesis.toml"
SECONDS = 40 * PROOF  # of random data for each database
TOO_LONG = 1_500  # on the busiest machine
Asked = tuple[str, ...]
EVERYTHING: tuple[Asked, ...] = (
    ("--phases", "examples,coverage"),  # some 17,000 cases, always alike
    ("--phases", "fuzzing,stateful", "--max-time", str(SECONDS)),
)
# In the short form every operation once, at random but always alike.
IN_SHORT: Asked = ("--phases", "fuzzing,stateful", "--max-examples", "1", "--seed", "20250904")


@dataclass
class Fuzzed:
    """The service on the data of the demo, and who fuzzes it."""

    service: Service
    key: str
    folder: Path

    def keeps(self) -> Sequence[UUID]:
        """What the caller would saw himself off with: his principal, his grants, his key."""
        key_id = UUID(self.key.split("_")[1])
        with Session(self.service.engine) as db:
            principal = db.scalars(select(Key.principal_id).where(Key.id == key_id)).one()
            grants = db.scalars(select(GrantRow.id).where(GrantRow.principal_id == principal)).all()
        return [key_id, principal, *grants]

    def fuzz(self, *asked: str) -> str:
        """What schemathesis said: in a process of its own, since it slows every start."""
        command: list[str | Path] = [
            *(Path(sys.executable).with_name("schemathesis"), "--config-file", CONFIGURATION, "run"),
            *(f"{self.service.url}/openapi.json", "--header", f"X-API-Key: {self.key}", "--no-color"),
            *asked,
        ]
        kept = ",".join(str(one) for one in self.keeps())
        self.service.client().get("/openapi.json")  # written when first asked for: it waits but ten seconds
        found = subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "FUZZING_KEEPS": kept},
            capture_output=True,
            text=True,
            timeout=TOO_LONG,
            check=False,
        )
        assert found.returncode == 0, f"{found.stdout[-20_000:]}\n{found.stderr[-2_000:]}"
        return str(found.stdout)


@pytest.fixture(scope="module", params=DATABASES if PROOF else ["postgresql"])
def fuzzed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    folder = tmp_path_factory.mktemp("fuzzed")
    with serving_examples(request, folder) as service:
        yield Fuzzed(service, service.key, folder)


def test_no_input_gives_what_the_document_does_not_say_and_each_change_leaves_its_event(
    fuzzed: Fuzzed, tell: Tell
) -> None:
    database, books = fuzzed.service.database, Books(fuzzed.service.engine)
    first, cases = books.last, 0
    for asked in EVERYTHING if PROOF else (IN_SHORT,):
        last, said = books.last, fuzzed.fuzz(*asked)
        books.balance()
        assert books.last > last, f"nothing was written, so nothing was tried\n{said}"
        cases += int(re.findall(r"(\d+) generated", said)[0])
    answer = fuzzed.service.client(fuzzed.key).get(f"/v1/keys/{fuzzed.keeps()[0]}")
    assert (answer.status_code, answer.json()["revoked_at"]) == (200, None), (
        "the caller was shut out on the way"
    )
    assert cases > (15_000 if PROOF else 100)
    tell(f"{database}: {cases} cases, {books.last - first} events, each of its change")
