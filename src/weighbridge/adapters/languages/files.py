"""Files on languages that the user has: found in a folder by their columns, whatever they are called.

Read are LinguaMeta's table, WALS as a CLDF data set or as the tables of its database, and the archive of FLORES-200.
Licences such as CC BY-SA let nobody put them into this package; who wants their figures names the folder.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path

from weighbridge.core.canon import digest_of
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.wording import _

_MOST_BYTES = 64 << 20  # of one file, unpacked; the largest of these, WALS' values, has 10 MiB
_FLORES = re.compile(r"flores.*\.(?:tar|tar\.xz|tar\.gz|tgz)$", re.IGNORECASE)
_ENDINGS = (".csv", ".tsv", ".csv.gz", ".tsv.gz")

Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One file: its columns, and its rows once they are asked for."""

    name: str
    columns: frozenset[str]
    text: str

    @property
    def rows(self) -> Rows:
        """All rows, as text by column."""
        return [{key: value or "" for key, value in row.items() if key} for row in _reader(self.name, self.text)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """What a folder holds on languages."""

    sheets: tuple[Sheet, ...] = ()
    has_flores: bool = False
    digest: str = ""  # empty where no folder was named

    def with_columns(self, *columns: str) -> Sheet | None:
        """The first sheet that has all of these columns."""
        return next((sheet for sheet in self.sheets if sheet.columns.issuperset(columns)), None)


def read_folder(path: Path | None) -> Folder:
    """The tables of a folder, by name; an empty one where no folder is named.

    Raises
    ------
    Unusable
        For a path that is no folder, and a file that is damaged, too large or not UTF-8.
    """
    if path is None:
        return Folder()
    if not path.is_dir():
        raise Unusable(
            _("cannot read the data on languages in {path}").format(path=path),
            _("there is no such folder"),
            _("name the folder that holds linguameta.tsv or the tables of WALS: --language-data DIR"),
        )
    sheets = tuple(_sheet(file) for file in sorted(path.iterdir()) if file.name.endswith(_ENDINGS) and file.is_file())
    sealed = [[sheet.name, hashlib.sha256(sheet.text.encode()).hexdigest()] for sheet in sheets]
    archive = flores_in(path)
    sealed += [[archive.name, _digest(archive)]] if archive else []
    return Folder(sheets=sheets, has_flores=archive is not None, digest=digest_of(sealed))


def flores_in(folder: Path | None) -> Path | None:
    """The archive of FLORES-200 in a folder, known by its name; none where there is none."""
    if folder is None or not folder.is_dir():
        return None
    return next((file for file in sorted(folder.iterdir()) if _FLORES.search(file.name) and file.is_file()), None)


def _digest(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(file, error) from error


def _sheet(file: Path) -> Sheet:
    try:
        with gzip.open(file, "rb") if file.name.endswith(".gz") else file.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except (gzip.BadGzipFile, EOFError) as error:
        raise _unusable(file.name, _("its compression is damaged")) from error
    except OSError as error:
        raise _unreadable(file, error) from error
    if len(data) > _MOST_BYTES:
        raise _unusable(file.name, _("it holds more than {n} MiB").format(n=_MOST_BYTES >> 20))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unusable(file.name, _("it is not UTF-8")) from error
    return Sheet(name=file.name, columns=frozenset(_reader(file.name, text).fieldnames or ()), text=text)


def _reader(name: str, text: str) -> csv.DictReader[str]:
    lines = io.StringIO(text, newline="")
    if name.removesuffix(".gz").endswith(".tsv"):
        return csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return csv.DictReader(lines)


def _unreadable(file: Path, error: OSError) -> Outside:
    reason = error.strerror or type(error).__name__
    return Outside(_("cannot read {name}").format(name=file.name), reason, _("let it be read: chmod +r"))


def _unusable(name: str, why: str) -> Unusable:
    return Unusable(_("cannot read {name}").format(name=name), why, _("take it from its source again, or take it away"))
