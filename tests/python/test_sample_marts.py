"""What the sample shows: every mart has rows and every column a value, so that nobody meets an empty chart."""

from tests.conftest import Warehouse


def test_every_mart_has_rows_and_no_empty_column(warehouse: Warehouse) -> None:
    with warehouse.connect() as connection:
        columns = connection.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns() "
            "where schema_name = 'kpis' group by table_name order by table_name"
        ).fetchall()
        assert len(columns) >= 15
        empty = []
        for mart, names in columns:
            counts = connection.execute(
                f"select count(*), {', '.join(f'count({name})' for name in names)} from kpis.{mart}"
            ).fetchone()
            assert counts is not None
            empty += [f"{mart}.{name}" for name, known in zip(["*", *names], counts, strict=True) if known == 0]
    assert not empty


def test_the_sample_ends_in_an_open_period(warehouse: Warehouse) -> None:
    with warehouse.connect() as connection:
        states = connection.execute(
            "select is_complete_period, count(*), count(net_revenue_growth_mom_to_date) "
            "from kpis.company_monthly_kpis group by 1 order by 1"
        ).fetchall()
    assert [(state, to_date) for state, _, to_date in states] == [(False, 1), (True, 0)]
    assert states[0][1] == 1
