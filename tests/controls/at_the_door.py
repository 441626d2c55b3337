"""What stands against whoever would change, see or send what is not theirs, and what the service leaves behind."""

from collections.abc import Iterator

from tests.controls.taking_out import Control, Out

BOTH = ("sqlite", "postgresql")
LOCKS = "migrations/versions/0008_signed_documents.py"
CHAIN = "migrations/versions/0009_the_chain.py"
VERIFY, AUDIENCE, GATE = "app/minutes/verify.py", "app/audience.py", "app/access/gate.py"
WORK, JSON, LANES, DB = "app/work.py", "app/strict_json.py", "app/lanes.py", "app/db.py"
SIGNING, VERIFYING = "tests/test_signing.py", "tests/test_verifying.py"
PERMISSIONS, CONTRACT = "tests/test_permissions.py", "tests/test_contract.py"
BODIES, QUERIES = "tests/hostile/test_bodies.py", "tests/hostile/test_queries_and_headers.py"
BOUNDS, CONTENTION = "tests/hostile/test_bounds.py", "tests/faults/test_contention.py"
OPERATIONS, REPORTS = "tests/test_operations.py", "tests/test_report_files.py"
FILES = "tests/test_document_files.py"
RESTORED = "tests/test_backups.py::test_a_restored_database_refuses_the_places_of_its_former_life"
UNDER_LOAD = "tests/test_backups.py::test_a_backup_taken_under_load_holds_every_write_acknowledged_before_it"
FUZZING = "tests/hostile/test_fuzzing.py::test_no_input_gives_what_the_document_does_not_say_and_each_change_leaves_its_event"
BACKUPS, WRITTEN = "app/backups.py", "write_down(self.db, event, row.seen_by, seen_before)"

NO_TRIGGERS = (Out(LOCKS, '("INSERT", "UPDATE", "DELETE")', "()"), Out(LOCKS, '("UPDATE", "DELETE")', "()"))
NO_TRIGGERS_OF_CHANGES = (  # what else is refused, keys refuse in other words
    Out(LOCKS, '("INSERT", "UPDATE", "DELETE")', '("INSERT", "DELETE")'),
    Out(LOCKS, '("UPDATE", "DELETE")', '("DELETE",)'),
)
NO_TRIGGER_OF_LINKS = {
    "sqlite": Out(CHAIN, "SELECT RAISE(ABORT, '{REFUSED}')", "SELECT 1"),
    "postgresql": Out(
        CHAIN, "RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'", "RETURN NULL"
    ),
}
NO_AUDIENCE = (
    Out(
        AUDIENCE,
        """            held(table.circle_id.expression, table.lines.expression, "sees", number),\n""",
    ),
    Out(AUDIENCE, "select(subject_of(table)).where(mine)", "select(subject_of(table))"),
)
NOT_MISSING = Out(WORK, "if missing:", "if False:")
KEY_IN_MEMORY = Out(
    GATE,
    'rows = [json.loads(row[0]) for row in await self._fetch(self._holder, {"id": key_id})]',
    'kept = self.__dict__.setdefault("kept", {})\n'
    "        if key_id not in kept:\n"
    '            kept[key_id] = await self._fetch(self._holder, {"id": key_id})\n'
    "        rows = [json.loads(row[0]) for row in kept[key_id]]",
)
WRITTEN_LATER = (
    Out(WORK, WRITTEN, 'self.db.info.setdefault("later", []).append((event, row.seen_by, seen_before))'),
    Out(
        DB,
        """                    return cast("T", answer)\n""",
        """                    later = work.db.info.pop("later", ())
                from app.events import write_down
                time.sleep(0.05)
                with Session(work.engine) as apart, apart.begin():
                    for one in later:
                        write_down(apart, *one)
                return cast("T", answer)\n""",
    ),
)
NOT_HIDDEN = {
    "sqlite": Out(DB, "hide_parameters=True,  #", "hide_parameters=False,  #"),
    "postgresql": Out(DB, "hide_parameters=True,\n", "hide_parameters=False,\n"),
}
TWO_DUMPS = (
    Out(
        BACKUPS,
        """            _postgres("pg_dump", engine, "--format=custom", "--no-owner", "--no-privileges", f"--file={part}")\n""",
        """            dump = "pg_dump", engine, "--format=custom", "--no-owner", "--no-privileges"
            _postgres(*dump, "--exclude-table-data=events", f"--file={part}")
            _postgres(*dump, "--data-only", "--table=events", f"--file={into}.events")\n""",
    ),
    Out(
        BACKUPS,
        """_postgres("pg_restore", engine, *switches, str(out_of))""",
        """_postgres("pg_restore", engine, *switches, str(out_of))
        _postgres("pg_restore", engine, *switches, f"{out_of}.events")""",
    ),
)


