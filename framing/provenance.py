"""Provenance: what a result was made from, in a form that another machine can check."""

from __future__ import annotations

import functools
import importlib.metadata
import platform
import sys
from typing import Any

_PACKAGES = ("camel-tools", "numpy", "pandas", "scipy", "scikit-learn", "gensim", "matplotlib")


@functools.lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Return the versions of this package, of Python and of the packages that results depend on."""
    from framing import __version__

    found = {"framing": __version__, "python": ".".join(platform.python_version_tuple()[:2])}
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def record(**facts: Any) -> dict[str, Any]:
    """Return `facts` together with versions and the morphology backend.

    >>> record(seed=1)["seed"]
    1
    """
    from framing.language import backend

    used = backend()
    return {**facts, "morphology": f"{used.name} {used.version}", "versions": versions(), "platform": sys.platform}
