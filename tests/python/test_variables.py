from pathlib import Path

import pytest

from orchestration.errors import BoussoleError
from orchestration.variables import known_variables, merge, parse_as_of, parse_vars


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dbt_project.yml").write_text(
        "name: boussole\nvars:\n  as_of_date: null\n  raw_dir: null\n  boussole:\n    low_n_threshold: 30\n"
    )
    return tmp_path


def test_variables_may_stand_at_the_top_or_below_the_project(project: Path) -> None:
    assert known_variables(project) == {"as_of_date": None, "raw_dir": None, "low_n_threshold": 30}


def test_a_missing_project_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BoussoleError, match=r"Cannot read .*dbt_project\.yml"):
        known_variables(tmp_path)


def test_as_of_becomes_the_variable(project: Path) -> None:
    assert merge(project, "2024-02-29", "{low_n_threshold: 5}") == {"low_n_threshold": 5, "as_of_date": "2024-02-29"}


def test_a_yaml_date_becomes_text(project: Path) -> None:
    assert merge(project, None, "as_of_date: 2024-02-29") == {"as_of_date": "2024-02-29"}


def test_nothing_given_is_nothing(project: Path) -> None:
    assert merge(project) == {}
    assert merge(project, None, "") == {}


@pytest.mark.parametrize("text", ["2024-2-3", "2023-02-29", "20240101", "2024-01-01T00:00", "yesterday", ""])
def test_what_is_not_a_date(text: str) -> None:
    with pytest.raises(BoussoleError, match="YYYY-MM-DD"):
        parse_as_of(text)


def test_a_date_before_1970_cannot_be() -> None:
    with pytest.raises(BoussoleError, match="1970"):
        parse_as_of("1969-12-31")


@pytest.mark.parametrize("text", ["[1", "a: b: c", "- a\n- b", "text", "{1: 2}", "as_of_date: 2024-13-45"])
def test_what_is_not_a_mapping_of_names(text: str) -> None:
    with pytest.raises(BoussoleError, match=r"--vars '\{reporting_currency: USD\}'"):
        parse_vars(text)


def test_an_unknown_name_gets_the_close_one_suggested(project: Path) -> None:
    with pytest.raises(BoussoleError, match="Did you mean 'low_n_threshold'"):
        merge(project, None, "{low-n-treshold: 5}")


def test_an_unknown_name_without_a_close_one_lists_them(project: Path) -> None:
    with pytest.raises(BoussoleError, match="as_of_date, low_n_threshold"):
        merge(project, None, "{zzz: 5}")


def test_the_as_of_date_is_given_once(project: Path) -> None:
    with pytest.raises(BoussoleError, match="twice"):
        merge(project, "2024-01-31", "{as_of_date: 2024-02-29}")


def test_the_raw_folder_has_its_own_option(project: Path) -> None:
    with pytest.raises(BoussoleError, match="--raw"):
        merge(project, None, "{raw_dir: elsewhere}")
