"""Records of made-up meetings, to print: a commune's Party committee, its people's committee, its Front."""

import uuid
from typing import Any

from app.minutes.record import MinutesRecord

Json = dict[str, Any]
HOSTS: dict[str, Json] = {
    "party": {"name": "Đảng ủy xã Bình Hòa", "short_name": None, "kind": "party_committee", "line": "party"},
    "state": {
        "name": "Ủy ban nhân dân xã Bình Hòa",
        "short_name": "UBND xã",
        "kind": "peoples_committee",
        "line": "state",
    },
    "front": {
        "name": "Ủy ban MTTQ Việt Nam xã Bình Hòa",
        "short_name": None,
        "kind": "fatherland_front",
        "line": "front",
    },
}
SYMBOLS = {"party": "05-{}/ĐU", "state": "05/{}-UBND", "front": "05/{}-MTTQ"}


def an_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def body(name: str) -> Json:
    return {"id": an_id(name), "name": name, "short_name": None}


def person(name: str, honorific: str | None = "comrade") -> Json:
    return {"id": an_id(name), "full_name": name, "honorific": honorific}


def participation(
    who: str | None,
    title: str | None,
    role: str,
    attendance: str = "present",
    of: str = "Đảng ủy xã Bình Hòa",
    **more: Any,
) -> Json:
    known = {"absence_reason": None, "substitute_for": None, "headcount": None, **more}
    return {
        "id": an_id(f"p{who}{title}"),
        "organization": body(of),
        "speaker": person(who) if who else None,
        "role": role,
        "attendance": attendance,
        "title_snapshot": title,
        **known,
    }


def item(n: int, title: str, kind: str, **more: Any) -> Json:
    known = {
        "parent_id": None,
        "number": None,
        "description": None,
        "presenter": None,
        "presenting_organization": None,
        "status": "done",
        "minutes_text": None,
    }
    return {"id": an_id(f"i{n}"), "position": n, "title": title, "kind": kind, **known, **more}


def speech(
    n: int, under: int | None, who: str | None, title: str | None, kind: str, summary: str, **more: Any
) -> Json:
    known = {
        "attribution_text": None,
        "organization": None,
        "full_text": None,
        "started_at": None,
        "ended_at": None,
        **more,
    }
    return {
        "id": an_id(f"s{n}"),
        "agenda_item_id": an_id(f"i{under}") if under is not None else None,
        "position": n,
        "speaker": person(who) if who else None,
        "title_snapshot": title,
        "kind": kind,
        "summary": summary,
        **known,
    }


def finding(n: int, kind: str, text: str, under: int = 2) -> Json:
    return {
        "id": an_id(f"f{n}"),
        "agenda_item_id": an_id(f"i{under}"),
        "speech_id": None,
        "position": n,
        "period": "2025-Q3",
        "kind": kind,
        "field": None,
        "organization": None,
        "text": text,
        "cause_of_id": None,
        "response_text": None,
        "response_status": None,
    }


def directive(n: int, kind: str, text: str, under: int | None = 3) -> Json:
    return {
        "id": an_id(f"d{n}"),
        "agenda_item_id": an_id(f"i{under}") if under is not None else None,
        "speech_id": None,
        "position": n,
        "kind": kind,
        "issued_by": person("Nguyễn Thị Ánh"),
        "title_snapshot": "Bí thư Đảng ủy, Chủ tịch HĐND xã",
        "field": None,
        "text": text,
    }


def task(n: int, title: str, lead: str, due: str | None = None) -> Json:
    assignments = [
        {"organization": body(lead), "role": "lead", "speaker": None},
        {"organization": body("Công an xã Bình Hòa"), "role": "coordinating", "speaker": None},
    ]
    return {
        "id": an_id(f"t{n}"),
        "code": f"NV-{n:03}",
        "title": title,
        "expected_result": None,
        "field": None,
        "quarter": "2025-Q4",
        "due_date": due,
        "status": "assigned",
        "directive_id": None,
        "carried_from_id": None,
        "assignments": assignments,
    }


def review(n: int, title: str, rating: str, disposition: str) -> Json:
    return {
        "id": an_id(f"r{n}"),
        "task_id": an_id(f"old{n}"),
        "task_code": f"NV-0{n}",
        "task_title": title,
        "task_quarter": "2025-Q3",
        "lead": body("Ban Xây dựng Đảng"),
        "rating": rating,
        "assessed_progress": 70,
        "comment": None,
        "disposition": disposition,
        "due_date": None,
        "new_lead": None,
    }


