"""The errors that a user can do something about."""


class BoussoleError(Exception):
    """Root of every expected failure. Its message says what happened and what to do.

    Attributes:
        exit_code: Exit code of the command line: 1 for a failed check, 2 when nothing could be run.
    """

    exit_code = 2


class CheckFailedError(BoussoleError):
    """Something ran and did not pass: a test, or a check before publishing."""

    exit_code = 1


class LockHeldError(BoussoleError):
    """Another process holds the lock of a file that only one process may use."""
