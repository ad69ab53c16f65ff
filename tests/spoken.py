"""A candidate of texts alone, for tests: people's and a model's, which differ in how often one word stands in them."""

from __future__ import annotations

import json
from pathlib import Path

from weighbridge.probekit.bench import generator
from weighbridge.probes.detectability.calibration import texts_of

RARE = "zanzibarine"  # a word of one text: it must stand in nothing that is written

_FILE = """name = "spoken"
licence = "Apache-2.0"
languages = ["en"]
[triage]
about_people = "no"
private = "no"
harm = "no"
generates = "yes"
identifies = "no"
languages = ["en"]
[[artefact]]
role = "samples"
path = "outputs.jsonl"
text_field = "text"
source_field = "prompt"
[[artefact]]
role = "human-text"
path = "human.jsonl"
text_field = "text"
language = "en"
source_field = "prompt"
[probes.detectability]
least_words = 5
members = "words"
folds = 3
draws = 200
attacked_texts = 0
"""


def spoken(folder: Path, n: int = 320, *, more: str = "") -> Path:
    """The folder, with n texts of each side."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = generator(0, "spoken")
    for name, rate in (("human", 0.1), ("outputs", 0.9)):
        texts = [f"{text} and {RARE}" if k == 5 else text for k, text in enumerate(texts_of(rng, n, rate, 0.0))]
        rows = [json.dumps({"text": text, "prompt": f"p{k}"}) + "\n" for k, text in enumerate(texts)]
        (folder / f"{name}.jsonl").write_text("".join(rows))
    (folder / "weighbridge.toml").write_text(_FILE + more)
    return folder
