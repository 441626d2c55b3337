"""What the documentation shows of principals, grants and keys, in terms of the example data."""

from uuid import UUID

from app import example_ids as ids
from app.types import Json

PRINCIPAL_IN: Json = {
    "name": "Phần mềm lịch công tác của MTTQ xã (dữ liệu mẫu)",
    "organization_id": ids.FRONT,
}
PRINCIPAL_PATCH: Json = {"name": "Phần mềm tổng hợp, phiên bản 2 (dữ liệu mẫu)", "is_active": True}
PRINCIPAL: Json = {
    **ids.resource(ids.PROVINCIAL_READER),
    "name": "Phần mềm tổng hợp của Tỉnh ủy (dữ liệu mẫu)",
    "organization_id": ids.PROVINCE_PARTY,
    "is_active": True,
}
GRANT_IN: Json = {"role": "auditor", "organization_id": ids.COMMUNE, "lines": ["party", "front"]}
GRANT: Json = {
    **ids.resource(ids.GRANT),
    "principal_id": ids.PROVINCIAL_READER,
    "role": "reader",
    "organization_id": ids.PROVINCE,
    "lines": None,
}
KEY_IN: Json = {
    "label": "Máy trạm văn thư",
    "scopes": ["meetings:read", "quarterly_tasks:read"],
    "expires_at": "2030-01-01T00:00:00+07:00",
}
KEY: Json = {
    **ids.resource(ids.KEY),
    "principal_id": ids.PROVINCIAL_READER,
    "label": "first",
    "scopes": None,
    "expires_at": None,
    "revoked_at": None,
    "last_used_at": None,
}
KEY_MADE: Json = {
    **KEY,
    "principal_id": ids.KEYLESS_CALLER,
    **KEY_IN,
    "expires_at": "2029-12-31T17:00:00.000Z",
    "key": f"mm_{UUID(ids.KEY).hex}_{'0' * 64}",
}
