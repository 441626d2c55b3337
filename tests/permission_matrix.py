"""Who sees and does what, written out from domain.md: each operation, for each role, in each place."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]
ROLES = ("reader", "reporter", "secretary", "approver", "admin", "auditor")
EVERYONE = " ".join(ROLES)

# Where a row stands, as seen from a caller whose one grant is in its own body.
PLACES: Mapping[str, tuple[str, ...]] = {
    # In the directory and among principals: at home there. Beside it and above it no grant reaches.
    "body": ("own", "child", "parent", "sibling", "elsewhere"),
    # Hosted there and scheduled; or by the sibling: own takes part (joined), or the child (joined_below),
    # for the whole tenant (public), for host and named bodies, own among them (named), still a draft with
    # own invited (unannounced); restricted is the child's, and names nobody else. What is elsewhere is
    # public there: that is another tenant's business all the same.
    "meeting": (
        *("own", "child", "parent", "sibling", "joined", "joined_below", "public", "named"),
        *("restricted", "unannounced", "elsewhere"),
    ),
    # As a meeting, and held: a draft that nobody else was told of never is.
    "minuted": (
        *("own", "child", "parent", "sibling", "joined", "joined_below", "public", "named"),
        *("restricted", "elsewhere"),
    ),
    # Issued there and assigned to others; or by the sibling: led by own (assigned) or by the child
    # (assigned_below), followed by own (supervised), or still a draft that own is to lead (unissued).
    "task": (
        *("own", "child", "parent", "sibling", "assigned", "assigned_below", "supervised"),
        *("unissued", "elsewhere"),
    ),
    # A draft has no history yet.
    "entry": ("own", "child", "parent", "sibling", "assigned", "assigned_below", "supervised", "elsewhere"),
    # The same, carried over from the quarter before.
    "chain": ("own", "child", "parent", "sibling", "assigned", "assigned_below", "supervised", "elsewhere"),
    "nowhere": ("nowhere",),
}

# The answers, place by place in that order: ok is the operation's own 2xx; in a list, that the row is in it
# (and 404 that it is not). A role that a row does not name has the operation nowhere: 403 in every place.
#             own child parent sibling elsewhere
DIRECTORY = "ok  ok    ok     ok      404"
KEEPS = "ok  ok    403    403     404"
PRIVATE = "ok  ok    404    404     404"
#                own child parent sibling joined joined_below public named restricted unannounced elsewhere
SEES_MEETING = "ok  ok    404    404     ok     ok           ok     ok    404        404         404"
KEEPS_MEETING = "ok  ok    404    404     403    403          403    403   404        404         404"
ONLY_SEES_MEETING = "403 403   404    404     403    403          403    403   404        404         404"
OF_NO_KEY = "404 404   404    404     404    404          ok     404   404        404         ok"
#                own child parent sibling joined joined_below public named restricted elsewhere
SEES_MINUTES = "ok  ok    404    404     ok     ok           ok     ok    404        404"
KEEPS_MINUTES = "ok  ok    404    404     403    403          403    403   404        404"
ONLY_SEES_MINUTES = "403 403   404    404     403    403          403    403   404        404"
PRIVATE_MINUTES = "ok  ok    404    404     404    404          404    404   404        404"
MINUTES_OF_NO_KEY = "404 404   404    404     404    404          ok     404   404        ok"
#             own child parent sibling assigned assigned_below supervised unissued elsewhere
SEES_TASK = "ok  ok    404    404     ok       ok             ok         404      404"
ISSUES_TASK = "ok  ok    404    404     403      403            403        404      404"
REPORTS_TASK = "403 403   404    404     ok       ok             403        404      404"
LOOKS_ON = "403 403   404    404     403      403            403        404      404"
#              own child parent sibling assigned assigned_below supervised elsewhere
SEES_ENTRY = "ok  ok    404    404     ok       ok             ok         404"
ISSUES_ENTRY = "ok  ok    404    404     403      403            403        404"
REPORTS_ENTRY = "403 403   404    404     ok       ok             403        404"
LOOKS_ON_ENTRY = "403 403   404    404     403      403            403        404"

Says = Callable[[Mapping[str, str]], Json]


@dataclass(frozen=True)
class Row:
    """One operation, or what one body makes of it: the answers for each role that has it anywhere.

    `state` is what a row must be for the operation to succeed on it; `shows` what a list contains.
    """

    where: str
    answers: Mapping[str, str]
    says: Says | None = None
    state: str = ""
    shows: str = ""
    asks: str = ""  # a query that its lists need to show that
    covered: bool = False  # it is for whoever's grants cover the body, from above too
    no_key: str = ""  # what a caller without a credential finds, where public meetings are shown to all

    def answer(self, role: str, place: str) -> str:
        """`ok` or a status."""
        for roles, line in self.answers.items():
            if role in roles.split():
                return line.split()[PLACES[self.where].index(place)]
        return "403"

    def has(self, role: str) -> bool:
        """Whether the role has the operation anywhere."""
        return any(role in roles.split() for roles in self.answers)


def of_one_line(row: Row) -> Row:
    """The same, for a grant over the commune that is limited to the line of own and child.

    It reaches the same bodies; but who is named in what is restricted is own itself, not what is above it.
    And it may ask what the bodies of the line below the commune come to.
    """
    if row.covered and row.where == "body":
        return _told(row, {"403": "ok"}, {"parent"})
    return _told(row, dict.fromkeys(("ok", "403"), "404"), {"named"})


def seeing_all(row: Row, *, reads: bool) -> Row:
    """The same, for who is a reader of the whole province besides: sees more, and does no more.

    What is restricted is for those named alone, and principals are for administrators.
    """
    if row.where == "body":
        covers = row.covered and reads
        return _told(row, dict.fromkeys(("403", "404"), "ok"), {"parent", "sibling"}) if covers else row
    seen = set(PLACES[row.where]) - {"elsewhere", "restricted"}
    above = {"403": "ok"} if row.covered and reads else {}
    return _told(row, {"404": "ok" if reads else "403", **above}, seen)


def _told(row: Row, instead: Mapping[str, str], there: AbstractSet[str]) -> Row:
    def line(told: str) -> str:
        pairs = zip(PLACES[row.where], told.split(), strict=True)
        return " ".join(instead.get(one, one) if place in there else one for place, one in pairs)

    return replace(row, answers={roles: line(told) for roles, told in row.answers.items()})


def _meeting(shows: str = "") -> tuple[Row]:
    return (Row("meeting", {EVERYONE: SEES_MEETING}, shows=shows, no_key=OF_NO_KEY),)


def _keeps_meeting(says: Says | None = None, state: str = "") -> tuple[Row]:
    """`secretary` (meetings, agenda)."""
    return (Row("meeting", {"secretary": KEEPS_MEETING}, says, state),)


class Form(dict[str, str]):
    """What is sent as a form, with a file."""


def _attached(_: Mapping[str, str]) -> Json:
    return Form(description="Của tôi")


def _described(_: Mapping[str, str]) -> Json:
    return {"description": "Của tôi"}


def _keeps_files(says: Says | None) -> tuple[Row, Row]:
    """Of a meeting its office; of an entry the office that issued the task, or who handed it in."""
    of_meetings = {"secretary": KEEPS_MEETING, "reporter": ONLY_SEES_MEETING}
    of_entries = {"secretary": ISSUES_ENTRY, "reporter": LOOKS_ON_ENTRY}
    return Row("meeting", of_meetings, says), Row("entry", of_entries, says, "assigned")


def _minutes(shows: str = "") -> tuple[Row]:
    return (Row("minuted", {EVERYONE: SEES_MINUTES}, shows=shows, no_key=MINUTES_OF_NO_KEY),)


def _minutes_drafted() -> tuple[Row]:
    """What a draft records is shown at the host alone; and tasks are in it, so to nobody without a key."""
    return (Row("minuted", {EVERYONE: KEEPS_MINUTES}, covered=True),)


def _comments_on_a_draft(shows: str = "") -> tuple[Row]:
    """What is said of a draft is shown to no more than what the draft says."""
    return (Row("minuted", {EVERYONE: PRIVATE_MINUTES}, shows=shows, covered=True),)


def _document_moved() -> tuple[Row, ...]:
    """`secretary` (drafts) or `approver` (signs), of the meeting's host; the other one looks on."""
    return (
        _minutes_moved("secretary", "submit", "draft"),
        _minutes_moved("secretary", "submit", "changes_requested"),
        _minutes_moved("secretary", "withdraw", "in_review"),
        _minutes_moved("secretary", "issue", "signed"),
        _minutes_moved("secretary", "open_amendment", "signed"),
        _minutes_moved("secretary", "open_amendment", "issued"),
        _minutes_moved("approver", "request_changes", "in_review"),
        _minutes_moved("approver", "sign", "in_review"),
        _minutes_moved("approver", "sign_amendment", "amendment_open"),
    )


