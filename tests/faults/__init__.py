"""What is promised for the moments when things go wrong: processes killed, disks full, callers racing.

The short form runs with every test; PROOF=1 runs the full counts.
"""

import pytest

pytest.register_assert_rewrite("tests.faults.writers", "tests.faults.accounts", "tests.faults.processes")
