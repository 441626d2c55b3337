"""A record laid out once, whatever it will be written as."""

from collections.abc import Iterator
from typing import Any

from app.documents import heading, signing
from app.documents.bounds import bounded
from app.documents.course import course, tasks, took_part
from app.documents.paper import Block, Document, Paragraph, Run, flat, labelled, plain
from app.documents.prose import paragraphs
from app.documents.saying import BLANK, begun, ended, lowered, somebody, the_day, the_moment, the_period
from app.documents.styles import STYLES, DocumentStyle, Role, Style, prescribed
from app.meetings.vocabulary import AgendaItemKind, ParticipationRole, Record
from app.minutes.record import MinutesRecord, RecordedMeeting
from app.text import nfc

DRAFT = "DỰ THẢO"
REPORTED = "GHI LẠI THEO TIN, BÁO CÁO – KHÔNG PHẢI BIÊN BẢN GHI TẠI HỘI NGHỊ"
UNSAID = "nguồn không nêu"
TITLES = {"minutes": "BIÊN BẢN", "conclusion_notice": "THÔNG BÁO"}


def composed(
    record: MinutesRecord, style: DocumentStyle | None = None, sha256: str | None = None
) -> Document:
    """The document in the form asked for, or else the one prescribed for its body and day.

    Raises NotAcceptable where it is too long.
    """
    record = MinutesRecord.model_validate(_in_one_form(record.model_dump()))
    meeting, document = record.meeting, record.document
    form = STYLES[style or prescribed(meeting.host.line, document.date or meeting.held_on)]
    is_minutes = document.kind == "minutes"
    dated = (document.place, document.date, meeting.held_on.year)
    signers = document.signers
    return flat(
        Document(
            name=_file_name(record),
            style=form,
            marks=tuple(_marks(record)),
            left=heading.on_the_left(form, meeting.host, heading.number(form, meeting.host, document)),
            right=heading.on_the_right(form, meeting.host, dated, is_minutes=is_minutes),
            title=TITLES[document.kind],
            subject=meeting.title if is_minutes else f"Kết luận tại {lowered(meeting.title)}",
            under_subject=form.under_subject,
            blocks=tuple(bounded(_minutes(form, record) if is_minutes else _notice(form, record))),
            signed_left=signing.recorder(form, signers) if is_minutes else (),
            signed_right=signing.chair(form, signers)
            if is_minutes
            else signing.approver(form, meeting.host, signers),
            recipients=signing.recipients(form, document.recipients),
            footer=f"Bản số {document.version} · SHA-256: {sha256}" if sha256 else None,
        )
    )


def _in_one_form(value: Any) -> Any:
    """Each text in NFC: some systems send letters and their marks apart."""
    if isinstance(value, str) and type(value) is str:
        return nfc(value)
    if isinstance(value, dict):
        return {name: _in_one_form(one) for name, one in value.items()}
    return [_in_one_form(one) for one in value] if isinstance(value, list) else value


def _marks(record: MinutesRecord) -> Iterator[str]:
    if record.document.version == 0:
        yield DRAFT
    if record.meeting.record == Record.REPORTED:
        yield REPORTED


def _file_name(record: MinutesRecord) -> str:
    kind = {"minutes": "Biên bản", "conclusion_notice": "Thông báo kết luận"}[record.document.kind]
    draft = " (dự thảo)" if record.document.version == 0 else ""
    return f"{kind} {record.meeting.title} {record.meeting.held_on}{draft}"


# -- minutes


def _minutes(form: Style, record: MinutesRecord) -> Iterator[Block]:
    yield from _amended(record)
    yield from _opened(form, record)
    if form.dates_minutes:
        yield plain(Role.HEADING, "1. Thành phần")
        yield from took_part(record.participations)
        yield plain(Role.HEADING, "2. Diễn biến hội nghị")
        yield from course(record, "2.")
    else:
        yield from course(record, "")
    yield from _source(record.meeting)
    yield _closed(form, record.meeting)


def _amended(record: MinutesRecord) -> Iterator[Paragraph]:
    if record.document.version > 1:
        note = record.document.change_note or "không ghi"
        yield plain(Role.NOTE, f"(Bản sửa đổi, bản số {record.document.version}; nội dung sửa đổi: {note})")


