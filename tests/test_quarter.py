from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.quarter import Period, Quarter

quick = settings(max_examples=60, deadline=None)

PARTS = ["", "-9M", "-H1", "-H2", *(f"-Q{i}" for i in range(1, 5)), *(f"-M{i:02}" for i in range(1, 13))]

years = st.integers(1, 9999)
inner_years = st.integers(2, 9998)
quarters = st.builds(Quarter, years, st.integers(1, 4))
inner_quarters = st.builds(Quarter, inner_years, st.integers(1, 4))
written_periods = st.builds("{:04}{}".format, years, st.sampled_from(PARTS))
periods = written_periods.map(Period.parse)
inner_periods = st.builds("{:04}{}".format, inner_years, st.sampled_from(PARTS)).map(Period.parse)
ONE_DAY = timedelta(days=1)


@quick
@given(quarters)
def test_a_quarter_is_read_as_it_is_written(quarter: Quarter) -> None:
    assert Quarter.parse(str(quarter)) == quarter


@pytest.mark.parametrize(
    "text",
    ["", "2025", "2025-Q5", "2025-Q0", "2025-q4", "25-Q4", "2025-Q4\n", " 2025-Q4", "٢٠٢٥-Q4", "0000-Q1"],
)
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a quarter is"):
        Quarter.parse(text)


@quick
@given(quarters, quarters)
def test_quarters_are_ordered_as_their_text_is(one: Quarter, other: Quarter) -> None:
    assert (one < other) is (str(one) < str(other))


@quick
@given(inner_quarters)
def test_next_and_previous_undo_each_other(quarter: Quarter) -> None:
    assert quarter.next.previous == quarter == quarter.previous.next
    assert quarter.previous < quarter < quarter.next


def test_the_first_quarter_follows_the_last_of_the_year_before() -> None:
    assert str(Quarter.parse("2025-Q4").next) == "2026-Q1"
    assert str(Quarter.parse("2026-Q1").previous) == "2025-Q4"


def test_time_has_a_first_and_a_last_quarter() -> None:
    with pytest.raises(ValueError, match="0001 to 9999"):
        _ = Quarter(9999, 4).next
    with pytest.raises(ValueError, match="0001 to 9999"):
        _ = Quarter(1, 1).previous


@quick
@given(inner_quarters)
def test_a_quarter_begins_the_day_after_the_one_before_ends(quarter: Quarter) -> None:
    assert quarter.previous.last_day + ONE_DAY == quarter.first_day
    assert quarter.last_day + ONE_DAY == quarter.next.first_day


@quick
@given(st.dates())
def test_every_day_lies_in_its_quarter(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day


def test_a_quarter_is_named_in_roman_numerals() -> None:
    assert [Quarter(2025, number).label_vi for number in (1, 4)] == ["Quý I/2025", "Quý IV/2025"]
    assert [Quarter(2025, number).label_en for number in (2, 3)] == ["Quarter II/2025", "Quarter III/2025"]


@quick
@given(written_periods)
def test_a_period_is_read_as_it_is_written(text: str) -> None:
    assert str(Period.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-",
        "2025-M13",
        "2025-M00",
        "2025-M9",
        "2025-H3",
        "2025-8M",
        "2025-Q5",
        "2025\n",
        "25",
        "0000",
        "0000-Q1",
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a period is"):
        Period.parse(text)


@quick
@given(periods, periods)
def test_periods_are_ordered_as_their_text_is(one: Period, other: Period) -> None:
    assert (one < other) is (str(one) < str(other))


@quick
@given(periods)
def test_a_period_knows_the_quarters_that_it_touches(period: Period) -> None:
    first, last = Quarter.of(period.first_day), Quarter.of(period.last_day)
    assert period.quarters[0] == first
    assert period.quarters[-1] == last
    assert [quarter.number for quarter in period.quarters] == list(range(first.number, last.number + 1))


@quick
@given(quarters)
def test_a_quarter_is_a_period_with_the_same_days_and_labels(quarter: Quarter) -> None:
    period = Period.parse(str(quarter))
    assert period.quarters == (quarter,)
    assert (period.first_day, period.last_day) == (quarter.first_day, quarter.last_day)
    assert (period.label_vi, period.label_en) == (quarter.label_vi, quarter.label_en)


@quick
@given(years, st.sampled_from(["Q", "M", "H"]))
def test_the_parts_of_a_kind_share_out_the_days_of_the_year(year: int, kind: str) -> None:
    parts = [Period.parse(f"{year:04}{part}") for part in PARTS if part.startswith(f"-{kind}")]
    days = [day for part in parts for day in range(part.first_day.toordinal(), part.last_day.toordinal() + 1)]
    whole = Period(year)
    assert days == list(range(whole.first_day.toordinal(), whole.last_day.toordinal() + 1))


@quick
@given(inner_periods.filter(lambda period: period.part != "9M"))
def test_the_next_period_is_of_the_same_kind_and_follows(period: Period) -> None:
    assert period.next.follows(period)
    assert period.next.part[:1] == period.part[:1]
    assert not period.follows(period)
    assert not period.follows(period.next)


@pytest.mark.parametrize(
    ("period", "following"),
    [
        ("2025-Q3", "2025-Q4"),
        ("2025-M12", "2026-M01"),
        ("2025-H1", "2025-H2"),
        ("2025-H2", "2026-H1"),
        ("2025", "2026"),
    ],
)
def test_periods_run_on_over_the_year(period: str, following: str) -> None:
    assert str(Period.parse(period).next) == following


def test_nine_months_have_no_next_but_the_last_quarter_follows_them() -> None:
    nine_months = Period.parse("2025-9M")
    with pytest.raises(ValueError, match="nine months"):
        _ = nine_months.next
    assert Period.parse("2025-Q4").follows(nine_months)


@pytest.mark.parametrize("text", ["9999", "9999-H2", "9999-Q4", "9999-M12"])
def test_nothing_follows_the_last_period(text: str) -> None:
    with pytest.raises(ValueError, match="0001 to 9999"):
        _ = Period.parse(text).next
    assert not Period.parse("0001").follows(Period.parse(text))


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        ("2025-Q3", "Quý III/2025", "Quarter III/2025"),
        ("2025-M09", "tháng 9/2025", "September 2025"),
        ("2025-H1", "6 tháng đầu năm 2025", "first half of 2025"),
        ("2025-H2", "6 tháng cuối năm 2025", "second half of 2025"),
        ("2025-9M", "9 tháng năm 2025", "first nine months of 2025"),
        ("2025", "năm 2025", "year 2025"),
    ],
)
def test_a_period_is_named_in_both_languages(text: str, vi: str, en: str) -> None:
    period = Period.parse(text)
    assert (period.label_vi, period.label_en) == (vi, en)
