"""Optional packages: loaded when a source needs them, with a clear line when they are missing."""

from __future__ import annotations

import importlib
import logging
from typing import Any

from framing.errors import FramingError


def need(module: str, purpose: str, *, package: str | None = None) -> Any:
    """Return the imported `module`, or say what to install.

    >>> need("no_such_module", "Reading runes")
    Traceback (most recent call last):
    ...
    framing.errors.FramingError: Reading runes needs the package no_such_module: pip install no-such-module
    """
    try:
        loaded = importlib.import_module(module)
    except ModuleNotFoundError as error:
        name = package or module.partition(".")[0]
        message = f"{purpose} needs the package {name}: pip install {name.replace('_', '-')}"
        raise FramingError(message) from error
    except ImportError as error:
        name = package or module.partition(".")[0]
        message = f"{purpose}: {name} is installed but does not load ({error}): pip install --upgrade {name}"
        raise FramingError(message) from error
    logger = logging.getLogger(module.partition(".")[0])
    if not logger.handlers:  # what it has to say goes into our log, not between the user's lines
        logger.addHandler(logging.NullHandler())
    return loaded
