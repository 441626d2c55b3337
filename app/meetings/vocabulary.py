"""The words of a meeting, and the moves between its states."""

from collections.abc import Mapping

from app.vocabulary import Vocabulary


class MeetingKind(Vocabulary):
    """What kind of meeting it is."""

    QUARTERLY_BRIEFING = "quarterly_briefing", "Hội nghị giao ban quý", "Quarterly briefing"
    MONTHLY_BRIEFING = "monthly_briefing", "Hội nghị giao ban tháng", "Monthly briefing"
    EXECUTIVE_COMMITTEE = "executive_committee", "Hội nghị Ban Chấp hành", "Executive committee"
    STANDING_COMMITTEE = "standing_committee", "Họp Ban Thường vụ", "Standing committee"
    REVIEW_CONFERENCE = "review_conference", "Hội nghị sơ kết, tổng kết", "Review conference"
    THEMATIC = "thematic", "Hội nghị chuyên đề", "Thematic meeting"
    EXTRAORDINARY = "extraordinary", "Hội nghị bất thường", "Extraordinary meeting"
    OTHER = "other", "Khác", "Other"


class MeetingFormat(Vocabulary):
    """How people meet."""

    IN_PERSON = "in_person", "Trực tiếp", "In person"
    ONLINE = "online", "Trực tuyến", "Online"
    HYBRID = "hybrid", "Trực tiếp kết hợp trực tuyến", "Hybrid"


class Visibility(Vocabulary):
    """Who may see it."""

    PUBLIC = "public", "Công khai", "Public"
    INTERNAL = "internal", "Nội bộ", "Internal"
    RESTRICTED = "restricted", "Hạn chế", "Restricted"


class Record(Vocabulary):
    """Whether the record is our own, or taken from somebody's report."""

    MINUTED = "minuted", "Có ghi biên bản", "Minuted"
    REPORTED = "reported", "Ghi lại theo tin, báo cáo", "Taken from a report"


class MeetingStatus(Vocabulary):
    """Where the meeting stands."""

    DRAFT = "draft", "Dự thảo", "Draft"
    SCHEDULED = "scheduled", "Đã lên lịch", "Scheduled"
    POSTPONED = "postponed", "Hoãn", "Postponed"
    IN_PROGRESS = "in_progress", "Đang họp", "In progress"
    HELD = "held", "Đã họp", "Held"
    CLOSED = "closed", "Đã kết thúc", "Closed"
    CANCELLED = "cancelled", "Hủy", "Cancelled"


class MeetingTransition(Vocabulary):
    """What moves a meeting from one state to another."""

    SCHEDULE = "schedule", "Lên lịch", "Schedule"
    POSTPONE = "postpone", "Hoãn", "Postpone"
    RESCHEDULE = "reschedule", "Xếp lại lịch", "Reschedule"
    START = "start", "Bắt đầu", "Start"
    HOLD = "hold", "Kết thúc phiên họp", "Hold"
    CLOSE = "close", "Kết thúc hồ sơ hội nghị", "Close"
    REOPEN = "reopen", "Mở lại", "Reopen"
    CANCEL = "cancel", "Hủy", "Cancel"


_S, _T = MeetingStatus, MeetingTransition
MEETING_MOVES: Mapping[MeetingStatus, Mapping[MeetingTransition, MeetingStatus]] = {
    _S.DRAFT: {_T.SCHEDULE: _S.SCHEDULED, _T.HOLD: _S.HELD, _T.CANCEL: _S.CANCELLED},
    _S.SCHEDULED: {
        _T.POSTPONE: _S.POSTPONED,
        _T.START: _S.IN_PROGRESS,
        _T.HOLD: _S.HELD,
        _T.CANCEL: _S.CANCELLED,
    },
    _S.POSTPONED: {_T.RESCHEDULE: _S.SCHEDULED, _T.CANCEL: _S.CANCELLED},
    _S.IN_PROGRESS: {_T.HOLD: _S.HELD},
    _S.HELD: {_T.CLOSE: _S.CLOSED},
    _S.CLOSED: {_T.REOPEN: _S.HELD},
    _S.CANCELLED: {},
}
MEETING_EVENTS: Mapping[MeetingTransition, str] = {
    _T.SCHEDULE: "scheduled",
    _T.POSTPONE: "postponed",
    _T.RESCHEDULE: "rescheduled",
    _T.START: "started",
    _T.HOLD: "held",
    _T.CLOSE: "closed",
    _T.REOPEN: "reopened",
    _T.CANCEL: "cancelled",
}


class ParticipationRole(Vocabulary):
    """In what role somebody takes part. Chair, directing official and reporter are often three people."""

    CHAIR = "chair", "Chủ trì", "Chair"
    CO_CHAIR = "co_chair", "Đồng chủ trì", "Co-chair"
    SECRETARY = "secretary", "Thư ký", "Secretary"
    DIRECTING_OFFICIAL = "directing_official", "Dự và chỉ đạo", "Directing official"
    DELEGATE = "delegate", "Đại biểu", "Delegate"
    GUEST = "guest", "Khách mời", "Guest"
    OBSERVER = "observer", "Dự thính", "Observer"


class Attendance(Vocabulary):
    """Whether they came."""

    INVITED = "invited", "Được mời", "Invited"
    PRESENT = "present", "Có mặt", "Present"
    LATE = "late", "Đến muộn", "Late"
    EXCUSED = "excused", "Vắng có lý do", "Excused"
    ABSENT = "absent", "Vắng không lý do", "Absent"


class AgendaItemKind(Vocabulary):
    """What an item of the agenda is."""

    OPENING = "opening", "Khai mạc", "Opening"
    PREVIOUS_CONCLUSIONS = (
        "previous_conclusions",
        "Việc thực hiện kết luận kỳ trước",
        "Carrying out the last conclusions",
    )
    REPORT = "report", "Báo cáo", "Report"
    REVIEW = "review", "Đánh giá", "Review"
    DISCUSSION = "discussion", "Thảo luận", "Discussion"
    PLAN = "plan", "Phương hướng, nhiệm vụ", "Plan"
    DIRECTIVE = "directive", "Phát biểu chỉ đạo", "Directive"
    CONCLUSION = "conclusion", "Kết luận", "Conclusion"
    CLOSING = "closing", "Bế mạc", "Closing"
    BREAK = "break", "Giải lao", "Break"
    OTHER = "other", "Khác", "Other"


class AgendaItemStatus(Vocabulary):
    """Where the item stands."""

    PENDING = "pending", "Chưa thực hiện", "Pending"
    IN_PROGRESS = "in_progress", "Đang thực hiện", "In progress"
    DONE = "done", "Đã xong", "Done"
    POSTPONED = "postponed", "Chuyển kỳ sau", "Postponed"
    WITHDRAWN = "withdrawn", "Rút khỏi chương trình", "Withdrawn"


UNFINISHED = (AgendaItemStatus.PENDING, AgendaItemStatus.IN_PROGRESS)
