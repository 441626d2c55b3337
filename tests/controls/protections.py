"""Every protection that a proof needs, what is taken out of it, and what its test then says."""

from tests.controls.taking_out import Control, Out

UPDATES = "tests/faults/test_lost_updates.py"

CONTROLS = (
    Control(
        promise=7,
        without="If-Match",
        out=(Out("app/work.py", "if not tags.has_version(wanted, row.version):", "if not wanted:"),),
        test=f"{UPDATES}::test_of_many_who_read_and_write_none_overwrites_another",
        only="sqlite and speaker",
        says=r"assert '\d' == '\d'",
    ),
)
