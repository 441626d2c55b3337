"""What a file can be attached to."""

from app.vocabulary import Vocabulary


class OwnerKind(Vocabulary):
    """The noun that owns an attachment, as events call it."""

    MEETING = "meeting", "Hội nghị", "Meeting"
    AGENDA_ITEM = "agenda_item", "Nội dung chương trình", "Agenda item"
    TASK_ENTRY = "task_entry", "Diễn biến nhiệm vụ", "Task entry"
    MINUTES = "minutes", "Biên bản", "Minutes"
    CONCLUSION_NOTICE = "conclusion_notice", "Thông báo kết luận", "Conclusion notice"
