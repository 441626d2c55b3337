"""The rules that a linter cannot know, read from the source and from the declarations themselves."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import Column
from sqlalchemy.orm import InstrumentedAttribute

from app.actor import EVERY_PERMISSION
from app.attachments.vocabulary import OwnerKind
from app.errors import problems
from app.http import Route
from app.main import create_app
from app.paging import PageQuery
from app.reading import Reading
from app.settings import Settings

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "app").rglob("*.py"))
OPEN_TO_EVERY_CALLER = {"list_vocabularies"}  # labels and words, nobody's data
ENDS_TRANSACTIONS = {"app/db.py"}
# Whose transaction begins inside, once the bytes lie in the store: a writer must not wait for an upload.
AROUND_THE_STORE = {
    *(f"create_{owner.value}_attachment" for owner in OwnerKind),
    "delete_attachment",
}
LAYS_TABLES = {"app/upgrading.py"}  # a migration is a transaction of its own, before there is a service
KNOWS_NOTHING_OF_HTTP = ("audience.py", "errors.py", "events.py", "models.py", "sql.py", "types.py")
SUPPRESSED = re.compile(r"#\s*(noqa|type:\s*ignore)(.*)")
WITH_A_REASON = re.compile(r"(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[\w, -]+\])\s{2,}(?:#\s*)?\S.{5,}")


def every_source(rule: Callable[[Path], None]) -> Callable[[], None]:
    """One test for all files, which names each that breaks the rule.

    As a test for each file they were a third of all the tests there are, and took as long to be collected and
    reported as some that start a service.
    """

    def test() -> None:
        broken = {_name(path): said for path in SOURCES if (said := _broken(rule, path))}
        assert broken == {}

    test.__name__, test.__doc__ = rule.__name__, rule.__doc__
    return test


def _broken(rule: Callable[[Path], None], path: Path) -> str:
    """How, if it is."""
    try:
        rule(path)
    except AssertionError as error:
        return str(error) or "it is broken"
    return ""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    path = tmp_path_factory.mktemp("rules") / "minutes.db"
    return create_app(Settings(database_url=f"sqlite:///{path}", allow_weak_durability=True))


@pytest.fixture(scope="module")
def operations(app: FastAPI) -> list[Route]:
    return [route for route in app.router.routes if isinstance(route, Route)]


# -- the source


@every_source
def test_only_the_database_module_ends_a_transaction(path: Path) -> None:
    ends = {"commit", "rollback", "begin", "begin_nested", "autocommit"}
    called = {
        node.func.attr
        for node in _nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    said = {
        word
        for node in _nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for word in ("COMMIT", "ROLLBACK")
        if re.fullmatch(rf"\s*{word}\b.*", node.value, re.IGNORECASE)
    }
    if _name(path) not in ENDS_TRANSACTIONS | LAYS_TABLES:
        assert (ends & called) | said == set()


@every_source
def test_http_exceptions_stay_in_the_http_module(path: Path) -> None:
    if _name(path) != "app/http.py":
        assert "HTTPException" not in _identifiers(path)


@every_source
def test_only_the_settings_read_the_environment(path: Path) -> None:
    if _name(path) != "app/settings.py":
        assert not {"environ", "getenv"} & _identifiers(path)


@every_source
def test_every_module_begins_with_a_sentence_on_one_line(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text()))
    assert said, "it has no docstring"
    first, *rest = said.split("\n")
    assert first.endswith((".", "?", "!", "…"))
    assert len(first) <= 120
    assert not rest or not rest[0], "after the sentence comes an empty line"


@every_source
def test_tables_errors_and_types_know_nothing_of_http_or_json_models(path: Path) -> None:
    if path.name in KNOWS_NOTHING_OF_HTTP:
        assert not {"fastapi", "starlette", "pydantic"} & _imported(path)


@every_source
def test_what_silences_a_linter_gives_its_reason_on_the_line(path: Path) -> None:
    silenced = [
        (number, line.strip())
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if (found := SUPPRESSED.search(line)) and not WITH_A_REASON.match(found[2])
    ]
    assert silenced == []


@every_source
def test_no_route_is_composed_from_a_prefix(path: Path) -> None:
    """Full paths stand at their handlers, so that a search finds them."""
    keywords = {
        keyword.arg for node in _nodes(path) if isinstance(node, ast.Call) for keyword in node.keywords
    }
    assert "prefix" not in keywords


# -- operations


def test_every_operation_declares_a_permission_or_is_open_on_purpose(operations: list[Route]) -> None:
    undeclared = {route.name for route in operations if not route.permission}
    assert undeclared == OPEN_TO_EVERY_CALLER


def test_every_permission_of_an_operation_is_one_that_some_role_has(operations: list[Route]) -> None:
    asked = {route.permission for route in operations if route.permission}
    assert asked - EVERY_PERMISSION == set()


def test_everything_under_v1_passes_the_gate(app: FastAPI) -> None:
    """Only app.http.Route asks who is calling; a bare route would let anybody in."""
    bare = [
        str(getattr(route, "path", route))
        for route in app.router.routes
        if str(getattr(route, "path", "")).startswith("/v1") and not isinstance(route, Route)
    ]
    assert bare == []


def test_paths_are_plural_kebab_case_with_snake_case_variables(operations: list[Route]) -> None:
    segment = r"/(?:[a-z]+(?:-[a-z]+)*|\{[a-z]+(?:_[a-z]+)*\})"
    wrong = [
        route.path_format
        for route in operations
        if not re.fullmatch(rf"/v1(?:{segment})+", route.path_format)
    ]
    assert wrong == []


def test_no_word_stands_where_another_path_has_an_id(operations: list[Route]) -> None:
    paths = {tuple(route.path_format.split("/")) for route in operations}
    clashes = {
        ("/".join(one), "/".join(other))
        for one in paths
        for other in paths
        if len(one) == len(other) and one != other and all(map(_could_be, one, other))
    }
    assert clashes == set()


def test_what_writes_is_one_transaction_and_what_reads_is_not(operations: list[Route]) -> None:
    """`def` with one_transaction for writes, `async def` without it for reads."""
    wrong = []
    for route in operations:
        reads = set(route.methods or ()) <= {"GET", "HEAD"}
        wrapped = hasattr(route.endpoint, "__wrapped__") or route.name in AROUND_THE_STORE
        if reads == wrapped or reads != inspect.iscoroutinefunction(inspect.unwrap(route.endpoint)):
            wrong.append(route.name)
    assert wrong == []


# -- lists and what they can be asked


def test_every_filter_of_a_list_is_one_that_its_reading_knows(operations: list[Route]) -> None:
    unknown = [
        (route.name, name)
        for route, asked, reading, _ in _lists(operations)
        for name in _filters(asked)
        if not _knows(reading, name)
    ]
    assert unknown == []


def test_every_sort_of_a_list_is_one_that_its_reading_knows_and_goes_both_ways(
    operations: list[Route],
) -> None:
    wrong = []
    for route, asked, reading, _ in _lists(operations):
        offered = set(get_args(asked.model_fields["sort"].annotation))
        if {sort.removeprefix("-") for sort in offered} - reading.sorts.keys():
            wrong.append((route.name, "unknown"))
        if offered != {way + sort.removeprefix("-") for sort in offered for way in ("", "-")}:
            wrong.append((route.name, "one way only"))
        if asked.model_fields["sort"].default not in offered:
            wrong.append((route.name, "its default is not offered"))
    assert wrong == []


def test_every_include_is_one_that_its_reading_knows(operations: list[Route]) -> None:
    wrong = []
    for route, asked, reading in _looks(operations):
        field = asked.model_fields.get("include")
        kinds = get_args(field.annotation) if field else ()
        wrong += [
            (route.name, str(one)) for kind in kinds for one in kind if str(one) not in reading.includes
        ]
    assert wrong == []


def test_no_reading_knows_a_filter_or_sort_that_no_list_offers(operations: list[Route]) -> None:
    offered: dict[int, set[str]] = {}
    readings: dict[int, Reading[Any]] = {}
    for _, asked, reading, fixed in _lists(operations):
        sorts = {sort.removeprefix("-") for sort in get_args(asked.model_fields["sort"].annotation)}
        readings[id(reading)] = reading
        offered.setdefault(id(reading), set()).update(_filters(asked), fixed, sorts)
    idle = [
        (reading.path, name)
        for key, reading in readings.items()
        for name in (*reading.by, *reading.filters, *reading.sorts)
        if name not in offered[key]
    ]
    assert idle == []


def test_every_list_is_sorted_by_columns_that_are_never_null(operations: list[Route]) -> None:
    """A null has no place in a keyset: rows after it would be skipped."""
    nullable = [
        (reading.path, name)
        for _, _, reading, _ in _lists(operations)
        for name, key in reading.sorts.items()
        if not isinstance(key, InstrumentedAttribute) or _column(key).nullable
    ]
    assert nullable == []


def test_what_a_reading_declares_is_what_it_shows(operations: list[Route]) -> None:
    wrong = []
    for route, _, reading, _ in _lists(operations):
        shown = reading.shows.model_fields.keys()
        wrong += [
            (route.name, name) for name in {*reading.derived, *reading.private, *reading.includes} - shown
        ]
        wrong += [(route.name, name) for name in reading.anchors if not _knows(reading, name)]
        hidden = getattr(reading.row, "INTERNAL", frozenset[str]())
        wrong += [(route.name, name) for name in hidden & shown if name != "last_used_at"]
    assert wrong == []


# -- errors and settings


def test_every_problem_has_a_code_of_its_own_in_kebab_case_and_words_in_both_languages() -> None:
    kinds = problems()
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in kinds)
    assert [code for code, kind in kinds.items() if not all((*kind.title, *kind.help))] == []
    assert len({kind.title for kind in kinds.values()}) == len(kinds)


def test_the_readme_tells_every_setting_and_its_default() -> None:
    """Fails until README.md is there: it needs a table with a row `MINUTES_… | what it is | default`."""
    rows = {
        found[1]: line
        for line in (ROOT / "README.md").read_text().splitlines()
        if (found := re.match(r"\|\s*`?((?:MINUTES|PROMETHEUS)_[A-Z_]+)`?\s*\|", line))
    }
    settings = {
        str(field.validation_alias or f"MINUTES_{name.upper()}"): field
        for name, field in Settings.model_fields.items()
    }
    assert rows.keys() == settings.keys()
    untold = [name for name, field in settings.items() if not _tells(rows[name], field.default)]
    assert untold == []


def _tells(row: str, default: object) -> bool:
    words = re.sub(r"[`,_\s]", "", row).lower()
    return default == "" or re.sub(r"[,_\s]", "", str(default)).lower() in words


# -- reading source and routes


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text())))


def _identifiers(path: Path) -> set[str]:
    found = set[str]()
    for node in _nodes(path):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name)
    return found


def _imported(path: Path) -> set[str]:
    """The packages that a module imports itself."""
    found = set[str]()
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            found |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def _could_be(one: str, other: str) -> bool:
    """Whether a segment of one path could be taken for that of another: the same word, or an id beside it."""
    return one == other or one.startswith("{") or other.startswith("{")


def _looks(operations: list[Route]) -> Iterator[tuple[Route, type[BaseModel], Reading[Any]]]:
    """Every GET that can be asked something, with its questions and the reading it looks at."""
    for route in operations:
        reading, _ = _looked_at(route)
        asked = _made_of(route) or get_type_hints(inspect.unwrap(route.endpoint)).get("wanted")
        if asked is not None and reading is not None:
            yield route, asked, reading


def _lists(operations: list[Route]) -> list[tuple[Route, type[PageQuery], Reading[Any], set[str]]]:
    """Every list, with what it can be asked, the reading it looks at, and the filters the path fixes."""
    found = [
        (route, asked, reading, _looked_at(route)[1])
        for route, asked, reading in _looks(operations)
        if issubclass(asked, PageQuery)
    ]
    pages = [route for route in operations if "Page[" in getattr(route.response_model, "__name__", "")]
    assert len(found) == len(pages) > 0, "a list that this test cannot read"
    return found


def _looked_at(route: Route) -> tuple[Reading[Any] | None, set[str]]:
    """In `look.page(MEETINGS, wanted, inside=…, meeting_id=…)`: MEETINGS, and {meeting_id}."""
    handler = inspect.unwrap(route.endpoint)
    for node in ast.walk(ast.parse(inspect.getsource(handler))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            if node.func.attr in {"page", "one"} and isinstance(first, ast.Name):
                fixed = {keyword.arg for keyword in node.keywords if keyword.arg not in {None, "inside"}}
                return handler.__globals__[first.id], {str(name) for name in fixed}
    return None, set()


def _made_of(route: Route) -> type[BaseModel] | None:
    """In `look.page(DUE, DueAsked(…))`: DueAsked, where what is asked is not what is looked for."""
    handler = inspect.unwrap(route.endpoint)
    for node in ast.walk(ast.parse(inspect.getsource(handler))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "page":
            for made in node.args[1:]:
                if isinstance(made, ast.Call) and isinstance(made.func, ast.Name):
                    found: type[BaseModel] = handler.__globals__[made.func.id]
                    return found
    return None


def _filters(asked: type[BaseModel]) -> set[str]:
    """What narrows the list; `as_of` only says of which day derived members are, unless it is a filter."""
    return set(asked.model_fields) - set(PageQuery.model_fields) - {"include"}


def _knows(reading: Reading[Any], name: str) -> bool:
    if name == "q":
        return reading.folded is not None
    if name == "as_of":
        return name in reading.filters or any("today" in str(one) for one in reading.derived.values())
    return name == "within" or name in reading.by or name in reading.filters


def _column(key: InstrumentedAttribute[Any]) -> Column[Any]:
    column = key.property.columns[0]
    assert isinstance(column, Column)
    return column
