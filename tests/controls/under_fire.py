"""What holds when processes die, disks fill and many write at once, without what makes it hold."""

from tests.controls.taking_out import Control, Out

FAULTS = "tests/faults"
IN_SHORT = f"{FAULTS}/test_in_short.py::test_a_service_that_is_killed_and_told_to_stop_loses_nothing"
KEYS = f"{FAULTS}/test_idempotency_under_fire.py"
UPDATES = f"{FAULTS}/test_lost_updates.py::test_of_many_who_read_and_write_none_overwrites_another"
RACES = f"{FAULTS}/test_races.py"
NUMBERS = f"{FAULTS}/test_numbers.py::test_of_sixteen_who_sign_at_once_with_kills_each_gets_the_next_number"
CONTENTION = f"{FAULTS}/test_contention.py"

# What writers say of what was acknowledged, and is absent or different: each asks only what then must succeed.
LOST = r'/v1/\S+ (4\d\d|answers 404|is \d|has \d|shows \d|at "\d+", not \d)|was not made'

# -- what several proofs stand on

TRANSACTION = """\
                with Session(work.engine, expire_on_commit=False) as work.db, work.db.begin():
                    answer = work.once(lambda: handler(*args, **kwargs))
                    finish(work.db)
                    return cast("T", answer)
"""
THE_ANSWER_FIRST = """\
                with ExitStack() as begun:
                    work.db = begun.enter_context(Session(work.engine, expire_on_commit=False))
                    begun.enter_context(work.db.begin())
                    answer = work.once(lambda: handler(*args, **kwargs))
                    finish(work.db)
                    Timer(0.1, begun.pop_all().close).start()
                    return cast("T", answer)
"""
ALSO_IN_BETWEEN = """\
                with Session(work.engine, expire_on_commit=False) as work.db:
                    answer = work.once(lambda: handler(*args, **kwargs))
                    finish(work.db)
                    work.db.commit()
                    return cast("T", answer)
"""
THE_KEY_AFTERWARDS = """\
                with Session(work.engine, expire_on_commit=False) as work.db, work.db.begin():
                    answer = work.once(lambda: handler(*args, **kwargs))
                    finish(work.db)
                    done = work.db.info.pop("done", None)
                if done:
                    time.sleep(0.2)
                    with Session(work.engine) as apart, apart.begin():
                        done(apart)
                return cast("T", answer)
"""
ROW_LOCK = Out(
    "app/reading.py",
    "return row.with_for_update(of=self.row).execution_options(",
    "return row.execution_options(",
)
# A version that is counted, and compared with nothing.
VERSION = (
    Out("app/db.py", 'return {"version_id_col": cls.version}', "return {}"),
    Out(
        "app/work.py",
        'row.updated_at = self.now\n        flag_modified(row, "updated_at")',
        'row.updated_at = self.now\n        row.version += 1\n        flag_modified(row, "updated_at")',
    ),
)
UNAVAILABLE = Out(
    "app/problems.py", 'return errors.Unavailable(headers={"Retry-After": "1"})', "return Problem()"
)

LIFE_AND_DEATH = (
    *(
        Control(
            promise=1,
            without="a commit before the answer",
            out=(
                Out("app/db.py", TRANSACTION, THE_ANSWER_FIRST),
                Out(
                    "app/db.py",
                    "import json\n",
                    "from contextlib import ExitStack\nfrom threading import Timer\nimport json\n",
                ),
            ),
            test=IN_SHORT,
            only=database,
            says=LOST,
        )
        for database in ("sqlite", "postgresql")
    ),
    Control(
        promise=3,
        without="synchronous_commit, and what refuses to do without",
        out=(
            Out("app/db.py", 'f"-c statement_timeout=', 'f"-c synchronous_commit=off -c statement_timeout='),
            Out(
                "app/main.py",
                "if not settings.allow_weak_durability:\n            never_weak",
                "if False:\n            never_weak",
            ),
            Out(
                "app/commands.py",
                "if not settings.allow_weak_durability:\n                refuse_weak",
                "if False:\n                refuse_weak",
            ),
        ),
        test=IN_SHORT,
        only="postgresql",
        says=LOST,
    ),
    Control(
        promise=3,
        without="503 where the database is away",
        out=(UNAVAILABLE,),
        test=IN_SHORT,
        only="postgresql",
        says=r"/v1/\S+ 500 .*internal-error",
    ),
    Control(
        promise=3,
        without="503 where a read finds no database",
        out=(
            Out(
                "app/lanes.py",
                'except self.ended as error:\n            raise Unavailable(headers={"Retry-After": "1"}) from error',
                "except self.ended:\n            raise",
            ),
        ),
        test=IN_SHORT,
        only="postgresql",
        says=r"/v1/\S+ 500 .*internal-error",
    ),
    Control(
        promise=3,
        without="a look at connections that died",
        out=(
            Out("app/db.py", "pool_pre_ping=True", "pool_reset_on_return=None"),
            Out(
                "app/db.py",
                "\nZONE = ",
                "\nfrom sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg"
                "\nPGDialect_psycopg.is_disconnect = lambda *_: False"
                "\nZONE = ",
            ),
        ),
        test=IN_SHORT,
        only="postgresql",
        says=r"AssertionError: \d+ of \d+: \[\]",
    ),
)

