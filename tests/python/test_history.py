"""The history of teams, where the CRM overwrites it: from its own versions, or from snapshots of earlier builds."""

from pathlib import Path

from tests.conftest import RunWarehouse, Warehouse


def _folder(raw: Path, team: str) -> Path:
    raw.mkdir(exist_ok=True)
    (raw / "reps.csv").write_text(f"rep_id,team_id\nr1,{team}\n", encoding="utf-8")
    (raw / "opportunities.csv").write_text(
        "opportunity_id,owner_rep_id,stage,amount,close_date\nd1,r1,won,10,2024-03-01\nd2,r1,won,20,2024-03-20\n",
        encoding="utf-8",
    )
    return raw


def _revenue_by_team(warehouse: Warehouse) -> list[tuple[object, ...]]:
    with warehouse.connect() as connection:
        return connection.execute(
            "select team_id, sum(net_revenue) from kpis.team_monthly_kpis where net_revenue > 0 group by 1 order by 1"
        ).fetchall()


def test_snapshots_keep_the_team_of_the_day(run_warehouse: RunWarehouse, tmp_path: Path) -> None:
    keep = {"keep_history": True}
    folder = tmp_path / "warehouse"
    folder.mkdir()
    run_warehouse(_folder(tmp_path / "raw", "north"), vars=keep, as_of="2024-03-05", folder=folder, data_tests=False)
    after_the_move = _folder(tmp_path / "raw", "south")
    kept = run_warehouse(after_the_move, vars=keep, as_of="2024-03-20", folder=folder, data_tests=False)
    assert _revenue_by_team(kept) == [("north", 10), ("south", 20)]
    # without the history the only team known is today's
    assert _revenue_by_team(run_warehouse(after_the_move, as_of="2024-03-20", data_tests=False)) == [("south", 30)]