def _minutes_moved(by: str, transition: str, state: str) -> Row:
    answers = {by: KEEPS_MINUTES, "secretary approver": ONLY_SEES_MINUTES}
    return Row("minuted", answers, _moves(transition, **WHY), state)


def _comments_on_minutes() -> tuple[Row]:
    """Who may write or sign them."""
    return (Row("minuted", {"secretary approver": KEEPS_MINUTES}, lambda _: {"text": "Rõ"}, "in_review"),)


def _directory(shows: str = "") -> tuple[Row]:
    return (Row("body", {EVERYONE: DIRECTORY}, shows=shows),)


def _keeps_people(says: Says | None = None) -> tuple[Row]:
    """The domain names no role for people; the office that records them has it, and who keeps the bodies."""
    return (Row("body", {"secretary admin": KEEPS}, says),)


def _keeps_bodies(says: Says | None = None) -> tuple[Row]:
    """`admin` (organizations, principals)."""
    return (Row("body", {"admin": KEEPS}, says),)


def _access(says: Says | None = None, line: str = PRIVATE, shows: str = "") -> tuple[Row]:
    """`admin` (organizations, principals)."""
    return (Row("body", {"admin": line}, says, shows=shows),)


def _task(where: str = "task", line: str = SEES_TASK, shows: str = "", asks: str = "") -> tuple[Row]:
    return (Row(where, {EVERYONE: line}, shows=shows, asks=asks),)


