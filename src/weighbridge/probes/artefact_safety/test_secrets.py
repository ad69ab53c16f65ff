"""Secrets that must be found wherever they stand, and what looks like secrets and is none.

Every secret is put together here, out of pieces, so that no scanner takes this file for a leak.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import feather

from weighbridge.core.evidence import Measured
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probes.artefact_safety.credentials import OVERLAP, SecretSearch
from weighbridge.probes.artefact_safety.probe import Settings, measure

R = np.random.default_rng(5)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def word(n: int, letters: str = LETTERS) -> str:
    return "".join(letters[int(i)] for i in R.integers(0, len(letters), n - 3)) + "aB7"


def upper(n: int) -> str:
    return word(n).upper()


def lower(n: int) -> str:
    return word(n).lower()


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


KEY_BODY = base64.b64encode(bytes(range(48))).decode()
SECRETS = {
    "aws": "AKIA" + "IOSFODNN7EXAMPLE",
    "aws-temporary": "ASIA" + upper(16),
    "github": "gh" + "p_" + word(36),
    "github-fine": "github" + "_pat_" + word(82),
    "gitlab": "gl" + "pat-" + word(20),
    "slack": "xox" + "b-123456789012-1234567890123-" + word(24),
    "slack-hook": "https://hooks.slack" + ".com/services/T0123ABCD/B0123ABCD/" + word(24),
    "jwt": f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part({'sub': '1234567890', 'name': 'x'})}.{word(43)}",
    "basic-auth": "postgres" + "://admin:" + word(12) + "@db.example.org:5432/x",
    "private-key": "-----BEGIN RSA " + "PRIVATE KEY-----\n" + KEY_BODY + "\n-----END RSA PRIVATE KEY-----",
    "hugging-face": "h" + "f_" + word(34),
    "google": "AI" + "za" + word(35),
    "openai": "s" + "k-" + word(20) + "T3Blbk" + "FJ" + word(20),
    "anthropic": "sk-" + "ant-api03-" + word(80),
    "stripe": "sk_" + "live_" + word(24),
    "sendgrid": "S" + "G." + word(22) + "." + word(43),
    "telegram": "1234567890" + ":AA" + word(33),
    "twilio": "S" + "K" + lower(32),
    "discord": "M" + word(23) + "." + word(6) + "." + word(27),
    "azure": "Account" + "Key=" + word(86) + "==",
    "npm": "//registry.npmjs.org/:_auth" + "Token=npm_" + word(36),
    "pypi": "pypi-" + "AgEIcHlwaS5vcmc" + word(80),
    "mailchimp": lower(32) + "-us" + "12",
}


def found(files: dict[str, bytes]) -> tuple[int, MemoryBench]:
    bench = MemoryBench(files=files)
    outcome = measure(bench, Settings())
    assert isinstance(outcome, Measured)
    quantity = next(q for q in outcome.quantities if q.metric == "secrets" and not q.by)
    assert quantity.value == quantity.high, "all of it could be read"
    for secret in SECRETS.values():
        assert secret not in str(outcome) + str(bench.pointers)
    return int(quantity.value), bench


def places(secret: str) -> dict[str, bytes]:
    """The same secret, as it stands in different files."""
    line = secret.partition("\n")[0]
    table = pa.table({"n": [1, 2], "text": ["nothing", f"it is {secret} there"]})
    parquet, arrow, packed = io.BytesIO(), io.BytesIO(), io.BytesIO()
    pq.write_table(table, parquet)
    feather.write_feather(table, arrow)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("deep/notes.md", f"# x\n\n{secret}\n")
    return {
        "README.md": f"# Model\n\nUse it with {secret} please.\n".encode(),
        "run.py": f'"""Run."""\n\nTOKEN = """{secret}"""\n'.encode(),
        "config.json": json.dumps({"a": 1, "token": secret}).encode(),
        "data.csv": f'id,value\n1,x\n2,"{secret}"\n'.encode(),
        "data.jsonl": (json.dumps({"t": "x"}) + "\n" + json.dumps({"t": f"see {secret}"}) + "\n").encode(),
        "data.jsonl.gz": gzip.compress((json.dumps({"t": f"see {secret}"}) + "\n").encode(), mtime=0),
        "notebook.ipynb": json.dumps({"cells": [{"source": [f"x = '{secret}'\n"]}], "nbformat": 4}).encode(),
        ".env": f"TOKEN={secret}\n".encode(),
        "wide.txt": f"it is {secret}\n".encode("utf-16"),
        "data.parquet": parquet.getvalue(),
        "data.arrow": arrow.getvalue(),
        "all.zip": packed.getvalue(),
        "weights.gguf": b"GGUF\x03\0\0\0" + bytes(50) + f" {line} ".encode() + KEY_BODY.encode() + bytes(50),
    }


# A key of several lines, and its first line alone in the middle of weights, are not the same secret.
PLACED = [
    (kind, place) for kind in SECRETS for place in places("x") if (kind, place) != ("private-key", "weights.gguf")
]


@pytest.mark.parametrize(("kind", "place"), PLACED)
def test_a_planted_secret_is_found(kind: str, place: str) -> None:
    n, _ = found({place: places(SECRETS[kind])[place]})
    assert n == 1


def test_each_is_counted_and_pointed_to() -> None:
    text = "\n".join(["nothing here", SECRETS["github"], "", f"{SECRETS['aws']} and {SECRETS['slack']}", "end"])
    n, bench = found({"notes.txt": text.encode(), "more.txt": SECRETS["google"].encode()})
    assert n == 4
    assert [(p.label, p.record, p.says) for p in bench.pointers] == [
        ("more.txt", 1, "looks like a secret: google"),
        ("notes.txt", 2, "looks like a secret: github"),
        ("notes.txt", 4, "looks like a secret: aws"),
        ("notes.txt", 4, "looks like a secret: slack"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("config.json", '{"db_password": "c0rrect-h0rse"}', 1),
        ("settings.py", 'API_KEY = "9fK2mZ7qLx"\n', 1),
        ("x.yaml", "database:\n  password: c0rrectH0rse9\n", 1),
        (".env", "DB_PASSWORD=c0rrectH0rse9\n", 1),
        ("n.ipynb", json.dumps({"cells": [{"source": ['secret = "9fK2mZ7qLx"\n']}], "nbformat": 4}), 1),
        ("min.json", '{"password":"9fK2mZ7qLx","api_key":"8gH3nB6wRt"}', 2),
        ("config.json", '{"password": "your-password-here1"}', 0),
        ("config.json", '{"password": "${DB_PASSWORD_1}"}', 0),
        ("config.json", '{"password_file": "/run/secrets/db1.txt", "secret_name": "prod-db"}', 0),
        ("settings.py", 'password = os.environ["DB_PASSWORD_1"]\n', 0),
        ("settings.py", 'password = getpass("Password1: ")\n', 0),
        ("schema.json", '{"api_key": "48205d4ffd7feba3"}', 0),
        ("talk.txt", 'He said: password = "c0rrect-h0rse" was weak.\n', 0),
        ("talk.jsonl", '{"t": "x"}\n{"password": "c0rrect-h0rse"}\n', 0),
        ("tokenizer.json", '{"secret": "9fK2mZ7qLx", "password": "8gH3nB6wRt"}', 0),
    ],
)
def test_named_values_are_secrets_in_settings_only(name: str, text: str, expected: int) -> None:
    n, _ = found({name: text.encode()})
    assert n == expected


def _hashes() -> str:
    digests = [hashlib.sha256(bytes([n])) for n in range(40)]
    return "\n".join(
        f"{d.hexdigest()}  part-{n}.bin sha256:{d.hexdigest()} {base64.b64encode(d.digest()).decode()}"
        for n, d in enumerate(digests)
    )


HARMLESS = {
    "README.md": f"# Sums\n\n{_hashes()}\n",
    "package-lock.json": json.dumps({"a": {"integrity": "sha512-" + base64.b64encode(bytes(64)).decode(), "resolved": "https://registry.npmjs.org/a/-/a-1.0.tgz"}}),
    "tokenizer.json": json.dumps({"model": {"vocab": {word(int(R.integers(4, 41))): n for n in range(3000)}, "merges": [f"{word(5)} {word(6)}" for _ in range(3000)]}}),
    "vocab.json": json.dumps({t: n for n, t in enumerate(["AKIA", "ghp_", "eyJ", "xoxb-", "sk-", "://", "password", "BEGIN", "PRIVATE KEY", "AIza", "hf_"])}),
    "special_tokens_map.json": '{"bos_token": "<s>", "eos_token": "</s>", "unk_token": {"content": "<unk>"}}',
    "generation_config.json": '{"pad_token_id": 50256, "transformers_version": "4.50.0"}',
    "proteins.fasta": ">x\n" + "ACCAASIAKIAVLMASIACDEFGHIKLM\n" * 50,
    "peptides.csv": "id,peptide\n1,ASIAGHKLMNPQRSTVWYAC\n2,ACCAGHKLMNPQRSTVWYAC\n",
    "uuids.csv": "id,u\n" + "\n".join(f"{n},{hashlib.sha256(bytes([n])).hexdigest()[:8]}-1234-4321-abcd-{hashlib.sha256(bytes([n])).hexdigest()[:12]}" for n in range(50)),
    "blob.txt": base64.b64encode(np.random.default_rng(1).bytes(300_000)).decode(),
    "hex.txt": np.random.default_rng(2).bytes(200_000).hex(),
    "ids.csv": "id,sum\n" + "\n".join(f"{10**9 + n}:{hashlib.sha256(bytes([n])).hexdigest()[:40]},x" for n in range(50)),
    "card.md": "Keys start with `-----BEGIN RSA PRIVATE KEY-----` or 'BEGIN PRIVATE KEY'; tokens with ghp_ or hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.",
    "check.py": 'if "-----BEGIN PRIVATE KEY-----" in text:\n    raise ValueError\n',
    "urls.txt": "https://user:password@host/x http://a:b@c/ https://{user}:{password}@h/ ftp://u:${PASS}@h https://x:80/@y postgres://postgres:postgres@db/x",
    "times.log": "2020-01-01 10:20:30 ok\n" * 500,
    "images.jsonl": json.dumps({"image": "data:image/png;base64," + base64.b64encode(np.random.default_rng(3).bytes(100_000)).decode()}) + "\n",
    "dotted.jsonl": json.dumps({"t": "eyJust a word. eyJhbGciOi.not-json.at-all"}) + "\n",
    "symbols.txt": "highs_" + word(40) + " roughs_" + word(40),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_what_only_looks_like_secrets_is_none(name: str) -> None:
    n, bench = found({name: HARMLESS[name].encode()})
    assert (n, [p for p in bench.pointers if "secret" in p.says]) == (0, [])


def _search(text: str, cuts: list[int]) -> tuple[int, int, list[int]]:
    lines: list[int] = []
    search = SecretSearch(named=False, unquoted=False, found=lambda line, _kind: lines.append(line))
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        search.feed(text[start:end])
    search.finish()
    return search.counts.total(), search.n_lines, lines


@given(st.data())
def test_where_a_text_is_cut_does_not_matter(data: st.DataObject) -> None:
    filler = data.draw(st.integers(0, 3)) * "some words in a line\n"
    secrets = data.draw(st.lists(st.sampled_from(sorted(set(SECRETS.values()) - {SECRETS["private-key"]})), max_size=4))
    text = filler + "".join(f"x {secret}\n{filler}" for secret in secrets)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    expected = [n for n, line in enumerate(text.split("\n"), 1) if any(f"x {secret}" == line for secret in secrets)]
    assert _search(text, cuts) == (len(secrets), text.count("\n") + 1 if text else 0, expected)


@pytest.mark.parametrize("before", [0, (1 << 20) - 60, (1 << 20) - 1, 1 << 20, (1 << 20) + OVERLAP - 20, 3 << 20])
def test_a_secret_across_the_seams_of_a_long_line_is_one(before: int) -> None:
    text = "." * before + " " + SECRETS["jwt"] + " " + "." * (1 << 20)
    assert _search(text, list(range(1 << 18, len(text), 1 << 18)))[0] == 1


@given(st.text(max_size=400), st.booleans())
def test_any_text_can_be_searched(text: str, unquoted: bool) -> None:
    search = SecretSearch(named=True, unquoted=unquoted, found=lambda _line, _kind: None)
    search.feed(text)
    search.finish()
    assert search.n_lines == (text.count("\n") + 1 if text else 0)


def test_a_flood_of_names_ends_the_search() -> None:
    bench = MemoryBench(files={"a.py": b"secret " * 50_000})
    outcome = measure(bench, Settings())
    assert isinstance(outcome, Measured)
    quantity = next(q for q in outcome.quantities if q.metric == "secrets")
    assert (quantity.value, quantity.high) == (0, 1)
