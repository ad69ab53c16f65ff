"""A known weight: hashes with a secret key, some of them without, beside the addresses that they were made of."""

from __future__ import annotations

import hashlib

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.probekit.bench import MemoryBench, MemoryTable, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

_LABEL = "members.csv"
_N = 400


def _weight(seed: int, unkeyed: int) -> Weight:
    """So many of 400 pseudonyms are the plain MD5 of the row's own address; all others have a secret key."""
    rng = generator(seed, "reversible-pseudonyms", "members")
    key = rng.bytes(16)
    names = [f"member{n}@example.org" for n in rng.permutation(10 * _N)[:_N]]
    plain = [hashlib.md5(name.encode(), usedforsecurity=False).hexdigest() for name in names]
    keyed = [hashlib.blake2b(name.encode(), key=key, digest_size=16).hexdigest() for name in names]
    hashes = plain[:unkeyed] + keyed[unkeyed:]
    order = rng.permutation(_N)
    table = MemoryTable(
        {"pseudonym": [hashes[i] for i in order], "email": [names[i] for i in order],
         "visits": rng.integers(1, 9, _N).tolist()},
        label=_LABEL, declared=Declared(about_people=True),
    )  # fmt: skip
    artefact = Artefact(
        role=Role.DATA, label=_LABEL, digest=digest_of_bytes(b"members"), size_bytes=7, format="csv",
        belongs=Belonging.DATA,
    )  # fmt: skip
    bench = MemoryBench(
        candidate=Candidate(name="members", version="1", artefacts=(artefact,), subjects=(Subject.TABLE,)),
        seed=seed, tables_by_role={Role.DATA: (table,)},
    )  # fmt: skip
    truths = (
        Truth(metric="pseudonym-columns", value=1),
        Truth(metric="reversed-columns", value=min(1, unkeyed)),
        Truth(metric="reversed-columns", value=min(1, unkeyed), by=(("how", "in-file"),)),
        Truth(metric="reversed-share", value=unkeyed / _N),
    )
    return Weight(bench=bench, truths=truths, settings=(("kinds", "numbers"), ("tries", 2000)))


def null(seed: int) -> Weight:
    """Every pseudonym has a key that nobody has."""
    return _weight(seed, 0)


def planted(seed: int) -> Weight:
    """Between 40 and 239 of them have none."""
    return _weight(seed, 40 + int(generator(seed, "reversible-pseudonyms", "planted").integers(0, 200)))


CALIBRATION = Calibration(null=null, planted=planted)
