"""The words of minutes and conclusion notices, and the moves between their states."""

from collections.abc import Mapping

from app.vocabulary import Vocabulary


class DocumentKind(Vocabulary):
    """Which of the two documents of a meeting."""

    MINUTES = "minutes", "Biên bản", "Minutes"
    CONCLUSION_NOTICE = "conclusion_notice", "Thông báo kết luận", "Conclusion notice"


class MinutesStatus(Vocabulary):
    """Where minutes or a conclusion notice stand."""

    DRAFT = "draft", "Dự thảo", "Draft"
    IN_REVIEW = "in_review", "Đang xem xét", "In review"
    CHANGES_REQUESTED = "changes_requested", "Yêu cầu chỉnh sửa", "Changes requested"
    SIGNED = "signed", "Đã ký", "Signed"
    ISSUED = "issued", "Đã ban hành", "Issued"
    AMENDMENT_OPEN = "amendment_open", "Đang sửa đổi, bổ sung", "Amendment open"


class MinutesTransition(Vocabulary):
    """What moves minutes or a conclusion notice from one state to another."""

    SUBMIT = "submit", "Trình", "Submit"
    REQUEST_CHANGES = "request_changes", "Yêu cầu chỉnh sửa", "Request changes"
    WITHDRAW = "withdraw", "Rút lại", "Withdraw"
    SIGN = "sign", "Ký", "Sign"
    ISSUE = "issue", "Ban hành", "Issue"
    OPEN_AMENDMENT = "open_amendment", "Mở sửa đổi, bổ sung", "Open an amendment"
    SIGN_AMENDMENT = "sign_amendment", "Ký bản sửa đổi, bổ sung", "Sign the amendment"


class SignerRole(Vocabulary):
    """In what part somebody signs."""

    RECORDER = "recorder", "Người ghi biên bản, thư ký", "Recorder"
    CHAIR = "chair", "Chủ trì, chủ tọa", "Chair"
    APPROVER = "approver", "Người ký ban hành", "Approver"


_S, _T = MinutesStatus, MinutesTransition
MINUTES_MOVES: Mapping[MinutesStatus, Mapping[MinutesTransition, MinutesStatus]] = {
    _S.DRAFT: {_T.SUBMIT: _S.IN_REVIEW},
    _S.IN_REVIEW: {
        _T.REQUEST_CHANGES: _S.CHANGES_REQUESTED,
        _T.WITHDRAW: _S.DRAFT,
        _T.SIGN: _S.SIGNED,
    },
    _S.CHANGES_REQUESTED: {_T.SUBMIT: _S.IN_REVIEW},
    _S.SIGNED: {_T.ISSUE: _S.ISSUED, _T.OPEN_AMENDMENT: _S.AMENDMENT_OPEN},
    _S.ISSUED: {_T.OPEN_AMENDMENT: _S.AMENDMENT_OPEN},
    _S.AMENDMENT_OPEN: {_T.SIGN_AMENDMENT: _S.SIGNED},  # a new version, which is issued anew
}
MINUTES_EVENTS: Mapping[MinutesTransition, str] = {
    _T.SUBMIT: "submitted",
    _T.REQUEST_CHANGES: "changes_requested",
    _T.WITHDRAW: "withdrawn",
    _T.SIGN: "signed",
    _T.ISSUE: "issued",
    _T.OPEN_AMENDMENT: "amendment_opened",
    _T.SIGN_AMENDMENT: "amendment_signed",
}
OPEN_TO_WRITING = (_S.DRAFT, _S.CHANGES_REQUESTED, _S.AMENDMENT_OPEN)
IN_FORCE = (_S.SIGNED, _S.ISSUED)
