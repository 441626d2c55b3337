"""The parts of the OpenAPI document that operations share: words, headers, parameters, problems."""

from app import tags
from app.errors import problems
from app.schema import LARGEST
from app.types import Json

PROBLEM = "application/problem+json"
TEXT = {"type": "string", "maxLength": tags.LONGEST}

DESCRIPTION = """\
1. The meetings, newest first: \
`curl -H "X-API-Key: $KEY" "http://localhost:8000/v1/meetings?sort=-held_on&limit=5"`
2. What a quarter has to do: \
`curl -H "X-API-Key: $KEY" "http://localhost:8000/v1/quarterly-tasks?quarter=2025-Q4"`
3. Wait for the next change, make one elsewhere, and see it arrive: \
`curl -H "X-API-Key: $KEY" "http://localhost:8000/v1/changes?cursor=latest&wait=30"`

Every operation below can be tried as it stands: *Execute* sends its example. Reading, creating and updating \
succeed as often as you like; the rest changes its row once, and says so when asked again.

*Dịch vụ quản lý hội nghị, chương trình, đại biểu và nhiệm vụ quý; mọi thao tác dưới đây đều thử được ngay.*

Bodies are JSON in UTF-8; a PATCH is a merge patch, under that name or as plain JSON. A list goes on with \
`next_cursor`. Change what you have read by sending its `ETag` in `If-Match`. Repeat a POST safely with an \
`Idempotency-Key`. What goes wrong is a problem (RFC 9457), in Vietnamese or, with `Accept-Language: en`, in \
English: branch on its `code`; [here are all](/problems).
"""

TAGS = {
    "meetings": "Hội nghị, cuộc họp. Meetings, and the state they are in.",
    "agenda-items": "Nội dung chương trình. What a meeting deals with, in order.",
    "speakers": "Đại biểu, người phát biểu. People who attend and speak, and the positions they hold.",
    "quarterly-tasks": "Nhiệm vụ quý. What is to be done in a quarter, by whom, and how far it has come.",
    "participations": "Thành phần dự. Who is invited to a meeting, in what role, and who came.",
    "speeches": "Phát biểu. What was said at a meeting, by whom, in order.",
    "findings": "Nội dung đánh giá. What a meeting found: results, limitations, causes, recommendations.",
    "directives": "Chỉ đạo, kết luận. What a meeting directed, and the tasks that it made.",
    "reviews": "Đánh giá tại hội nghị. The loop: tasks reviewed, carried over, the next meeting drafted.",
    "briefings": "Hồ sơ giao ban trọn gói. A whole quarter in one call, by another system's own ids.",
    "minutes": "Biên bản. The minutes of a meeting: drafted, submitted, signed, amended by new versions.",
    "conclusion-notices": "Thông báo kết luận. What a meeting concluded, signed and issued like its minutes.",
    "attachments": "Tệp đính kèm. Papers, evidence, the signed scan: files beside what is recorded.",
    "reports": "Báo cáo. The four cells of a quarter, compared and rolled up; what is due; a quarter closed.",
    "organizations": "Cơ quan, tổ chức. Bodies and places, in their tree.",
    "vocabularies": "Danh mục. The values of every closed list, with their labels in both languages.",
    "changes": "Nhật ký thay đổi. Everything that happened, in order, nothing skipped.",
    "access": "Tài khoản, quyền và khóa. Who may call, what they may do where, and their keys.",
}

KEY = {
    "type": "apiKey",
    "in": "header",
    "name": "X-API-Key",
    "description": "`mm_…`, as it was shown when the key was made.",
}

HEADERS = {
    "ETag": "The version shown: for If-Match, to change it, and If-None-Match, to ask whether it changed.",
    "Content-Disposition": "Saved, not shown, under the file's name as RFC 6266 writes it.",
    "Location": "Where the new resource stands.",
    "Link": "The next page, as RFC 8288 writes it; absent on the last.",
    "X-Request-Id": "Names this request in the log; yours, where you sent one.",
    "RateLimit": "What is left of the limit, and for how many seconds.",
    "RateLimit-Policy": "The limits that hold.",
    "Idempotency-Replayed": "`true` where this is the answer that the same Idempotency-Key got before.",
    "Retry-After": "Seconds to wait before the next try.",
    "WWW-Authenticate": "How to sign in.",
}
OF_STATUS = {401: ["WWW-Authenticate"], 412: ["ETag"], 429: ["Retry-After"], 503: ["Retry-After"]}