def signed(on: str) -> Iterator[Control]:
    """Promise 11."""
    yield Control(
        promise=11,
        without="the triggers of what is signed",
        out=NO_TRIGGERS_OF_CHANGES,
        test=f"{SIGNING}::test_the_database_itself_refuses_to_change_what_is_signed",
        only=f"{on} and minutes",
        says=r"first extra item: .UPDATE meetings SET title",
    )
    yield Control(
        promise=11,
        without="the trigger of the links",
        out=(NO_TRIGGER_OF_LINKS[on],),
        test="tests/test_chain.py::test_no_statement_changes_or_deletes_a_link",
        only=on,
        says="DID NOT RAISE",
    )
    yield Control(
        promise=11,
        without="the routes' lock and the triggers behind it",
        out=(Out("app/meetings/contents.py", "if found:", "if False:"), *NO_TRIGGERS),
        test=f"{SIGNING}::test_every_route_that_would_change_what_is_signed_is_refused_and_names_the_document",
        only=f"{on} and minutes",
        says=r"assert \(201, None\) == \(409, 'minutes-locked'\)",
    )
    yield Control(
        promise=11,
        without="the signature",
        out=(Out(VERIFY, 'raise Refused(f"{where} was changed after it was signed.") from None', "pass"),),
        test=f"{VERIFYING}::test_an_edit_that_hashes_what_it_edited_is_caught_by_the_signature",
        only=on,
        says="DID NOT RAISE Refused",
    )
    yield Control(
        promise=11,
        without="what a link names of the one before",
        out=(Out(VERIFY, "        _follows(before, link)", "        pass"),),
        test=f"{VERIFYING}::test_a_chain_that_is_not_what_was_signed_is_caught",
        only=f"{on} and swapped",
        says="DID NOT RAISE Refused",
    )
    yield Control(
        promise=11,
        without="the older link",
        out=(Out(VERIFY, 'one == kept[one["position"]]', "True"),),
        test=f"{VERIFYING}::test_who_signs_it_all_anew_is_caught_by_a_link_kept_elsewhere",
        only=on,
        says="DID NOT RAISE Refused",
    )


def let_in(on: str) -> Iterator[Control]:
    """Promises 12 and 13."""
    matrix = f"{PERMISSIONS}::test_each_role_gets_in_each_place_what_the_domain_says"
    yield Control(
        promise=12,
        without="the audience",
        out=NO_AUDIENCE,
        test=matrix,
        only=f"{on} and get_meeting]",
        says="assert 200 == 404",
    )
    yield Control(
        promise=12,
        without="the audience of a list",
        out=NO_AUDIENCE,
        test=f"{PERMISSIONS}::test_no_order_filter_or_search_finds_or_counts_what_the_caller_does_not_see",
        only=f"{on} and list_meetings]",
        says=r"AssertionError: \('list_meetings', 'reader', 'parent'",
    )
    yield Control(
        promise=12,
        without="who governs",
        out=(Out(WORK, "if permission and not is_theirs:", "if False:"),),
        test=matrix,
        only=f"{on} and update_meeting]",
        says="assert 200 == 403",
    )
    yield Control(
        promise=12,
        without="a look at the ids in bodies",
        out=(NOT_MISSING,),
        test="tests/test_visibility.py::test_an_id_in_a_body_that_the_caller_does_not_see_is_not_there",
        only=f"{on} and neighbour]",
        says="assert 201 == 404",
    )
    yield Control(
        promise=13,
        without="a look-up of the key at each request",
        out=(KEY_IN_MEMORY,),
        test=f"{PERMISSIONS}::test_what_is_revoked_is_refused_at_the_next_request_of_every_worker",
        only=on,
        says=r"assert \[200, 200\] == \[401, 401\]",
    )


