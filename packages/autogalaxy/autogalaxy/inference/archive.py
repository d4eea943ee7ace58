"""Arrays in one file that can run nothing and claims no more memory than it may."""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from collections.abc import Mapping

import numpy as np

from autoarray import exc

LARGEST_ARCHIVE = 4 * 2**30
"""Bytes of all arrays of a file together, beyond which it is not read."""
LARGEST_RATIO = 200
"""Times that arrays may be larger than their archive; numbers that were measured hardly compress."""
ALWAYS_READ = 64 * 2**20
"""Bytes of all arrays together that are read whatever their archive is: constant images compress well."""
_NAME = re.compile(r"[A-Za-z0-9_.\-]+\.npy")
_KINDS = "biufcUS"
"""Kinds of ``dtype`` that are plain bytes: an array of objects is a pickle, which may run code."""
_DAMAGED = (OSError, ValueError, EOFError, TypeError, KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError)


def bytes_of(arrays: Mapping[str, np.ndarray], compressed: bool = False) -> bytes:
    """An NPZ archive of plain arrays."""
    plain = {name: np.asarray(values) for name, values in arrays.items()}
    for name, values in plain.items():
        if values.dtype.kind not in _KINDS or not _NAME.fullmatch(f"{name}.npy"):
            raise exc.FileException(
                f"the array {exc.shown(name)} of type {values.dtype} cannot be written; wanted numbers, "
                f"booleans or strings "
                "under a plain name."
            )
    buffer = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(buffer, **plain)  # type: ignore[arg-type]
    return buffer.getvalue()


Shapes = Mapping[str, "tuple[int | None, ...]"]
"""Shapes of arrays by name, with ``None`` for a length that is not known."""


def arrays_from(
    content: bytes, what: str, largest: int | None = None, wanted: Shapes | None = None
) -> dict[str, np.ndarray]:
    """The arrays of an NPZ archive; sizes and types are looked at before anything is unpacked.

    Parameters
    ----------
    what
        Name of the file in errors.
    largest
        Bytes of the arrays that are read, together.
    wanted
        Those to read, with their shapes; others are not unpacked. All where not given.
    """
    largest = LARGEST_ARCHIVE if largest is None else largest
    largest = min(largest, LARGEST_ARCHIVE, max(ALWAYS_READ, LARGEST_RATIO * len(content)))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if wrong := [m.filename for m in members if not _NAME.fullmatch(m.filename)]:
                raise exc.FileException(f"{what} holds a member named {exc.shown(wrong[0])}; it is not read.")
            if wanted is not None:
                members = [member for member in members if member.filename[:-4] in wanted]
            if (total := sum(m.file_size for m in members)) > largest:
                raise exc.FileException(f"{what} unpacks to {total} bytes, wanted at most {largest}; it is not read.")
            for member in members:
                _check_header(archive, member, what, None if wanted is None else wanted[member.filename[:-4]])
            return {member.filename[:-4]: _array_from(archive, member) for member in members}
    except (*_DAMAGED, RuntimeError, MemoryError) as error:
        if isinstance(error, exc.AutoException):
            raise
        raise exc.FileException(f"{what} is damaged or no archive of arrays ({error}).") from None


def _check_header(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, what: str, wanted: tuple[int | None, ...] | None
) -> None:
    """Our error where an array is not one of numbers that its member has room for, and of the shape that is wanted."""
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        headers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
        if version not in headers:
            raise exc.FileException(f"{what} holds {member.filename} of the unknown version {version}.")
        shape, _, dtype = headers[version](file)
    if dtype.kind not in _KINDS or dtype.hasobject:
        raise exc.FileException(f"{what} holds {member.filename} of type {dtype}, not numbers; it is not read.")
    if math.prod(shape) * dtype.itemsize > member.file_size:
        raise exc.FileException(f"{what} holds {member.filename}, which claims more than it contains.")
    if wanted is None:
        return
    if len(shape) != len(wanted) or any(b is not None and a != b for a, b in zip(shape, wanted, strict=True)):
        text = str(tuple("n" if length is None else length for length in wanted)).replace("'", "")
        raise exc.FileException(f"{what} holds {member.filename} of shape {shape}, wanted {text}; it is not read.")


def _array_from(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray:
    with archive.open(member) as file:
        return np.lib.format.read_array(file, allow_pickle=False)
