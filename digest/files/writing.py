"""Write a file whole or not at all.

The new content is written beside the old, flushed to the disk and renamed over it, so that a kill, a full disk or a
power cut leaves either the old file or the new one, never half of one.
"""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from digest.errors import DigestError

_CURES = {
    errno.ENOSPC: "free some room and run it again",
    errno.EDQUOT: "free some room in your quota and run it again",
    errno.EROFS: "the disk is read-only: run it where the publication can be written",
    errno.EACCES: "give yourself the right to write there and run it again",
    errno.EPERM: "give yourself the right to write there and run it again",
}


def write_whole(path: Path, content: str | bytes, *, beside: Path | None = None) -> bool:
    """Write a file beside itself and rename it into place; a file that has this content already is left alone.

    Args:
        path: The file; its folder is made when missing.
        content: Text (written as UTF-8, line breaks as they are) or bytes.
        beside: The folder to write in before the renaming, on the same disk, where whoever reads the file's own folder
            would take an unfinished file for a finished one.

    Returns:
        Whether anything was written.

    Raises:
        DigestError: The disk is full, read-only, or the folder may not be written.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        # a link is followed: renaming over it would leave its target as it was
        target = path.resolve()
        _replace(target, data, beside or target.parent)
    except OSError as error:
        raise unwritable(path, error) from error
    return True


def write_private(path: Path, content: str) -> None:
    """Write a file that its owner alone may read, whole or not at all, and never over one that is there.

    Raises:
        DigestError: As `write_whole`.
    """
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=".new")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.link(beside, path)
        except FileExistsError:
            return
        finally:
            Path(beside).unlink(missing_ok=True)
        _flush_folder(path.parent)
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> DigestError:
    """The error for a path that could not be written, with its cure."""
    cure = _CURES.get(error.errno or 0, "mend that and run it again")
    what = (error.strerror or str(error)).lower()
    return DigestError(f"cannot write: {what}", where=path, cure=cure)


def _replace(path: Path, data: bytes, folder: Path) -> None:
    handle, beside = tempfile.mkstemp(dir=folder, prefix=f".{path.name}.", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes private files; people's files keep their rights, new ones get the usual ones
        Path(beside).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _flush_folder(folder: Path) -> None:
    """A rename is durable only once its folder is flushed (POSIX fsync)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
