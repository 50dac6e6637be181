"""Getting documents in: from files and database exports, from the web, and open data sets by name.

Everything is added to a corpus folder with a log, ``collected.jsonl``, that says what was collected, when, from
where, and what failed and why. A run can be interrupted at any moment and repeated at any time: nothing that was
collected is lost, and nothing is collected twice. Where a source needs a package that is not installed, the error
names it.
"""

from framing.collect.from_datasets import dataset, datasets
from framing.collect.from_files import files
from framing.collect.from_queries import gdelt, gdelt_stories, mediacloud, mediacloud_stories
from framing.collect.from_web import feed, sitemap, urls
from framing.collect.report import Report

__all__ = [
    "Report",
    "dataset",
    "datasets",
    "feed",
    "files",
    "gdelt",
    "gdelt_stories",
    "mediacloud",
    "mediacloud_stories",
    "sitemap",
    "urls",
]
