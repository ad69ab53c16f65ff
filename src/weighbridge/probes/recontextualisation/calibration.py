"""Known weights: posts that all stand where they stood, and posts of which so many were taken back."""

from __future__ import annotations

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.probekit.bench import MemoryBench, MemoryTable, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

LABEL = "posts.csv"
_N = 200


def bench_of(*tables: MemoryTable, seed: int = 0, belongs: Belonging = Belonging.DATA) -> MemoryBench:
    """A bench over these tables."""
    artefacts = tuple(
        Artefact(
            role=Role.DATA, label=table.label, digest=digest_of_bytes(table.label.encode()), size_bytes=1, format="csv",
            belongs=belongs, declared=table.declared,
        )
        for table in tables
    )  # fmt: skip
    candidate = Candidate(name="posts", version="1", artefacts=artefacts, subjects=(Subject.TABLE,))
    return MemoryBench(candidate=candidate, seed=seed, tables_by_role={Role.DATA: tables})


def null(seed: int) -> Weight:
    """All are still there, for many to see, and lead to nobody."""
    return _weight(seed, gone=0, few=0, named=0, exact=0)


def planted(seed: int) -> Weight:
    """So many are gone, were for few, name their author, or say exactly where and when."""
    gone, few, named, exact = generator(seed, "recontextualisation", "planted").integers(5, 60, 4).tolist()
    return _weight(seed, gone=gone, few=few, named=named, exact=exact)


def _weight(seed: int, *, gone: int, few: int, named: int, exact: int) -> Weight:
    rng = generator(seed, "recontextualisation")

    def mixed(n: int, one: object, other: object) -> list[object]:
        return [one if place < n else other for place in rng.permutation(_N).tolist()]

    order = rng.permutation(_N) < exact
    columns: dict[str, list[object]] = {
        "where_from": mixed(named, "https://twitter.com/somebody/status/1", "example.org"),
        "status": mixed(gone, "gone", "there"),
        "followers": mixed(few, 40, 25_000),
        "lat": [round(9 + i / 10 % 2 + 0.01235 * is_exact, 5) for i, is_exact in enumerate(order.tolist())],
        "lon": [round(13 + i / 10 % 3 + 0.04321 * is_exact, 5) for i, is_exact in enumerate(order.tolist())],
        "at": ["2018-05-04T10:11:12" if is_exact else "2018-05-04" for is_exact in order.tolist()],
    }
    declared = Declared(
        source_field="where_from", source_status_field="status", audience_field="followers", date_field="at",
        checked_on="2026-01-31",
    )  # fmt: skip
    share = {"gone": gone / _N, "few": few / _N, "named": named / _N, "exact": exact / _N}
    truths = [
        Truth(metric="source-gone-share", value=share["gone"]),
        Truth(metric="small-audience-share", value=share["few"]),
        Truth(metric="traceable-share", value=share["named"], by=(("trace", "person"),)),
        Truth(metric="traceable-share", value=1 - share["named"], by=(("trace", "site"),)),
        *(
            Truth(metric="precise-share", value=share["exact"], by=(("what", what),))
            for what in ("place", "time", "both")
        ),
    ]
    return Weight(bench=bench_of(MemoryTable(columns, label=LABEL, declared=declared), seed=seed), truths=tuple(truths))


CALIBRATION = Calibration(null=null, planted=planted)
