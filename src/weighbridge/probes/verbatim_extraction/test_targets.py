from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from weighbridge.maths.extraction import window_hashes
from weighbridge.probekit.bench import MemoryTexts
from weighbridge.probekit.ports import Ints
from weighbridge.probes.verbatim_extraction.calibration import ToyModel, passages
from weighbridge.probes.verbatim_extraction.targets import Distinct, Draw, repeats, settle, survey
from weighbridge.probes.verbatim_extraction.windows import Shape, Span, Stratum, Target

SHAPE = Shape(prefix=4, suffix=4, stride=4)


class Marked(ToyModel):
    """A tokenizer that opens a text with a mark of its own unless it begins with "ba", as SentencePiece does with a space."""

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        return super().encode([text if text.startswith("ba") else "? " + text for text in texts])


def target(
    tokens: Sequence[int], at: int, *, stratum: Stratum = Stratum.RANDOM, spans: tuple[Span, ...] = ()
) -> Target:
    return Target(
        stratum=stratum, tokens=np.asarray(tokens), at=at, spans=spans, label="t", record=1, is_canary=False
    )  # fmt: skip


def test_distinct_counts_numbers_once_and_knows_them() -> None:
    distinct = Distinct()
    for part in ([5, 7, 5], [], [7, 2**64 - 1]):
        distinct.add(np.asarray(part, dtype=np.uint64))
    assert len(distinct) == 3
    assert [n in distinct for n in (5, 6, 7, 2**64 - 1, 0)] == [True, False, True, True, False]


def test_the_draw_is_uniform_over_distinct_windows_however_often_they_stand_there() -> None:
    hashes = window_hashes(np.arange(40), 1)
    repeated = np.concatenate([hashes, np.repeat(hashes[:10], 30)])  # ten of forty stand there 31 times
    chosen: Counter[int] = Counter()
    for salt in range(300):
        draw = Draw(8, salt)
        for part in np.array_split(repeated, 20):
            draw.offer(part, lambda n, part=part: target([int(part[n] % 2**31)], 0))  # type: ignore[misc]
        assert len(draw.drawn()) == 8
        assert not draw.is_complete
        assert len(draw.windows) == 40
        chosen.update(int(t.tokens[0]) for t in draw.drawn())
    counts = [chosen[int(h % 2**31)] for h in hashes.tolist()]  # each binomial with 300 tries at 8 / 40
    assert min(counts) > 60 - 5 * 7
    assert max(counts) < 60 + 5 * 7
    assert abs(sum(counts[:10]) - 600) < 100


def test_a_draw_that_took_all_says_so() -> None:
    draw = Draw(5, 0)
    draw.offer(window_hashes(np.asarray([1, 2, 3, 1, 2]), 1), lambda n: target([n], 0))
    assert draw.is_complete
    assert [int(t.tokens[0]) for t in draw.drawn()].count(0) == 1
    assert sorted(int(t.tokens[0]) for t in draw.drawn()) == [0, 1, 2]  # the first of its kind is kept


def test_windows_are_counted_at_any_place_but_not_across_documents() -> None:
    model = ToyModel()
    window = passages(np.random.default_rng(0), 1)[0][:8]
    words = model.decode([window])[0].split()
    here = " ".join(words)
    texts = [f"po {here}", f"{here} {here}", " ".join(words[:4]), " ".join(words[4:]), "", here]
    tokens = np.stack([window, window[::-1], window])
    counts = repeats(MemoryTexts(texts), model, tokens, lambda: None)
    assert counts.tolist() == [4, 0, 4]
    assert repeats(MemoryTexts([]), model, tokens, lambda: None).tolist() == [0, 0, 0]
    assert repeats(MemoryTexts(texts), model, tokens[:0], lambda: None).tolist() == []


def test_a_window_moves_to_where_its_prefix_can_be_typed() -> None:
    model = Marked()
    ba = int(ToyModel().encode(["ba"])[0][0])
    tokens = [2, 3, 4, ba, 5, 6, 7, 8, 9, 10, 11, 12, 13]
    settled = settle([target(tokens, 2)], model, SHAPE)
    assert settled.tokens.tolist() == [tokens[3:11]]
    assert (settled.n_moved, settled.n_untypable) == (1, 0)
    assert settle([target(tokens, 3)], model, SHAPE).n_moved == 0
    nowhere = settle([target(tokens[4:], 0)], model, SHAPE)
    assert nowhere.tokens.tolist() == [tokens[4:12]]
    assert (nowhere.n_moved, nowhere.n_untypable) == (0, 1)


@pytest.mark.parametrize(("stratum", "is_moved"), [(Stratum.IDENTIFIED, False), (Stratum.RANDOM, True)])
def test_a_window_does_not_move_out_of_its_stratum(stratum: Stratum, is_moved: bool) -> None:
    ba = int(ToyModel().encode(["ba"])[0][0])
    tokens = [2, 3, 4, 5, 6, ba, 7, 8, 9, 10, 11, 12, 13, 14]
    span = Span(start=6, end=7, key=1)  # in the suffix of the window at 0, in the prefix once it stands at 5
    settled = settle([target(tokens, 0, stratum=stratum, spans=(span,))], Marked(), SHAPE)
    assert settled.n_moved == is_moved


def test_windows_that_end_up_the_same_count_once() -> None:
    ba = int(ToyModel().encode(["ba"])[0][0])
    tokens = [2, 3, 4, ba, 5, 6, 7, 8, 9, 10, 11, 12, 13]
    settled = settle([target(tokens, 2), target(tokens, 4), target(tokens, 3)], Marked(), SHAPE)
    assert len(settled.tokens) == 1
    assert settle([], Marked(), SHAPE).tokens.shape == (0, 8)


def test_the_survey_tells_strata_apart_and_counts_what_it_cannot_reach() -> None:
    model = ToyModel()
    rows = passages(np.random.default_rng(2), 4)[:, :8]
    plain, private, canary, known = model.decode(list(rows))
    texts = [plain, private, canary, f"{known} ben1@example.org", "ben2@example.org ba", plain]
    draws = {s: Draw(10, 0) for s in Stratum}
    documents = MemoryTexts(
        texts, private=[False, True, *[False] * 4], canary=[False, False, True, False, False, False]
    )
    found = survey(documents, model, SHAPE, draws, lambda: None)
    assert {s: [t.record for t in d.drawn()] for s, d in found.draws.items()} == {
        Stratum.IDENTIFIED: [4],
        Stratum.PRIVATE: [2],
        Stratum.CANARY: [3],
        Stratum.RANDOM: [1, 4] if draws[Stratum.RANDOM].drawn()[0].record == 1 else [4, 1],
    }
    assert (found.n_documents, found.n_short, found.n_unreached, found.n_tokens_longest) == (6, 1, 1, 9)
