"""Many documents on several processes: time, memory, and what a second process is worth.

    python benchmarks/scale.py [--documents 50000] [--length 20] [--workers 1 2] [--voice]

Writes generated documents (`benchmarks/generated.py`) to a Parquet file and codes it by `fr.code_dataset` with the
codebook that ships, once per number of workers, the word cache warm. Clock time says what a user waits for;
processor time, of all processes together, what the work costs: on a machine that has other work to do only the
latter can be compared. Memory is the greatest sum over all processes, sampled every half second, of what they
hold alone and their share of what they hold together, and the most that one worker held. At the end the scores by
outlet are taken from the Parquet files.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import generated
import pyarrow as pa
import pyarrow.parquet as pq

import framing as fr

ROWS = 10_000  # at most, per part


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--length", type=int, default=20, help="words per document")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--voice", action="store_true")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        write(options.write, options.documents, options.length)
        warm()
        return 0
    try:
        import psutil  # noqa: F401 - what `Watch` needs
    except ImportError:
        print("not measured: psutil is not installed (pip install -r benchmarks/requirements.txt)")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "corpus.parquet"
        made = ["--write", str(file), "--documents", str(options.documents), "--length", str(options.length)]
        subprocess.run([sys.executable, __file__, *made], check=True)  # its memory is not that of coding
        size = file.stat().st_size / 1e6
        load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores{load}")
        print(f"{options.documents:,} documents of {options.length} words, {size:,.0f} MB of Parquet; "
              f"codebook cuba-russia-us, voice {'on' if options.voice else 'off'}\n")  # fmt: skip
        codebook = fr.load_codebook("cuba-russia-us")
        heads = ("workers", "seconds", "documents/s", "processor s", "per core and 1,000", "peak MB", "largest worker")
        print("".join(f"{head:>{len(head) + 3}}" for head in heads))
        rows = max(1, min(ROWS, options.documents // 20))
        for run, n in enumerate(options.workers):
            with Watch() as watch:
                out = fr.code_dataset(
                    file, codebook, Path(folder) / f"out-{run}", workers=n, voice=options.voice, rows_per_partition=rows
                )
            figures = (
                f"{n}",
                f"{watch.seconds:,.1f}",
                f"{options.documents / watch.seconds:,.0f}",
                f"{watch.processor:,.1f}",
                f"{1e6 * watch.processor / options.documents:,.0f} ms",
                f"{watch.most:,.0f}",
                f"{watch.largest:,.0f}",
            )
            print("".join(f"{f:>{len(h) + 3}}" for f, h in zip(figures, heads, strict=True)), flush=True)
        with Watch() as watch:
            fr.dataset_scores(out, by="outlet", resamples=200)
        print(f"\nscores by outlet: {watch.seconds:,.1f} s, {watch.most:,.0f} MB")
    return 0


def warm() -> None:
    """Code every word once: then all are in the cache."""
    codebook, known = fr.load_codebook("cuba-russia-us"), generated.words()[0][: generated.TYPES].tolist()
    for first in range(0, len(known), 10_000):
        fr.code(fr.Document(id="words", text="\n".join(known[first : first + 10_000])), codebook, voice=False)


def write(path: Path, n: int, length: int) -> Path:
    texts = generated.texts(n, length=length)
    schema = pa.schema([("id", pa.string()), ("text", pa.string()), ("outlet", pa.string())])
    with pq.ParquetWriter(path, schema) as writer:
        for first in range(0, n, ROWS):
            part = list(islice(texts, ROWS))
            ids = [f"d{number}" for number in range(first, first + len(part))]
            outlets = [generated.OUTLETS[number % 7] for number in range(first, first + len(part))]
            writer.write_table(pa.table({"id": ids, "text": part, "outlet": outlets}, schema=schema))
    return path


class Watch:
    """Measures what this process and those it starts use while it is open."""

    def __init__(self, every: float = 0.5) -> None:
        self._every = every

    def __enter__(self) -> Watch:
        import psutil

        self._self = psutil.Process()
        self._done = threading.Event()
        self.most = self.largest = 0.0
        self._started, self._spent = time.perf_counter(), self._processor()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._started
        self.processor = self._processor() - self._spent
        self._done.set()
        self._thread.join()

    def _processor(self) -> float:
        """Return the processor time of this process and of its children that have ended."""
        return sum(self._self.cpu_times()[:4])

    def _look(self) -> None:
        import psutil

        while not self._done.wait(self._every):
            held = []
            for process in (self._self, *self._self.children(recursive=True)):
                try:
                    facts = process.memory_full_info()
                    held.append(getattr(facts, "pss", facts.uss) / 1e6)
                except psutil.Error:
                    continue
            self.most = max(self.most, sum(held))
            self.largest = max(self.largest, *held[1:], 0.0)


if __name__ == "__main__":
    raise SystemExit(main())
