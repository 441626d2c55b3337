"""A document as Markdown (CommonMark with tables): every text escaped, so that it reads as it was typed."""

import re
from collections.abc import Iterator, Sequence

from app.documents.paper import Document, Line, Paragraph, Run, Table
from app.documents.styles import Role

_MEANT = re.compile(r"([!-/:-@\[-`{-~])")  # CommonMark lets each of these be escaped


def as_markdown(document: Document) -> bytes:
    """Headings, paragraphs and tables; the columns at top and bottom stand one under the other."""
    return ("\n\n".join(_parts(document)) + "\n").encode()


def _parts(document: Document) -> Iterator[str]:
    for mark in document.marks:
        yield f"**\\[ {_escaped(mark)} \\]**"
    yield from (_lines(one) for one in (document.left, document.right))
    yield f"# {_escaped(document.title)}"
    yield f"**{_escaped(document.subject)}**"
    for block in document.blocks:
        yield _table(block) if isinstance(block, Table) else _paragraph(block)
    for left, right in document.feet:
        yield from (_lines(one) for one in (left, right) if one)
    if document.footer:
        yield f"---\n\n{_escaped(document.footer)}"


def _lines(lines: Sequence[Line]) -> str:
    """Each on a line of its own."""
    return "\\\n".join(_line(one) for one in lines if one.text.strip())


def _line(line: Line) -> str:
    bold = {Role.NATION, Role.MOTTO, Role.ISSUER, Role.SIGN_AS, Role.SIGNER, Role.NAME, Role.RECIPIENTS}
    return _run(Run(line.text.strip(), bold=line.role in bold, italic=line.role == Role.PLACE))


def _paragraph(one: Paragraph) -> str:
    text = "".join(_run(run) for run in one.runs).strip()  # four spaces before it would make it code
    if one.role in {Role.HEADING, Role.SUBHEADING}:
        return f"{'##' if one.role == Role.HEADING else '###'} {text}"
    return f"*{text}*" if one.role == Role.NOTE and text else text


def _table(table: Table) -> str:
    rows = [table.heads, ["---"] * len(table.heads), *table.rows]
    shown = [[one if n == 1 else _escaped(one) for one in row] for n, row in enumerate(rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in shown)


def _run(run: Run) -> str:
    """Marks stand against a word, never against a space: else they are no marks."""
    text = run.text.strip()
    if not text:
        return run.text
    mark = ("**" if run.bold else "") + ("*" if run.italic else "")
    before, after = run.text[: len(run.text) - len(run.text.lstrip())], run.text[len(run.text.rstrip()) :]
    return f"{before}{mark}{_escaped(text)}{mark[::-1]}{after}"


def _escaped(text: str) -> str:
    return _MEANT.sub(r"\\\1", text.strip())
