"""The middle of minutes: who took part, and what happened in order."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from app.documents.paper import Block, Paragraph, Run, Table, plain
from app.documents.prose import paragraphs
from app.documents.saying import begun, ended, short_day, somebody
from app.documents.styles import Role
from app.findings.vocabulary import FindingKind
from app.meetings.vocabulary import AgendaItemStatus, Attendance, ParticipationRole
from app.minutes.record import (
    MinutesRecord,
    RecordedAgendaItem,
    RecordedDirective,
    RecordedFinding,
    RecordedParticipation,
    RecordedSpeech,
    RecordedTask,
)
from app.quarter import Quarter
from app.quarterly_tasks.vocabulary import AssignmentRole

CAME = (Attendance.PRESENT, Attendance.LATE)
MISSED = (Attendance.EXCUSED, Attendance.ABSENT)
GUESTS = (ParticipationRole.GUEST, ParticipationRole.OBSERVER)
UNDONE = (AgendaItemStatus.POSTPONED, AgendaItemStatus.WITHDRAWN)


# -- who took part


def took_part(all_: Sequence[RecordedParticipation]) -> Iterator[Block]:
    """Who was there, who was not and why, and who was invited beside the members."""
    members = [one for one in all_ if one.role not in GUESTS]
    guests = [one for one in all_ if one.role in GUESTS]
    yield from _group("Có mặt", [one for one in members if one.attendance in CAME])
    yield from _group("Vắng mặt", [one for one in members if one.attendance in MISSED])
    yield from _group("Được mời", [one for one in members if one.attendance == Attendance.INVITED])
    yield from _group("Mời dự", guests)
    if not all_:
        yield plain(Role.BODY, "Không ghi nhận.")


def _group(label: str, who: Sequence[RecordedParticipation]) -> Iterator[Block]:
    if not who:
        return
    yield Paragraph(Role.BODY, (Run(f"{label}:", bold=True), *_counted(who)))
    for one in who:
        yield plain(Role.ITEM, f"- {ended(_participant(one), '.')}")


def _counted(who: Sequence[RecordedParticipation]) -> Iterator[Run]:
    """Nobody knows how many came for a body of which nobody was named."""
    if all(one.speaker or one.headcount for one in who):
        yield Run(f" {sum(one.headcount or 1 for one in who):02} đại biểu.")


def _participant(one: RecordedParticipation) -> str:
    named = begun(somebody(one.speaker, one.title_snapshot, one.organization))
    more = (
        f"{one.headcount} người" if one.headcount and one.headcount > 1 else "",
        one.role.label_vi.lower() if one.role in _TOLD else "",
        f"dự thay {one.substitute_for.full_name}" if one.substitute_for else "",
        "đến muộn" if one.attendance == Attendance.LATE else "",
        _missed(one),
    )
    return " – ".join(filter(None, (named, ", ".join(filter(None, more)))))


_TOLD = (
    ParticipationRole.CHAIR,
    ParticipationRole.CO_CHAIR,
    ParticipationRole.SECRETARY,
    ParticipationRole.DIRECTING_OFFICIAL,
)


def _missed(one: RecordedParticipation) -> str:
    if one.attendance not in MISSED:
        return ""
    default = "có lý do" if one.attendance == Attendance.EXCUSED else "không lý do"
    return f"lý do: {one.absence_reason}" if one.absence_reason else f"vắng {default}"


# -- what happened


def course(record: MinutesRecord, before: str) -> Iterator[Block]:
    """Each point of the agenda with what was said, found and directed there; then what stood under none."""
    numbers = _numbers(record.agenda_items, before)
    for item in record.agenda_items:
        yield plain(Role.SUBHEADING if before else Role.HEADING, f"{numbers[item.id]} {item.title}")
        yield from _item(record, item)
    count = sum(1 for one in record.agenda_items if one.parent_id is None)
    for title, blocks in (
        ("Nội dung khác", [*_happened(record, None)]),
        ("Đánh giá việc thực hiện nhiệm vụ", [*reviewed(record)]),
        ("Nhiệm vụ giao tại hội nghị", [tasks(record)] if record.quarterly_tasks else []),
    ):
        if blocks:
            count += 1
            yield plain(Role.SUBHEADING if before else Role.HEADING, f"{before}{count}. {title}")
            yield from blocks


def _numbers(items: Iterable[RecordedAgendaItem], before: str) -> dict[UUID, str]:
    """1., 1.1., 1.1.1. by the tree."""
    numbers: dict[UUID, str] = {}
    counts: dict[UUID | None, int] = {}
    for item in items:
        counts[item.parent_id] = counts.get(item.parent_id, 0) + 1
        above = numbers.get(item.parent_id, before) if item.parent_id is not None else before
        numbers[item.id] = f"{above}{counts[item.parent_id]}."
    return numbers


def _item(record: MinutesRecord, item: RecordedAgendaItem) -> Iterator[Block]:
    if item.status in UNDONE:
        yield plain(Role.NOTE, f"({item.status.label_vi}.)")
    if presenter := somebody(item.presenter, None, item.presenting_organization):
        yield plain(Role.BODY, ended(f"Người trình bày: {presenter}", "."))
    if item.description:
        yield from paragraphs(item.description)
    if item.minutes_text:
        yield from paragraphs(item.minutes_text)
    yield from _happened(record, item.id)


def _happened(record: MinutesRecord, item_id: UUID | None) -> Iterator[Block]:
    for speech in record.speeches:
        if speech.agenda_item_id == item_id:
            yield from _speech(speech)
    yield from _found([one for one in record.findings if one.agenda_item_id == item_id])
    yield from _directed([one for one in record.directives if one.agenda_item_id == item_id])


def _speech(speech: RecordedSpeech) -> Iterator[Block]:
    """With the speaker's full name and title."""
    who = somebody(speech.speaker, speech.title_snapshot, speech.organization)
    if speech.speaker is None and speech.attribution_text:
        who = speech.attribution_text
    head = (
        Run(begun(who) or "Không rõ người phát biểu", bold=True),
        Run(f" ({speech.kind.label_vi.lower()})"),
    )
    text = speech.summary or speech.full_text
    if not text:
        yield Paragraph(Role.BODY, (*head, Run(".")))
        return
    first, *rest = list(paragraphs(text)) or [plain(Role.BODY, "")]
    if first.role == Role.BODY:
        yield Paragraph(Role.BODY, (*head, Run(": "), *first.runs))
    else:
        yield Paragraph(Role.BODY, (*head, Run(":")))
        yield first
    yield from rest


