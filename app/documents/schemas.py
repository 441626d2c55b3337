"""What a document can be asked as."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from app.documents.formats import DocumentFormat, QuarterFormat
from app.documents.styles import DocumentStyle
from app.minutes import examples
from app.reports.schemas import QuarterView
from app.schema import LARGEST, Schema, Shown

VERSION = (
    "A signed version by its number, or 0, the draft as it stands. Absent: the one in force, else the draft."
)


class RecordAsked(Schema):
    """Which version of a document's record."""

    version: Annotated[int, Field(ge=0, le=LARGEST)] | None = Field(None, description=VERSION)


Part = Annotated[dict[str, Any], Field(description="As the published form has it.")]
Parts = Annotated[list[Part], Field(max_length=LARGEST)]


class RecordOut(Shown):
    """What a version records, of the form that is published as `/schemas/minutes-record/1`."""

    model_config = ConfigDict(json_schema_extra={"example": examples.RECORD})

    form: Literal["minutes-record/1"]
    document: Part
    meeting: Part
    participations: Parts
    agenda_items: Parts
    speeches: Parts
    findings: Parts
    directives: Parts
    reviews: Parts
    quarterly_tasks: Parts


class DocumentAsked(RecordAsked):
    """As what, in what form, and which version; the last two say nothing of the JSON."""

    format: DocumentFormat | None = Field(None, description="In place of the Accept header.")
    style: DocumentStyle | None = Field(
        None, description="In place of the form prescribed for the body's line and the document's day."
    )


class QuarterAsked(QuarterView):
    """Whose quarter, on which day; as what, and in what form, which says nothing of data and tables."""

    format: QuarterFormat | None = Field(None, description="In place of the Accept header.")
    style: DocumentStyle | None = Field(
        None, description="In place of the form prescribed for the body's line and the day."
    )
