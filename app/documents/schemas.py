"""What a document can be asked as."""

from typing import Annotated

from pydantic import Field

from app.documents.formats import DocumentFormat
from app.documents.styles import DocumentStyle
from app.reports.schemas import QuarterView
from app.schema import LARGEST, Schema

VERSION = (
    "A signed version by its number, or 0, the draft as it stands. Absent: the one in force, else the draft."
)


class DocumentAsked(Schema):
    """As what, in what form, and which version; the last two say nothing of the JSON."""

    format: DocumentFormat | None = Field(None, description="In place of the Accept header.")
    style: DocumentStyle | None = Field(
        None, description="In place of the form prescribed for the body's line and the document's day."
    )
    version: Annotated[int, Field(ge=0, le=LARGEST)] | None = Field(None, description=VERSION)


class QuarterAsked(QuarterView):
    """Whose quarter, on which day; as what, and in what form, which says nothing of the JSON."""

    format: DocumentFormat | None = Field(None, description="In place of the Accept header.")
    style: DocumentStyle | None = Field(
        None, description="In place of the form prescribed for the body's line and the day."
    )