def taken(on: str) -> Iterator[Control]:
    """Promise 14."""
    unreadable = f"{CONTRACT}::test_json_that_cannot_be_read_is_a_400_on_every_operation_with_a_body"
    yield Control(
        promise=14,
        without="the refusal of U+0000",
        out=(Out("app/schema.py", "[\\x00-", "[\\x01-"),),
        test=f"{CONTRACT}::test_texts_that_say_nothing_or_hide_something_are_refused",
        only=on,
        says={"sqlite": "assert 201 == 422", "postgresql": "assert 500 == 422"}[on],
    )
    yield Control(
        promise=14,
        without="the refusal of NaN",
        out=(Out(JSON, "parse_constant=_refuse", "parse_constant=float"),),
        test=unreadable,
        only=f"{on} and NaN",
        says="assert 422 == 400",
    )
    yield Control(
        promise=14,
        without="the refusal of 1e999",
        out=(Out(JSON, "if not math.isfinite(value):", "if False:"),),
        test=unreadable,
        only=f"{on} and 1e999",
        says="assert 422 == 400",
    )
    yield Control(
        promise=14,
        without="the refusal of surrogates",
        out=(Out(JSON, 'if b"\\\\u" in raw:', "if False:"),),
        test=unreadable,
        only=f"{on} and surrogate",
        says="assert 422 == 400",
    )
    yield Control(
        promise=14,
        without="a status in the document",
        out=(Out("app/openapi.py", "found |= {412, 428}", "pass"),),
        test=f"{QUERIES}::test_no_value_of_any_header_is_more_than_a_refusal",
        only=on,
        says="→ 412 .*precondition-failed",
    )


# What is the same on both databases, or on one alone.