def _report() -> tuple[Row]:
    """Whoever has a grant that covers the body; it stands in the directory for the rest of the tenant."""
    return (Row("body", {EVERYONE: KEEPS}, covered=True),)


def _by_the_issuer(says: Says, state: str) -> Row:
    """`secretary` (tasks its organization issues)."""
    return Row("task", {"secretary": ISSUES_TASK, "reporter approver": LOOKS_ON}, says, state)


def _by_the_approver(says: Says, state: str) -> Row:
    """`approver` (confirms tasks): the issuing side's."""
    return Row("task", {"approver": ISSUES_TASK, "secretary reporter": LOOKS_ON}, says, state)


def _by_the_issuing_side(says: Says, state: str) -> Row:
    return Row("task", {"secretary approver": ISSUES_TASK, "reporter": LOOKS_ON}, says, state)


def _by_the_assigned(says: Says, state: str) -> Row:
    """`reporter` (progress and completion of tasks its organization is assigned); the office for its own."""
    return Row(
        "task", {"secretary": ISSUES_TASK, "reporter": REPORTS_TASK, "approver": LOOKS_ON}, says, state
    )


def _moves(transition: str, **more: str) -> Says:
    return lambda _: {"transition": transition, **more}


def _led_by(body: str) -> list[Json]:
    return [{"organization_id": body, "role": "lead"}]


def _review(at: Mapping[str, str]) -> Json:
    """Of a task of the meeting's host, where there is one; where not, nothing is done anyway."""
    given = {"disposition": "reassign", "lead_organization_id": at["another"], "comment": "Lý do"}
    return {"task_id": at.get("quarterly_task", at["body"]), "rating": "completed", **given}


def _briefing(at: Mapping[str, str]) -> Json:
    """One that reviews the quarter of the tasks there are."""
    periods = {"review_period": "2025-Q4", "plan_period": "2026-Q1", "status": "scheduled"}
    meeting = {"host_organization_id": at["body"], "title": "Giao ban", "held_on": "2025-12-26"}
    return {"meeting": {**meeting, **periods}}


