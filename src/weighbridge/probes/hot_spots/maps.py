"""Made-up maps with cities, villages, roads, people in the country, and lonely bases whose number is known.

For calibration and benchmark: nothing in them was measured anywhere. Degrees are near the equator, so that one degree
is 111 km both ways.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weighbridge.probekit.bench import generator

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

KM = 1 / 111.2  # degrees
_SETTLED_KM = 25.0  # villages lie so far around cities


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a map is made of."""

    wide_km: float = 300.0
    cities: int = 6
    citizens: int = 3000  # of the largest; each next one has 0.7 times as many
    villages: int = 300  # in settled country around cities
    villagers: int = 20
    country: int = 1000  # people who live anywhere
    roads: bool = True
    bases: int = 20
    based: int = 40  # people on each base
    points: int = 20  # of each person


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """Points of people; the arrays have one length."""

    person: Ints
    latitude: Floats
    longitude: Floats
    bases: Floats  # where the bases are, shape (bases, 2): for whoever checks what was found


def made(world: World, seed: int) -> Trace:
    """A map from a seed."""
    rng = generator(seed, "hot-spots", "map")
    wide = world.wide_km * KM
    cities = rng.uniform(0.1 * wide, 0.9 * wide, (world.cities, 2))
    sizes = (world.citizens * 0.7 ** np.arange(world.cities)).astype(int)
    homes, spreads = [], []
    for city, size in zip(cities, sizes.tolist(), strict=True):  # dense in the middle, with suburbs far out
        far = rng.exponential(3.0, size) * rng.choice([1.0, 2.5], size, p=[0.8, 0.2]) * KM
        angle = rng.uniform(0, 2 * np.pi, size)
        homes.append(city + np.stack([far * np.sin(angle), far * np.cos(angle)], axis=1))
        spreads.append(rng.uniform(0.5, 4.0, size))
    settled = cities[rng.integers(0, max(1, world.cities), world.villages)] if world.cities else np.zeros((0, 2))
    away, angle = _SETTLED_KM * KM * np.sqrt(rng.uniform(0, 1, len(settled))), rng.uniform(0, 2 * np.pi, len(settled))
    villages = settled + np.stack([away * np.sin(angle), away * np.cos(angle)], axis=1)
    for village in villages:
        n = max(3, int(rng.lognormal(np.log(world.villagers), 0.5)))
        homes.append(village + rng.normal(0, 0.3 * KM, (n, 2)))
        spreads.append(rng.uniform(0.3, 2.0, n))
    homes.append(rng.uniform(0, wide, (world.country, 2)))
    spreads.append(rng.uniform(0.3, 5.0, world.country))
    bases = _apart(rng, world, cities, wide)
    for base in bases:
        homes.append(base + rng.normal(0, 0.3 * KM, (world.based, 2)))
        spreads.append(np.full(world.based, 0.4))
    home, spread = np.concatenate(homes), np.concatenate(spreads)
    person = np.repeat(np.arange(len(home)), world.points)
    points = home[person] + rng.normal(0, 1, (len(person), 2)) * (spread[person] * KM)[:, None]
    if world.roads and world.cities > 1:
        who, along = _driven(rng, cities, len(home), world.points)
        person, points = np.concatenate([person, who]), np.concatenate([points, along])
    return Trace(person=person, latitude=points[:, 0], longitude=points[:, 1], bases=bases)


def _apart(rng: np.random.Generator, world: World, cities: Floats, wide: float) -> Floats:
    """Bases anywhere but within 30 km of a city's middle or 10 km of another base."""
    found: list[Floats] = []
    while len(found) < world.bases:
        at = rng.uniform(0.05 * wide, 0.95 * wide, 2)
        far = all(np.linalg.norm(at - city) > 30 * KM for city in cities)
        if far and all(np.linalg.norm(at - base) > 10 * KM for base in found):
            found.append(at)
    return np.array(found).reshape(-1, 2)


def _driven(rng: np.random.Generator, cities: Floats, people: int, points: int) -> tuple[Ints, Floats]:
    """One person in ten drives along a road between two cities, once."""
    who = rng.choice(people, people // 10, replace=False)
    ends = np.array([rng.choice(len(cities), 2, replace=False) for _ in who]).reshape(-1, 2)
    part = rng.uniform(0, 1, (len(who), points))
    start, end = cities[ends[:, 0]], cities[ends[:, 1]]
    along = start[:, None, :] + part[:, :, None] * (end - start)[:, None, :]
    along += rng.normal(0, 0.02 * KM, along.shape)
    return np.repeat(who, points), along.reshape(-1, 2)


def suppressed(trace: Trace, cell_km: float, few: int) -> dict[str, list[float] | list[int]]:
    """The heat map of a trace: squares with at least so many different people, their middles and their counts."""
    size = cell_km * KM
    row, column = (np.floor(x / size).astype(np.int64) for x in (trace.latitude, trace.longitude))
    pairs = np.unique(np.stack([row, column, trace.person], axis=1), axis=0)
    squares, counts = np.unique(pairs[:, :2], axis=0, return_counts=True)
    kept = counts >= few
    return {
        "lat": np.round((squares[kept, 0] + 0.5) * size, 6).tolist(),
        "lon": np.round((squares[kept, 1] + 0.5) * size, 6).tolist(),
        "athletes": counts[kept].tolist(),
    }