def _opened(form: Style, record: MinutesRecord) -> Iterator[Block]:
    """The opening lines, in the order of the form."""
    meeting, unsaid = record.meeting, _unsaid(record.meeting)
    began = the_moment(meeting.starts_at) if meeting.starts_at else f"{unsaid[0]}{_on(meeting)}"
    where = meeting.location or meeting.online_url or unsaid[1]
    yield labelled("Thời gian bắt đầu", ended(began, "."))
    yield labelled("Địa điểm", ended(where, "."))
    chairs = _in_role(record, ParticipationRole.CHAIR, ParticipationRole.CO_CHAIR) or unsaid[1]
    recorders = _in_role(record, ParticipationRole.SECRETARY) or unsaid[1]
    if form.dates_minutes:
        yield labelled("Nội dung", ended(_about(meeting), "."))
        yield labelled("Người chủ trì", ended(chairs, "."))
        yield labelled("Người ghi biên bản", ended(recorders, "."))
        yield labelled("Tài liệu", ended(_papers(record) or "không ghi nhận", "."))
        return
    yield labelled("Thành phần tham dự", "")
    yield from took_part(record.participations)
    yield labelled("Chủ trì", ended(chairs, "."))
    yield labelled("Thư ký", ended(recorders, "."))
    yield labelled("Nội dung (theo diễn biến cuộc họp)", ended(_about(meeting), "."))


def _unsaid(meeting: RecordedMeeting) -> tuple[str, str]:
    """What stands where nothing was recorded: of the hour, and of all else."""
    if meeting.record == Record.REPORTED:
        return f"{UNSAID} giờ", UNSAID
    return f"{BLANK} giờ {BLANK}", BLANK


def _on(meeting: RecordedMeeting) -> str:
    return f", {the_day(meeting.held_on)}"


def _in_role(record: MinutesRecord, *roles: ParticipationRole) -> str:
    found = [one for one in record.participations if one.role in roles]
    return "; ".join(begun(somebody(one.speaker, one.title_snapshot, one.organization)) for one in found)


def _about(meeting: RecordedMeeting) -> str:
    said = (
        f"đánh giá {the_period(meeting.review_period)}" if meeting.review_period else "",
        f"phương hướng, nhiệm vụ {the_period(meeting.plan_period)}" if meeting.plan_period else "",
    )
    whole = "; ".join(filter(None, said)) or meeting.title
    beside = f" (với {lowered(meeting.audience)})" if meeting.audience else ""
    return begun(whole) + beside


def _papers(record: MinutesRecord) -> str:
    """The reports that were given."""
    return "; ".join(one.title for one in record.agenda_items if one.kind == AgendaItemKind.REPORT)


def _source(meeting: RecordedMeeting) -> Iterator[Block]:
    """Of a meeting that was taken from a report: what that report was."""
    if meeting.record == Record.REPORTED and meeting.source_text:
        yield plain(Role.SUBHEADING, "Nguồn ghi lại")
        yield from paragraphs(meeting.source_text)


def _closed(form: Style, meeting: RecordedMeeting) -> Paragraph:
    when = the_moment(meeting.ends_at) if meeting.ends_at else None
    if when is None and meeting.record == Record.REPORTED:
        when = f"giờ {UNSAID}{_on(meeting)}"
    return plain(
        Role.CLOSING, f"Hội nghị kết thúc vào {when or f'{BLANK} giờ {BLANK}{_on(meeting)}'}{form.ends_with}"
    )


# -- a conclusion notice


def _notice(form: Style, record: MinutesRecord) -> Iterator[Block]:
    meeting = record.meeting
    yield from _amended(record)
    yield plain(Role.BODY, f"{begun(_held(meeting))}, {meeting.host.name} kết luận như sau:")
    for n, one in enumerate(record.directives, start=1):
        first, *rest = list(paragraphs(one.text)) or [plain(Role.BODY, "")]
        yield Paragraph(Role.BODY, (Run(f"{n}. "), *first.runs))
        yield from rest
    if record.quarterly_tasks:
        yield plain(Role.HEADING, "Nhiệm vụ được giao")
        yield tasks(record)
    yield from _source(meeting)
    yield plain(
        Role.CLOSING,
        ended("Đề nghị các cơ quan, tổ chức, cá nhân liên quan triển khai thực hiện", form.ends_with),
    )


def _held(meeting: RecordedMeeting) -> str:
    return f"tại {lowered(meeting.title)} {the_day(meeting.held_on)}"
