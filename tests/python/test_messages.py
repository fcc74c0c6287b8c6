"""What DuckDB 2.0 and dbt 1.11 really say about bad files, and what the user is told."""

import contextlib
import gzip
from pathlib import Path

import duckdb
import pytest

from orchestration.messages import clean, full_disk, unreadable_file

CSV_OPTIONS = (
    "header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = false, "
    "columns = {a: 'varchar', b: 'varchar'}"
)


def duckdb_message(query: str) -> str:
    with contextlib.closing(duckdb.connect()) as connection, pytest.raises(duckdb.Error) as caught:
        connection.execute(query).fetchall()
    return "Runtime Error in model stg_crm__orders (models/staging/crm/stg_crm__orders.sql)\n  " + str(caught.value)


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def parquet(folder: Path) -> bytes:
    with contextlib.closing(duckdb.connect()) as connection:
        connection.execute(f"copy (select range as a from range(1000)) to '{folder / 'whole.parquet'}'")
    return (folder / "whole.parquet").read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("orders.csv", b"a,b\n1,2\n3,4,5\n", ("line 3", "Expected Number of Columns: 2 Found: 3", "Mend that line")),
        ("orders.csv", b'a,b\n1,"2\n', ("line 2", "unterminated quote", "Mend that line")),
        ("orders.csv", b"a,b\n1,caf\xe9\n", ("line 2", "UTF-8")),
        ("orders.csv.gz", half(gzip.compress(b"a,b\n" + b"1,2\n" * 1000, mtime=0)), ("damaged or was cut short",)),
        ("orders.csv.gz", b"a,b\n1,2\n", ("not a GZIP stream", "damaged or was cut short")),
        ("orders.parquet", b"", ("too small", "damaged or was cut short")),
        ("orders.parquet", b"cut", ("damaged or was cut short",)),
        ("orders.jsonl", b'{"a": 1}\n{"a":\n', ("Malformed JSON", "in line 3", "Mend that line")),
    ],
)
def test_an_unreadable_file_is_named_with_what_to_do(
    tmp_path: Path, name: str, content: bytes, told: tuple[str, ...]
) -> None:
    file = tmp_path / name
    file.write_bytes(half(parquet(tmp_path)) if content == b"cut" else content)
    reader = {".parquet": "read_parquet", ".jsonl": "read_json"}.get(file.suffix, "read_csv")
    options = f", {CSV_OPTIONS}" if reader == "read_csv" else ""
    paragraph = unreadable_file(duckdb_message(f"select * from {reader}('{file}'{options})"), tmp_path)
    assert paragraph is not None
    assert paragraph.startswith(f"The raw file {name} cannot be read: ")
    assert all(words in paragraph for words in told), paragraph
    assert "\n" not in paragraph
    assert "strict_mode" not in paragraph


def test_other_errors_are_not_about_a_file(tmp_path: Path) -> None:
    message = duckdb_message("select cast('2024-13-01' as date)")
    assert unreadable_file(message, tmp_path) is None
    assert unreadable_file(f"Binder Error: no column in {tmp_path}/orders.csv", tmp_path) is None


def test_our_own_messages_come_without_dbts_frame() -> None:
    message = (
        "Compilation Error in operation boussole-on-run-start-0 (./dbt_project.yml)\n"
        "  Boussole: orders.csv lacks the column 'ordered_at'.\n  Add it.\n  \n"
        "  > in macro register_raw (macros/raw/register_raw.sql)\n  > called by <Unknown>"
    )
    assert clean(message) == "orders.csv lacks the column 'ordered_at'.\nAdd it."


def test_dbts_messages_lose_their_call_stack_only() -> None:
    assert clean("Database Error in model x\n  Binder Error: y\n  compiled code at target/x.sql") == (
        "Database Error in model x\nBinder Error: y"
    )


# What Spark 3.5.9 says, as dbt passes it on.
AMBIGUOUS = """Runtime Error in model fct_x (models/fct_x.sql)
  [MISSING_AGGREGATION] The non-aggregating expression "a" is based on columns which are not in the GROUP BY clause.
  Add the columns or use "any_value(a)" if you do not care which of the values within a group is returned.;
  Aggregate [b#5], [a#4, count(1) AS count(1)#7L]
  +- SubqueryAlias __auto_generated_subquery_name
     +- Project [1 AS a#4, 2 AS b#5]
        +- OneRowRelation
"""
TWO_CHILDREN = """[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `nope` cannot be resolved.; line 1 pos 7;
'Project ['nope]
+- Join Inner
   :- SubqueryAlias a
   :  +- OneRowRelation
   +- OneRowRelation

  compiled code at target/run/x.sql"""
IN_JAVA = """An error occurred while calling o41.sql.
: org.apache.spark.SparkException: Job aborted due to stage failure: java.lang.RuntimeException: no space left
	at org.apache.spark.sql.execution.BufferedRowIterator.hasNext(BufferedRowIterator.java:43)
	at org.apache.spark.rdd.RDD.$anonfun$mapPartitionsInternal$2(RDD.scala:893)
	at java.base/java.lang.Thread.run(Thread.java:840)
Caused by: java.lang.RuntimeException: no space left
	... 1 more
"""


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (
            AMBIGUOUS,
            "Runtime Error in model fct_x (models/fct_x.sql)\n"
            '[MISSING_AGGREGATION] The non-aggregating expression "a" is based on columns which are not in the '
            "GROUP BY clause.\n"
            'Add the columns or use "any_value(a)" if you do not care which of the values within a group is returned.',
        ),
        (
            TWO_CHILDREN,
            "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `nope` cannot be resolved.; line 1 pos 7",
        ),
        (
            IN_JAVA,
            "org.apache.spark.SparkException: Job aborted due to stage failure: java.lang.RuntimeException: "
            "no space left\nCaused by: java.lang.RuntimeException: no space left",
        ),
    ],
)
def test_spark_is_quoted_without_plans_and_call_stacks(message: str, kept: str) -> None:
    assert clean(message) == kept


def test_a_full_disk_is_told_as_such() -> None:
    told = full_disk('IO Error: Could not write file "x.duckdb": No space left on device')
    assert told is not None
    assert "no room left on the disk" in told
    assert "No space left on device" in told
    assert full_disk("Binder Error: column too large not found") is None
