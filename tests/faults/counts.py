"""How much of everything: the short form for every run, the full counts with PROOF=1, twice as much with 2."""

import pytest

from tests.conftest import PROOF

only_as_proof = pytest.mark.skipif(not PROOF, reason="takes minutes: PROOF=1, make proof")


def many(short: int, full: int) -> int:
    """The one number or the other."""
    return full * PROOF or short
