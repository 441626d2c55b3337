"""The words of a review."""

from app.vocabulary import Vocabulary


class Rating(Vocabulary):
    """How far the task was carried out, in the meeting's judgement."""

    COMPLETED = "completed", "Hoàn thành", "Completed"
    PARTIALLY_COMPLETED = "partially_completed", "Hoàn thành một phần", "Partially completed"
    NOT_COMPLETED = "not_completed", "Chưa hoàn thành", "Not completed"
    NOT_STARTED = "not_started", "Chưa triển khai", "Not started"
    NO_LONGER_RELEVANT = "no_longer_relevant", "Không còn phù hợp", "No longer relevant"


class Disposition(Vocabulary):
    """What happens to the task."""

    CONTINUE = "continue", "Tiếp tục, còn trong hạn", "Continue, in term"
    CLOSE = "close", "Kết thúc", "Close"
    CARRY_OVER = "carry_over", "Chuyển quý sau", "Carry over"
    EXTEND = "extend", "Gia hạn", "Extend"
    REASSIGN = "reassign", "Giao lại", "Reassign"
    CANCEL = "cancel", "Hủy", "Cancel"