BOUNDED = (  # promises 14 and 15
    Control(
        promise=14,
        without="a status in the document",
        out=(Out("app/openapi.py", "found |= {412, 428}", "pass"),),
        test=FUZZING,
        only="postgresql",
        says="Undocumented status code",
    ),
    Control(
        promise=15,
        without="a look at a body's length",
        out=(Out(JSON, "and int(length) > most", "and False"),),
        test=f"{CONTRACT}::test_a_body_over_the_limit_is_refused_before_it_is_sent",
        only="sqlite",
        says="TimeoutError: timed out",
    ),
    Control(
        promise=15,
        without="a limit of a body in parts",
        out=(Out(JSON, "if len(read) + len(part) > most:", "if False:"),),
        test=f"{CONTRACT}::test_a_body_over_the_limit_in_parts_is_refused_as_soon_as_it_is",
        only="sqlite",
        says=r"assert \(400, 'malformed-request'\) == \(413",
    ),
    Control(
        promise=15,
        without="an end of waiting for a body",
        out=(
            Out(
                JSON,
                "async with arriving(seconds):\n        raw = await _body(request, most)",
                "raw = await _body(request, most)",
            ),
        ),
        test=f"{BODIES}::test_a_body_that_comes_byte_by_byte_is_a_408_in_time_on_every_operation",
        only="sqlite",
        says="are still waited for",
    ),
    Control(
        promise=15,
        without="a limit of depth",
        out=(Out(JSON, "if _depth(read) > DEEPEST:", "if False:"),),
        test=f"{CONTRACT}::test_json_that_cannot_be_read_is_a_400_on_every_operation_with_a_body",
        only="sqlite and deep",
        says="assert 422 == 400",
    ),
    Control(
        promise=15,
        without="a limit of values",
        out=(Out(JSON, "if values(raw) > MOST_VALUES and", "if False and"),),
        test=f"{BODIES}::test_more_values_than_any_body_needs_are_a_400_on_every_operation",
        only="sqlite and elements",
        says="assert 422 == 400",
    ),
    Control(
        promise=15,
        without="a limit of a page",
        out=(Out("app/paging.py", "LONGEST_PAGE = 200", "LONGEST_PAGE = 100_000"),),
        test=f"{QUERIES}::test_a_longer_page_than_is_promised_is_a_400_on_every_list",
        only="sqlite",
        says="assert 200 == 400",
    ),
    Control(
        promise=15,
        without="a limit of marks on one letter",
        out=(Out("app/schema.py", "if text.is_heaped(given):", "if False:"),),
        test=f"{BOUNDS}::test_a_body_of_one_mebibyte_of_any_text_is_checked_at_once",
        only="upside",
        says=r"False = is_done_within\(0.25",
    ),
    Control(
        promise=15,
        without="threads for documents",
        out=(
            Out(
                "app/documents/press.py",
                "await anyio.to_thread.run_sync(partial(_made, kind, composed), limiter=self._places)",
                "_made(kind, composed)",
            ),
        ),
        test="tests/test_document_files.py::test_a_long_document_holds_up_nobody",
        only="sqlite",
        says="^E +AssertionError: a normal request waited for a document",
    ),
    Control(
        promise=15,
        without="PostgreSQL's time limit of writes",
        out=(Out(DB, "-c statement_timeout={seconds}s ", ""),),
        test=f"{CONTENTION}::test_a_request_that_gets_nowhere_is_given_up_when_its_time_is_over",
        only="test_a_request_that_gets_nowhere",
        says=r"assert \(.* - .*\) < 8",
    ),
    Control(
        promise=15,
        without="PostgreSQL's time limit of reads",
        out=(Out(LANES, """                "statement_timeout": f"{self.seconds}s",\n"""),),
        test=f"{CONTENTION}::test_a_request_that_gets_nowhere_is_given_up_when_its_time_is_over",
        only="test_a_request_that_gets_nowhere",
        says=r"False = _told_to_come_again\(<Response \[200 OK\]>\)",
    ),
    Control(
        promise=15,
        without="SQLite's time limit",
        out=(Out("app/sqlite.py", "return time.monotonic() > self._until", "return False"),),
        test="tests/test_durability.py::test_a_read_of_sqlite_is_given_up_when_its_time_is_over",
        only="time_is_over",
        says="DID NOT RAISE Unavailable",
    ),
)