FULL = (
    *(
        Control(
            promise=5,
            without="503 where there is no room",
            out=(UNAVAILABLE,),
            test=f"{FAULTS}/test_full_disk.py::{test}",
            only=database,
            says=r"assert 500 in \{503, 507\}",
            at_length=at_length,
        )
        for test, database, at_length in (
            ("test_a_full_disk_under_sqlite", "sqlite", False),
            ("test_a_full_disk_under_the_tables_of_postgresql", "postgresql", True),
        )
    ),
    *(
        Control(
            promise=5,
            without="one transaction for all of it",
            out=(
                Out("app/db.py", TRANSACTION, ALSO_IN_BETWEEN),
                Out(
                    "app/work.py",
                    "self._add(row, more)\n",
                    "self._add(row, more)\n        self.db.commit()\n",
                ),
            ),
            test=f"{FAULTS}/test_full_disk.py::{test}",
            only=database,
            says=r"Left contains .* more item",
            at_length=at_length,
        )
        for test, database, at_length in (
            ("test_a_full_disk_under_sqlite", "sqlite", False),
            ("test_a_full_disk_under_the_tables_of_postgresql", "postgresql", True),
        )
    ),
)

ONE_EFFECT = (
    *(
        Control(
            promise=6,
            without="the stored answer",
            out=(
                Out(
                    "app/work.py",
                    "claim.done(self.db, answer.status_code, body, kept)",
                    "del claim, body, kept",
                ),
            ),
            test=f"{KEYS}::test_of_five_at_once_one_has_the_effect_and_all_get_its_answer",
            only=f"{database} and speakers",
            says=r"assert \d+ == \(\d+ \+ 1\)",
        )
        for database in ("sqlite", "postgresql")
    ),
    *(
        Control(
            promise=6,
            without="the answer stored with the effect",
            out=(
                Out("app/db.py", TRANSACTION, THE_KEY_AFTERWARDS),
                Out(
                    "app/work.py",
                    "claim.done(self.db, answer.status_code, body, kept)",
                    'self.db.info["done"] = lambda db: claim.done(db, answer.status_code, body, kept)',
                ),
            ),
            test=f"{FAULTS}/test_kills.py::test_a_key_whose_answer_was_lost_with_the_process_gets_it_from_the_next",
            only=database,
            says=r"KeyError: 'idempotency-replayed'",
            at_length=True,
        )
        for database in ("sqlite", "postgresql")
    ),
    Control(
        promise=6,
        without="the key's lock",
        out=(
            Out(
                "app/idempotency.py",
                "if not db.scalar(select(func.pg_try_advisory_xact_lock(number))):",
                "if not number:",
            ),
        ),
        test=f"{KEYS}::test_of_five_at_once_one_has_the_effect_and_all_get_its_answer",
        only="postgresql and speakers",
        says=r"^E +\{'conflict': \d\}",
    ),
    *(
        Control(
            promise=6,
            without="the request's fingerprint",
            out=(
                Out(
                    "app/idempotency.py",
                    "if found.fingerprint != self._fingerprint():",
                    "if not found.fingerprint:",
                ),
            ),
            test=f"{KEYS}::test_of_two_bodies_with_one_key_one_is_done_and_the_other_is_told",
            only=database,
            says=r"assert Counter\(\{'201': 2\}\)",
        )
        for database in ("sqlite", "postgresql")
    ),
)

