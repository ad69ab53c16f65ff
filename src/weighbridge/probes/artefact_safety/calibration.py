"""Known weights: harmless files, and files in which so many pickles, secrets and licence conflicts were put."""

from __future__ import annotations

import base64
import json

import numpy as np

from weighbridge.core.candidate import Candidate, Claims, Subject
from weighbridge.probekit.bench import MemoryBench, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_LOWER = "abcdefghijklmnopqrstuvwxyz0123456789"
_PICKLE = b"\x80\x02cbuiltins\nprint\nX\x02\0\0\0hi\x85R."
_DISGUISES = ("model.safetensors", "config.json", "photo.png", "table.parquet", "weights/part.bin", "notes.md")


def _null(seed: int) -> Weight:
    return _weight(seed, _harmless(generator(seed, "harmless")), n_code=0, n_secrets=0, n_conflicts=0)


def _planted(seed: int) -> Weight:
    random = generator(seed, "planted")
    files = _harmless(generator(seed, "harmless"))
    n_code, n_secrets, n_conflicts = (int(n) for n in random.integers(1, 5, 3))
    for name in random.permutation(_DISGUISES)[:n_code]:
        files[f"more/{name}"] = _PICKLE
    lines = files["data.csv"].decode().splitlines()
    for _ in range(n_secrets):
        lines.insert(int(random.integers(1, len(lines))), f"7,{_secret(random)}")
    files["data.csv"] = "\n".join(lines).encode()
    for n in range(n_conflicts):
        files[f"part{n}/LICENSE"] = b"Creative Commons Attribution-NonCommercial 4.0 International Public License\n"
    return _weight(seed, files, n_code=n_code, n_secrets=n_secrets, n_conflicts=n_conflicts)


def _weight(seed: int, files: dict[str, bytes], *, n_code: int, n_secrets: int, n_conflicts: int) -> Weight:
    candidate = Candidate(
        name="toy", version="1", artefacts=(), subjects=(Subject.BYTES,), claims=Claims(licence="Apache-2.0")
    )
    counts = {"code-bearing-files": n_code, "secrets": n_secrets, "licence-conflicts": n_conflicts}
    truths = tuple(Truth(metric=metric, value=value) for metric, value in counts.items())
    return Weight(bench=MemoryBench(candidate=candidate, seed=seed, files=files), truths=truths)


def _harmless(random: np.random.Generator) -> dict[str, bytes]:
    """Files that look like keys to a careless eye: digests, base64, a vocabulary, random weights."""
    data = random.bytes(4096)
    header = json.dumps({"w": {"dtype": "U8", "shape": [4096], "data_offsets": [0, 4096]}}).encode()
    digests = "\n".join(f"* part-{n}: sha256:{random.bytes(32).hex()}" for n in range(20))
    vocabulary = {_word(random, _LETTERS, int(n)): int(n) for n in random.integers(1, 40, 200)}
    rows = [f"{n},{base64.b64encode(random.bytes(30)).decode()}" for n in range(200)]
    return {
        "model.safetensors": len(header).to_bytes(8, "little") + header + data,
        "README.md": f"---\nlicense: apache-2.0\n---\n# Toy\n\n{digests}\n".encode(),
        "tokenizer.json": json.dumps({"model": {"vocab": vocabulary}}).encode(),
        "data.csv": "\n".join(["id,payload", *rows]).encode(),
        "LICENSE": b"Apache License\nVersion 2.0, January 2004\n",
    }


def _secret(random: np.random.Generator) -> str:
    made = (
        lambda: "AKIA" + _word(random, _CAPITALS, 16),
        lambda: "ghp_" + _word(random, _LETTERS, 36),
        lambda: f"https://{_word(random, _LOWER, 8)}:{_word(random, _LETTERS, 12)}@db.example.org/x",
        lambda: f"xoxb-{random.integers(10**11, 10**12)}-{_word(random, _LOWER, 24)}",
    )
    return made[int(random.integers(len(made)))]()


def _word(random: np.random.Generator, letters: str, n: int) -> str:
    return "".join(letters[int(i)] for i in random.integers(0, len(letters), n))


CALIBRATION = Calibration(null=_null, planted=_planted)