def left(on: str) -> Iterator[Control]:
    """Promises 16, 18, 19 and 20: when it stops, what is kept elsewhere, and what is told of each change."""
    in_short = "tests/faults/test_in_short.py::test_a_service_that_is_killed_and_told_to_stop_loses_nothing"
    every_write = "tests/test_journal.py::test_every_write_leaves_exactly_its_events_and_what_is_refused_or_changes_nothing_none"
    yield Control(
        promise=16,
        without="the drain",
        out=(Out("app/draining.py", "loop.call_later, seconds, stop", "loop.call_later, 0, stop"),),
        test=in_short,
        only=on,
        says=r"^E +httpx\.(ConnectError|ReadError|RemoteProtocolError)",
    )
    yield Control(
        promise=18,
        without="a new life",
        out=(Out(BACKUPS, "    _begin_anew(engine)\n"),),
        test=RESTORED,
        only=on,
        says=r"assert \(200, None\) == \(400, 'invalid-cursor'\)",
    )
    yield Control(
        promise=19,
        without="an event",
        out=(Out(WORK, WRITTEN, "pass"),),
        test=every_write,
        only=f"{on} and meetings]",
        says=r"assert \[\] == \['meeting.updated'\]",
    )
    yield Control(
        promise=19,
        without="anything against a second event",
        out=(Out(WORK, WRITTEN, f"{WRITTEN}\n        {WRITTEN}"),),
        test=every_write,
        only=f"{on} and meetings]",
        says=r"assert \['meeting.upd.* == \['meeting.updated'\]",
    )
    yield Control(
        promise=19,
        without="the transaction of the change",
        out=WRITTEN_LATER,
        test=in_short,
        only=on,
        says="^E .*(was not made|without an event)",
    )
    yield Control(
        promise=20,
        without="hidden parameters",
        out=(NOT_HIDDEN[on],),
        test="tests/test_operations.py::test_an_error_of_the_database_tells_the_statement_and_no_value",
        only=on,
        says="assert 'mm_0.* not in '.*(sqlite|psycopg)",
    )


