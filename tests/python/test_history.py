"""The history of teams, where the CRM overwrites it: from its own versions, or from snapshots of earlier builds."""

from pathlib import Path
from typing import Any

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
    def build(team: str, as_of: str, **options: Any) -> Warehouse:
        raw = _folder(tmp_path / "raw", team)
        return run_warehouse(raw, as_of=as_of, select="+team_monthly_kpis", data_tests=False, **options)

    folder = tmp_path / "warehouse"
    folder.mkdir()
    build("north", "2024-03-05", vars={"keep_history": True}, folder=folder)
    kept = build("south", "2024-03-20", vars={"keep_history": True}, folder=folder)
    assert _revenue_by_team(kept) == [("north", 10), ("south", 20)]
    # without the history the only team known is today's
    assert _revenue_by_team(build("south", "2024-03-20")) == [("south", 30)]
