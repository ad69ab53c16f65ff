"""A private folder for what does not fit in memory."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from weighbridge.core.canon import digest_of
from weighbridge.core.errors import Outside
from weighbridge.core.wording import _


@contextmanager
def spill_folder(home: Path, chain: str) -> Iterator[Path]:
    """A folder for its owner alone, swept at the end.

    A killed weighing's by the next of its name.
    """
    root = (
        home.absolute() / "spill" / digest_of(chain).removeprefix("sha256:")[:16]
    )  # the lock on the chain makes it ours alone
    try:
        if root.exists():
            shutil.rmtree(root)
        root.mkdir(mode=0o700, parents=True)
        made = Path(tempfile.mkdtemp(dir=root))
    except OSError as error:
        raise Outside(
            _("cannot make the folder {path}").format(path=root),
            error.strerror or type(error).__name__,
            _("choose another home: --home DIR"),
        ) from error
    try:
        yield made
    finally:
        shutil.rmtree(root, ignore_errors=True)
