"""Decoding text files: UTF-8 first, then what Arabic files of the last thirty years really are."""

from __future__ import annotations

import codecs
import warnings
from pathlib import Path

from framing.errors import FramingError, FramingWarning

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_LEGACY = ("cp1256", "iso8859_6", "mac_arabic", "cp1252", "utf_16_le", "utf_16_be")


def read_text(path: Path) -> str:
    """Return the text of a file; another encoding than UTF-8 is recognised, converted and reported.

    Raises
    ------
    FramingError
        When the file is missing, a folder, empty, binary, or in no recognisable encoding.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        message = f"{path}: no such file"
        raise FramingError(message) from None
    except IsADirectoryError:
        message = f"{path}: this is a folder, a text file is needed; a folder is read as a corpus (fr.read_corpus)"
        raise FramingError(message) from None
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror or error})"
        raise FramingError(message) from None
    return decode(raw, str(path))


def decode(raw: bytes, where: str) -> str:
    """Return the text of `raw` bytes; `where` names their origin in messages."""
    if not raw.strip():
        message = f"{where}: the file is empty"
        raise FramingError(message)
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decoded(raw, encoding, where, reported=encoding != "utf-8-sig")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if "\x00" not in text:
            return text
    return _decoded(raw, _guess(raw, where), where, reported=True)


def _decoded(raw: bytes, encoding: str, where: str, *, reported: bool) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"{where}: marked as {encoding}, but byte {error.start} does not fit; save it as UTF-8"
        raise FramingError(message) from None
    if not text.strip("\ufeff\u200e\u200f \n\r\t"):
        message = f"{where}: the file is empty"
        raise FramingError(message)
    if reported:
        message = f"{where}: read as {encoding} and converted; save it as UTF-8 to be sure"
        warnings.warn(message, FramingWarning, stacklevel=4)
    return text


def _guess(raw: bytes, where: str) -> str:
    wide = _utf16(raw)
    if wide:
        return wide
    if b"\x00" in raw or _control_share(raw) > 0.01:
        message = f"{where}: this is not a text file (it holds binary data); convert it to plain UTF-8 text first"
        raise FramingError(message)
    from charset_normalizer import from_bytes

    best = from_bytes(raw, cp_isolation=list(_LEGACY)).best()
    guesses = dict.fromkeys((*([best.encoding] if best else []), "cp1256", "iso8859_6"))
    guess = max(guesses, key=lambda encoding: _plausible_arabic(raw, encoding))
    if best is None and _plausible_arabic(raw, guess) < 0.3:
        message = f"{where}: its encoding is not recognised; save the file as UTF-8"
        raise FramingError(message)
    return guess


def _utf16(raw: bytes) -> str | None:
    """Name the byte order of UTF-16 without a mark: every second byte is 0, 6 (Arabic) or 32."""
    if len(raw) % 2 == 0:
        for encoding, high in (("utf_16_le", raw[1::2]), ("utf_16_be", raw[0::2])):
            fitting = sum(byte in (0, 6, 32) for byte in high)
            if fitting > 0.9 * len(high) and sum(byte in (0, 6) for byte in high) > 0.5 * len(high):
                return encoding
    return None


def _control_share(raw: bytes) -> float:
    return sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in raw) / len(raw)


def _plausible_arabic(raw: bytes, encoding: str) -> float:
    """Share of letters that are among the commonest of Arabic: right for one code page only."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    letters = [character for character in text if character.isalpha()]
    return sum(character in "اليمنوترب" for character in letters) / max(len(letters), 1)