WHY = {"comment": "Lý do"}
TABLE: Mapping[str, tuple[Row, ...]] = {
    "list_vocabularies": (Row("nowhere", {EVERYONE: "ok"}, no_key="ok"),),
    "list_changes": (Row("nowhere", {EVERYONE: "ok"}),),
    # meetings and what they contain
    "list_meetings": _meeting("meeting"),
    "create_meeting": (
        Row(
            "body",
            {"secretary": KEEPS},
            lambda at: {"host_organization_id": at["body"], "title": "Hội nghị", "held_on": "2025-09-04"},
        ),
    ),
    "get_meeting": _meeting(),
    "update_meeting": _keeps_meeting(lambda _: {"summary": "Của tôi"}),
    "delete_meeting": _keeps_meeting(state="bare"),
    "create_meeting_transition": _keeps_meeting(_moves("schedule")),
    "list_meeting_transitions": _meeting("meeting_transition"),
    "get_meeting_transition": _meeting(),
    "list_agenda_items": _meeting("agenda_item"),
    "list_meeting_agenda_items": _meeting("agenda_item"),
    "create_agenda_item": _keeps_meeting(lambda _: {"title": "Của tôi"}),
    "get_agenda_item": _meeting(),
    "update_agenda_item": _keeps_meeting(lambda _: {"minutes_text": "Của tôi"}),
    "delete_agenda_item": _keeps_meeting(),
    "get_agenda": _meeting("agenda_item"),
    "replace_agenda": _keeps_meeting(
        lambda at: {"items": [{"id": at["second_item"]}, {"id": at["agenda_item"]}]}
    ),
    "list_participations": _meeting("participation"),
    "create_participation": _keeps_meeting(lambda at: {"organization_id": at["another"]}),
    "get_participation": _meeting(),
    "update_participation": _keeps_meeting(lambda _: {"attendance": "present"}),
    "delete_participation": _keeps_meeting(),
    "list_speeches": _meeting("speech"),
    "list_meeting_speeches": _meeting("speech"),
    "create_speech": _keeps_meeting(lambda _: {"attribution_text": "Của tôi"}),
    "get_speech": _meeting(),
    "update_speech": _keeps_meeting(lambda _: {"summary": "Của tôi"}),
    "delete_speech": _keeps_meeting(),
    "list_findings": _meeting("finding"),
    "list_meeting_findings": _meeting("finding"),
    "create_finding": (
        *_keeps_meeting(lambda _: {"kind": "result", "text": "Của tôi"}),
        *_keeps_meeting(
            lambda at: {"kind": "cause", "text": "Của tôi", "cause_of_id": at["second_finding"]}, "said"
        ),
    ),
    "get_finding": _meeting(),
    "update_finding": (
        *_keeps_meeting(lambda _: {"text": "Của tôi"}),
        *_keeps_meeting(lambda at: {"kind": "cause", "cause_of_id": at["second_finding"]}),
    ),
    "delete_finding": _keeps_meeting(),
    "list_directives": _meeting("directive"),
    "list_meeting_directives": _meeting("directive"),
    "create_directive": _keeps_meeting(lambda _: {"text": "Của tôi"}),
    "get_directive": _meeting(),
    "update_directive": _keeps_meeting(lambda _: {"text": "Của tôi"}),
    "delete_directive": _keeps_meeting(),
    # the loop
    "get_closing_checks": (Row("meeting", {EVERYONE: SEES_MEETING}),),
    "get_review_sheet": (Row("meeting", {EVERYONE: SEES_MEETING}),),
    "get_task_reviews": (Row("meeting", {EVERYONE: SEES_MEETING}),),
    "replace_task_reviews": _keeps_meeting(lambda at: {"items": [_review(at)]}, "reviewing"),
    "create_carry_over": _keeps_meeting(state="carrying"),
    "create_next_meeting": _keeps_meeting(lambda _: {"held_on": "2026-09-04"}),
    "get_task_review": _task("entry", SEES_ENTRY),
    "list_quarterly_task_reviews": _task("entry", SEES_ENTRY, "task_review"),
    "create_quarterly_task_of_directive": _keeps_meeting(lambda _: {"quarter": "2025-Q4"}),
    "create_quarterly_task_of_finding": _keeps_meeting(lambda _: {"quarter": "2025-Q4"}),
    # minutes
    "list_minutes": _minutes("minutes"),
    "create_minutes": _keeps_meeting(lambda _: {}),
    "get_meeting_minutes": _minutes(),
    "get_minutes": _minutes(),
    "delete_minutes": (Row("minuted", {"secretary": KEEPS_MINUTES}, state="draft"),),
    "update_minutes": (Row("minuted", {"secretary": KEEPS_MINUTES}, lambda _: {"place": "Xã"}, "draft"),),
    "create_minutes_comment": _comments_on_minutes(),
    "list_minutes_comments": _comments_on_a_draft("minutes_comment"),
    "get_minutes_comment": _comments_on_a_draft(),
    "list_minutes_versions": _minutes("minutes_version"),
    "get_minutes_version": (Row("minuted", {EVERYONE: SEES_MINUTES}),),
    "get_minutes_proof": (Row("minuted", {EVERYONE: SEES_MINUTES}),),
    "get_minutes_diff": (Row("minuted", {EVERYONE: SEES_MINUTES}),),
    "list_minutes_links": _directory(),
    "create_minutes_transition": _document_moved(),
    "list_minutes_transitions": _minutes("minutes_transition"),
    "get_minutes_transition": _minutes(),
    "list_conclusion_notices": _minutes("conclusion_notice"),
    "create_conclusion_notice": _keeps_meeting(lambda _: {}),
    "get_meeting_conclusion_notice": _minutes(),
    "get_conclusion_notice": _minutes(),
    "update_conclusion_notice": (
        Row("minuted", {"secretary": KEEPS_MINUTES}, lambda _: {"place": "Xã"}, "draft"),
    ),
    "delete_conclusion_notice": (Row("minuted", {"secretary": KEEPS_MINUTES}, state="draft"),),
    "create_conclusion_notice_transition": _document_moved(),
    "list_conclusion_notice_transitions": _minutes("conclusion_notice_transition"),
    "get_conclusion_notice_transition": _minutes(),
    "create_conclusion_notice_comment": _comments_on_minutes(),
    "list_conclusion_notice_comments": _comments_on_a_draft("notice_comment"),
    "list_conclusion_notice_versions": _minutes("notice_version"),
    # files
    "list_meeting_attachments": _meeting("attachment"),
    "create_meeting_attachment": (
        Row("meeting", {"secretary": KEEPS_MEETING, "reporter": ONLY_SEES_MEETING}, _attached),
    ),
    "list_agenda_item_attachments": _meeting("item_attachment"),
    "create_agenda_item_attachment": (
        Row("meeting", {"secretary": KEEPS_MEETING, "reporter": ONLY_SEES_MEETING}, _attached),
    ),
    "list_task_entry_attachments": _task("entry", SEES_ENTRY, "attachment"),
    "create_task_entry_attachment": (
        Row("entry", {"secretary": ISSUES_ENTRY, "reporter": REPORTS_ENTRY}, _attached, "assigned"),
    ),
    "get_minutes_record": _minutes_drafted(),
    "get_conclusion_notice_record": _minutes_drafted(),
    "list_minutes_attachments": _minutes("attachment"),
    "create_minutes_attachment": (
        Row("minuted", {"secretary": KEEPS_MINUTES, "reporter": ONLY_SEES_MINUTES}, _attached, "in_review"),
    ),
    "list_conclusion_notice_attachments": _minutes("notice_attachment"),
    "create_conclusion_notice_attachment": (
        Row("minuted", {"secretary": KEEPS_MINUTES, "reporter": ONLY_SEES_MINUTES}, _attached, "in_review"),
    ),
    "get_attachment": (*_meeting(), *_task("entry", SEES_ENTRY)),
    "get_attachment_content": (*_meeting(), *_task("entry", SEES_ENTRY)),
    "update_attachment": _keeps_files(_described),
    "delete_attachment": _keeps_files(None),
    # a whole quarter in one call
    "get_briefing": (Row("meeting", {EVERYONE: SEES_MEETING}),),
    "replace_briefing": (Row("body", {"secretary": KEEPS}, _briefing),),
    # the directory
    "list_organizations": _directory("organization"),
    "create_organization": _keeps_bodies(
        lambda at: {
            "parent_id": at["body"],
            "name": "Của tôi",
            "kind": "other",
            "line": "party",
            "level": "village",
        }
    ),
    "get_organization": _directory(),
    "update_organization": _keeps_bodies(lambda _: {"short_name": "Của tôi"}),
    "delete_organization": _keeps_bodies(),
    "list_speakers": _directory("speaker"),
    "create_speaker": _keeps_people(lambda at: {"full_name": "Của Tôi", "organization_id": at["body"]}),
    "get_speaker": _directory(),
    "update_speaker": _keeps_people(lambda _: {"phone": "0900 000"}),
    "delete_speaker": _keeps_people(),
    "list_positions": _directory("position"),
    "create_position": _keeps_people(lambda at: {"organization_id": at["body"], "title": "Ủy viên"}),
    "get_position": _directory(),
    "update_position": _keeps_people(lambda _: {"title": "Phó Bí thư"}),
    "delete_position": _keeps_people(),
    # tasks
    "list_quarterly_tasks": _task(shows="quarterly_task"),
    "create_quarterly_task": (
        Row(
            "body",
            {"secretary": KEEPS},
            lambda at: {
                "issuing_organization_id": at["body"],
                "title": "Nhiệm vụ",
                "quarter": "2025-Q4",
                "assignments": _led_by(at["another"]),
            },
        ),
    ),
    "get_quarterly_task": _task(),
    "update_quarterly_task": (
        Row("task", {"secretary": ISSUES_TASK}, lambda _: {"description": "Của tôi"}, "draft"),
    ),
    "delete_quarterly_task": (Row("task", {"secretary": ISSUES_TASK}, state="draft"),),
    "create_quarterly_task_transition": (
        _by_the_issuer(_moves("issue"), "draft"),
        _by_the_issuer(_moves("cancel", **WHY), "assigned"),
        _by_the_issuing_side(_moves("reopen"), "completed"),
        _by_the_approver(_moves("confirm"), "submitted"),
        _by_the_approver(_moves("send_back", **WHY), "submitted"),
        _by_the_assigned(_moves("decline", **WHY), "assigned"),
        _by_the_assigned(_moves("start"), "assigned"),
        _by_the_assigned(_moves("suspend"), "in_progress"),
        _by_the_assigned(_moves("resume"), "on_hold"),
        _by_the_assigned(_moves("report_completion"), "in_progress"),
    ),
    "create_distribution": (
        Row(
            "task",
            {"secretary": ISSUES_TASK},
            lambda at: {"organization_ids": [at["another"]]},
            "assigned",
        ),
    ),
    "list_quarterly_task_transitions": _task("entry", SEES_ENTRY, "task_entry"),
    "create_task_entry": (
        _by_the_assigned(lambda _: {"kind": "progress", "progress_percent": 40}, "in_progress"),
        _by_the_issuer(
            lambda _: {"kind": "due_date_changed", "due_date": "2025-12-20", "text": "Lý do"}, "assigned"
        ),
        _by_the_issuer(
            lambda at: {"kind": "reassigned", "assignments": _led_by(at["body"]), "text": "Lý do"}, "assigned"
        ),
        _by_the_issuer(
            lambda _: {"kind": "reclassified", "task_kind": "regular", "text": "Lý do"}, "assigned"
        ),
    ),
    "list_task_entries": _task("entry", SEES_ENTRY, "task_entry"),
    "get_task_entry": _task("entry", SEES_ENTRY),
    # reports
    "get_quarter": _report(),
    "get_quarterly_tasks_report": _report(),
    "get_comparison_report": _report(),
    "get_reviews_report": _report(),
    "list_due_tasks": _task("entry", SEES_ENTRY, "quarterly_task"),
    "list_carry_over_chains": _task("chain", SEES_ENTRY, "quarterly_task", asks="min_count=1"),
    "replace_quarter_closing": (Row("body", {"approver": KEEPS}),),
    "get_quarter_closing": (Row("body", {EVERYONE: PRIVATE}, covered=True),),
    # who may call
    "list_principals": _access(shows="principal"),
    "create_principal": _access(lambda at: {"name": "Của tôi", "organization_id": at["body"]}, KEEPS),
    "get_principal": _access(),
    "update_principal": _access(lambda _: {"name": "Của tôi"}),
    "delete_principal": _access(),
    "list_grants": _access(shows="grant"),
    "create_grant": _access(
        lambda at: {"role": "reporter", "organization_id": at["body"], "lines": ["party"]}
    ),
    "get_grant": _access(),
    "delete_grant": _access(),
    "list_keys": _access(shows="key"),
    "create_key": _access(lambda _: {"label": "Của tôi", "scopes": ["principals:write"]}),
    "get_key": _access(),
    "replace_key_revocation": _access(),
}

