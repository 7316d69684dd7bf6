"""Who makes the stories: this process, a cluster, or a provider's batches. One small interface."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Literal, Protocol

from summarise.errors import ConfigurationError
from summarise.many.task import Outcome, Task, Work

Name = Literal["local", "dask", "batch"]


class Engine(Protocol):
    """Makes stories."""

    @property
    def name(self) -> str:
        """What `--engine` calls it."""
        ...

    def run(self, tasks: Sequence[Task], work: Work) -> AsyncGenerator[Outcome, None]:
        """Every story's outcome, each as it ends. Closing it (`aclose`) stops the rest cleanly.

        Raises ConfigurationError for what would fail every story alike.
        """
        ...


def engine(
    name: Name,
    *,
    store: str | None = "",
    scheduler: str | None = None,
    workers: int | None = None,
) -> Engine:
    """The engine of this name.

    `store`: the place as the user gave it, perhaps with a password; it stays in this process ("" is that of the work,
    None the user's data folder). `scheduler`, `workers`: for dask, an existing scheduler's address, or how many
    processes of its own. Raises ConfigurationError where an extra is missing.
    """
    if name == "dask":
        try:
            from summarise.many.dask import Dask
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                f"--engine dask needs an extra ({error.name} is missing): pip install 'summarise[dask]'"
            ) from None
        return Dask(scheduler=scheduler, workers=workers, store=store)
    if name == "batch":
        from summarise.many.batch import Batch

        return Batch(store=store)
    from summarise.many.local import Local

    return Local(store=store)
