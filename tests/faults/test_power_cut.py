"""A power cut takes nothing that SQLite acknowledged; and the test would notice, since a weaker setting loses."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import Tell
from tests.faults.accounts import journal_faults, sound
from tests.faults.conftest import Stronghold
from tests.faults.counts import only_as_proof
from tests.faults.processes import Served
from tests.faults.writers import Load, settle

CUTS = 5
# The service as it is, but for the one setting: the log is synced when it is copied back, not at each commit.
WEAKER = "from app import sqlite; sqlite.SYNCHRONOUS = 'NORMAL'; from app.commands import cli; cli()"


@dataclass
class Machine:
    """One process on a disk that keeps only what was synced."""

    service: Served
    database: Path
    platter: Path

    def cut(self) -> None:
        """Everything stops, and the disk is as it was synced; SQLite finds nothing wrong with it."""
        self.service.kill()
        for file in self.database.parent.glob(f"{self.database.name}*"):
            file.unlink()
        with TemporaryDirectory(dir=self.platter.parent) as aside:  # to look is to write, past the platter
            for file in self.platter.iterdir():
                shutil.copy(file, self.database.parent)
                shutil.copy(file, aside)
            sound(f"sqlite:///{aside}/{self.database.name}")


def machine(database: Stronghold, folder: Path, *program: str) -> Machine:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("needs Linux and a C compiler, for a disk that forgets what was not synced")
    disk, platter = folder / "power.so", folder / "platter"
    source = Path(__file__).with_name("power.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", disk, source, "-ldl", "-pthread"], check=True)
    platter.mkdir()
    path = Path(database.url.removeprefix("sqlite:///"))
    database.engine.dispose()  # so that all stands in the file itself
    shutil.copy(path, platter)
    service = Served(
        database.url,
        folder,
        program=program or ("-m", "app"),
        LD_PRELOAD=str(disk),
        POWER_FILES=str(path),
        POWER_PLATTER=str(platter),
    )
    return Machine(service, path, platter)


@only_as_proof
def test_a_power_cut_takes_nothing_that_was_acknowledged(
    sqlite: Stronghold, tmp_path: Path, tell: Tell
) -> None:
    one = machine(sqlite, tmp_path)
    try:
        load = Load(one.service.start(), sqlite.town).start()
        for _ in range(CUTS):
            load.until(150)
            one.cut()
            one.service.start()
        load.until(10)
        load.stop()
        tell(settle(load, sqlite.engine, f"sqlite, {CUTS} power cuts"))
    finally:
        one.service.close()


@only_as_proof
def test_a_weaker_setting_loses_so_that_the_cut_is_a_cut(
    sqlite: Stronghold, tmp_path: Path, tell: Tell
) -> None:
    one = machine(sqlite, tmp_path, "-c", WEAKER)
    try:
        load = Load(one.service.start(), sqlite.town).start()
        load.until(300)
        one.cut()
        one.service.start()
        load.stop()
        lost = load.lost(one.service.client(sqlite.town.keys["secretary"]))
        tell(
            f"sqlite, synchronous=NORMAL: of {load.acknowledged} acknowledged {len(lost)} rows were lost",
        )
        assert lost
        assert journal_faults(sqlite.engine) == []
    finally:
        one.service.close()
