"""Archives from elsewhere: read in memory, within limits, and never unpacked to where they point."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from framing.errors import FramingError

#: Limits that no honest collection of articles reaches: bytes of one member, bytes of all, members.
MEMBER_BYTES = 200_000_000
TOTAL_BYTES = 2_000_000_000
MEMBERS = 200_000
_RATIO = 200  # text shrinks to a fifth or a tenth; a bomb to a thousandth
_SMALL = 5_000_000


def zip_members(raw: bytes, name: str) -> Iterator[tuple[str, bytes | FramingError]]:
    """Yield the name and the content of each file in a ZIP archive, or the error that stands in its place.

    Raises
    ------
    FramingError
        When it is no ZIP archive, or promises more than the limits allow.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        message = f"{name}: not a readable ZIP archive ({error})"
        raise FramingError(message) from None
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > MEMBERS:
            message = f"{name}: {len(members):,} files in one archive, at most {MEMBERS:,} are read"
            raise FramingError(message)
        total = 0
        for member in members:
            shown = member.filename
            if outside(shown):
                yield shown, FramingError("its path leads outside the archive; not read")
                continue
            try:
                content = _member(archive, member)
            except FramingError as error:
                yield shown, error
                continue
            total += len(content)
            if total > TOTAL_BYTES:
                message = f"{name}: unpacks to more than {TOTAL_BYTES:,} bytes; the rest is not read"
                raise FramingError(message)
            yield shown, content


def outside(name: str) -> bool:
    r"""Say whether a member's path would leave the folder it is unpacked into.

    >>> outside("a/b.txt"), outside("../b.txt"), outside("/etc/b"), outside(r"C:\b")
    (False, True, True, True)
    """
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    _refuse_bomb(member.file_size, member.compress_size)
    if member.flag_bits & 1:
        message = "encrypted; unpack it with its password first"
        raise FramingError(message)
    try:
        with archive.open(member) as file:  # what the archive says about sizes may be a lie: count
            content = file.read(MEMBER_BYTES + 1)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        message = f"cannot be unpacked ({error})"
        raise FramingError(message) from None
    _refuse_bomb(len(content), member.compress_size)
    return content


def _refuse_bomb(size: int, packed: int) -> None:
    if size > MEMBER_BYTES or (size > _SMALL and size > _RATIO * max(packed, 1)):
        message = f"unpacks from {packed:,} to {size:,} bytes, which no text does; not read"
        raise FramingError(message)


def check_zip(raw: bytes, name: str) -> None:
    """Raise when a file that is a ZIP inside (DOCX) is a bomb, before a library opens it."""
    for member, content in zip_members(raw, name):
        if isinstance(content, FramingError):
            message = f"{name}: {member}: {content}"
            raise FramingError(message)


def gunzip(raw: bytes, name: str) -> bytes:
    """Unpack gzip within the limits.

    >>> gunzip(gzip.compress("كوبا".encode()), "a.txt.gz").decode()
    'كوبا'
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as file:
            content = file.read(MEMBER_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        message = f"{name}: not a readable gzip file ({error})"
        raise FramingError(message) from None
    try:
        _refuse_bomb(len(content), len(raw))
    except FramingError as error:
        message = f"{name}: {error}"
        raise FramingError(message) from None
    return content
