"""The audit of the two borders: what stops a publication, what only warns, and what readers and the log are told."""

import contextlib
from pathlib import Path

import duckdb
import pytest

from orchestration.audit.audit import RECORD, SITE, Audit
from orchestration.audit.check import Finding
from orchestration.errors import CheckFailedError
from orchestration.publish import publish
from tests.conftest import REPOSITORY, Warehouse, run_cli
from tests.python.tiny_builds import build_id

MONTHS = [f"2024-{month:02}-01" for month in range(1, 5)]
LATER = "2024-04-15"


def _database(path: Path, *changes: str) -> Path:
    """A private database as a build leaves it: raw tables of 40 orders and 4 accounts, and the marts of 4 months."""
    path.unlink(missing_ok=True)
    months = ", ".join(f"(date '{month}')" for month in MONTHS)
    with contextlib.closing(duckdb.connect(str(path))) as connection:
        connection.execute(f"""
            create schema raw; create schema core; create schema kpis;
            create table raw.accounts as select 'a' || range as account_id from range(4);
            create table raw.orders as select 'o' || range as order_id,
                cast(date '2024-04-01' + cast(range % 15 as int) as varchar) as ordered_at,
                'a' || range % 4 as account_id, 'completed' as status from range(40);
            create table raw.activities as select 'v' || range as activity_id, 'r1' as rep_id, 'call' as activity_type,
                '2024-04-10T10:00:00Z' as started_at from range(40);
            create table core.dim_kpis as select * from (values
                ('net_revenue', 'sum', 'company team', true), ('win_rate', 'ratio', 'company team', true),
                ('nps', 'ratio', 'company', false)
            ) as t (metric, aggregation, grains, is_available);
            create table kpis.company_monthly_kpis as select month from (values {months}) as t (month);
            create table kpis.team_monthly_kpis as select team_id, month from (values {months}) as t (month)
                cross join (values ('T1'), ('T2')) as teams (team_id);
            create table kpis.kpi_values as
                select 'net_revenue' as metric, grain, entity_id, 'month' as period_type, month as period_start,
                    amount::double as value, null::double as low, month < date '2024-04-01' as is_complete_period,
                    1::bigint as rank, 1::bigint as peers, 2::bigint as quartile
                from (values {months}) as t (month) cross join (values
                    ('team', 'T1', 60), ('team', 'T2', 40), ('company', 'company', 100)
                ) as entities (grain, entity_id, amount)
                union all select 'win_rate', 'company', 'company', 'month', month, 0.5, 0.4, true, 1, 1, 1
                from (values {months}) as t (month);
        """)
        for change in changes:
            connection.execute(change)
    return path


def _audit(tmp_path: Path, *changes: str, number: int = 1, accepts_changes: bool = False) -> list[Finding]:
    """Audits and publishes such a database, and returns what was found."""
    database = _database(tmp_path / "private_db.duckdb", *changes)
    audit = Audit(REPOSITORY, tmp_path / "published", tmp_path / "docs", LATER, accepts_changes)
    relations = [("core", "dim_kpis")] + [
        ("kpis", name) for name in ("company_monthly_kpis", "kpi_values", "team_monthly_kpis")
    ]
    try:
        audit.check_raw(database)
        publish(database, tmp_path / "published", build_id(number), relations, LATER, audit=audit.check_marts)
    finally:
        audit.write_docs()
    assert len(audit.results) > 20
    return audit.findings


def test_what_is_right_is_published_with_its_record_and_data_docs(tmp_path: Path) -> None:
    assert _audit(tmp_path) == []
    assert (tmp_path / "published" / "current" / RECORD).exists()
    index = (tmp_path / "docs" / "index.html").read_text(encoding="utf-8")
    assert "raw.orders" in index
    assert "kpis.kpi_values" in index
    assert "all held" in index
    assert (tmp_path / "docs" / SITE / "index.html").exists()


STOPPED = {
    "a mandatory column is not there": ("alter table raw.orders drop status", "raw.orders: has the column status"),
    "keys are missing": ("update raw.orders set order_id = ' ' where rowid < 30", "raw.orders: says order_id"),
    "statuses are in French": ("update raw.orders set status = 'terminée'", "completed, open, cancelled in status"),
    "a share above 1": (
        "update kpis.kpi_values set value = 1.5 where metric = 'win_rate'",
        "only shares between 0 and 1",
    ),
    "an infinite value": ("update kpis.kpi_values set value = 'inf' where metric = 'net_revenue'", "no infinite value"),
    "a fifth quartile": ("update kpis.kpi_values set quartile = 5", "quartiles from 1 to 4"),
    "a rank after the last": ("update kpis.kpi_values set rank = 2", "ranks nobody after the last"),
    "a value that cannot be": (
        "update core.dim_kpis set is_available = false where metric = 'win_rate'",
        "calls unavailable",
    ),
    "teams that do not add up": (
        "update kpis.kpi_values set value = 41 where entity_id = 'T2'",
        "teams that add up to the company",
    ),
    "a month is left out": (
        "delete from kpis.company_monthly_kpis where month = date '2024-02-01'",
        "every month from its first",
    ),
    "a team is left out": (
        "delete from kpis.team_monthly_kpis where month = date '2024-02-01' and team_id = 'T1'",
        "every team in every month",
    ),
}