NO_LOST_UPDATE = (
    *(
        Control(
            promise=7,
            without="If-Match",
            out=(Out("app/work.py", "if not tags.has_version(wanted, row.version):", "if not wanted:"),),
            test=UPDATES,
            only=f"{database} and speaker",
            says=r"assert '\d' == '\d'",
        )
        for database in ("sqlite", "postgresql")
    ),
    Control(
        promise=7,
        without="the row's lock and the comparison of versions",
        out=(ROW_LOCK, *VERSION),
        test=UPDATES,
        only="postgresql and speaker",
        says=r"assert '\d+' == '\d+'",
        at_length=True,
    ),
    Control(
        promise=7,
        without="BEGIN IMMEDIATE, with ten connections",
        out=(
            Out("app/db.py", '"BEGIN IMMEDIATE"', '"BEGIN"'),
            Out("app/db.py", "pool_size=1,", "pool_size=10,"),
        ),
        test=UPDATES,
        only="sqlite and speaker",
        says=r'AssertionError: \{.*"code":"unavailable"',
        at_length=True,
    ),
)

CHAIR_INDEX = Out(
    "migrations/versions/0001_the_spine.py",
    """        "uq_participations_chair",
        "participations",
        ["meeting_id"],
        unique=True,
""",
    """        "uq_participations_chair",
        "participations",
        ["meeting_id"],
        unique=False,
""",
)
LEAD_INDEX = Out(
    "migrations/versions/0001_the_spine.py",
    """        "quarterly_task_assignments",
        ["task_id"],
        unique=True,
""",
    """        "quarterly_task_assignments",
        ["task_id"],
        unique=False,
""",
)
LIST_KEY = Out(
    "migrations/versions/0001_the_spine.py",
    '        sa.PrimaryKeyConstraint("task_id", "position", name=op.f("pk_quarterly_task_assignments")),\n',
)
ONE_SUCCESSOR = Out(
    "migrations/versions/0001_the_spine.py",
    '        sa.UniqueConstraint("carried_from_id", name=op.f("uq_quarterly_tasks_carried_from_id")),\n',
)

OVER_SEVERAL_ROWS = (
    Control(
        promise=8,
        without="the meeting's lock",
        out=(ROW_LOCK,),
        test=f"{RACES}::test_siblings_made_at_once_stand_one_after_the_other",
        only="postgresql",
        says=r"assert \{None: \[0, 1",
    ),
    Control(
        promise=8,
        without="the locks on the way back",
        out=(
            ROW_LOCK,
            Out(
                "app/meetings/contents.py",
                "work.db.scalar(came_from.with_for_update())",
                "work.db.scalar(came_from)",
            ),
        ),
        test=f"{RACES}::test_items_are_not_carried_on_in_a_circle",
        only="postgresql",
        says=r"assert Counter\(\{'200': 2\}\)",
        at_length=True,  # in two rounds they may miss each other
    ),
    Control(
        promise=8,
        without="the whole's lock",
        out=(
            ROW_LOCK,
            Out("app/quarterly_tasks/models.py", "named.with_for_update()", "named"),
        ),
        test=f"{RACES}::test_tasks_have_parts_one_level_deep_and_never_in_a_circle",
        only="postgresql",
        says=r"assert Counter\(\{'200': 2\}\)",
    ),
    Control(
        promise=8,
        without="the task's lock",
        out=(ROW_LOCK,),
        test=f"{RACES}::test_a_task_has_one_lead_whoever_names_it",
        only="postgresql",
        says=r"^E +\{'(conflict|precondition-failed)': \d\}",
    ),
    Control(
        promise=8,
        without="the task's lock, the comparison of versions and the two keys of its list",
        out=(ROW_LOCK, *VERSION, LEAD_INDEX, LIST_KEY),
        test=f"{RACES}::test_a_task_has_one_lead_whoever_names_it",
        only="postgresql",
        says=r"assert Counter\(\{'200': 2\}\)",
    ),
    Control(
        promise=8,
        without="the task's lock",
        out=(ROW_LOCK,),
        test=f"{RACES}::test_a_task_is_carried_over_once_whoever_does_it",
        only="postgresql",
        says=r'AssertionError: \{.*"code":"(conflict|precondition-failed)".*/carry-over"',
    ),
    Control(
        promise=8,
        without="the locks and the unique successor",
        out=(ROW_LOCK, *VERSION, ONE_SUCCESSOR),
        test=f"{RACES}::test_a_task_is_carried_over_once_whoever_does_it",
        only="postgresql",
        says=r"assert [2-4] == 1",
    ),
    *(
        Control(
            promise=8,
            without="the chair's unique index, and the look at who chairs",
            out=(
                CHAIR_INDEX,
                Out(
                    "app/meetings/contents.py",
                    "if role == ParticipationRole.CHAIR and chairs:",
                    "if not said:",
                ),
            ),
            test=f"{RACES}::test_a_meeting_has_one_chair",
            only=database,
            says=r"assert \['201'\] in ",
        )
        for database in ("sqlite", "postgresql")
    ),
    Control(
        promise=8,
        without="the chair's unique index, and the meeting's lock",
        out=(CHAIR_INDEX, ROW_LOCK),
        test=f"{RACES}::test_a_meeting_has_one_chair",
        only="postgresql",
        says=r"assert \['20[01]'\] in ",
    ),
)

