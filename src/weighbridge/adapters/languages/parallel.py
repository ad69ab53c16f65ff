"""Text that says the same in several languages: the owner's, FLORES-200 from the user's folder, or the shelf's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from weighbridge.adapters.languages.files import flores_in
from weighbridge.adapters.languages.flores import read_flores
from weighbridge.adapters.languages.scripts import SHELF
from weighbridge.adapters.languages.tags import canonical, language_of
from weighbridge.adapters.text.documents import TextFile, open_texts
from weighbridge.core.candidate import Declared
from weighbridge.core.candidate import Documents as Cut
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.probekit.ports import ColumnType, Table
from weighbridge.probekit.scripts import runs
from weighbridge.probekit.tokens import ParallelText, Version

_MOST_SENTENCES = 20_000  # read of each version; a sample is drawn from them later
_SCRIPTS_SEEN = 50  # sentences by which the script of a version is told
_SHORT = 20  # characters: a column `id` of shorter values numbers its rows and is not in Indonesian; ours
_SHELF_SAYS = phrase(
    "parallel text: thirty-two short sentences of our own in fifteen languages, not read by native speakers; name a "
    'text of yours for the languages that matter: role = "parallel-text"'
)
_FLORES_SAYS = phrase("parallel text: FLORES-200 dev, professional translations of English Wikimedia text")
_OWN_SAYS = phrase("parallel text: the files of role parallel-text")

_Sentences = dict[str, list[str]]  # by canonical tag, with its script where the tag says one


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where parallel text may come from."""

    files: tuple[TextFile, ...]  # of role parallel-text that are no tables
    tables: tuple[Table, ...]  # likewise, tables
    language_data: Path | None


def read_parallel(sources: Sources) -> ParallelText:
    """The owner's parallel text, else FLORES-200, else the shelf's.

    Raises
    ------
    Unusable
        For files that do not say the same: their numbers of lines differ.
    Silent
        Where the files name no languages.
    """
    if sources.files or sources.tables:
        return _made(_own(sources), _OWN_SAYS, is_own=True)
    flores = flores_in(sources.language_data)
    if flores is not None:
        found = {split.code: list(split.sentences) for split in read_flores(flores, part="dev")}
        return _made({canonical(code) or code: text for code, text in found.items()}, _FLORES_SAYS)
    return _made(_shelf(), _SHELF_SAYS)


def _shelf() -> _Sentences:
    head, *rows = (SHELF / "parallel.tsv").read_text(encoding="utf-8").splitlines()
    cells = [row.split("\t") for row in rows]
    return {tag: [row[place] for row in cells] for place, tag in enumerate(head.split("\t"))}


def _made(sentences: _Sentences, says: Phrase, *, is_own: bool = False) -> ParallelText:
    versions: dict[tuple[str, str], Version] = {}
    for tag, text in sorted(sentences.items()):
        language, _dash, rest = tag.partition("-")
        script = _script_in(rest) or _script_of(text)
        versions.setdefault(
            (language, script), Version(language=language, script=script, sentences=tuple(text[:_MOST_SENTENCES]))
        )
    return ParallelText(versions=tuple(versions[key] for key in sorted(versions)), says=says, is_own=is_own)


def _script_in(rest: str) -> str:
    """The script in the rest of a tag, such as Hant."""
    return next((part for part in rest.split("-") if len(part) == 4 and part.isalpha()), "")


def _script_of(text: Sequence[str]) -> str:
    """The script that most of its letters are in."""
    counted: Counter[str] = Counter()
    for sentence in text[:_SCRIPTS_SEEN]:
        for run in runs(sentence):
            counted[run.script] += run.n_letters
    return max(counted, key=lambda script: (counted[script], script), default="")


def _own(sources: Sources) -> _Sentences:
    """The owner's text: tables with a column or a row for each language, or a file of lines for each."""
    found: _Sentences = {}
    for table in sources.tables:
        found.update(_by_row(table) if table.declared.language_field else _by_column(table))
    found.update(_by_file(sources.files))
    if len(found) < 2:
        not_measured(
            phrase("the files of role parallel-text do not say which languages they are in"),
            phrase(
                "name columns by tags of BCP 47 (en, sw), or files (en.txt, swh_Latn.txt), one sentence a line; or "
                "name the columns: language_field, source_field and text_field in weighbridge.toml"
            ),
        )
    return found


def _by_column(table: Table) -> _Sentences:
    columns = [c for c in table.columns if c.type is ColumnType.TEXT and canonical(c.name)]
    tags = {c.name: canonical(c.name) for c in columns if not _numbers_rows(table, c.name)}
    found: _Sentences = {tag: [] for tag in tags.values()}
    for batch in table.batches(list(tags)):
        for name, tag in tags.items():
            found[tag] += [_line(value) for value in batch.column(name).to_pylist()]
        if all(len(text) >= _MOST_SENTENCES for text in found.values()):
            break
    return found


def _numbers_rows(table: Table, name: str) -> bool:
    """Whether a column that is called like a language holds short marks and no sentences."""
    return name.lower() == "id" and all(len(value) < _SHORT for value in table.sample(name, 100, seed=0).to_pylist())


def _by_row(table: Table) -> _Sentences:
    """Each row one sentence in one language; rows of one source say the same."""
    declared = table.declared
    if not declared.source_field or not declared.text_field:
        not_measured(
            phrase("{label} has a column of languages, and not which rows say the same", label=table.label),
            phrase('declare it in weighbridge.toml: source_field = "COLUMN", text_field = "COLUMN"'),
        )
    rows: dict[str, dict[str, str]] = {}
    columns = (declared.source_field, declared.language_field, declared.text_field)
    for batch in table.batches(columns):
        for source, tag, text in zip(*(batch.column(name).to_pylist() for name in columns), strict=True):
            if (named := canonical(str(tag or ""))) and (source in rows or len(rows) < _MOST_SENTENCES):
                rows.setdefault(source, {})[named] = _line(text)
    tags = sorted({tag for row in rows.values() for tag in row})
    return {tag: [row.get(tag, "") for row in rows.values()] for tag in tags}


def _by_file(files: Sequence[TextFile]) -> _Sentences:
    named = [(tag, file) for file in files if (tag := _tag_of(file))]
    found = {tag: list(_lines(file)) for tag, file in named}
    lengths = {tag: len(text) for tag, text in found.items()}
    if len(set(lengths.values())) > 1:
        few, many = min(lengths, key=lambda t: lengths[t]), max(lengths, key=lambda t: lengths[t])
        raise Unusable(
            _("cannot read the parallel text"),
            _("the file in {a} has {n} lines and that in {b} has {m}: they do not say the same line by line").format(
                a=few, n=lengths[few], b=many, m=lengths[many]
            ),
            _("give one sentence a line, in every file the same; an empty line where one is missing"),
        )
    return found


def _tag_of(file: TextFile) -> str:
    """The language of a file, as declared or as its name says: en.txt, swh_Latn.dev."""
    name = PurePosixPath(file.label).name.partition(".")[0]
    return file.declared.language or (canonical(name) if language_of(name) else "")


def _lines(file: TextFile) -> Iterator[str]:
    declared = Declared(documents=Cut.LINE)
    read = open_texts([TextFile(path=file.path, label=file.label, format=file.format, declared=declared)])
    n = 0
    for batch in read.batches():
        for text in batch.text.to_pylist():
            yield _line(text)
            n += 1
            if n >= _MOST_SENTENCES:
                return


def _line(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
