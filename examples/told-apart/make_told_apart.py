"""Make this example: texts of people who do not live, and of a model that there is not, from one seed.

    python make_told_apart.py           write human.jsonl, outputs.jsonl and edited.jsonl
    python make_told_apart.py --check   make them again and compare them byte for byte

Both sides are put together from the same sentences. What parts them was planted, and nothing else does:
- the model starts a sentence with one of six connecting words at a rate of 0.30, people at 0.12, those among them who
  write in their second language at 0.21;
- most of people's texts hold a line end, the model's none: this is about the files and not about who wrote them;
- in the edited arm somebody took four in five of the connecting words out again.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

HERE = Path(__file__).parent
SEED = 11
EACH = 360  # texts of each side: enough for the rate at 5 in 100, too few for 1 in 100
SENTENCES = 14
LINKS = ("Moreover", "Overall", "In addition", "Notably", "As a result", "In general")
RATES = {"first language": 0.12, "second language": 0.21, "model": 0.30}
KEPT_IN_EDITING = 0.2
LINE_ENDS = 0.9  # of people's texts
WHO = (
    "the baker", "our neighbour", "the ferryman", "my aunt", "a clerk", "the old teacher", "the new doctor",
    "a driver", "the mason", "her brother", "the postman", "a student", "the gardener", "our landlord", "the nurse",
    "a farmer",
)  # fmt: skip
DID = (
    "mended", "carried", "sold", "painted", "counted", "lost", "found", "washed", "hid", "borrowed", "brought",
    "weighed", "kept", "bought", "sorted", "returned", "opened", "forgot",
)  # fmt: skip
WHAT = (
    "the nets", "a wooden chair", "two baskets", "the account book", "a sack of rice", "the blue door",
    "an old lamp", "some letters", "the keys", "a box of tools", "the white sheets", "a bicycle", "three bottles",
    "the map",
)  # fmt: skip
WHERE = (
    "near the bridge", "behind the mill", "at the market", "by the harbour", "in the yard", "on the hill",
    "at the station", "under the trees", "in the kitchen", "along the canal", "at the border post",
    "outside the school",
)  # fmt: skip
WHEN = (
    "before noon", "after the rain", "on Monday", "late in the evening", "last spring", "at dawn",
    "during the feast", "once a week", "in the winter", "when the shop closed",
)  # fmt: skip


def sentence(draw: random.Random, rate: float) -> tuple[str, str]:
    """A connecting word, or none, and a sentence."""
    link = draw.choice(LINKS) if draw.random() < rate else ""
    parts = [draw.choice(WHO), draw.choice(DID), draw.choice(WHAT), draw.choice(WHERE), draw.choice(WHEN)]
    return link, " ".join(parts)


def written(parts: list[tuple[str, str]], *, ends: int = 0) -> str:
    """The sentences as a text; a line ends after so many of them."""
    made = [f"{link}, {body}." if link else f"{body[0].upper()}{body[1:]}." for link, body in parts]
    return " ".join(made[:ends]) + "\n" + " ".join(made[ends:]) if ends else " ".join(made)


def rows() -> dict[str, str]:
    """The files by name."""
    draw = random.Random(SEED)
    human, outputs, edited = [], [], []
    for number in range(EACH):
        prompt = f"prompt-{number:03}"
        who = "second language" if number % 3 == 0 else "first language"
        ends = draw.randrange(3, 9) if draw.random() < LINE_ENDS else 0
        text = written([sentence(draw, RATES[who]) for _ in range(SENTENCES)], ends=ends)
        human.append({"text": text, "prompt": prompt, "writer": who, "written": "2014-05-01"})
        parts = [sentence(draw, RATES["model"]) for _ in range(SENTENCES)]
        outputs.append({"text": written(parts), "prompt": prompt, "decoding": ("top-p-0.95", "top-k-40")[number % 2]})
        fewer = [(link if draw.random() < KEPT_IN_EDITING else "", body) for link, body in parts]
        edited.append({"text": written(fewer), "prompt": prompt})
    named = {"human.jsonl": human, "outputs.jsonl": outputs, "edited.jsonl": edited}
    return {name: "".join(json.dumps(row) + "\n" for row in made) for name, made in named.items()}


def main(words: list[str]) -> int:
    """Write, or compare."""
    made = rows()
    if words == ["--check"]:
        apart = [name for name, text in made.items() if (HERE / name).read_text() != text]
        print("other than shipped: " + ", ".join(apart) if apart else "the same")
        return 1 if apart else 0
    for name, text in made.items():
        (HERE / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
