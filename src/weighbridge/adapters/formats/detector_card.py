"""What goes beside a detector: its card for people, and its thresholds and rates for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from weighbridge.core.evidence import Quantity
from weighbridge.core.wording import Phrase, _

FILE, NUMBERS, CARD = "detector.skops", "detector.json", "README.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A threshold."""

    language: str
    domain: str
    fpr: float
    score: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """All that a detector's card says."""

    name: str  # of the candidate whose texts it tells from people's
    version: str
    digest: str  # of the file
    n_human: int
    n_machine: int
    languages: tuple[str, ...]
    domains: tuple[str, ...]
    words: tuple[int, int]
    thresholds: tuple[Line, ...]
    rates: tuple[Quantity, ...]
    notes: tuple[Phrase, ...]


def numbers(about: About) -> str:
    """As JSON."""
    made = {
        "detects": {"name": about.name, "version": about.version}, "file": FILE, "sha256": about.digest,
        "texts": {"human": about.n_human, "machine": about.n_machine, "words": list(about.words)},
        "languages": list(about.languages), "domains": list(about.domains),
        "thresholds": [
            {"language": t.language, "domain": t.domain, "false_alarms": t.fpr, "flag_above": t.score, "set_on": t.n}
            for t in about.thresholds
        ],
        "rates": [
            {"metric": q.metric, "by": dict(q.by), "value": q.value, "low": q.low, "high": q.high,
             "confidence": q.confidence, "n": q.n}
            for q in about.rates
        ],
    }  # fmt: skip
    return json.dumps(made, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def card(about: About) -> str:
    """As Markdown."""
    reach = _("texts of {low} to {high} words, in {languages}").format(
        low=about.words[0], high=about.words[1], languages=", ".join(about.languages)
    )
    if about.domains:
        reach += _(", of the kinds {domains}").format(domains=", ".join(about.domains))
    lines = [
        "# " + _("A detector of texts by {name} {version}").format(name=about.name, version=about.version),
        "",
        _("It was made by `weighbridge detector` from {human} texts of people and {machine} of the model: {reach}.")
        .format(human=about.n_human, machine=about.n_machine, reach=reach),
        "",
        "## " + _("How often it is right"),
        _("On texts of prompts and sources that it had not seen; intervals at the confidence that {file} names.")
        .format(file=NUMBERS),
        "",
        "| " + " | ".join((_("what"), _("of"), _("value"), _("interval"), "n")) + " |",
        "| --- | --- | --- | --- | --- |",
        *(_row(q) for q in about.rates),
        "",
        "## " + _("Thresholds"),
        _("Flag a text only above the threshold of its own language and kind. For others there is none: set one on "
          "texts of people there, at least 300 of them, that the detector has not seen."),
        "",
        "| " + " | ".join((_("language"), _("kind"), _("false alarms"), _("flag above"), _("set on"))) + " |",
        "| --- | --- | --- | --- | --- |",
        *(f"| {t.language} | {t.domain or '-'} | {t.fpr:.0%} | {t.score:.4f} | {t.n} |" for t in about.thresholds),
        "",
        "## " + _("What it cannot do"),
        "- " + _("Prove that one text is a machine's. Where few texts are, most that are flagged are people's."),
        "- " + _("Judge texts of fewer than 50 words, or of another language, kind or model: its rates hold for none."),
        "- " + _("Withstand whoever tries: swapped letters, invisible characters or a rewriting hide a text. Put texts "
                 "right before (below), and see the report of `weighbridge weigh` for what is left under attack."),
        "- " + _("Judge people fairly who were not tried: those who write simply or in a second language are flagged "
                 "more often, unless the table above says otherwise for their group."),
        *("- " + note.told() for note in about.notes),
        "",
        "## " + _("How to use it"),
        "```python",
        "import skops.io",
        "from weighbridge.probes.detectability.canonical import canonical",
        "from weighbridge.probes.detectability.normal import normal",
        "",
        f'detector = skops.io.load("{FILE}", trusted=[])',
        "scores = detector.predict_proba([canonical(normal(text)) for text in texts])[:, 1]",
        "```",
        _("The file holds numbers alone: strings of characters and words are hashed, so that no text stands in it. It "
          "still tells something of the texts it was made from: whoever holds it can try whether a rare word was "
          "among them."),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _row(q: Quantity) -> str:
    of = ", ".join(f"{axis} {value}" for axis, value in q.by) or _("all")
    return f"| {q.metric} | {of} | {q.value:.3f} | {q.low:.3f} to {q.high:.3f} | {q.n} |"


def snippet(folder: str) -> Sequence[str]:
    """For weighbridge.toml: the detector as a component of its own."""
    return ("[[artefact]]", 'role = "detector"', f"path = {json.dumps(folder, ensure_ascii=False)}")