def _found(findings: Sequence[RecordedFinding]) -> Iterator[Block]:
    """By kind, in the order in which reports tell them."""
    for kind in FindingKind:
        of_kind = [one for one in findings if one.kind == kind]
        if not of_kind:
            continue
        yield Paragraph(Role.BODY, (Run(f"{kind.label_vi}:", bold=True),))
        for one in of_kind:
            yield from _listed(one.text)
            if one.response_text:
                yield from _listed(one.response_text, "Trả lời: ")


def _directed(directives: Sequence[RecordedDirective]) -> Iterator[Block]:
    for one in directives:
        who = somebody(one.issued_by, one.title_snapshot)
        by = f" ({who})" if who else ""
        yield from _listed(one.text, f"{one.kind.label_vi}{by}: ", bold=True)


def _listed(text: str, label: str = "", *, bold: bool = False) -> Iterator[Block]:
    first, *rest = list(paragraphs(text)) or [plain(Role.ITEM, "")]
    lead = (Run(f"- {label}", bold=bold),) if label else (Run("- "),)
    runs = first.runs[1:] if first.role == Role.ITEM and first.runs[0].text == "- " else first.runs
    yield Paragraph(Role.ITEM, (*lead, *runs))
    yield from rest


# -- tables


def reviewed(record: MinutesRecord) -> Iterator[Block]:
    """The tasks of the quarter before, as the meeting judged them."""
    if not record.reviews:
        return
    heads = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Đánh giá", "Xử lý")
    rows = []
    for n, one in enumerate(record.reviews, start=1):
        progress = f" ({one.assessed_progress}%)" if one.assessed_progress is not None else ""
        comment = f". {one.comment}" if one.comment else ""
        until = f", đến {short_day(one.due_date)}" if one.due_date else ""
        to = f", giao {one.new_lead.name}" if one.new_lead else ""
        rows.append(
            (
                str(n),
                f"{one.task_title} ({one.task_code})",
                one.lead.name if one.lead else "",
                f"{one.rating.label_vi}{progress}{comment}",
                f"{one.disposition.label_vi}{until}{to}",
            )
        )
    yield Table(heads, rows, (6, 36, 20, 21, 17))


def tasks(record: MinutesRecord) -> Table:
    """What was set, with its lead body and its deadline."""
    heads = ("TT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời hạn")
    rows = [
        (
            str(n),
            ". ".join(filter(None, (one.title, one.expected_result))),
            _assigned(one, AssignmentRole.LEAD),
            _assigned(one, AssignmentRole.COORDINATING),
            short_day(one.due_date) or quarter_end(one),
        )
        for n, one in enumerate(record.quarterly_tasks, start=1)
    ]
    return Table(heads, rows, (6, 42, 19, 18, 15))


def quarter_end(task: RecordedTask) -> str:
    """Few tasks state a deadline: the quarter's last day is it."""
    return short_day(Quarter.parse(task.quarter).last_day)


def _assigned(task: RecordedTask, role: AssignmentRole) -> str:
    return "; ".join(one.organization.name for one in task.assignments if one.role == role)
