"""A proof that cannot fail proves nothing: without its protection each goes red, and says why."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import PROOF, Tell
from tests.controls.protections import CONTROLS
from tests.controls.taking_out import ROOT, Control, run_without

RED = 1  # pytest's exit code where tests failed; what could not be run at all has another
every_control = pytest.mark.parametrize("control", CONTROLS if PROOF else (), ids=lambda one: one.name)


def test_what_is_taken_out_stands_where_it_is_looked_for() -> None:
    """Else a control would rot unseen until the next time that all are run."""
    gone = [
        (control.name, out.file, out.words)
        for control in CONTROLS
        for out in control.out
        if (ROOT / out.file).read_text().count(out.words) != 1
    ]
    assert gone == []


def test_the_tests_that_must_go_red_are_there() -> None:
    gone = [control.test for control in CONTROLS if control.function not in _functions(control.file)]
    assert gone == []


@every_control
def test_a_proof_goes_red_without_its_protection(control: Control, tmp_path: Path, tell: Tell) -> None:
    run = run_without(control, tmp_path)
    assert run.returncode == RED, run.stdout + run.stderr
    failures = [line for line in run.stdout.splitlines() if line.startswith("E ")]
    said = [line for line in failures if re.search(control.says, line)]
    assert said, run.stdout
    tell(f"{control.name}: {said[0].removeprefix('E').strip()}")


@cache
def _functions(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
