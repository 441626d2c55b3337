"""What the documentation shows of minutes and conclusion notices, in terms of the example data."""

from app import example_ids as ids
from app.types import Json

CLERK = "Văn thư Đảng ủy xã, chưa có khóa (dữ liệu mẫu)"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
RECORDER: Json = {
    "role": "recorder",
    "full_name": "Nguyễn Thị Mẫu",
    "title": "Văn thư Đảng ủy xã",
    "sign_as": None,
}
CHAIR: Json = {
    "role": "chair",
    "full_name": "Trần Văn Mẫu",
    "title": "Bí thư Đảng ủy xã",
    "sign_as": "T/M BAN THƯỜNG VỤ",
}
DRAFT_IN: Json = {"external_refs": []}
PATCH: Json = {
    "place": "Xã Mẫu",
    "signers": [RECORDER, CHAIR],
    "recipients": ["Thường trực Đảng ủy xã", "Lưu Văn phòng Đảng ủy"],
}
_OPEN: Json = {
    "document_number": None,
    "symbol": None,
    "issuer_symbol": None,
    "document_date": None,
    "place": None,
    "sign_as": None,
    "signers": [],
    "recipients": [],
    "change_note": None,
    "current_version": None,
    "sha256": None,
}
_IN_REVIEW: Json = {
    "meeting_id": ids.BRIEFING,
    "status": "in_review",
    "allowed_transitions": ["request_changes", "withdraw", "sign"],
    "submitted_by": CLERK,
    "amendment_opened_by": None,
    **_OPEN,
    "comment_count": 0,
}
MINUTES: Json = {**ids.resource(ids.MINUTES, version=3), **_IN_REVIEW, "comment_count": 1}
CONCLUSION_NOTICE: Json = {**ids.resource(ids.CONCLUSION_NOTICE, version=2), **_IN_REVIEW}
MOVE_IN: Json = {"transition": "request_changes", "comment": "Bổ sung phần kết luận (dữ liệu mẫu)."}
_SUBMITTED: Json = {
    "transition": "submit",
    "from_status": "draft",
    "to_status": "in_review",
    "effective_on": "2026-09-28",
    "comment": "Trình đồng chí chủ trì xem xét.",
    "document_version": None,
    "document_number": None,
    "symbol": None,
    "sha256": None,
}
MINUTES_MOVE: Json = {
    **ids.fact(ids.MINUTES_TRANSITION),
    "recorded_by": CLERK,
    "minutes_id": ids.MINUTES,
    **_SUBMITTED,
}
CONCLUSION_NOTICE_MOVE: Json = {
    **ids.fact(ids.CONCLUSION_NOTICE_TRANSITION),
    "recorded_by": CLERK,
    "conclusion_notice_id": ids.CONCLUSION_NOTICE,
    **_SUBMITTED,
}
COMMENT_IN: Json = {
    "text": "Phần diễn biến nên ghi rõ ý kiến của Mặt trận (dữ liệu mẫu).",
    "pointer": "/speeches/0",
}
COMMENT: Json = {
    **ids.fact(ids.MINUTES_COMMENT),
    "minutes_id": ids.MINUTES,
    "conclusion_notice_id": None,
    **COMMENT_IN,
}
VERSION: Json = {
    **ids.fact(ids.MINUTES_VERSION),
    "minutes_id": ids.SIGNED_MINUTES,
    "conclusion_notice_id": None,
    "meeting_id": ids.EARLIER_BRIEFING,
    "number": 1,
    "sha256": SHA256,
    "previous_sha256": None,
    "change_note": None,
}
WHOLE_VERSION: Json = {**VERSION, "content": '{"agenda_items":[],"directives":[]}'}
_LINK: Json = {
    "form": "minutes-link/1",
    "host_id": ids.PARTY,
    "position": 1,
    "document_id": ids.SIGNED_MINUTES,
    "kind": "minutes",
    "version": 1,
    "sha256": SHA256,
    "previous_sha256": None,
    "signed_at": "2026-11-24T02:00:00.000Z",
    "key_id": "CixQZEq6iXqjslz1qMnvIL33USxHJbgD_lY9E__mMr8",
}
LINK: Json = {"link": _LINK, "jws": f"eyJhbGciOiJFZDI1NTE5In0..{'A' * 86}"}
RECORD: Json = {  # whole, it would fill pages
    "form": "minutes-record/1",
    "document": {"id": ids.DRAFT_MINUTES, "kind": "minutes", "version": 0},
    "meeting": {"id": ids.NEXT_BRIEFING},
    "participations": [],
    "agenda_items": [],
    "speeches": [],
    "findings": [],
    "directives": [],
    "reviews": [],
    "quarterly_tasks": [],
}
PROOF: Json = {
    "form": "minutes-proof/1",
    "record": RECORD,
    "chain": [LINK],
    "keys": [
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": "LIx_hvGyR7-z3cZbOY2S7qWUzw0FY0gepWxpr01G2u0",
            "kid": "CixQZEq6iXqjslz1qMnvIL33USxHJbgD_lY9E__mMr8",
        }
    ],
}
DIFF: Json = {
    "from": 1,
    "to": 2,
    "changes": [
        {
            "pointer": "/directives/0/text",
            "op": "replace",
            "old": "Rà soát, báo cáo trước ngày 15/10",
            "new": "Rà soát, báo cáo trước ngày 20/10",
            "text_vi": "Chỉ đạo, kết luận “Rà soát …”, nội dung: “… ngày 15/10” → “… ngày 20/10”",
            "text_en": "Directive “Rà soát …”, text: “… ngày 15/10” → “… ngày 20/10”",
        }
    ],
}
