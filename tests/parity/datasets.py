"""The data sets that both engines are compared on, by name."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.real.mapping import DATASETS, REPOSITORY, map_dataset


@dataclass(frozen=True)
class Folder:
    """A raw folder and how to run on it.

    Attributes:
        raw: The folder of raw tables.
        options: Options of `python -m orchestration run` beside the folders.
    """

    raw: Path
    options: tuple[str, ...] = ()


class MissingDataError(Exception):
    """The files of a data set are not on this machine."""


def prepare(name: str, out: Path) -> Folder:
    """Returns the raw folder of a data set, which is written below `out` where it does not exist yet.

    Args:
        name: `sample`, a real data set of tests/real, `scale_N` (an invented company of that size), or a folder.
        out: Where to write.

    Raises:
        MissingDataError: The files of a real data set are not here.
    """
    if name == "sample":
        return Folder(REPOSITORY / "sample_data")
    raw = out / "raw"
    if name in DATASETS:
        dataset = DATASETS[name]
        if not dataset.source_dir.is_dir():
            raise MissingDataError(f"{dataset.source_dir} is not a folder; BOUSSOLE_REAL_DATA names the one above it")
        as_of = ("--as-of", dataset.as_of) if dataset.as_of else ()
        return Folder(map_dataset(dataset, raw), ("--vars", dataset.vars_yaml, *as_of))
    if scale := re.fullmatch(r"scale_(\d+)", name):
        if not raw.is_dir():
            command = [sys.executable, "-m", "orchestration", "sample", "--scale", scale[1], "--out", str(raw)]
            subprocess.run(command, cwd=REPOSITORY, check=True)
        return Folder(raw)
    return Folder(Path(name).resolve())
