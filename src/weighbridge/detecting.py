"""A detector made of a candidate's own texts, as files that can be released before the model is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weighbridge.adapters.formats.detector_card import CARD, FILE, NUMBERS, About, Line, card, numbers, snippet
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.evidence import NotMeasured, Silent
from weighbridge.core.ports import Watcher
from weighbridge.core.wording import _
from weighbridge.probekit.ports import Bools, Floats
from weighbridge.wiring import Options, opened_bench

if TYPE_CHECKING:
    from weighbridge.probes.detectability.keeping import Kept

SLUG = "detectability"
_SEED_BOUND = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where it lies, how it fares, and what to declare."""

    folder: Path
    made: Kept
    digest: str
    declare: tuple[str, ...]


def write_detector_of(path: Path, folder: Path, options: Options, watcher: Watcher | None = None) -> Written:
    """Make a detector of what the model writes, measure it on texts it has not seen, and write it with its card.

    Raises
    ------
    Unusable
        Where there is too little text, or the folder is taken.
    """
    # The probe and skops need extras, and take long to load: --help must do without.
    from weighbridge.adapters.models.detector_file import detected, fit_detector
    from weighbridge.probes.detectability.keeping import kept
    from weighbridge.probes.detectability.settings import Settings

    _check_free(folder)
    with opened_bench(path, SLUG, options, watcher) as (bench, settings):
        seed = int(bench.generator("kept").integers(_SEED_BOUND))
        last: list[Any] = []

        def fit(texts: Sequence[str], is_machine: Bools) -> Callable[[Sequence[str]], Floats]:
            made = fit_detector(texts, is_machine, seed)
            last[:] = [made]
            return lambda others: detected(made, others)

        try:
            found = kept(bench, Settings(**dict(settings)), fit)  # type: ignore[arg-type]  # settled against the card
        except Silent as silent:
            raise _too_little(silent) from None
        about = _about(bench.candidate.name, bench.candidate.version, found)
    digest = _write(folder, last[0], found, about)
    return Written(folder=folder, made=found, digest=digest, declare=tuple(snippet(folder.name)))


def _about(name: str, version: str, made: Kept) -> Callable[[str], About]:
    lines = tuple(Line(language=t.language, domain=t.domain, fpr=t.fpr, score=t.score, n=t.n) for t in made.thresholds)
    return lambda digest: About(
        name=name, version=version, digest=digest, n_human=made.n_human, n_machine=made.n_machine,
        languages=made.languages, domains=made.domains, words=made.words, thresholds=lines, rates=made.rates,
        notes=made.notes,
    )  # fmt: skip


def _write(folder: Path, detector: Any, made: Kept, about: Callable[[str], About]) -> str:
    """All three files, or none."""
    from weighbridge.adapters.models.detector_file import write_detector

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_detector(detector, folder / FILE, made.texts)
        digest = hashlib.sha256((folder / FILE).read_bytes()).hexdigest()
        told = about(digest)
        (folder / NUMBERS).write_text(numbers(told), encoding="utf-8")
        (folder / CARD).write_text(card(told), encoding="utf-8")
    except (OSError, Outside) as error:
        for name in (FILE, NUMBERS, CARD):
            (folder / name).unlink(missing_ok=True)
        if isinstance(error, Outside):
            raise
        raise Outside(
            _("cannot write the detector into {folder}").format(folder=folder),
            error.strerror or type(error).__name__,
            _("free some space, or name another folder"),
        ) from error
    return digest


def _check_free(folder: Path) -> None:
    there = [name for name in (FILE, NUMBERS, CARD) if os.path.lexists(folder / name)]
    if folder.exists() and not folder.is_dir():
        there = [folder.name]
    if there:
        raise Unusable(
            _("cannot write the detector into {folder}").format(folder=folder),
            _("{names} is there already").format(names=", ".join(there)),
            _("name a new folder: -o FOLDER"),
        )


def _too_little(silent: Silent) -> Unusable:
    outcome = silent.outcome
    fix = outcome.remedy.told() if isinstance(outcome, NotMeasured) else _("name a candidate whose model writes text")
    return Unusable(_("cannot make a detector"), outcome.because.told(), fix)