@pytest.mark.parametrize("mistake", STOPPED)
def test_what_is_wrong_is_not_published(mistake: str, tmp_path: Path) -> None:
    change, words = STOPPED[mistake]
    with pytest.raises(CheckFailedError) as refused:
        _audit(tmp_path, change)
    assert words in str(refused.value)
    assert str(tmp_path / "docs" / "index.html") in str(refused.value)
    assert not (tmp_path / "published" / "current").exists()
    index = (tmp_path / "docs" / "index.html").read_text(encoding="utf-8")
    assert '<td class="stops">stops' in index


WARNED = {
    "orphans": ("update raw.orders set account_id = 'x' where rowid < 10", "names in account_id what accounts has"),
    "a type that nothing is read from": (
        "alter table raw.orders alter ordered_at type int[] using [1]",
        "columns of types",
    ),
    "a connector that stopped": (
        "update raw.activities set started_at = '2023-12-01T10:00:00Z'",
        "raw.activities: tells of the 45 days before",
    ),
}


@pytest.mark.parametrize("oddity", WARNED)
def test_what_is_odd_is_published_with_a_warning(oddity: str, tmp_path: Path) -> None:
    change, words = WARNED[oddity]
    findings = _audit(tmp_path, change)
    assert [one for one in findings if words in str(one)], findings
    assert not [one for one in findings if one.stops]
    assert (tmp_path / "published" / "current").exists()


A_QUARTER_OF_THE_REVENUE = "update kpis.kpi_values set value = value / 4 where metric = 'net_revenue'"
A_QUARTER_OF_THE_ORDERS = "delete from raw.orders where rowid >= 10"


@pytest.mark.parametrize(
    ("change", "words"), [(A_QUARTER_OF_THE_REVENUE, "net revenue and sales"), (A_QUARTER_OF_THE_ORDERS, "fewer rows")]
)
def test_much_that_differs_from_the_published_build_has_to_be_accepted(change: str, words: str, tmp_path: Path) -> None:
    _audit(tmp_path)
    with pytest.raises(CheckFailedError, match="--accept-changes") as refused:
        _audit(tmp_path, change, number=2)
    assert words in str(refused.value)
    assert (tmp_path / "published" / "current").resolve().name == build_id(1)
    findings = _audit(tmp_path, change, number=3, accepts_changes=True)
    assert [one for one in findings if words in str(one)]
    assert (tmp_path / "published" / "current").resolve().name == build_id(3)


def test_a_little_that_differs_is_a_warning(tmp_path: Path) -> None:
    _audit(tmp_path)
    findings = _audit(tmp_path, "update kpis.kpi_values set value = value * 1.1 where metric = 'net_revenue'", number=2)
    assert [str(one) for one in findings if "totals of complete months" in str(one)]
    # an open month may change as it likes
    changed = "update kpis.kpi_values set value = value * 1.1 where metric = 'net_revenue'"
    assert _audit(tmp_path, changed, f"{changed} and not is_complete_period", number=3) == []


def test_a_value_that_is_no_longer_known_is_a_warning(tmp_path: Path) -> None:
    _audit(tmp_path)
    findings = _audit(tmp_path, "update kpis.kpi_values set value = null where metric = 'net_revenue'", number=2)
    assert [one for one in findings if "knows what the published build knew" in str(one)]


def test_the_sample_has_nothing_to_warn_of(warehouse: Warehouse) -> None:
    assert "checks of the borders held" in warehouse.output
    assert "- warned: raw." not in warehouse.output
    assert (warehouse.published.parent / RECORD).exists()


def test_data_docs_hold_no_personal_data(warehouse: Warehouse) -> None:
    pages = list(
        (warehouse.database.with_name(warehouse.database.name + ".files") / "target" / "audit").rglob("*.html")
    )
    assert pages
    with warehouse.connect() as connection:
        mails = connection.execute("select distinct email from raw.contacts where email is not null").fetchall()
    text = " ".join(page.read_text(encoding="utf-8") for page in pages)
    assert mails
    assert [mail for (mail,) in mails if mail in text] == []


def test_the_help_names_the_option() -> None:
    assert "--accept-changes" in run_cli("run", "--help").stdout
