"""Schemathesis's hooks, loaded in its own process: what it may not break, and what may refuse its valid data."""

import os
from collections.abc import Callable, Mapping
from typing import Any, get_args

import schemathesis
from pydantic_core.core_schema import ErrorType
from schemathesis import Case, CheckContext, HookContext, Response

from app.validation import SAYINGS

# The ids of the caller's own principal, grant and key: who saws off his branch is refused everything after.
KEEP = frozenset(os.environ.get("FUZZING_KEEPS", "").split(","))


def _always(_: Any) -> bool:
    return True


def _is_a_float(value: Any) -> bool:
    return isinstance(value, float)


def _has_no_year(value: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    return any(str(one).startswith("0000") for one in values)


# What the model of one member finds wrong with it, whatever stands beside it or in the database.
OF_ONE_MEMBER = {*SAYINGS, *get_args(ErrorType)}
# Those of them that may refuse what the document allows, and where they are right to.
EXPLAINED: Mapping[str, Callable[[Any], bool]] = {
    # 3.0 is a whole number to JSON Schema, and no pattern says that the years begin with 0001
    "int_type": _is_a_float,
    "quarter_format": _has_no_year,
    "period_format": _has_no_year,
    # said in words: which characters a text may have, and that it is trimmed before it is measured
    "control_character": _always,
    "heaped_marks": _always,
    "string_too_short": _always,
    # days and instants that no calendar has, or that are not kept
    "date_from_datetime_parsing": _always,
    "datetime_from_date_parsing": _always,
    "datetime_parsing": _always,
    "instant_format": _always,
    # said by rules too: a comment for who cancels, a new day for who reschedules and for nobody else
    "missing": _always,
    "extra_forbidden": _always,
}
# Codes of problems: between this request and others.
OF_OTHERS = {"invalid-cursor", "precondition-failed", "idempotency-key-reused"}


@schemathesis.hook
def filter_case(context: HookContext, case: Case[Any]) -> bool:
    return case.method == "GET" or not KEEP.intersection((case.path_parameters or {}).values())


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """A tag out of the air is a 412: three of four overwrite on purpose, so that there is something to see."""
    is_valid = case.meta is not None and case.meta.generation.mode.is_positive
    if is_valid and "If-Match" in case.headers and sum(case.id.encode()) % 4:
        case.headers["If-Match"] = "*"


@schemathesis.check
def valid_data_is_refused_by_rules_alone(ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """Whatever the document allows, and a member is refused for by itself, is a gap in the document."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if response.status_code not in {400, 412, 422} or _leads_nowhere(case):
        return
    told = response.json()
    faults = told.get("errors", [])
    unexplained = [fault for fault in faults if not _is_explained(fault, case)]
    if told["code"] not in OF_OTHERS and (unexplained or not faults):
        raise AssertionError(f"valid, and refused: {response.status_code} {told['code']} {unexplained}")


def _leads_nowhere(case: Case[Any]) -> bool:
    """It followed a link from a member that is null in that answer, as schemathesis writes it."""
    return "None" in map(str, (case.path_parameters or {}).values())


def _is_explained(fault: Mapping[str, str], case: Case[Any]) -> bool:
    if fault["code"] not in OF_ONE_MEMBER:
        return True  # a rule's, between members or rows
    return fault["code"] in EXPLAINED and EXPLAINED[fault["code"]](_value(fault, case))


def _value(fault: Mapping[str, str], case: Case[Any]) -> Any:
    """What was sent there."""
    if "parameter" in fault:
        return {**(case.path_parameters or {}), **(case.query or {})}.get(fault["parameter"])
    found: Any = case.body
    for part in fault["pointer"].split("/")[1:]:
        if isinstance(found, list):
            found = found[int(part)]
        elif isinstance(found, dict):
            found = found.get(part.replace("~1", "/").replace("~0", "~"))
    return found
