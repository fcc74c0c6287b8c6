"""Publishes again what the database holds, without building it again."""

from dataclasses import replace

from orchestration import last_run, lock, manifest, versions
from orchestration.audit.gate import publish_audited
from orchestration.errors import BoussoleError, CheckFailedError
from orchestration.last_run import GreenBuild, LastRun
from orchestration.rollback import roll_back
from orchestration.run_log import logged_runs, new_run_id
from orchestration.settings import Settings


def publish_again(settings: Settings) -> str:
    """Publishes the build of the last run, if it was whole and green, and returns its id.

    For a run that was killed before it published, for a publication folder that was lost, or to come
    back from a rollback.

    Raises:
        CheckFailedError: The database does not hold a build that may be published.
        BoussoleError: There is no build, or the folder cannot be used.
    """
    with lock.hold(lock.lock_path(settings.database), f"The warehouse {settings.database}", wait_seconds=0.5):
        last = last_run.read(settings.database)
        green = _green_build(settings, last)
        build_id = last.run_id if last else ""
        version = settings.publish_dir / "versions" / build_id
        if version.exists() and not manifest.differences(version):
            return roll_back(settings.publish_dir, build_id)
        if version.exists():  # damaged; a version is never written again, readers may have it open
            build_id = new_run_id(after=[*logged_runs(settings.log_dir), *versions.kept(settings.publish_dir)])
        published, _ = publish_audited(settings, build_id, green)
        if last:
            last_run.write(settings.database, replace(last, published=published.build_id, problem=None))
        return published.build_id


def _green_build(settings: Settings, last: LastRun | None) -> GreenBuild:
    if last is None or not settings.database.exists():
        raise BoussoleError(f"Nothing was built in {settings.database}. Build it: python -m orchestration run")
    if last.green is None:
        why = last.problem or ("it was killed" if last.ended_at is None else last.ended_as)
        raise CheckFailedError(
            f"The last run on {settings.database}, {last.run_id}, made nothing that may be published ({why}). "
            "Mend that and run again; to show an earlier build, use `rollback`."
        )
    if last.green.database_state != last_run.state_of(settings.database):
        raise CheckFailedError(
            f"{settings.database} was changed after the run {last.run_id}, so nobody has tested what it holds. "
            "Run again: python -m orchestration run"
        )
    return last.green
