"""The words of minutes, and the moves between their states."""

from collections.abc import Mapping

from app.vocabulary import Vocabulary


class MinutesStatus(Vocabulary):
    """Where the minutes stand."""

    DRAFT = "draft", "Dự thảo", "Draft"
    IN_REVIEW = "in_review", "Đang xem xét", "In review"
    CHANGES_REQUESTED = "changes_requested", "Yêu cầu chỉnh sửa", "Changes requested"
    SIGNED = "signed", "Đã ký", "Signed"


class MinutesTransition(Vocabulary):
    """What moves minutes from one state to another."""

    SUBMIT = "submit", "Trình", "Submit"
    REQUEST_CHANGES = "request_changes", "Yêu cầu chỉnh sửa", "Request changes"
    WITHDRAW = "withdraw", "Rút lại", "Withdraw"
    SIGN = "sign", "Ký", "Sign"


_S, _T = MinutesStatus, MinutesTransition
MINUTES_MOVES: Mapping[MinutesStatus, Mapping[MinutesTransition, MinutesStatus]] = {
    _S.DRAFT: {_T.SUBMIT: _S.IN_REVIEW},
    _S.IN_REVIEW: {
        _T.REQUEST_CHANGES: _S.CHANGES_REQUESTED,
        _T.WITHDRAW: _S.DRAFT,
        _T.SIGN: _S.SIGNED,
    },
    _S.CHANGES_REQUESTED: {_T.SUBMIT: _S.IN_REVIEW},
    _S.SIGNED: {},
}
MINUTES_EVENTS: Mapping[MinutesTransition, str] = {
    _T.SUBMIT: "submitted",
    _T.REQUEST_CHANGES: "changes_requested",
    _T.WITHDRAW: "withdrawn",
    _T.SIGN: "signed",
}
