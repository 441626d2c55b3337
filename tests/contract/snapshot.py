"""Renew the committed contract from standard input; where it breaks callers, only with a reason, which is kept."""

import json
import sys
from pathlib import Path

from app.types import Json
from tests.contract.breaking import breaking

HERE = Path(__file__).parent
SNAPSHOT = "openapi.json"
REASONS = "broken.md"  # made by the first change that breaks callers


def committed(at: Path = HERE) -> Json:
    known: Json = json.loads((at / SNAPSHOT).read_text())
    return known


def renew(text: str, reason: str, at: Path = HERE) -> int:
    """Write the snapshot; refuse, with what would break, where that is done without a reason."""
    broken = breaking(committed(at), json.loads(text))
    told = "".join(f"- {one}\n" for one in broken)
    if broken and not reason:
        sys.stderr.write(f'This breaks callers:\n{told}If it must be: make snapshot BREAKING="why"\n')
        return 1
    if broken:
        with (at / REASONS).open("a") as kept:
            kept.write(f"## {reason}\n\n{told}\n")
    (at / SNAPSHOT).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(renew(sys.stdin.read(), sys.argv[1]))
