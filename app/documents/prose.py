"""Long texts are Markdown: their paragraphs, lists, bold and italics are kept, all else is shown as text."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from app.documents.paper import Paragraph, Run
from app.documents.styles import Role

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

KEPT = ("newline", "escape", "emphasis", "list", "balance_pairs", "fragments_join")


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("zero", {"html": False, "linkify": False}).enable(list(KEPT), ignoreInvalid=True)


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Links, pictures, headings, code and HTML stand there as they were typed."""
    marks: list[str] = []  # of the lists we are in, outermost first
    numbers: list[int] = []
    first = False
    for token in _reader().parse(text):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            numbers.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else 0)
            marks.append("")
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            numbers.pop()
            marks.pop()
        elif token.type == "list_item_open":
            marks[-1], first = (f"{numbers[-1]}. " if numbers[-1] else "- "), True
            numbers[-1] += 1 if numbers[-1] else 0
        elif token.type == "inline":
            mark = marks[-1] if marks and first else ""
            for runs in _lines(token, mark):
                yield Paragraph(Role.ITEM if marks else Role.BODY, runs)
            first = False


def _lines(token: "Token", mark: str) -> Iterator[tuple[Run, ...]]:
    """A line that was broken on purpose is a paragraph of its own: so it looks alike everywhere."""
    runs = [Run(mark)] if mark else []
    bold = italic = 0
    for one in token.children or []:
        if one.type in {"strong_open", "strong_close"}:
            bold += 1 if one.type == "strong_open" else -1
        elif one.type in {"em_open", "em_close"}:
            italic += 1 if one.type == "em_open" else -1
        elif one.type == "hardbreak":
            yield tuple(runs)
            runs = []
        elif one.type == "softbreak":
            runs.append(Run(" "))
        elif one.content:
            runs.append(Run(one.content, bold=bold > 0, italic=italic > 0))
    if runs:
        yield tuple(runs)
