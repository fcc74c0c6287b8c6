"""The gate between a green build and its readers: audit at both borders, then publish."""

from orchestration.audit.audit import Audit
from orchestration.last_run import GreenBuild
from orchestration.manifest import Manifest
from orchestration.publish import publish
from orchestration.settings import Settings


def publish_audited(settings: Settings, build_id: str, green: GreenBuild) -> tuple[Manifest, Audit]:
    """Publishes a green build if the audit of its borders has nothing against it, and returns what came out of both.

    Raises:
        CheckFailedError: A check of a border that stops did not hold, or a relation is not fit to be published.
        BoussoleError: The folder cannot be used.
    """
    audit = Audit(
        project_dir=settings.project_dir,
        publish_dir=settings.publish_dir,
        docs_dir=settings.target_path / "audit",
        as_of_date=green.as_of_date,
        accepts_changes=settings.accepts_changes,
    )
    try:
        audit.check_raw(settings.database)
        published = publish(
            settings.database,
            settings.publish_dir,
            build_id,
            green.relations,
            green.as_of_date,
            green.provenance,
            settings.keep_builds,
            audit.check_marts,
        )
    finally:
        audit.write_docs()
    return published, audit