LEFT = (  # promises 16, 18, 19, 20 and 22
    Control(
        promise=16,
        without="Connection: close",
        out=(Out("app/edge.py", "if leaving:", "if False:"),),
        test=f"{OPERATIONS}::test_told_to_stop_it_is_first_not_ready_then_ends_what_was_begun_and_goes",
        only="told_to_stop",
        says="assert None == .close.",
    ),
    Control(
        promise=16,
        without="grace, on SQLite",
        out=(Out("app/commands.py", "MOST_TO_STOP - math.ceil(settings.drain_seconds)", "0"),),
        test=f"{OPERATIONS}::test_told_to_stop_it_is_first_not_ready_then_ends_what_was_begun_and_goes",
        only="told_to_stop",
        says="assert 500 == 200",
    ),
    Control(
        promise=16,
        without="grace, on PostgreSQL",
        out=(Out("app/commands.py", "MOST_TO_STOP - math.ceil(settings.drain_seconds)", "0"),),
        test="tests/faults/test_sigterm.py::test_a_request_that_waits_for_a_row_is_answered_although_the_service_leaves",
        only="waits_for_a_row",
        says="False = .*Served object.*is_alive",
        at_length=True,
    ),
    Control(
        promise=18,
        without="SQLite's backup interface",
        out=(Out(BACKUPS, "_copy(source, into)", "shutil.copyfile(str(engine.url.database), into)"),),
        test=UNDER_LOAD,
        only="sqlite",
        says=r"assert \{UUID\(.* <= ",
    ),
    Control(
        promise=18,
        without="one dump of all",
        out=TWO_DUMPS,
        test=UNDER_LOAD,
        only="postgresql",
        says="events: the row is gone, and no event says so",
    ),
    Control(
        promise=18,
        without="transactions counted anew in the feed",
        out=(Out(BACKUPS, 'text("UPDATE event_audience SET tx = 0 WHERE tx <> 0"),\n'),),
        test=RESTORED,
        only="postgresql",
        says=r"^E +assert \[\]$",
    ),
    Control(
        promise=18,
        without="transactions counted anew in the journal",
        out=(Out(BACKUPS, 'text("UPDATE events SET tx = 0 WHERE tx <> 0"),\n'),),
        test=RESTORED,
        only="postgresql",
        says=r"assert \[\] == \['",
    ),
    Control(
        promise=19,
        without="an event, when the books are balanced after fuzzing",
        out=(Out(WORK, WRITTEN, "pass"),),
        test=FUZZING,
        only="postgresql",
        says=r"^E +AssertionError: .* (changed without its|went without an) event",
    ),
    Control(
        promise=20,
        without="redaction",
        out=(
            Out(
                "app/logs.py",
                'SECRETS.sub(lambda found: f"{found[1] or found[2]}***", str(line))',
                "str(line)",
            ),
        ),
        test=f"{OPERATIONS}::test_a_secret_is_never_written",
        only="written",
        says="assert 'fffff' not in ",
    ),
    Control(
        promise=20,
        without="redaction, in a service",
        out=(
            Out(
                "app/logs.py",
                'SECRETS.sub(lambda found: f"{found[1] or found[2]}***", str(line))',
                "str(line)",
            ),
        ),
        test=f"{OPERATIONS}::test_every_request_leaves_one_line_that_can_be_found_by_its_id",
        only="one_line",
        says="assert 'ffffff' not in ",
    ),
    Control(
        promise=20,
        without="lines of ASCII",
        out=(Out("app/logs.py", "ensure_ascii=True", "ensure_ascii=False"),),
        test=f"{OPERATIONS}::test_whatever_is_logged_is_one_json_object_on_one_line",
        only="logged",
        says=r"False = <built-in method isascii",
    ),
    Control(
        promise=20,
        without="leaving out the query",
        out=(
            Out(
                "app/edge.py",
                'scope.get("raw_path", b"")[:LONGEST].decode("latin-1")',
                '(scope.get("raw_path", b"") + b"?" + scope["query_string"]).decode("latin-1")',
            ),
        ),
        test=f"{OPERATIONS}::test_every_request_leaves_one_line_that_can_be_found_by_its_id",
        only="one_line",
        says=r"\+ /v1/meetings\?q=",
    ),
    Control(
        promise=22,
        without="the apostrophe before formulas",
        out=(Out("app/reports/spreadsheets.py", "[_inert(cell) for cell in row]", "row"),),
        test=f"{REPORTS}::test_a_table_has_a_row_for_each_body_and_no_name_is_calculated",
        only="sqlite",
        says=r"assert not \['=1\+1'",
    ),
    Control(
        promise=22,
        without="texts as texts in a workbook",
        out=(
            Out("app/reports/spreadsheets.py", '"strings_to_formulas": False', '"strings_to_formulas": True'),
        ),
        test=f"{REPORTS}::test_a_workbook_has_the_same_numbers_and_its_texts_stay_texts",
        only="sqlite",
        says=r"diff: <openpyxl.worksheet.formula",
    ),
    Control(
        promise=22,
        without="escapes in HTML",
        out=(Out("app/documents/webpage.py", "from html import escape", "escape = str"),),
        test="tests/test_documents.py::test_whatever_is_typed_is_shown_and_does_nothing",
        only="minutes",
        says=r"^E +'script'$",
    ),
    Control(
        promise=22,
        without="a Content-Security-Policy",
        out=(Out("app/documents/formats.py", 'headers["Content-Security-Policy"] = INERT', "pass"),),
        test=f"{FILES}::test_a_page_of_html_may_do_nothing_in_a_browser",
        only="sqlite",
        says="assert .default-src 'none'. in ''",
    ),
    Control(
        promise=22,
        without="a name that is no path",
        out=(Out("app/documents/formats.py", "quote(_named(name), safe='')", "quote(name)"),),
        test=f"{FILES}::test_a_files_name_is_a_name_that_every_browser_can_write",
        only="sqlite and etc",
        says=r"UTF-8''.*\.\./\.\./etc/passwd",
    ),
    Control(
        promise=22,
        without="a look at the letters of an upload's name",
        out=(Out("app/attachments/naming.py", "not all(map(_is_plain, name))", "False"),),
        test="tests/test_attachments.py::test_hostile_names_are_refused_clearly",
        only="sqlite and passwd",
        says=r"\(201, None\) == \(422, ",
    ),
)

CONTROLS = (
    *(control for on in BOTH for some in (signed, let_in, taken, left) for control in some(on)),
    *BOUNDED,
    *LEFT,
)
