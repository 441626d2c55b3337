"""The words of a task, and the moves between its states."""

from collections.abc import Mapping

from app.vocabulary import Vocabulary


class TaskKind(Vocabulary):
    """What kind of task it is."""

    KEY = "key", "Nhiệm vụ trọng tâm", "Key task"
    REGULAR = "regular", "Nhiệm vụ thường xuyên", "Regular task"
    AD_HOC = "ad_hoc", "Nhiệm vụ đột xuất", "Ad hoc task"
    FOLLOW_UP = "follow_up", "Nhiệm vụ khắc phục", "Follow-up"


class Priority(Vocabulary):
    """How urgent it is."""

    LOW = "low", "Thấp", "Low"
    NORMAL = "normal", "Bình thường", "Normal"
    HIGH = "high", "Cao", "High"
    URGENT = "urgent", "Khẩn", "Urgent"


class TaskStatus(Vocabulary):
    """Where the task stands."""

    DRAFT = "draft", "Dự thảo", "Draft"
    ASSIGNED = "assigned", "Đã giao", "Assigned"
    IN_PROGRESS = "in_progress", "Đang thực hiện", "In progress"
    ON_HOLD = "on_hold", "Tạm dừng", "On hold"
    SUBMITTED = "submitted", "Đã báo cáo hoàn thành", "Reported complete"
    COMPLETED = "completed", "Hoàn thành", "Completed"
    CARRIED_OVER = "carried_over", "Chuyển quý sau", "Carried over"
    CANCELLED = "cancelled", "Hủy", "Cancelled"


class TaskTransition(Vocabulary):
    """What moves a task from one state to another."""

    ISSUE = "issue", "Giao", "Issue"
    DECLINE = "decline", "Trả lại", "Decline"
    START = "start", "Bắt đầu thực hiện", "Start"
    SUSPEND = "suspend", "Tạm dừng", "Suspend"
    RESUME = "resume", "Tiếp tục", "Resume"
    REPORT_COMPLETION = "report_completion", "Báo cáo hoàn thành", "Report completion"
    CONFIRM = "confirm", "Xác nhận hoàn thành", "Confirm"
    SEND_BACK = "send_back", "Yêu cầu làm lại", "Send back"
    RECALL = "recall", "Rút lại việc chuyển quý", "Recall"
    CANCEL = "cancel", "Hủy", "Cancel"
    REOPEN = "reopen", "Mở lại", "Reopen"


_S, _T = TaskStatus, TaskTransition
FINAL = (_S.COMPLETED, _S.CARRIED_OVER, _S.CANCELLED)
TASK_MOVES: Mapping[TaskStatus, Mapping[TaskTransition, TaskStatus]] = {
    _S.DRAFT: {_T.ISSUE: _S.ASSIGNED, _T.CANCEL: _S.CANCELLED},
    _S.ASSIGNED: {
        _T.DECLINE: _S.DRAFT,
        _T.START: _S.IN_PROGRESS,
        _T.REPORT_COMPLETION: _S.SUBMITTED,
        _T.CANCEL: _S.CANCELLED,
    },
    _S.IN_PROGRESS: {
        _T.SUSPEND: _S.ON_HOLD,
        _T.REPORT_COMPLETION: _S.SUBMITTED,
        _T.CANCEL: _S.CANCELLED,
    },
    _S.ON_HOLD: {_T.RESUME: _S.IN_PROGRESS, _T.CANCEL: _S.CANCELLED},
    _S.SUBMITTED: {_T.CONFIRM: _S.COMPLETED, _T.SEND_BACK: _S.IN_PROGRESS, _T.CANCEL: _S.CANCELLED},
    _S.COMPLETED: {_T.REOPEN: _S.SUBMITTED},  # or whatever it was before: see moving.py
    _S.CARRIED_OVER: {_T.RECALL: _S.IN_PROGRESS},
    _S.CANCELLED: {_T.REOPEN: _S.IN_PROGRESS},
}
TASK_EVENTS: Mapping[TaskTransition, str] = {
    _T.ISSUE: "assigned",
    _T.DECLINE: "declined",
    _T.START: "started",
    _T.SUSPEND: "suspended",
    _T.RESUME: "resumed",
    _T.REPORT_COMPLETION: "completion_reported",
    _T.CONFIRM: "confirmed",
    _T.SEND_BACK: "sent_back",
    _T.RECALL: "recalled",
    _T.CANCEL: "cancelled",
    _T.REOPEN: "reopened",
}


class AssignmentRole(Vocabulary):
    """In what role a body answers for a task."""

    LEAD = "lead", "Chủ trì", "Lead"
    COORDINATING = "coordinating", "Phối hợp", "Coordinating"
    SUPERVISING = "supervising", "Theo dõi", "Supervising"


class Timeliness(Vocabulary):
    """The four cells in which official reports are written."""

    COMPLETED_ON_TIME = "completed_on_time", "Hoàn thành đúng hạn", "Completed on time"
    COMPLETED_LATE = "completed_late", "Hoàn thành quá hạn", "Completed late"
    OPEN_WITHIN_DEADLINE = "open_within_deadline", "Chưa hoàn thành, trong hạn", "Open within the deadline"
    OPEN_OVERDUE = "open_overdue", "Chưa hoàn thành, quá hạn", "Open and overdue"


class EntryKind(Vocabulary):
    """What an entry of a task's history says: something about it, or one of its transitions."""

    PROGRESS = "progress", "Tiến độ", "Progress"
    DUE_DATE_CHANGED = "due_date_changed", "Thay đổi thời hạn", "Due date changed"
    REASSIGNED = "reassigned", "Giao lại", "Reassigned"
    RECLASSIFIED = "reclassified", "Sửa phân loại", "Reclassified"
    ISSUE = "issue", "Giao", "Issue"
    DECLINE = "decline", "Trả lại", "Decline"
    START = "start", "Bắt đầu thực hiện", "Start"
    SUSPEND = "suspend", "Tạm dừng", "Suspend"
    RESUME = "resume", "Tiếp tục", "Resume"
    REPORT_COMPLETION = "report_completion", "Báo cáo hoàn thành", "Report completion"
    CONFIRM = "confirm", "Xác nhận hoàn thành", "Confirm"
    SEND_BACK = "send_back", "Yêu cầu làm lại", "Send back"
    CARRY_OVER = "carry_over", "Chuyển quý sau", "Carry over"
    RECALL = "recall", "Rút lại việc chuyển quý", "Recall"
    CANCEL = "cancel", "Hủy", "Cancel"
    REOPEN = "reopen", "Mở lại", "Reopen"
