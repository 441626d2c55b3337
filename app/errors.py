"""What can go wrong, in the caller's words and in both languages. HTTP learns of it in app.http."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, Self


class Words(NamedTuple):
    """One sentence in the two languages of the service."""

    vi: str
    en: str


class Fault(NamedTuple):
    """One thing to mend: where it stands in the request, and what is wrong with it."""

    where: str  # body, query, path or header
    name: str  # a JSON pointer (#/title) for the body, else the parameter's name
    code: str
    words: Words


class Problem(Exception):
    """Something that the caller is told of. `code` never changes; the words may."""

    ALWAYS: ClassVar[Mapping[str, str]] = {}  # headers of every such answer
    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal-error"
    title: ClassVar[Words] = Words("Lỗi của dịch vụ", "The service failed")
    help: ClassVar[Words] = Words(
        "Yêu cầu không được thực hiện. Hãy thử lại; nếu còn lỗi, báo kèm request_id.",
        "Nothing was done. Try again; if it stays, report it with its request_id.",
    )

    def __init__(
        self,
        detail: Words | None = None,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        self.detail = detail or self.help
        self.errors = errors
        self.headers = {**self.ALWAYS, **(headers or {})}
        self.members = members
        super().__init__(self.detail.en)


class MalformedRequest(Problem):
    status = 400
    code = "malformed-request"
    title = Words("Không đọc được yêu cầu", "The request cannot be read")
    help = Words(
        "Sửa tham số, đường dẫn hoặc JSON được nêu rồi gửi lại.",
        "Mend the parameter, path or JSON that is named and send it again.",
    )


class InvalidCursor(Problem):
    status = 400
    code = "invalid-cursor"
    title = Words("Con trỏ không thuộc danh sách này", "This cursor does not continue this list")
    help = Words(
        "Dùng next_cursor của đúng danh sách, với cùng bộ lọc và sắp xếp.",
        "Use next_cursor of the same list, with the same filters and sort.",
    )


class Unauthorized(Problem):
    status = 401
    code = "unauthorized"
    CHALLENGE: ClassVar[str] = 'ApiKey realm="minutes"'  # for WWW-Authenticate
    title = Words("Chưa xác thực", "Not signed in")
    help = Words(
        "Gửi khóa trong X-API-Key; khóa phải còn hiệu lực.",
        "Send a key in X-API-Key; it must be known, not expired and not revoked.",
    )


class Forbidden(Problem):
    status = 403
    code = "forbidden"
    title = Words("Không được phép", "Not allowed")
    help = Words(
        "Vai trò hoặc phạm vi của khóa không cho phép thao tác này ở đây.",
        "No role or scope of this credential allows the operation here.",
    )

    @classmethod
    def without(cls, permission: str) -> Self:
        """What the caller lacks, by name."""
        return cls(Words(f"Cần quyền {permission}.", f"This needs the permission {permission}."))


class NotFound(Problem):
    status = 404
    code = "not-found"
    title = Words("Không tìm thấy", "Not found")
    help = Words(
        "Không có, đã xóa, hoặc không thuộc phạm vi được xem.",
        "It is not there, was deleted, or is not among what you may see.",
    )


class MethodNotAllowed(Problem):
    status = 405
    code = "method-not-allowed"
    title = Words("Phương thức không dùng được ở đây", "This method does not work here")
    help = Words("Xem tiêu đề Allow.", "See the Allow header.")


class NotAcceptable(Problem):
    status = 406
    code = "not-acceptable"
    title = Words("Không có dạng được yêu cầu", "Not to be had in this form")
    help = Words(
        "Bỏ Accept, hoặc nêu một trong các kiểu trong allowed; hoặc dùng format.",
        "Send no Accept, or one of the kinds in `allowed`; or say format.",
    )


class RequestTimeout(Problem):
    ALWAYS: ClassVar[Mapping[str, str]] = {"Connection": "close"}  # what may still come is no next request
    status = 408
    code = "request-timeout"
    title = Words("Nội dung gửi đến quá chậm", "The body came too slowly")
    help = Words(
        "Nội dung chưa đến đủ trong thời hạn. Không có gì được ghi; hãy gửi lại.",
        "It had not arrived in time. Nothing was done; send it again.",
    )


class Conflict(Problem):
    status = 409
    code = "conflict"
    title = Words("Mâu thuẫn với dữ liệu đã có", "It clashes with what is stored")
    help = Words("Xem chi tiết rồi sửa yêu cầu.", "See the detail and mend the request.")


class CodeTaken(Conflict):
    code = "code-taken"
    title = Words("Mã đã được dùng", "This code is taken")
    help = Words("Chọn mã khác hoặc để trống.", "Choose another code, or leave it out.")


class ExternalRefTaken(Conflict):
    code = "external-ref-taken"
    title = Words("Tham chiếu ngoài đã được dùng", "This external reference is taken")
    help = Words(
        "Mỗi system và id chỉ chỉ đến một đối tượng cùng loại.",
        "One system and id name one resource of a kind.",
    )


class Blocked(Conflict):
    code = "blocked"
    title = Words("Còn vướng", "Something stands in the way")
    help = Words("Xử lý từng mục trong blockers.", "Mend each of the blockers.")


class InvalidTransition(Conflict):
    code = "invalid-transition"
    title = Words("Không chuyển được trạng thái", "This transition is not possible now")
    help = Words("Xem allowed.", "See allowed.")


class QuarterClosed(Conflict):
    code = "quarter-closed"
    title = Words("Quý đã chốt", "The quarter is closed")
    help = Words(
        "Cơ quan giao đã chốt quý: nhiệm vụ của quý ấy không thay đổi nữa.",
        "The issuing body has closed it: the tasks of that quarter do not change any more.",
    )


class MinutesLocked(Conflict):
    code = "minutes-locked"
    title = Words("Biên bản đã ký", "It stands in signed minutes")
    help = Words(
        "Nội dung đã được ghi trong văn bản đã ký nêu ở blockers; muốn sửa phải mở bổ sung văn bản ấy.",
        "The signed document that blockers name records it: open an amendment there to change it.",
    )


class IdempotencyInProgress(Conflict):
    code = "idempotency-in-progress"
    title = Words("Yêu cầu cùng khóa đang chạy", "A request with this Idempotency-Key is running")
    help = Words("Chờ rồi gửi lại.", "Wait and send it again.")


class Gone(Problem):
    status = 410
    code = "gone"
    title = Words("Đã gỡ bỏ", "It was removed")
    help = Words("Tệp đã gỡ; thông tin về nó vẫn còn.", "The file was removed; what is known of it stays.")


class Stale(Problem):
    status = 412
    code = "precondition-failed"
    title = Words("Đã thay đổi sau khi bạn đọc", "It changed since you read it")
    help = Words(
        "Đọc lại rồi gửi với ETag hiện tại trong If-Match.",
        "Read it again and send the present ETag in If-Match.",
    )


class ContentTooLarge(Problem):
    status = 413
    code = "content-too-large"
    title = Words("Nội dung quá lớn", "The body is too large")
    help = Words("Chia nhỏ yêu cầu.", "Send less at once.")


class UnsupportedMediaType(Problem):
    status = 415
    code = "unsupported-media-type"
    title = Words("Kiểu nội dung không được nhận", "This kind of body is not read here")
    help = Words("Gửi JSON với Content-Type đúng.", "Send JSON with the right Content-Type.")


class ValidationError(Problem, ValueError):  # pydantic says of a ValueError where in the body it arose
    status = 422
    code = "validation-error"
    title = Words("Dữ liệu không hợp lệ", "The data are not valid")
    help = Words("Sửa từng mục trong errors.", "Mend each of the errors.")


class IdempotencyKeyReused(Problem):
    status = 422
    code = "idempotency-key-reused"
    title = Words("Idempotency-Key đã dùng cho nội dung khác", "This Idempotency-Key came with another body")
    help = Words("Dùng khóa mới cho yêu cầu mới.", "Use a new key for a new request.")


class PreconditionRequired(Problem):
    status = 428
    code = "precondition-required"
    title = Words("Thiếu If-Match", "If-Match is missing")
    help = Words(
        "Gửi ETag của bản bạn đã đọc, hoặc * để ghi đè có chủ ý.",
        "Send the ETag of what you read, or * to overwrite on purpose.",
    )


class TooManyRequests(Problem):
    status = 429
    code = "too-many-requests"
    title = Words("Quá nhiều yêu cầu", "Too many requests")
    help = Words("Chờ theo Retry-After.", "Wait as Retry-After says.")


class Unavailable(Problem):
    ALWAYS: ClassVar[Mapping[str, str]] = {"Retry-After": "1"}
    status = 503
    code = "unavailable"
    title = Words("Tạm thời không phục vụ được", "Not available just now")
    help = Words(
        "Cơ sở dữ liệu chưa sẵn sàng hoặc đang bận. Không có gì bị ghi dở; hãy thử lại.",
        "The database is not ready or is busy. Nothing was half done; try again.",
    )


def problems() -> dict[str, type[Problem]]:
    """Every code there is, once."""
    found: dict[str, type[Problem]] = {}
    rest: list[type[Problem]] = [Problem]
    while rest:
        one = rest.pop()
        found[one.code] = one
        rest += one.__subclasses__()
    return dict(sorted(found.items(), key=lambda item: (item[1].status, item[0])))