# What a key must hold for an operation besides what that one declares: what it shows or does beside its noun.
READS_TASKS = dict.fromkeys(
    (
        *("get_closing_checks", "get_review_sheet", "get_task_reviews", "get_task_review"),
        *("replace_task_reviews", "create_carry_over", "list_quarterly_task_reviews"),
        *("get_minutes_record", "get_conclusion_notice_record", "get_minutes_version"),
        *("get_minutes_proof", "get_minutes_diff", "get_briefing", "replace_briefing"),
        *("list_minutes_comments", "get_minutes_comment", "list_conclusion_notice_comments"),
        "list_task_entry_attachments",
    ),
    "quarterly_tasks:read",
)
READS_MEETINGS = dict.fromkeys(
    (
        *("list_meeting_attachments", "list_agenda_item_attachments", "list_minutes_attachments"),
        *("list_conclusion_notice_attachments", "get_reviews_report"),
        *("create_quarterly_task_of_directive", "create_quarterly_task_of_finding"),
    ),
    "meetings:read",
)
BESIDES: Mapping[str, str] = READS_TASKS | READS_MEETINGS
# A file is shown to who may read what it lies in: to others as one of nothing.
OF_ITS_OWNER = {"get_attachment", "get_attachment_content"}
READS = {"meeting": "meetings:read", "entry": "quarterly_tasks:read"}
# What is decided at the row, for an operation that declares this: by the role that may.
DECIDED: Mapping[str, Mapping[str, str]] = {
    "quarterly_tasks:move": {
        "secretary": "quarterly_tasks:write",
        "reporter": "quarterly_tasks:report",
        "approver": "quarterly_tasks:confirm",
    },
    "minutes:move": {"secretary": "meetings:write", "approver": "minutes:sign"},
}
WRITES_ITS_OWNER: Mapping[str, Mapping[str, str]] = {
    "meeting": {"secretary": "meetings:write"},
    "minuted": {"secretary": "meetings:write"},
    "entry": {"secretary": "quarterly_tasks:write", "reporter": "quarterly_tasks:report"},
}
# What was decided is done to each task: who may not do that is told so at the decision, not turned away.
CARRIES_OUT = dict.fromkeys(("replace_task_reviews", "create_carry_over"), "quarterly_tasks:write")

