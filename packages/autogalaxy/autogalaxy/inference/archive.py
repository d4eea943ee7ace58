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
                f"the array {name!r} of type {values.dtype} cannot be written; wanted numbers, booleans or strings "
                "under a plain name."
            )
    buffer = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(buffer, **plain)  # type: ignore[arg-type]
    return buffer.getvalue()


def arrays_from(content: bytes, what: str, largest: int | None = None) -> dict[str, np.ndarray]:
    """The arrays of an NPZ archive; sizes and types are looked at before anything is unpacked."""
    largest = LARGEST_ARCHIVE if largest is None else largest
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if wrong := [m.filename for m in members if not _NAME.fullmatch(m.filename)]:
                raise exc.FileException(f"{what} holds a member named {wrong[0]!r}; it is not read.")
            if (total := sum(m.file_size for m in members)) > largest:
                raise exc.FileException(f"{what} unpacks to {total} bytes, wanted at most {largest}; it is not read.")
            return {member.filename[:-4]: _array_from(archive, member, what) for member in members}
    except _DAMAGED as error:
        if isinstance(error, exc.AutoException):
            raise
        raise exc.FileException(f"{what} is damaged or no archive of arrays ({error}).") from None


def _array_from(archive: zipfile.ZipFile, member: zipfile.ZipInfo, what: str) -> np.ndarray:
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
    with archive.open(member) as file:
        return np.lib.format.read_array(file, allow_pickle=False)
