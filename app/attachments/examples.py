"""What the documentation shows of attachments, in terms of the example data."""

from hashlib import sha256

from app import example_ids as ids
from app.types import Json

FILE_NAME = "Phụ lục số liệu Quý trước (dữ liệu mẫu).csv"
TEXT = "Chỉ tiêu,Kế hoạch,Thực hiện\nHồ sơ được số hóa (%),100,62\nThu ngân sách (%),100,78\n"
BYTES = TEXT.encode()
DESCRIPTION = "Phụ lục kèm báo cáo (dữ liệu mẫu)."
ATTACHMENT_IN: Json = {"description": DESCRIPTION}
ATTACHMENT_PATCH: Json = {"description": "Phụ lục kèm báo cáo, bản cuối (dữ liệu mẫu)."}
ATTACHMENT: Json = {
    **ids.resource(ids.ATTACHMENT),
    "owner_kind": "meeting",
    "owner_id": ids.BRIEFING,
    "file_name": FILE_NAME,
    "media_type": "text/csv",
    "size": len(BYTES),
    "sha256": sha256(BYTES).hexdigest(),
    "description": DESCRIPTION,
    "added_by": "Khóa dùng thử (demo)",
    "removed_at": None,
}
