"""How often the language of a sentence is told right, wrong or not at all, on text that no threshold was chosen on.

FLORES-200's devtest set, sentence by sentence, whole or cut to its first words. A sentence in a language that the
identifiers know is right, wrong or unknown; one in any other should be unknown, and is else given the name of a
relative or a stranger. A variety of Arabic, or of another macrolanguage, that is told as the whole is shown apart.

    python benchmarks/language_identification.py --flores ARCHIVE [--sentences 200] [--letters 30]

Prints one line for each variety and the totals with their intervals. It is a measurement: it exits with 0 once it is
made, and with 2 where the archive cannot be read.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from weighbridge.adapters.languages.flores import read_flores
from weighbridge.adapters.languages.identification import open_ear
from weighbridge.adapters.languages.scripts import scripts_of
from weighbridge.adapters.languages.tags import language_of
from weighbridge.core.errors import WeighbridgeError
from weighbridge.maths.proportions import clopper_pearson
from weighbridge.probekit.languages import UNKNOWN

# Varieties whose macrolanguage is told instead of them, by ISO 639-3.
WHOLE = {
    **dict.fromkeys(("acm", "acq", "aeb", "ajp", "apc", "ars", "ary", "arz"), "ar"),
    "quy": "qu", "azb": "az", "ckb": "ku", "yue": "zh",
}  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    """Read, identify, count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--flores", type=Path, required=True, help="archive or folder of FLORES-200")
    parser.add_argument("--part", default="devtest", choices=["dev", "devtest"], help="thresholds were chosen on dev")
    parser.add_argument("--sentences", type=int, default=200, help="the first so many of each variety")
    parser.add_argument("--letters", type=int, default=0, help="cut each to its first words, of about so many letters")
    given = parser.parse_args(argv)
    try:
        splits = read_flores(given.flores, part=given.part)
    except WeighbridgeError as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return 2
    ear, totals, n = open_ear(), Counter[str](), 0
    started = time.process_time()
    for split in splits:
        sentences = [shortened(s, given.letters) for s in split.sentences[: given.sentences]]
        counted = outcomes(split.code, [one.language for one in ear.identify(sentences)], ear.languages)
        n += len(sentences)
        totals.update(counted)
        print(f"{split.code}  " + "  ".join(f"{name} {hits}" for name, hits in sorted(counted.items())))
    told(totals, n, time.process_time() - started)
    return 0


def shortened(sentence: str, letters: int) -> str:
    """Its first words, until they hold so many letters; all of it where none are asked for."""
    if not letters:
        return sentence
    words, held = sentence.split(" "), 0
    for place, word in enumerate(words, 1):
        held += len(word)
        if held >= letters:
            return " ".join(words[:place])[: 2 * letters]
    return sentence


def outcomes(code: str, found: list[str], known: tuple[str, ...]) -> Counter[str]:
    """What became of the sentences of one variety, by name of outcome."""
    language = language_of(code)
    # Text in a script that the language is not mainly written in is in no language that is known: Arabic in Latin.
    script = code.partition("_")[2].replace("Hang", "Kore")
    is_known = language in known and script in scripts_of(language)
    counted: Counter[str] = Counter()
    for tag in found:
        if tag == UNKNOWN:
            counted["unknown, known language" if is_known else "unknown, as it should be"] += 1
        elif tag == language:
            counted["right"] += 1
        elif WHOLE.get(code[:3]) == tag:
            counted["macrolanguage"] += 1
        else:
            counted["wrong" if is_known else "falsely known"] += 1
    return counted


def told(totals: Counter[str], n: int, seconds: float) -> None:
    """The totals, with intervals over sentences."""
    known = sum(totals[name] for name in ("right", "wrong", "unknown, known language"))
    other = sum(totals[name] for name in ("unknown, as it should be", "falsely known", "macrolanguage"))
    for name, of in (
        ("right", known), ("wrong", known), ("unknown, known language", known),
        ("falsely known", other), ("macrolanguage", other), ("unknown, as it should be", other),
    ):  # fmt: skip
        if of:
            share = clopper_pearson(totals[name], of)
            print(f"{name}: {totals[name]} of {of}, {share.value:.4f} [{share.low:.4f}, {share.high:.4f}]")
    print(f"{n} sentences, {n / seconds:.0f} a CPU-second")


if __name__ == "__main__":
    sys.exit(main())