PARAMETERS: dict[str, Json] = {
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag of what you read: 412 where it changed since. `*` overwrites on purpose.",
        "schema": TEXT,
        "example": "*",
    },
    "IfMatchUnlessNew": {
        "name": "If-Match",
        "in": "header",
        "description": "Once it is there, the ETag of what you read: 412 where it changed since. `*` "
        "overwrites on purpose, and creates what is new.",
        "schema": TEXT,
        "example": "*",
    },
    "IfMatchNotNeeded": {
        "name": "If-Match",
        "in": "header",
        "description": "Not needed: this states a fact, and stating it again changes nothing.",
        "schema": TEXT,
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of what you have: 304, without a body, where that is still so.",
        "schema": TEXT,
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Any text that is new for each thing to be done, best a UUID. For 24 hours the same "
        "key gets the same answer, and nothing is done again.",
        "schema": {**TEXT, "minLength": 1},
    },
}

FAULT: Json = {
    "type": "object",
    "properties": {
        "pointer": {"type": "string", "description": "Where in the body, as a JSON pointer."},
        "parameter": {"type": "string", "description": "Which parameter, where it is not the body."},
        "in": {"type": "string", "enum": ["query", "path", "header"]},
        "code": {"type": "string", "description": "Never translated."},
        "detail": {"type": "string"},
    },
    "required": ["code", "detail"],
}
BLOCKER: Json = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("code", "detail", "pointer")},
    "required": ["code", "detail", "pointer"],
}
# The codes that stand as the example of their status, with what they say besides.
EXAMPLES: dict[str, Json] = {
    "malformed-request": {
        "errors": [
            {"parameter": "limit", "in": "query", "code": "int_parsing", "detail": "Phải là số nguyên"}
        ]
    },
    "conflict": {},
    "precondition-failed": {"current_version": 4},
    "validation-error": {"errors": [{"pointer": "#/name", "code": "missing", "detail": "Bắt buộc phải có"}]},
}
PROBLEM_MEMBERS: dict[str, Json] = {
    "type": {"type": "string", "description": "`/problems/{code}`, a page that explains it."},
    "title": {"type": "string", "description": "What kind of problem it is, in the caller's language."},
    "status": {"type": "integer", "minimum": 400, "maximum": 599},
    "code": {"type": "string", "description": "What to branch on: never translated. New ones may be added."},
    "detail": {"type": "string", "description": "What is wrong or what to do, in the caller's language."},
    "instance": {"type": "string", "description": "The path that was asked."},
    "request_id": {"type": "string", "description": "As in X-Request-Id."},
}
PROBLEM_MORE: dict[str, Json] = {
    "errors": {"type": "array", "description": "All that is to be mended, at once.", "items": FAULT},
    "current_version": {
        "type": "integer",
        "minimum": 1,
        "maximum": LARGEST,
        "description": "With 412: the version that stands now.",
    },
    "most": {
        "type": "integer",
        "minimum": 1,
        "maximum": LARGEST,
        "description": "With 413: the bytes that are taken.",
    },
    "status_now": {"type": "string", "description": "The state that stands in the way."},
    "quarter": {"type": "string", "maxLength": 7, "description": "The quarter that is closed."},
    "allowed": {
        "type": "array",
        "description": "What could be asked now instead.",
        "items": {"type": "string"},
    },
    "blockers": {
        "type": "array",
        "description": "What stands in the way; `pointer` shows where.",
        "items": BLOCKER,
    },
}


def problem() -> Json:
    """The schema of every problem, with the one list of codes."""
    rows = [
        f"| `{code}` | {one.status} | {one.title.vi} | {one.title.en} |" for code, one in problems().items()
    ]
    members = {**PROBLEM_MEMBERS, **PROBLEM_MORE}
    members["code"] = {**members["code"], "enum": list(problems())}
    return {
        "type": "object",
        "description": "\n".join(["| code | status | vi | en |", "|---|---|---|---|", *rows]),
        "properties": members,
        "required": list(PROBLEM_MEMBERS),
    }


def refusal(status: int) -> Json:
    """What a status is answered with: its codes, and the first of them as an example."""
    kinds = [one for one in problems().values() if one.status == status]
    first = next((one for one in kinds if one.code in EXAMPLES), kinds[0])
    told = {
        "type": f"/problems/{first.code}",
        "title": first.title.vi,
        "status": status,
        "code": first.code,
        "detail": first.help.vi,
        "instance": "/v1/meetings",
        "request_id": "0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b",
        **EXAMPLES.get(first.code, {}),
    }
    return {
        "description": "; ".join(f"`{one.code}`: {one.title.en}" for one in kinds) + ".",
        "headers": headers(*OF_STATUS.get(status, ())),
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": told}},
    }


def headers(*names: str) -> Json:
    """Headers of an answer, as references to the shared ones."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
