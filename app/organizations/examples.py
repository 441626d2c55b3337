"""What the documentation shows of organizations, in terms of the example data."""

from app import example_ids as ids
from app.types import Json

ORGANIZATION_IN: Json = {
    "parent_id": ids.COMMITTEE,
    "name": "Trung tâm Phục vụ hành chính công xã Minh Họa",
    "short_name": "Trung tâm PVHCC",
    "kind": "public_service_unit",
    "line": "state",
    "level": "commune",
    "founded_on": "2025-07-01",
    "dissolved_on": None,
    "former_names": ["Bộ phận một cửa xã Minh Họa"],
    "contact": {"address": "Thôn Một, xã Minh Họa (dữ liệu mẫu)", "website": "https://minh-hoa.example"},
}
ORGANIZATION_PATCH: Json = {
    "short_name": "ĐU Minh Họa",
    "contact": {"address": "Thôn Hai, xã Minh Họa (dữ liệu mẫu)", "email": "vanthu@minh-hoa.example"},
    "dissolved_on": None,
}
ORGANIZATION: Json = {
    **ids.resource(ids.PARTY),
    "external_refs": [{"system": "vi-du", "id": "DU-001"}],
    "code": "MH-DU",
    "name": "Đảng ủy xã Minh Họa",
    "short_name": "Đảng ủy",
    "kind": "party_committee",
    "line": "party",
    "level": "commune",
    "parent_id": ids.COMMUNE,
    "founded_on": "2025-07-01",
    "dissolved_on": None,
    "former_names": [],
    "contact": {
        "address": "Thôn Một, xã Minh Họa (dữ liệu mẫu)",
        "phone": None,
        "email": "vanthu@minh-hoa.example",
        "website": None,
    },
}
