import datetime as dt
import os
from pathlib import Path

from orchestration.run_log import is_run_id, new_run_id, open_log


def test_run_ids_sort_by_time() -> None:
    moment = dt.datetime(2024, 12, 31, 23, 59, 58, tzinfo=dt.UTC)
    first, second = new_run_id(moment), new_run_id(moment + dt.timedelta(seconds=1))
    assert first.startswith("20241231T235958Z-")
    assert first < second
    assert is_run_id(first)
    assert not is_run_id("notes")


def test_the_newest_logs_stay_and_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.log").write_text("mine")
    for second in range(5):
        run_id = new_run_id(dt.datetime(2024, 1, 1, 0, 0, second, tzinfo=dt.UTC))
        with open_log(tmp_path, run_id, keep=3) as log:
            log.write("hello\n")
    names = sorted(os.listdir(tmp_path))
    assert [name[13:16] for name in names[:-1]] == ["02Z", "03Z", "04Z"]
    assert names[-1] == "notes.log"
    assert log.path.read_text().endswith("Z hello\n")
