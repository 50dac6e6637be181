"""Corpora larger than memory: Parquet in, Parquet out, part by part, on all cores or a Dask cluster.

What it gives is what `fr.code` gives; only the corpus need not fit into memory, and the work survives being killed.
Needs ``pip install dask distributed duckdb``.
"""

from framing.dataset.coding import code_dataset
from framing.dataset.reading import read_codings
from framing.dataset.scores import dataset_scores

__all__ = ["code_dataset", "dataset_scores", "read_codings"]
