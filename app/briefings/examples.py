"""What the documentation shows of a briefing as one document, in terms of the example data.

What is sent lies in a past quarter, so that it can be held and closed whenever the example data is loaded.
"""

from typing import Any

from app import example_ids as ids
from app.types import Json

SYSTEM = "he-thong-vi-du"  # made up: the system in which the example data's briefing is known too
KNOWN = "giao-ban-quy-truoc"
HANDED_IN = "giao-ban-2025-Q3"
_DAY = "2025-09-26"


def _person(known: str, body: str, speaker: str, role: str) -> Json:
    here = {"external_id": known, "organization_id": body, "speaker_id": speaker}
    return {**here, "role": role, "attendance": "present"}


def _item(known: str, title: str, kind: str, **more: Any) -> Json:
    return {"external_id": known, "title": title, "kind": kind, "status": "done", **more}


BRIEFING_IN: Json = {
    "meeting": {
        "host_organization_id": ids.PARTY,
        "title": "Hội nghị giao ban Quý III/2025, phương hướng nhiệm vụ Quý IV/2025 (dữ liệu mẫu)",
        "kind": "quarterly_briefing",
        "review_period": "2025-Q3",
        "plan_period": "2025-Q4",
        "previous": None,
        "held_on": _DAY,
        "starts_at": f"{_DAY}T08:00:00+07:00",
        "location": "Hội trường UBND xã Minh Họa (dữ liệu mẫu)",
        "record": "minuted",
        "summary": "Đánh giá Quý III/2025, giao nhiệm vụ Quý IV/2025.",
        "status": "closed",
    },
    "participations": [
        _person("td-1", ids.PARTY, ids.SECRETARY, "chair"),
        _person("td-2", ids.OFFICE, ids.CLERK, "secretary"),
        _person("td-3", ids.COMMITTEE, ids.COMMITTEE_CHAIR, "delegate"),
    ],
    "agenda_items": [
        _item("ct-1", "Báo cáo kết quả Quý III/2025", "report"),
        _item("ct-1.1", "Chuyển đổi số", "report", parent="ct-1", presenter_id=ids.COMMITTEE_CHAIR),
        _item("ct-2", "Nhiệm vụ trọng tâm Quý IV/2025", "plan"),
    ],
    "speeches": [
        {
            "external_id": "pb-1",
            "agenda_item": "ct-1.1",
            "speaker_id": ids.COMMITTEE_CHAIR,
            "organization_id": ids.COMMITTEE,
            "kind": "report",
            "summary": "Số hóa hồ sơ đạt 40% kế hoạch (số liệu mẫu).",
        }
    ],
    "findings": [
        {
            "external_id": "dg-1",
            "kind": "limitation",
            "agenda_item": "ct-1.1",
            "speech": "pb-1",
            "organization_id": ids.COMMITTEE,
            "field": "digital_transformation",
            "text": "Số hóa hồ sơ đất đai còn chậm (dữ liệu mẫu).",
        },
        {"external_id": "dg-2", "kind": "cause", "cause_of": "dg-1", "text": "Thiếu máy quét (dữ liệu mẫu)."},
    ],
    "directives": [
        {
            "external_id": "kl-1",
            "agenda_item": "ct-2",
            "kind": "conclusion",
            "issued_by_id": ids.SECRETARY,
            "text": "Hoàn thành số hóa trong Quý IV/2025 (dữ liệu mẫu).",
        }
    ],
    "quarterly_tasks": [
        {
            "external_id": "nv-1",
            "issuing_organization_id": ids.PARTY,
            "title": "Hoàn thành số hóa hồ sơ đất đai (dữ liệu mẫu)",
            "kind": "key",
            "field": "digital_transformation",
            "quarter": "2025-Q4",
            "due_date": "2025-12-20",
            "agenda_item": "ct-2",
            "directive": "kl-1",
            "answers_finding": "dg-1",
            "measures": [{"name": "Hồ sơ được số hóa", "unit": "%", "target": 100}],
            "assignments": [{"organization_id": ids.COMMITTEE, "role": "lead"}],
            "issued": True,
        },
        {
            "external_id": "nv-2",
            "issuing_organization_id": ids.PARTY,
            "title": "Rà soát ngay danh mục hồ sơ, báo cáo tại hội nghị (dữ liệu mẫu)",
            "kind": "ad_hoc",
            "quarter": "2025-Q3",
            "agenda_item": "ct-1",
            "assignments": [{"organization_id": ids.OFFICE, "role": "lead"}],
            "issued": True,
        },
    ],
    "task_reviews": [
        {
            "task": "nv-2",
            "rating": "completed",
            "assessed_progress": 100,
            "disposition": "close",
            "completed_on": _DAY,
        }
    ],
}
BRIEFING: Json = {
    "meeting": {
        **BRIEFING_IN["meeting"],
        "code": "HN-0000110000",
        "audience": None,
        "data_cutoff_on": None,
        "starts_at": f"{_DAY}T01:00:00.000Z",
        "ends_at": None,
        "format": None,
        "online_url": None,
        "visibility": "internal",
        "source_text": None,
    },
    "participations": [
        {
            **_person("td-1", ids.PARTY, ids.SECRETARY, "chair"),
            "absence_reason": None,
            "title_snapshot": "Bí thư Đảng ủy",
            "substitute_for_id": None,
            "headcount": None,
        }
    ],
    "agenda_items": [
        {
            **_item("ct-1", "Báo cáo kết quả Quý III/2025", "report"),
            "parent": None,
            "number": None,
            "description": None,
            "presenter_id": None,
            "presenting_organization_id": None,
            "duration_minutes": None,
            "minutes_text": None,
            "carried_from": None,
        }
    ],
    "speeches": [],
    "findings": [
        {
            **BRIEFING_IN["findings"][1],
            "period": "2025-Q3",
            "agenda_item": None,
            "speech": None,
            "field": None,
            "organization_id": None,
            "response_text": None,
            "response_status": None,
        }
    ],
    "directives": [
        {**BRIEFING_IN["directives"][0], "speech": None, "title_snapshot": "Bí thư Đảng ủy", "field": None}
    ],
    "quarterly_tasks": [
        {
            **BRIEFING_IN["quarterly_tasks"][0],
            "code": "NV-0000200000",
            "description": None,
            "expected_result": None,
            "measures": [{"name": "Hồ sơ được số hóa", "unit": "%", "target": 100.0, "achieved": None}],
            "priority": "normal",
            "parent": None,
            "source_document": None,
            "issued_by_id": None,
            "start_date": None,
            "assignments": [{"organization_id": ids.COMMITTEE, "role": "lead", "speaker_id": None}],
        }
    ],
    "task_reviews": [
        {
            **BRIEFING_IN["task_reviews"][0],
            "task_id": None,
            "comment": None,
            "due_date": None,
            "lead_organization_id": None,
            "successor": None,
        }
    ],
}
