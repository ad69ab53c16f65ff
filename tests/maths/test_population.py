import numpy as np
import pytest

from weighbridge.maths.population import Ints, Pitman, fit_pitman, zayatz, zayatz_stays_alone


def drawn(alpha: float, theta: float, n: int, rng: np.random.Generator) -> Ints:
    """Class of each of n individuals under Pitman's partition, one after the other."""
    label = np.zeros(n, dtype=np.int64)
    sizes: list[int] = []
    for i in range(n):
        if rng.random() * (i + theta) < theta + alpha * len(sizes):
            label[i] = len(sizes)
            sizes.append(1)
        else:
            while True:  # an earlier individual's class, kept with a chance of (size - alpha) / size
                place = label[rng.integers(i)]
                if rng.random() < (sizes[place] - alpha) / sizes[place]:
                    break
            label[i] = place
            sizes[place] += 1
    return label


def frequencies(label: Ints) -> tuple[Ints, Ints]:
    _, sizes = np.unique(label, return_counts=True)
    found, classes = np.unique(sizes, return_counts=True)
    return found.astype(np.int64), classes.astype(np.int64)


@pytest.mark.parametrize(("alpha", "theta"), [(0.3, 200.0), (0.7, 50.0)])
def test_the_model_finds_what_it_was_made_with(alpha: float, theta: float) -> None:
    rng = np.random.default_rng(3)
    population = drawn(alpha, theta, 20_000, rng)
    sample = rng.permutation(population)[:4000]  # exchangeable: any 4,000 of them are such a sample
    model = fit_pitman(*frequencies(sample))
    assert model.alpha == pytest.approx(alpha, abs=0.08)
    values, size_of = np.unique(population, return_counts=True)
    whole = dict(zip(values.tolist(), size_of.tolist(), strict=True))
    labels, here = np.unique(sample, return_counts=True)
    ones = [whole[label] for label, size in zip(labels.tolist(), here.tolist(), strict=True) if size == 1]
    assert model.stays_alone(20_000) == pytest.approx(np.mean(np.array(ones) == 1), abs=0.05)
    sizes, classes = frequencies(sample)
    risk = float((model.risk(sizes, 20_000) * sizes * classes).sum() / 4000)
    truth = sum(size / whole[label] for label, size in zip(labels.tolist(), here.tolist(), strict=True)) / 4000
    assert risk == pytest.approx(truth, rel=0.07)
    careful = float((zayatz(sizes, classes, 20_000) * sizes * classes).sum() / 4000)
    assert careful >= truth
    assert zayatz_stays_alone(sizes, classes, 20_000) >= np.mean(np.array(ones) == 1)


def test_where_the_sample_is_the_population_nothing_is_gained() -> None:
    sizes, classes = np.array([1, 2, 5]), np.array([10, 4, 2])
    model = fit_pitman(sizes, classes)
    assert model.stays_alone(28) == pytest.approx(1.0)
    assert model.risk(sizes, 28) == pytest.approx(1 / sizes)
    assert zayatz(sizes, classes, 28) == pytest.approx(1 / sizes)
    assert zayatz_stays_alone(sizes, classes, 28) == pytest.approx(1.0)
    assert zayatz_stays_alone(sizes[1:], classes[1:], 28) == 0.0


@pytest.mark.parametrize(
    ("sizes", "classes"), [([1], [1]), ([1], [5000]), ([5000], [1]), ([1, 5000], [1, 1]), ([2], [3])]
)
def test_extremes_give_chances(sizes: list[int], classes: list[int]) -> None:
    model = fit_pitman(np.array(sizes), np.array(classes))
    risk = model.risk(np.array(sizes), 1_000_000)
    assert np.isfinite(risk).all()
    assert (risk > 0).all()
    assert (risk <= 1 / np.array(sizes) + 1e-12).all()
    assert 0 <= model.stays_alone(1_000_000) <= 1
    careful = zayatz(np.array(sizes), np.array(classes), 1_000_000)
    assert ((careful > 0) & (careful <= 1 / np.array(sizes) + 1e-12)).all()


def test_a_larger_population_never_makes_anybody_easier_to_find() -> None:
    model = Pitman(alpha=0.4, theta=30.0, n=1000)
    sizes = np.array([1, 3, 40])
    risks = np.array([model.risk(sizes, n) for n in (1000, 2000, 50_000, 10_000_000)])
    assert (np.diff(risks, axis=0) <= 1e-12).all()
    alone = [model.stays_alone(n) for n in (1000, 2000, 50_000)]
    assert alone == sorted(alone, reverse=True)
