"""Shows how far a build is: a live line in a terminal, a few plain lines elsewhere."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

_PLAIN_STEPS = 10


class BuildProgress:
    """A listener of a build that prints its progress; use it as a context manager."""

    def __init__(self, console: Console) -> None:
        """Prints on `console`."""
        self._console = console
        self._layer = "starting dbt"
        self._step = -1
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(self._layer, total=None)

    def __enter__(self) -> "BuildProgress":
        """Begins to show."""
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Removes the live line."""
        self._bar.stop()

    def node_started(self, layer: str, name: str) -> None:
        """Shows what is being built."""
        self._layer = f"{layer} {name}"
        self._bar.update(self._task, description=f"{layer:<12.12} {name:<32.32}")

    def node_finished(self, done: int, total: int) -> None:
        """Moves the bar; without a terminal, prints a line at every tenth of the way."""
        self._bar.update(self._task, completed=done, total=total)
        step = done * _PLAIN_STEPS // total
        if not self._console.is_terminal and step > self._step:
            self._step = step
            self._console.print(f"{done:>5}/{total}  {self._layer}", soft_wrap=True)
