"""What a document is made of, whatever it is written as: lines of heading, paragraphs, tables, signatures."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple, TypeVar, cast

from app.documents.styles import Role, Style

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
T = TypeVar("T")


class Run(NamedTuple):
    """A piece of text that looks one way."""

    text: str
    bold: bool = False
    italic: bool = False


Flowing = Literal[Role.HEADING, Role.SUBHEADING, Role.BODY, Role.CLOSING, Role.ITEM, Role.NOTE]


class Line(NamedTuple):
    """A line of the heading or of a signature; what it is decides how it looks."""

    role: Role
    text: str
    rule_mm: float | None = None  # how long the line drawn under it is


class Paragraph(NamedTuple):
    role: Flowing
    runs: Sequence[Run]


class Table(NamedTuple):
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]  # shares of the page's width


Block = Paragraph | Table


class Document(NamedTuple):
    """One document, its texts in the order in which they are read."""

    name: str  # of the file
    style: Style
    marks: Sequence[str]  # what nobody may overlook, as DỰ THẢO
    left: Sequence[Line]
    right: Sequence[Line]
    title: str
    subject: str
    under_subject: str | None
    blocks: Sequence[Block]
    signed_left: Sequence[Line]
    signed_right: Sequence[Line]
    recipients: Sequence[str]  # as printed, with dash and stop
    footer: str | None

    @property
    def feet(self) -> Iterator[tuple[Sequence[Line], Sequence[Line]]]:
        """What stands at the end at the left and at the right, in rows."""
        listed = self._listed
        if self.style.recipients.on_the_left and not self.signed_left:
            yield listed, self.signed_right
            return
        yield self.signed_left, self.signed_right
        if listed:
            yield (listed, ()) if self.style.recipients.on_the_left else ((), listed)

    @property
    def _listed(self) -> Sequence[Line]:
        if not self.recipients:
            return ()
        return Line(Role.RECIPIENTS, "Nơi nhận:"), *(Line(Role.RECIPIENT, one) for one in self.recipients)

    @property
    def texts(self) -> Iterator[str]:
        """Every paragraph's text, for who only wants to read."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield "".join(run.text for run in block.runs)


def plain(role: Flowing, text: str) -> Paragraph:
    """A paragraph of one piece."""
    return Paragraph(role, (Run(text),))


def labelled(label: str, text: str) -> Paragraph:
    """As the opening lines are: what it is, and then what it was."""
    return Paragraph(Role.BODY, (Run(f"{label}: ", bold=True), Run(text)))


def flat(part: T) -> T:
    """Each text on one line, without what no printer prints: paragraphs are divided before."""
    known: Any = part
    if isinstance(known, Style):
        return part
    if type(known) is str:
        known = _UNPRINTABLE.sub(" ", known)
    elif isinstance(known, tuple):
        parts = [flat(one) for one in known]
        known = type(known)(*parts) if hasattr(known, "_fields") else tuple(parts)
    elif isinstance(known, list):
        known = tuple(flat(one) for one in known)
    return cast("T", known)