# What an id that is sent names, by the member or parameter; where that is not enough, by what it is part of.
NAMES: Mapping[str, str] = {
    "host_organization_id": "organization",
    "organization_id": "organization",
    "presenting_organization_id": "organization",
    "issuing_organization_id": "organization",
    "lead_organization_id": "organization",
    "assigned_organization_id": "organization",
    "participating_organization_id": "organization",
    "within": "organization",
    "speaker_id": "speaker",
    "participating_speaker_id": "speaker",
    "presenter_id": "speaker",
    "substitute_for_id": "speaker",
    "issued_by_id": "speaker",
    "meeting_id": "meeting",
    "previous_meeting_id": "meeting",
    "set_at_meeting_id": "meeting",
    "agenda_item_id": "agenda_item",
    "carried_from_id": "agenda_item",
    "speech_id": "speech",
    "cause_of_id": "finding",
    "directive_id": "directive",
    "answers_finding_id": "finding",
    "task_id": "quarterly_task",
    "AgendaPlace.id": "agenda_item",
    "AgendaPlace.parent_id": "agenda_item",
    "AgendaItemIn.parent_id": "agenda_item",
    "OrganizationIn.parent_id": "organization",
    "QuarterlyTaskIn.parent_id": "quarterly_task",
    "QuarterlyTaskFrom.parent_id": "quarterly_task",
    "QuarterlyTaskPatch.parent_id": "quarterly_task",
    "list_organizations.parent_id": "organization",
    "list_agenda_items.parent_id": "agenda_item",
    "list_quarterly_tasks.parent_id": "quarterly_task",
}

# The least that one element of a list in a body must say.
ELEMENTS: Mapping[str, Says] = {
    "ParticipationIn": lambda at: {"organization_id": at["body"]},
    "AgendaItemIn": lambda _: {"title": "Nội dung"},
    "TaskReviewIn": _review,
    "BriefingParticipationIn": lambda at: {"external_id": "1", "organization_id": at["body"]},
    "BriefingAgendaItemIn": lambda _: {"external_id": "1", "title": "Nội dung"},
    "BriefingSpeechIn": lambda _: {"external_id": "1", "attribution_text": "Đại biểu"},
    "BriefingFindingIn": lambda _: {"external_id": "1", "kind": "result", "text": "Kết quả"},
    "BriefingDirectiveIn": lambda _: {"external_id": "1", "text": "Chỉ đạo"},
    "BriefingTaskIn": lambda at: {
        "external_id": "1",
        "issuing_organization_id": at["body"],
        "title": "Nhiệm vụ",
        "quarter": "2026-Q1",
    },
    "BriefingReviewIn": _review,
    "PositionIn": lambda at: {"organization_id": at["body"], "title": "Ủy viên"},
    "AssignmentIn": lambda at: {"organization_id": at["body"], "role": "lead"},
}