GAPLESS = (
    Control(
        promise=9,
        without="the series' lock",
        out=(
            Out(
                "app/minutes/numbering.py",
                "mine.with_for_update().execution_options",
                "mine.execution_options",
            ),
        ),
        test=NUMBERS,
        only="postgresql",
        says=r"At index \d+ diff: \d+ != \d+",
    ),
    *(
        Control(
            promise=9,
            without="the counter in the transaction of what it counts",
            out=(
                Out("app/db.py", TRANSACTION, ALSO_IN_BETWEEN),
                Out(
                    "app/minutes/numbering.py",
                    "db.flush()\n    return row.last",
                    "db.commit()\n    return row.last",
                ),
            ),
            test=NUMBERS,
            only=database,
            says=r"At index \d+ diff: \d+ != \d+",
            at_length=at_length,
        )
        for database, at_length in (("sqlite", True), ("postgresql", False))  # one kill may miss the moment
    ),
)

WAITING = (
    *(
        Control(
            promise=10,
            without="SQLite's busy_timeout",
            out=(
                Out(
                    "app/sqlite.py",
                    "busy_timeout={max(0, round(seconds * 1000))}",
                    "busy_timeout=0",
                ),
            ),
            test=f"{CONTENTION}::{test}",
            only="test_contention",
            says=says,
            at_length=True,
        )
        for test, says in (
            ("test_sixteen_writers_in_four_processes_are_all_served", r"assert \{503\} == set\(\)"),
            ("test_who_waits_ten_seconds_for_the_file_is_told_to_come_again", r"assert 9 < 0\.\d+"),
        )
    ),
    Control(
        promise=10,
        without="what was waited for the connection already",
        out=(Out("app/db.py", "sqlite.PATIENCE - waited", "sqlite.PATIENCE"),),
        test=f"{CONTENTION}::test_who_waits_ten_seconds_for_the_file_is_told_to_come_again",
        only="test_contention",
        says=r"assert (1[6-9]|20)\.\d+ < 13",
        at_length=True,
    ),
    Control(
        promise=10,
        without="Retry-After where SQLite is busy",
        out=(
            Out(
                "app/errors.py",
                'ALWAYS: ClassVar[Mapping[str, str]] = {"Retry-After": "1"}',
                "ALWAYS: ClassVar[Mapping[str, str]] = {}",
            ),
            Out(
                "app/problems.py", 'errors.Unavailable(headers={"Retry-After": "1"})', "errors.Unavailable()"
            ),
        ),
        test=f"{CONTENTION}::test_who_waits_ten_seconds_for_the_file_is_told_to_come_again",
        only="test_contention",
        says=r"KeyError: 'retry-after'",
        at_length=True,
    ),
)

CONTROLS = (
    *LIFE_AND_DEATH,
    *FULL,
    *ONE_EFFECT,
    *NO_LOST_UPDATE,
    *OVER_SEVERAL_ROWS,
    *GAPLESS,
    *WAITING,
)