def recorded(
    host: str = "party", kind: str = "minutes", *, version: int = 1, day: str = "2025-10-07"
) -> Json:
    """As JSON, to change before it is a record."""
    known = HOSTS[host]
    types = {"minutes": "BB", "conclusion_notice": "TB"}
    above = [body("Xã Bình Hòa"), body("Tỉnh An Phước")]
    signed = version > 0
    record: Json = {
        "form": "minutes-record/1",
        "document": {
            "id": an_id("document"),
            "kind": kind,
            "version": version,
            "number": 5 if signed else None,
            "symbol": SYMBOLS[host].format(types[kind]) if signed else None,
            "date": day if signed else None,
            "place": "Bình Hòa" if signed else None,
            "signers": [
                {
                    "role": "recorder",
                    "full_name": "Lê Văn Đạt",
                    "title": "Chánh Văn phòng Đảng ủy xã",
                    "sign_as": None,
                },
                {
                    "role": "chair",
                    "full_name": "Nguyễn Thị Ánh",
                    "title": "Bí thư Đảng ủy, Chủ tịch HĐND xã",
                    "sign_as": None,
                },
                {
                    "role": "approver",
                    "full_name": "Thiếu tá Trần Quốc Ước",
                    "title": "Phó Bí thư Thường trực Đảng ủy xã",
                    "sign_as": "T/M BAN THƯỜNG VỤ",
                },
            ],
            "recipients": [
                "Thường trực Tỉnh ủy (để báo cáo)",
                "Các chi bộ trực thuộc",
                "Lưu Văn phòng Đảng ủy xã",
            ]
            if host == "party"
            else ["Thường trực Đảng ủy xã", "Các đơn vị liên quan"],
            "change_note": "sửa số đại biểu" if version > 1 else None,
        },
        "meeting": {
            "id": an_id("meeting"),
            "code": "HN-2025-03",
            "title": "Hội nghị giao ban Quý III/2025",
            "kind": "quarterly_briefing",
            "audience": "các cơ quan tham mưu, giúp việc và các tổ chức chính trị - xã hội",
            "review_period": "2025-Q3",
            "plan_period": "2025-Q4",
            "data_cutoff_on": "2025-09-30",
            "held_on": day,
            "starts_at": f"{day}T00:30:00.000Z",
            "ends_at": f"{day}T04:15:00.000Z",
            "format": "in_person",
            "location": "Hội trường Đảng ủy xã Bình Hòa",
            "online_url": None,
            "record": "minuted",
            "source_text": None,
            "summary": None,
            "host": {"id": an_id(host), **known, "level": "commune", "above": above},
            "previous_meeting_id": None,
        },
        "participations": [],
        "agenda_items": [],
        "speeches": [],
        "findings": [],
        "reviews": [],
        "directives": [
            directive(
                1,
                "conclusion",
                "Tập trung hoàn thành các chỉ tiêu năm 2025; **không** để dồn việc sang quý sau.",
            ),
            directive(
                2,
                "instruction",
                "Các cơ quan báo cáo tiến độ trước ngày 25 hằng tháng:\n\n- bằng văn bản;\n- kèm minh chứng.",
            ),
        ],
        "quarterly_tasks": [
            task(
                1,
                "Hoàn thành rà soát hộ nghèo, hộ cận nghèo năm 2025",
                "Ủy ban nhân dân xã Bình Hòa",
                "2025-11-30",
            ),
            task(
                2,
                "Tổ chức giám sát việc thực hiện quy chế dân chủ ở cơ sở",
                "Ủy ban MTTQ Việt Nam xã Bình Hòa",
            ),
        ],
    }
    if kind == "minutes":
        record |= {
            "participations": [
                participation("Nguyễn Thị Ánh", "Bí thư Đảng ủy, Chủ tịch HĐND xã", "chair"),
                participation("Lê Văn Đạt", "Chánh Văn phòng Đảng ủy xã", "secretary"),
                participation("Phạm Hữu Ưng", "Trưởng Ban Xây dựng Đảng", "delegate", "late"),
                participation(
                    "Đỗ Thị Yến",
                    "Chủ tịch Hội Liên hiệp Phụ nữ xã",
                    "delegate",
                    "excused",
                    absence_reason="đi công tác tỉnh",
                ),
                participation(None, None, "delegate", "present", "Công an xã Bình Hòa", headcount=3),
                participation(
                    "Vũ Minh Ổn",
                    "Phó Trưởng phòng, Văn phòng Tỉnh ủy",
                    "guest",
                    of="Văn phòng Tỉnh ủy An Phước",
                ),
            ],
            "agenda_items": [
                item(0, "Khai mạc", "opening", presenter=person("Nguyễn Thị Ánh")),
                item(
                    1,
                    "Báo cáo kết quả Quý III và phương hướng Quý IV năm 2025",
                    "report",
                    presenter=person("Lê Văn Đạt"),
                    minutes_text="Đồng chí Chánh Văn phòng trình bày báo cáo:\n\n1. Kết quả *nổi bật*.\n2. Tồn tại, hạn chế.",
                ),
                item(2, "Thảo luận", "discussion"),
                item(3, "Kết luận hội nghị", "conclusion"),
            ],
            "speeches": [
                speech(
                    1,
                    2,
                    "Phạm Hữu Ưng",
                    "Trưởng Ban Xây dựng Đảng",
                    "discussion",
                    "Đề nghị sớm kiện toàn cấp ủy các chi bộ sau sắp xếp; " * 3,
                ),
                speech(
                    2,
                    2,
                    "Vũ Minh Ổn",
                    "Phó Trưởng phòng, Văn phòng Tỉnh ủy",
                    "directive",
                    "Ghi nhận kết quả của xã.\n\nĐề nghị xã lưu ý công tác chuyển đổi số.",
                ),
            ],
            "findings": [
                finding(1, "result", "Thu ngân sách đạt 82% dự toán năm."),
                finding(2, "limitation", "Một số nhiệm vụ còn chậm so với kế hoạch."),
            ],
            "reviews": [
                review(1, "Xây dựng quy chế làm việc của Ban Chấp hành", "completed", "close"),
                review(2, "Số hóa hồ sơ đảng viên", "partially_completed", "carry_over"),
            ],
        }
    return record


def a_record(host: str = "party", kind: str = "minutes", **more: Any) -> MinutesRecord:
    return MinutesRecord.model_validate(recorded(host, kind, **more))
