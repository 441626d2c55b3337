"""What comes in and goes out of minutes and conclusion notices, and what lists of them can be asked."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, ConfigDict, Field

from app import example_ids as ids
from app.minutes import examples
from app.minutes.vocabulary import MinutesStatus, MinutesTransition, SignerRole
from app.paging import PageQuery
from app.schema import (
    AnyOf,
    Code,
    Count,
    Day,
    ExternalRefs,
    FactOut,
    Name,
    Prose,
    ResourceOut,
    Schema,
    Shown,
    Version,
)

Pointer = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^(/([^~/]|~0|~1)*)+$")]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$", max_length=64)]
LARGEST_CONTENT = 100_000_000


class SignerIn(Schema):
    """Who puts their name under it; `sign_as` is the form, as T/M BAN THƯỜNG VỤ or K/T."""

    role: SignerRole
    full_name: Name
    title: Name | None = None
    sign_as: Name | None = None


class SignerOut(Shown):
    """Who puts their name under it; `sign_as` is the form, as T/M BAN THƯỜNG VỤ or K/T."""

    role: SignerRole
    full_name: Name
    title: Name | None
    sign_as: Name | None


class DocumentIn(Schema):
    """What begins a document; what is printed on it may as well come later."""

    external_refs: ExternalRefs = []
    issuer_symbol: Code | None = None
    document_date: Day | None = None
    place: Name | None = None
    sign_as: Name | None = None
    signers: Annotated[list[SignerIn], Field(max_length=10)] = []
    recipients: Annotated[list[Name], Field(max_length=100)] = []


class MinutesIn(DocumentIn):
    """The minutes of a meeting, in draft."""

    model_config = ConfigDict(json_schema_extra={"example": examples.DRAFT_IN})


class ConclusionNoticeIn(DocumentIn):
    """The conclusion notice of a meeting, in draft."""

    model_config = ConfigDict(json_schema_extra={"example": examples.DRAFT_IN})


class DocumentPatch(Schema):
    """What is printed on it. Absent members stay; null clears; lists are replaced whole."""

    external_refs: ExternalRefs | MISSING = MISSING
    issuer_symbol: Code | None | MISSING = Field(
        MISSING, description="The body's abbreviation in the symbol; null takes it from its kind or name."
    )
    document_date: Day | None | MISSING = Field(
        MISSING, description="Printed on it; the day of signing where nothing is said."
    )
    place: Name | None | MISSING = MISSING
    sign_as: Name | None | MISSING = Field(
        MISSING, description="The form of chair and approver, where none is given with them."
    )
    signers: Annotated[list[SignerIn], Field(max_length=10)] | MISSING = MISSING
    recipients: Annotated[list[Name], Field(max_length=100)] | MISSING = MISSING
    change_note: Prose | None | MISSING = Field(MISSING, description="What an amendment changes, and why.")


class MinutesPatch(DocumentPatch):
    """What is printed on minutes. Absent members stay; null clears; lists are replaced whole."""

    model_config = ConfigDict(json_schema_extra={"example": examples.PATCH})


class ConclusionNoticePatch(DocumentPatch):
    """What is printed on a notice. Absent members stay; null clears; lists are replaced whole."""

    model_config = ConfigDict(json_schema_extra={"example": examples.PATCH})


class DocumentOut(ResourceOut):
    """`submitted_by` is who submitted it last; number and symbol are null until it is signed."""

    meeting_id: UUID
    status: MinutesStatus
    allowed_transitions: Annotated[list[MinutesTransition], Field(max_length=len(MinutesTransition))]
    submitted_by: Name | None
    amendment_opened_by: Name | None
    document_number: Count | None
    symbol: Annotated[str | None, Field(max_length=200, description="As printed, `05-BB/ĐU`.")]
    issuer_symbol: Code | None
    document_date: date | None
    place: Name | None
    sign_as: Name | None
    signers: Annotated[list[SignerOut], Field(max_length=10)]
    recipients: Annotated[list[Name], Field(max_length=100)]
    change_note: Prose | None
    current_version: Annotated[Version | None, Field(description="How often it was signed.")]
    sha256: Annotated[Sha256 | None, Field(description="Of the content of its current version.")]
    comment_count: Count


class MinutesOut(DocumentOut):
    """The minutes of a meeting; `submitted_by` is who submitted them last."""

    model_config = ConfigDict(json_schema_extra={"example": examples.MINUTES, "spare_id": ids.SPARE_MINUTES})


class ConclusionNoticeOut(DocumentOut):
    """The conclusion notice of a meeting; `submitted_by` is who submitted it last."""

    model_config = ConfigDict(
        json_schema_extra={"example": examples.CONCLUSION_NOTICE, "spare_id": ids.SPARE_CONCLUSION_NOTICE}
    )


class DocumentList(PageQuery):
    """Filters are joined by AND; one given several times is OR."""

    meeting_id: AnyOf[UUID] = Field([], description="Of this meeting.")
    status: AnyOf[MinutesStatus] = Field([], description="Where they stand.")
    within: UUID | None = Field(None, description="Of a meeting of this body or one below it.")
    sort: Literal["created_at", "-created_at"] = "-created_at"


class DocumentMoveIn(Schema):
    """One transition. `request_changes` and `open_amendment` need a comment.

    `effective_on` is the day it took effect: not in the future, not before the meeting was held.
    """

    transition: MinutesTransition
    effective_on: Day | None = None
    comment: Prose | None = None


class MinutesMoveIn(DocumentMoveIn):
    """One transition. `request_changes` and `open_amendment` need a comment.

    `effective_on` is the day it took effect: not in the future, not before the meeting was held.
    """

    model_config = ConfigDict(json_schema_extra={"example": examples.MOVE_IN})


class ConclusionNoticeMoveIn(DocumentMoveIn):
    """One transition. `request_changes` and `open_amendment` need a comment.

    `effective_on` is the day it took effect: not in the future, not before the meeting was held.
    """

    model_config = ConfigDict(json_schema_extra={"example": examples.MOVE_IN})


class DocumentMoveOut(FactOut):
    """A transition that happened; the last four members say what was signed, where it signed.

    `comment` is for those who may read at the host itself, and null for all others.
    """

    transition: MinutesTransition
    from_status: MinutesStatus
    to_status: MinutesStatus
    effective_on: date
    comment: Prose | None
    document_version: Version | None
    document_number: Count | None
    symbol: Annotated[str | None, Field(max_length=200)]
    sha256: Sha256 | None


class MinutesMoveOut(DocumentMoveOut):
    """A transition that happened; the last four members say what was signed, where it signed.

    `comment` is for those who may read at the host itself, and null for all others.
    """

    model_config = ConfigDict(json_schema_extra={"example": examples.MINUTES_MOVE})

    minutes_id: UUID


class ConclusionNoticeMoveOut(DocumentMoveOut):
    """A transition that happened; the last four members say what was signed, where it signed.

    `comment` is for those who may read at the host itself, and null for all others.
    """

    model_config = ConfigDict(json_schema_extra={"example": examples.CONCLUSION_NOTICE_MOVE})

    conclusion_notice_id: UUID


class MinutesCommentIn(Schema):
    """What a reviewer has to say; `pointer` is a JSON pointer into the record: `/speeches/0`."""

    model_config = ConfigDict(json_schema_extra={"example": examples.COMMENT_IN})

    text: Prose
    pointer: Pointer | None = None


class MinutesCommentOut(FactOut):
    """What a reviewer said of minutes or of a conclusion notice: one of the two ids is null."""

    model_config = ConfigDict(json_schema_extra={"example": examples.COMMENT})

    minutes_id: UUID | None
    conclusion_notice_id: UUID | None
    text: Prose
    pointer: Pointer | None


class MinutesVersionOut(FactOut):
    """A signed version of minutes or of a conclusion notice: one of the two ids is null."""

    model_config = ConfigDict(json_schema_extra={"example": examples.VERSION})

    minutes_id: UUID | None
    conclusion_notice_id: UUID | None
    meeting_id: UUID
    number: Version
    sha256: Annotated[Sha256, Field(description="Of `content`, in UTF-8.")]
    previous_sha256: Annotated[
        Sha256 | None, Field(description="Of the link before it in the chain of the host body.")
    ]
    change_note: Prose | None


class WholeMinutesVersionOut(MinutesVersionOut):
    """A signed version with its content: canonical JSON (RFC 8785), to the byte as it was hashed."""

    model_config = ConfigDict(json_schema_extra={"example": examples.WHOLE_VERSION})

    content: Annotated[str, Field(max_length=LARGEST_CONTENT)]


class MinutesMoveList(PageQuery):
    """The history of one document."""

    sort: Literal["created_at", "-created_at"] = "created_at"


class MinutesCommentList(PageQuery):
    """What was said of one document."""

    sort: Literal["created_at", "-created_at"] = "created_at"


class MinutesVersionList(PageQuery):
    """The signed versions of one document."""

    sort: Literal["created_at", "-created_at"] = "created_at"
