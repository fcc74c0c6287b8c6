"""The trials of `make soak`, as short as they can be: some kills, some readers, on small databases."""

from pathlib import Path

from tests.soak import checks
from tests.soak.publications import killed_publications
from tests.soak.publisher import publish_dir
from tests.soak.readers import readers_through_publications
from tests.soak.runs import Trial


def test_killed_publications_leave_a_whole_build(tmp_path: Path) -> None:
    problems, _ = killed_publications(tmp_path, 5)
    assert problems == []


def test_readers_see_no_mix_and_no_error(tmp_path: Path) -> None:
    problems, queries = readers_through_publications(tmp_path, publications=8, readers=3)
    assert problems == []
    assert queries > 20


def test_the_checks_notice_damage_and_leftovers(tmp_path: Path) -> None:
    killed_publications(tmp_path, 0)
    target = publish_dir(tmp_path)
    assert checks.damage(target) == []
    (target / "versions" / ".tmp-x").mkdir()
    (target / ".current-x").symlink_to("versions/x")
    assert checks.orphans(target) == [".current-x", ".tmp-x"]
    file = (target / "current" / "boussole.duckdb").resolve()
    file.chmod(0o644)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert checks.damage(target)


def test_a_trial_goes_on_where_it_ended(tmp_path: Path) -> None:
    Trial(tmp_path).add_order()
    trial = Trial(tmp_path)
    trial.add_order()
    assert trial.orders == 2
    assert list(trial.problems()) == []
