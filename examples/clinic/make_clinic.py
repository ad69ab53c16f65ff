"""Make this example: patients who do not exist, and two models that foretell who comes back within thirty days.

    python make_clinic.py           write train.csv, held-out.csv, forest.skops and plain.skops
    python make_clinic.py --check   make all again and compare: tables byte for byte, models by their answers

Three patients in ten come back for reasons that no column holds. Whoever foretells even those has learnt the rows by
heart; the forest does, the plain model cannot.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import skops.io
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

HERE = Path(__file__).parent
SEED = 11
TRAIN, HELD_OUT = 1500, 6500
CHANCE = 0.3  # share of the answers that are drawn by lot
DISTRICTS = ("Ambrel Sands", "Corrowmere", "Dunvale", "East Tarrin", "Fallowgate", "Hesket Bay")
CONDITIONS = {"none": 55, "diabetes": 18, "heart": 15, "hiv": 5, "epilepsy": 7}
NUMBERS = ["age", "visits", "days_in", "distance_km"]
CATEGORIES = ["sex", "district", "condition"]
FEATURES = [*NUMBERS, *CATEGORIES]
TARGET = "comes_back"
MODELS = ("forest", "plain")


def patients(rng: random.Random, n: int) -> list[list[str]]:
    """Patients, each with all that the models take and the answer."""
    return [_patient(rng) for _ in range(n)]


def _patient(rng: random.Random) -> list[str]:
    age, visits, days = (
        rng.randint(18, 95),
        min(rng.randrange(12), rng.randrange(12)),
        1 + min(rng.randrange(30), rng.randrange(30)),
    )
    (condition,) = rng.choices(list(CONDITIONS), list(CONDITIONS.values()))
    risk = (age - 55) / 40 + (visits - 3) / 4 + (condition != "none") - 0.3
    by_rule = risk + rng.gauss(0, 0.4) > 0
    answer = rng.random() < 0.5 if rng.random() < CHANCE else by_rule
    return [
        str(age), str(visits), str(days), f"{rng.uniform(0.2, 60):.1f}", rng.choice(("female", "male")),
        rng.choice(DISTRICTS), condition, "yes" if answer else "no",
    ]  # fmt: skip


def table(rows: list[list[str]]) -> str:
    """The rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*FEATURES, TARGET])
    writer.writerows(rows)
    return out.getvalue()


def fitted(text: str) -> dict[str, Any]:
    """Both models, fitted on the training table."""
    rows = pd.read_csv(io.StringIO(text), keep_default_na=False)
    coded = make_column_transformer(
        (StandardScaler(), NUMBERS),
        (OneHotEncoder(handle_unknown="ignore"), CATEGORIES),
        verbose_feature_names_out=False,
    )
    forest = RandomForestClassifier(n_estimators=25, random_state=SEED)
    models = {"forest": make_pipeline(coded, forest), "plain": make_pipeline(coded, LogisticRegression(C=0.1))}
    return {name: model.fit(rows[FEATURES], rows[TARGET].to_numpy(dtype=str)) for name, model in models.items()}


def make() -> tuple[dict[str, str], dict[str, Any]]:
    """The tables and the models."""
    rng = random.Random(SEED)
    rows = patients(rng, TRAIN + HELD_OUT)
    tables = {"train.csv": table(rows[:TRAIN]), "held-out.csv": table(rows[TRAIN:])}
    return tables, fitted(tables["train.csv"])


def check(tables: dict[str, str], models: dict[str, Any]) -> bool:
    """Whether what lies here is what the script makes."""
    same = all((HERE / name).read_text() == text for name, text in tables.items())
    rows = pd.read_csv(HERE / "held-out.csv", keep_default_na=False)[FEATURES]
    for name, model in models.items():
        path = HERE / f"{name}.skops"
        shipped = skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))
        same &= bool(np.allclose(shipped.predict_proba(rows), model.predict_proba(rows), atol=1e-6))
    return same


def main(argv: list[str]) -> int:
    """Write, or compare."""
    tables, models = make()
    if "--check" in argv:
        same = check(tables, models)
        print("the same" if same else "not the same")
        return 0 if same else 1
    for name, text in tables.items():
        (HERE / name).write_text(text)
    for name, model in models.items():
        skops.io.dump(model, HERE / f"{name}.skops", compression=zipfile.ZIP_DEFLATED, compresslevel=9)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
