"""A folder as a place to push to: all of it appears at once, under its name, or nothing does."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from weighbridge.adapters.files import unreadable
from weighbridge.adapters.presenting import present
from weighbridge.adapters.staging import Staging
from weighbridge.app.compare import There
from weighbridge.app.push import Shown
from weighbridge.core.errors import NotSettled, Outside, Unusable
from weighbridge.core.wording import _, plural


class FolderPlace:
    """Implements `app.push.Place`. Who may read the folder is its owner's business; it is made for the owner alone."""

    def __init__(self, folder: Path, staging: Staging) -> None:
        self._folder = folder
        self._partial = folder.with_name(f".{folder.name}.weighbridge-partial")
        self._staging = staging

    def show(self) -> Shown:
        """What lies there now."""
        if not self._folder.exists() and not self._folder.is_symlink():
            return Shown(files=(), is_let_in=False)
        if not self._folder.is_dir() or self._folder.is_symlink():
            raise Unusable(
                _("cannot push to {path}").format(path=self._folder),
                _("it is no folder"),
                _("name a folder that is not there yet: --to dir:FOLDER"),
            )
        shown = present(self._folder, lambda _label, _size: True)
        if shown.faults:
            raise NotSettled(
                _("something lies at {path} that is no plain file").format(path=self._folder),
                str(shown.faults[0]),
                _("name a folder that is not there yet: --to dir:FOLDER"),
            )
        apart = tuple(There(label=name, digest=None, size_bytes=0) for name in shown.apart)
        return Shown(files=(*shown.files, *apart), is_let_in=True)

    def send(self, labels: tuple[str, ...], gone: tuple[str, ...]) -> None:
        """Build the whole beside the folder, then give it the folder's name."""
        if self._folder.exists() and any(self._folder.iterdir()):
            raise NotSettled(
                _("{path} is not empty").format(path=self._folder),
                plural(
                    "{n} file there is not what is to be sent", "{n} files there are not what is to be sent",
                    len({*labels, *gone}),
                ).format(n=len({*labels, *gone})),
                _("name a folder that is not there yet: --to dir:FOLDER"),
            )  # fmt: skip
        try:
            self._build(labels)
        except OSError as error:
            with suppress(OSError):
                shutil.rmtree(self._partial)
            raise Outside(
                _("cannot write {path}").format(path=self._folder),
                error.strerror or type(error).__name__,
                _("free some space, or name another folder"),
            ) from error

    def _build(self, labels: tuple[str, ...]) -> None:
        if self._partial.is_dir() and not self._partial.is_symlink():
            shutil.rmtree(self._partial)  # of a push that was killed
        self._partial.mkdir(mode=0o700, parents=True)
        for label in labels:
            at = self._partial / label
            at.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._staging.path(label).open("rb") as source, at.open("xb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
                out.flush()
                os.fsync(out.fileno())
        self._partial.rename(self._folder)  # over an empty folder of that name, too
        _sync(self._folder.parent)

    def let_in(self) -> None:
        """Nothing to do: whoever can read the folder can read it."""


def _sync(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise unreadable(folder, error) from error
