import datetime as dt
import io
import json
from decimal import Decimal

from orchestration import output


def written(output_format: str, columns: list[str], rows: list[tuple[object, ...]]) -> str:
    stream = io.StringIO()
    output.write(stream, output_format, columns, rows)
    return stream.getvalue()


def test_no_rows_in_each_format() -> None:
    assert written("table", ["a", "b"], []) == "a  b\n(0 rows)\n"
    assert written("csv", ["a", "b"], []) == "a,b\n"
    assert written("json", ["a", "b"], []) == "[]\n"


def test_numbers_are_aligned_and_a_row_is_a_line() -> None:
    assert written("table", ["name", "n"], [("x\ny", 1), ("z", None)]).splitlines() == [
        "name     n",
        "x y      1",
        "z     NULL",
        "(2 rows)",
    ]


def test_unknown_and_empty_text_are_told_apart_where_the_format_can() -> None:
    assert json.loads(written("json", ["a"], [(None,), ("",)])) == [{"a": None}, {"a": ""}]
    assert written("table", ["a"], [(None,), ("",)]).splitlines() == ["a", "NULL", "", "(2 rows)"]


def test_no_number_is_rounded() -> None:
    exact, large = Decimal("0.1000"), Decimal("12345678901234567890.0001")
    assert json.loads(written("json", ["a"], [(exact,), (large,), (float("inf"),)])) == [
        {"a": 0.1},
        {"a": "12345678901234567890.0001"},
        {"a": "inf"},
    ]
    assert written("csv", ["a"], [(exact,), (large,)]) == "a\n0.1000\n12345678901234567890.0001\n"


def test_days_and_instants_are_iso() -> None:
    row = (dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 12, 30))
    assert written("csv", ["day", "at"], [row]) == "day,at\n2024-02-29,2024-02-29T12:30:00\n"
    assert json.loads(written("json", ["day", "at"], [row]))[0]["day"] == "2024-02-29"
