"""What must be true of a publication folder at any moment, and what once nobody is at work."""

import os
from pathlib import Path

from orchestration import manifest, versions


def damage(publish_dir: Path) -> list[str]:
    """Returns what is wrong with what readers see now; nothing published is nothing wrong."""
    shown = versions.current_id(publish_dir)
    if shown is None:
        return []
    return [f"{shown}: {found}" for found in manifest.differences(publish_dir / "versions" / shown)]


def orphans(publish_dir: Path, keep: int = versions.LEAST_KEPT) -> list[str]:
    """Returns what is in the folder that nobody needs; the next publication removes what a killed process left."""
    ids = versions.kept(publish_dir)
    found = sorted(set(os.listdir(publish_dir)) - {"versions", versions.CURRENT, ".lock"})
    found += sorted(set(os.listdir(publish_dir / "versions")) - set(ids))
    return found + ids[:-keep]
