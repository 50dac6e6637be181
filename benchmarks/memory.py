"""How much memory does coding take? The peak of one process, by the number of documents.

    python benchmarks/memory.py [--documents 1000 10000] [--entries 300]

Each row is a process of its own. ``in memory`` is `fr.code` over a corpus that is held, with its result: it grows
with the corpus. ``from Parquet`` is `fr.code_dataset` with one process: it is bounded by the size of a part.
Documents are of 300 words (`benchmarks/generated.py`).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import generated
import scale

import framing as fr


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--entries", type=int, default=300)
    parser.add_argument("--child", choices=("memory", "parquet"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(options.child, options.documents[0], options.entries)
    print(f"{'documents':>10} {'in memory, MB':>14} {'from Parquet, MB':>17}")
    for n in options.documents:
        peaks = [peak(how, n, options.entries) for how in ("memory", "parquet")]
        print(f"{n:>10,} {peaks[0]:>14,.0f} {peaks[1]:>17,.0f}", flush=True)
    return 0


def peak(how: str, n: int, entries: int) -> float:
    call = [sys.executable, __file__, "--child", how, "--documents", str(n), "--entries", str(entries)]
    return float(subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout)


def child(how: str, n: int, entries: int) -> int:
    codebook = generated.codebook(entries)
    with tempfile.TemporaryDirectory() as folder, scale.Watch(0.05) as watch:
        if how == "memory":
            fr.code(generated.corpus(n), codebook, voice=False)
        else:
            file = scale.write(Path(folder) / "c.parquet", n, generated.WORDS)
            fr.code_dataset(file, codebook, Path(folder) / "out", workers=0, rows_per_partition=2_000)
    print(watch.most)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
