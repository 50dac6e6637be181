"""Open data sets by name: licence shown and accepted, address pinned, content checked."""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from framing import progress
from framing.collect import archives
from framing.collect.fetching import Fetcher, FetchError
from framing.collect.needs import need
from framing.collect.opendata import DATASETS, OpenData
from framing.corpus.corpus import Corpus
from framing.errors import FramingError, FramingWarning, choices, closest
from framing.files import replacing

if TYPE_CHECKING:
    import pandas as pd

    from framing.corpus.document import Document


def dataset(name: str, *, accept_licence: bool = False, folder: str | Path | None = None) -> Corpus:
    """Load an open data set, downloading it the first time.

    Parameters
    ----------
    name : str
        One of those that `datasets` lists.
    accept_licence : bool
        Say that you have read the licence and accept it; without that nothing is downloaded, and the error shows it.
    folder : str or Path, optional
        Where the files are kept; by default the toolkit's cache folder.

    Returns
    -------
    Corpus
        `licence` and `outlet` are filled in, and the data set's own columns kept. Items without a text are left out,
        with a warning that counts them.

    Raises
    ------
    FramingError
        When the licence was not accepted, a file cannot be had, or is not the one it should be.

    Notes
    -----
    Every address names a commit, so it always means the same files. The SHA-256 of the 18 files of saudinewsnet are
    those that the Hugging Face loader of this data set published in 2021. For antcorpus and ans none are published:
    the hash of the first download is recorded in ``hashes.json`` beside the files, a note says so, and later
    downloads are checked against it. ``log.jsonl`` says what was fetched, when, and from where.

    Examples
    --------
    >>> dataset("saudinewsnet")
    Traceback (most recent call last):
    ...
    framing.errors.FramingError: saudinewsnet is under CC BY-NC-SA 4.0. ...
    """
    if name not in DATASETS:
        message = f"no data set {name!r}{closest(name, DATASETS)}; there are {choices(DATASETS)}"
        raise FramingError(message)
    spec = DATASETS[name]
    if not accept_licence:
        message = (
            f"{name} is under {spec.licence}. {spec.terms} Please cite: {spec.citation} Source: {spec.home}. "
            f"If you accept that, say accept_licence=True (--accept-licence)"
        )
        raise FramingError(message)
    place = Path(folder) if folder is not None else _cache() / "datasets" / name
    documents = list(_documents(spec, _download(spec, place)))
    kept = [document for document in documents if document.text.strip()]
    if len(kept) < len(documents):
        message = f"{name}: {len(documents) - len(kept):,} of {len(documents):,} items have no text and are left out"
        warnings.warn(message, FramingWarning, stacklevel=2)
    return Corpus(kept, name)


def datasets() -> pd.DataFrame:
    """Return the open data sets that `dataset` loads: `name`, `contents`, `licence`, `megabytes`, `home`.

    >>> datasets()["name"].tolist()
    ['saudinewsnet', 'antcorpus', 'ans']
    """
    import pandas as pd

    columns = ["name", "contents", "licence", "megabytes", "home"]
    return pd.DataFrame([[getattr(spec, column) for column in columns] for spec in DATASETS.values()], columns=columns)


def _cache() -> Path:
    from framing.language.cache import folder

    return folder()


def _download(spec: OpenData, place: Path) -> list[tuple[str, bytes]]:
    """Return the content of each file, from the folder where it is there whole, else from its address."""
    pooch = need("pooch", "Downloading data sets")
    pooch.get_logger().setLevel("ERROR")
    place.mkdir(parents=True, exist_ok=True)
    ledger = _Ledger(place, spec.name)
    fetcher = Fetcher(delay=0.5, robots=False, max_bytes=archives.MEMBER_BYTES, deadline=1_800)
    contents = []
    for address, published in progress.bar(spec.files, what=spec.name, unit="files"):
        file = re.sub(r"[^\w.-]+", "_", urlsplit(address).path.strip("/"))
        known = published or ledger.hashes.get(file)
        if not (place / file).is_file() or (known and _sha256(place / file) != known):
            ledger.enter("fetching", address)
        try:
            path = pooch.retrieve(
                address,
                f"sha256:{known}" if known else None,
                fname=file,
                path=place,
                downloader=_Downloader(fetcher, ledger),
            )
        except ValueError as error:
            if isinstance(error, FramingError):
                message = f"{spec.name}: {address}: {error}"
                raise FramingError(message) from None
            ledger.enter("failed", address, reason=f"not the file it should be (SHA-256 is not {known})")
            message = (
                f"{spec.name}: {address} is not the file it should be: its SHA-256 is not {known}. It was changed or "
                f"damaged on its way; try again later. Nothing was kept"
            )
            raise FramingError(message) from None
        if not known:
            ledger.pin(file, _sha256(Path(path)), address)
        contents.append((file, Path(path).read_bytes()))
    return contents


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class _Ledger:
    """What was fetched of a data set, and the hashes that were taken down at the first download."""

    def __init__(self, place: Path, name: str) -> None:
        self._log, self._hashes, self._name = place / "log.jsonl", place / "hashes.json", name
        try:
            self.hashes: dict[str, str] = json.loads(self._hashes.read_text("utf-8"))
        except FileNotFoundError:
            self.hashes = {}
        except ValueError as error:
            message = f"{self._hashes}: damaged ({error}); without it nobody can tell whether files are still the same"
            raise FramingError(message) from None

    def enter(self, event: str, source: str, **facts: Any) -> None:
        import datetime

        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        with self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"time": now, "event": event, "source": source, **facts}) + "\n")

    def pin(self, file: str, sha256: str, address: str) -> None:
        self.hashes[file] = sha256
        content = json.dumps(self.hashes, indent=1, sort_keys=True) + "\n"
        with replacing(self._hashes) as ledger:
            ledger.write(content)
        message = (
            f"{self._name}: no SHA-256 was published for {address}; recorded {sha256}, and later downloads must agree"
        )
        warnings.warn(message, FramingWarning, stacklevel=5)


class _Downloader:
    """Lets pooch download with our patience and log."""

    def __init__(self, fetcher: Fetcher, ledger: _Ledger) -> None:
        self._fetcher, self._ledger = fetcher, ledger

    def __call__(self, url: str, output_file: Any, _pooch: Any) -> None:
        try:
            page = self._fetcher.fetch(url)
        except FetchError as error:
            self._ledger.enter("failed", url, reason=str(error), status=error.status, attempts=error.attempts)
            raise
        self._ledger.enter(
            "fetched", url, status=page.status, bytes=len(page.body), sha256=hashlib.sha256(page.body).hexdigest()
        )
        if hasattr(output_file, "write"):
            output_file.write(page.body)
        else:
            Path(output_file).write_bytes(page.body)


def _documents(spec: OpenData, contents: list[tuple[str, bytes]]) -> Iterator[Document]:
    for file, raw in contents:
        for document in spec.read(file, raw):
            yield document.replace(licence=spec.licence, language="ar")
