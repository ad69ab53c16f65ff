"""What the shipped policy makes of what stands beside the pixels, from bytes to rungs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy.toys import ALL_NO, evidence
from weighbridge.catalogue import find_cards, load_policy
from weighbridge.core.candidate import Said, Triage
from weighbridge.core.evidence import NotApplicable
from weighbridge.core.findings import Verdict
from weighbridge.core.rungs import Rung
from weighbridge.core.wording import phrase
from weighbridge.policy.judge import judge
from weighbridge.policy.standing import standings
from weighbridge.probes.media_metadata import toys
from weighbridge.probes.media_metadata.calibration import bench_of
from weighbridge.probes.media_metadata.probe import Settings, measure

CARDS = find_cards()
WHOLE = load_policy()
POLICY = replace(WHOLE, rule=tuple(r for r in WHOLE.rule if r.watch and r.watch.probe == "media-metadata"))
ABOUT = replace(ALL_NO, about_people=Said.YES)
HARM = replace(ABOUT, harm=Said.YES)
PLACED = toys.jpeg(toys.with_exif(toys.exif(gps=toys.position())))
NAMED = toys.jpeg(toys.with_exif(toys.exif([toys.text(0x013B, "Ada")])))
W, P, S, G, L, O = Rung.WITHHELD, Rung.PARTNERS, Rung.SERVED, Rung.GATED, Rung.LICENSED, Rung.OPEN  # noqa: E741  as in the tables
ALL = (W, P, S, G, L, O)


@pytest.mark.parametrize(
    ("files", "triage", "ceiling", "cleared"),
    [
        ({"a.jpg": toys.jpeg()}, HARM, ALL, ALL),
        ({"a.jpg": NAMED}, HARM, ALL, ALL),  # a name is told, and limits nothing: licences ask for it
        ({"a.jpg": PLACED}, ABOUT, (W, P, S, G), (W, P, S, G)),
        ({"a.jpg": PLACED}, HARM, (W, P), (W, P)),
        ({"a.jpg": PLACED}, ALL_NO, ALL, ALL),  # landscapes
        ({"a.jpg": PLACED}, Triage(), ALL, (W, P)),  # it is not said whether people are in it
        ({"a.jpg": toys.jpeg(), "b.jpg": PLACED[:80]}, HARM, ALL, (W, P)),  # a file that cannot be read is not clean
        ({"a.7z": b"7z\xbc\xaf\x27\x1c\0\x04", "a.jpg": toys.jpeg()}, ABOUT, ALL, (W, P, S, G)),
        ({"b.jpg": PLACED[:80]}, ABOUT, ALL, (W, P, S, G)),  # nothing measured at all
    ],
)
def test_positions_limit_and_names_do_not(
    files: dict[str, bytes], triage: Triage, ceiling: tuple[Rung, ...], cleared: tuple[Rung, ...]
) -> None:
    bench = bench_of(files)
    about = replace(bench.candidate, triage=triage)
    heard = evidence("media-metadata", measure(bench, Settings()), about)
    (made,) = standings(POLICY, about, judge(POLICY, about, (heard,), CARDS)).components
    assert (made.ceiling, made.cleared) == (ceiling, cleared)


def test_a_name_is_told() -> None:
    bench = bench_of({"a.jpg": NAMED})
    about = replace(bench.candidate, triage=ABOUT)
    heard = evidence("media-metadata", measure(bench, Settings()), about)
    found = {f.rule: f.verdict for f in judge(POLICY, about, (heard,), CARDS)}
    assert found["told-what-stands-beside-the-pixels"] is Verdict.BREACHED


def test_an_archive_without_pictures_is_left_alone() -> None:
    about = replace(bench_of({"a.jpg": NAMED}).candidate, triage=HARM)
    none = evidence("media-metadata", NotApplicable(because=phrase("no picture")), about)
    assert {f.verdict for f in judge(POLICY, about, (none,), CARDS)} == {Verdict.EXEMPT}
