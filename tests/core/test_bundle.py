from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.bundle import NoBundle, opened
from weighbridge.core.canon import digest_of_bytes

ASSETS = Path(__file__).parents[1] / "assets" / "bundles"
WHOLE = (ASSETS / "p256.sig").read_bytes()
Table = dict[str, Any]


def test_what_model_signing_wrote_lists_every_file_of_the_folder() -> None:
    bundle = opened(WHOLE)
    model = ASSETS / "model"
    there = {p.relative_to(model).as_posix(): digest_of_bytes(p.read_bytes()) for p in model.rglob("*") if p.is_file()}
    assert dict(bundle.files) == there
    assert (bundle.is_certified, len(bundle.hint)) == (False, 64)
    assert bundle.ignores("model.sig")
    assert bundle.ignores(".git/config")
    assert not bundle.ignores(".gitx")


def test_a_certificate_is_told_from_a_key() -> None:
    bundle = opened((ASSETS / "certificate.sig").read_bytes())
    assert bundle.is_certified
    assert bundle.hint == ""


def remade(outer: Callable[[Table], object] | None = None, inner: Callable[[Table], object] | None = None) -> bytes:
    """The bundle with a change outside or inside of its statement; the signature stays."""
    table = json.loads(WHOLE)
    if inner is not None:
        statement = json.loads(base64.b64decode(table["dsseEnvelope"]["payload"]))
        inner(statement)
        table["dsseEnvelope"]["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()
    if outer is not None:
        outer(table)
    return json.dumps(table).encode()


def _resource(statement: Table, **fields: object) -> None:
    statement["predicate"]["resources"][0].update(fields)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is not JSON"),
        (b"[]", "is no table"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"a": 1, "a": 2}', "a key twice"),
        (remade(lambda t: t.update(mediaType="application/json")), "Sigstore bundle"),
        (remade(lambda t: t.pop("verificationMaterial")), "no verificationMaterial"),
        (remade(lambda t: t["verificationMaterial"].clear()), "neither a key nor"),
        (remade(lambda t: t["verificationMaterial"].update(certificate={})), "or with both"),
        (remade(lambda t: t["dsseEnvelope"].update(payloadType="text/plain")), "no in-toto"),
        (remade(lambda t: t["dsseEnvelope"].update(signatures=[])), "one signature"),
        (remade(lambda t: t["dsseEnvelope"]["signatures"].append({})), "one signature"),
        (remade(lambda t: t["dsseEnvelope"].update(payload="###")), "not base64"),
        (remade(lambda t: t["dsseEnvelope"]["signatures"][0].update(sig="")), "not base64"),
        (remade(inner=lambda s: s.update(predicateType="https://model_signing/Digests/v0.1")), "another version"),
        (remade(inner=lambda s: s.update(_type="x")), "another version"),
        (remade(inner=lambda s: s["predicate"]["serialization"].update(method="shards")), "whole files"),
        (remade(inner=lambda s: s["predicate"]["serialization"].update(hash_type="blake3")), "whole files"),
        (remade(inner=lambda s: s["predicate"]["serialization"].update(ignore_paths=["../x"])), "leads out"),
        (remade(inner=lambda s: s["predicate"].update(resources={})), "lists no files"),
        (remade(inner=lambda s: s["predicate"].update(resources=[])), "lists no file"),
        (remade(inner=lambda s: s["predicate"]["resources"].append(s["predicate"]["resources"][0])), "one twice"),
        (remade(inner=lambda s: s["predicate"]["resources"].pop()), "does not fit"),
        (remade(inner=lambda s: s["subject"].append({})), "does not fit"),
        (remade(inner=lambda s: _resource(s, algorithm="md5")), "whole files"),
        (remade(inner=lambda s: _resource(s, digest="0" * 63)), "digest that is none"),
        (remade(inner=lambda s: _resource(s, digest="0" * 64)), "does not fit"),
        (remade(inner=lambda s: _resource(s, name="../../etc/passwd")), "leads out"),
        (remade(inner=lambda s: _resource(s, name="/etc/passwd")), "leads out"),
        (remade(inner=lambda s: _resource(s, name="a//b")), "leads out"),
        (remade(inner=lambda s: _resource(s, name="a\\b")), "no path"),
        (remade(inner=lambda s: _resource(s, name=7)), "no path"),
    ],
)
def test_what_is_no_bundle_says_why(data: bytes, why: str) -> None:
    with pytest.raises(NoBundle, match=why):
        opened(data)


@given(st.binary(max_size=300))
def test_no_bytes_break_it(data: bytes) -> None:
    with pytest.raises(NoBundle):
        opened(data)
