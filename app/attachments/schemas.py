"""What comes in and goes out of attachments, and what lists of them can be asked."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import UploadFile
from pydantic import MISSING, AfterValidator, ConfigDict, Field, WithJsonSchema

from app import example_ids as ids
from app.attachments import examples
from app.attachments.recognising import MEDIA_TYPES
from app.attachments.vocabulary import OwnerKind
from app.forms import LARGEST
from app.paging import PageQuery
from app.schema import AnyOf, ExternalRefs, Instant, Name, Prose, ResourceOut, Schema, known_as
from app.types import Json

MediaType = Annotated[
    str,
    AfterValidator(known_as(MEDIA_TYPES)),
    WithJsonSchema({"type": "string", "enum": list(MEDIA_TYPES)}),
]
File = Annotated[
    UploadFile,
    WithJsonSchema(
        {
            "type": "string",
            "format": "binary",
            "maxLength": LARGEST,
            "description": "PDF, PNG, JPEG, WebP, DOCX, XLSX, PPTX, ODT, ODS, TXT or CSV (UTF-8), 20 MiB at "
            "most. What it is decides, not what it is called; its name must end accordingly.",
        }
    ),
]


def _blank_or_more(schema: Json) -> None:
    text, _ = schema["anyOf"]  # or null
    text.pop("minLength")


class AttachmentIn(Schema):
    """A file, as a form sends it."""

    model_config = ConfigDict(json_schema_extra={"example": examples.ATTACHMENT_IN})

    file: File
    # of a form, the page fills in what stands at each field, and sends what is left blank as empty
    description: Annotated[
        Prose | None, Field(examples=[examples.DESCRIPTION], json_schema_extra=_blank_or_more)
    ] = None


class AttachmentPatch(Schema):
    """Absent members stay; null clears. Another file is another attachment."""

    model_config = ConfigDict(json_schema_extra={"example": examples.ATTACHMENT_PATCH})

    description: Prose | None | MISSING = MISSING
    external_refs: ExternalRefs | MISSING = MISSING


class AttachmentOut(ResourceOut):
    """What is known of a file. `removed_at` says that its content is gone."""

    model_config = ConfigDict(
        json_schema_extra={"example": examples.ATTACHMENT, "spare_id": ids.SPARE_ATTACHMENT}
    )

    owner_kind: OwnerKind
    owner_id: UUID
    file_name: Annotated[str, Field(max_length=255)]
    media_type: MediaType
    size: Annotated[int, Field(ge=1, le=LARGEST)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$", max_length=64)]
    description: Prose | None
    added_by: Name
    removed_at: Instant | None


class AttachmentList(PageQuery):
    """The files of one owner, those that were removed too."""

    media_type: AnyOf[MediaType] = Field([], description="Of this kind.")
    sort: Literal["created_at", "-created_at"] = "created_at"
