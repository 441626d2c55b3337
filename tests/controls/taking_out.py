"""What a control is, and how it is run: the project once more, with something taken out of it."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("app", "migrations", "tests", "pyproject.toml")
LEFT = shutil.ignore_patterns("__pycache__", "node_modules", ".hypothesis")
PATIENCE = 900  # seconds; the longest kill a service again and again


@dataclass(frozen=True)
class Out:
    """Words that stand once in a file, and what stands there instead when the protection is gone."""

    file: str
    words: str
    instead: str = ""


@dataclass(frozen=True)
class Control:
    """A test that must fail without its protection, and what it then says."""

    promise: int  # its row in the list of what the service promises
    without: str
    out: tuple[Out, ...]
    test: str  # file and function
    only: str  # which of its cases, in the words of pytest's -k: the database, and what it is about
    says: str  # as a regular expression: what pytest prints of its failure
    at_length: bool = False  # where the short form tries too little to notice

    @property
    def name(self) -> str:
        return f"{self.promise}: without {self.without}, {self.function}, {self.only}"

    @property
    def file(self) -> str:
        return self.test.partition("::")[0]

    @property
    def function(self) -> str:
        return self.test.partition("::")[2]


def copy_without(control: Control, place: Path) -> None:
    """The project there, but for what the control takes out."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=LEFT)
        else:
            shutil.copy(source, place / name)
    for out in control.out:
        file = place / out.file
        file.write_text(file.read_text().replace(out.words, out.instead))


def run_without(control: Control, place: Path) -> subprocess.CompletedProcess[str]:
    """What pytest says of the test there."""
    copy_without(control, place)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PROOF"))}
    environment = {**kept, "PROOF": "1"} if control.at_length else kept
    options = ("-q", "-x", "-p", "no:cacheprovider", "-k", control.only)
    return subprocess.run(
        (sys.executable, "-m", "pytest", *options, control.test),
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
