"""Workers: many parts at a time, on the cores of this machine or on a cluster, by Dask."""

from __future__ import annotations

import contextlib
import functools
import logging
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from framing.errors import FramingError

#: A worker that grows beyond nine tenths of its memory is replaced; its part is done again by another.
_CONFIG = {
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.9,
    "distributed.comm.timeouts.connect": "60s",
}


def over(
    job: Any,
    work: Callable[[Any, int], dict[str, Any]],
    parts: Sequence[int],
    *,
    n_workers: int | None,
    scheduler: str | None,
) -> Iterator[dict[str, Any]]:
    """Yield ``work(job, part)`` for every part, in the order in which they are finished."""
    _require()
    import dask
    import distributed
    from distributed.scheduler import KilledWorker

    library: Any = distributed  # its functions have no types
    with dask.config.set(_CONFIG), _client(len(parts), n_workers, scheduler) as client:
        _check_software(client)
        packed = pickle.dumps(job)
        waiting = iter(parts)
        n_threads = sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values())

        def submitted(part: int) -> Any:
            return client.submit(_done, packed, work, part, pure=False)

        queue = library.as_completed([submitted(part) for part in islice(waiting, 2 * n_threads)])
        try:
            for future in queue:
                yield future.result()
                for part in islice(waiting, 1):
                    queue.add(submitted(part))
        except KilledWorker as error:
            message = (
                f"workers were killed over and over at the same part, as a rule for want of memory ({error}); "
                "begin a new folder with a smaller rows_per_partition, or use fewer workers"
            )
            raise FramingError(message) from None
        finally:
            client.cancel(list(queue.futures))


def _done(packed: bytes, work: Callable[[Any, int], dict[str, Any]], part: int) -> dict[str, Any]:
    return work(_unpacked(packed), part)


@functools.lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> Any:
    """Return the job, in each worker the same object for all parts: what belongs to its codebook is kept with it."""
    return pickle.loads(packed)


def _require() -> None:
    import importlib.util

    if importlib.util.find_spec("distributed") is None:
        message = (
            "coding on several processes needs dask: pip install dask distributed; "
            "without it, workers=0 codes in this process"
        )
        raise FramingError(message)


@contextlib.contextmanager
def _client(n_parts: int, n_workers: int | None, scheduler: str | None) -> Iterator[Any]:
    import dask
    import distributed
    from dask.system import CPU_COUNT

    library: Any = distributed  # its functions have no types
    if scheduler is not None:
        try:
            client = library.Client(scheduler, timeout="30s")
            client.wait_for_workers(1, timeout=60)
        except (OSError, TimeoutError, ValueError) as error:
            message = f"scheduler {scheduler!r}: no cluster with a worker answers there ({error})"
            raise FramingError(message) from None
        with client:
            yield client
        return
    n = min(n_workers or CPU_COUNT, n_parts)
    with (
        tempfile.TemporaryDirectory(prefix="framing-workers-", ignore_cleanup_errors=True) as scratch,
        dask.config.set({"temporary-directory": scratch}),
        _main_stays_here(),
        library.LocalCluster(
            n_workers=n,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            local_directory=scratch,
            silence_logs=logging.CRITICAL,
            env={"TQDM_DISABLE": "1"},
        ) as cluster,
        library.Client(cluster) as client,
    ):
        yield client


@contextlib.contextmanager
def _main_stays_here() -> Iterator[None]:
    """Keep new processes from running the user's script once more.

    Python does so in every process it starts, and a script without ``if __name__ == "__main__":`` would begin
    its work anew in each. The workers need nothing of it.
    """
    main: dict[str, Any] = sys.modules["__main__"].__dict__
    kept: dict[str, Any] = {name: main[name] for name in ("__file__", "__spec__") if name in main}
    main.pop("__file__", None)
    main["__spec__"] = None
    try:
        yield
    finally:
        main.update(kept)


def software() -> dict[str, str]:
    """Return the versions on which results depend, as they are where this is called."""
    from framing import __version__
    from framing.language import backend

    used = backend()
    return {"framing": __version__, "morphology": f"{used.name} {used.version}"}


def _check_software(client: Any) -> None:
    """Raise when a worker would give other results than this process."""
    ours = software()
    try:
        found = client.run(software)
    except ModuleNotFoundError as error:
        message = f"the workers cannot load this package ({error}); install the same version on each of them"
        raise FramingError(message) from None
    for address, theirs in found.items():
        if theirs != ours:
            message = f"worker {address} has {theirs}, this process {ours}; install the same versions on both"
            raise FramingError(message)
