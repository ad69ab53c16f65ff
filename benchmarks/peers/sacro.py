"""The peer's side of `membership.py`: SACRO-ML's attacks, run by the interpreter that has it.

    PEER_PYTHON benchmarks/peers/sacro.py JOB.json

It reads the rows that the job names, fits the same target, attacks it, and writes what came out. Nothing of ours is
imported.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from sacroml.attacks.attribute_attack import _infer  # type: ignore[import-not-found]  # the peer's environment alone
from sacroml.attacks.likelihood_attack import LIRAAttack  # type: ignore[import-not-found]  # likewise
from sacroml.attacks.target import Target  # type: ignore[import-not-found]  # likewise
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

KINDS = {"RandomForestClassifier": RandomForestClassifier, "MLPClassifier": MLPClassifier}
WARM = 100  # rows of each kind in a first attack, which is not counted: what is loaded late is loaded then


class Kept(LIRAAttack):  # type: ignore[misc]  # no types in the peer's package
    """The attack as it is; what it computed of each record is kept."""

    scores: Any = None

    def _save_attack_metrics(self, mia_scores: Any, *rest: Any) -> None:
        self.scores = np.asarray(mia_scores)[:, 1]  # the column that its own metrics take for the score
        super()._save_attack_metrics(mia_scores, *rest)


def main() -> None:
    """Run one job."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    logging.disable(logging.WARNING)
    job = json.loads(Path(sys.argv[1]).read_text())
    with np.load(job["rows"]) as held:
        rows = {name: held[name] for name in held.files}
    members = rows["is_member"]
    model = KINDS[job["kind"]](**job["params"]).fit(rows["matrix"][members], rows["targets"][members])
    attack = {"membership": membership, "attributes": attributes}[job["attack"]]
    attack(job, model, warmth(rows), warm=True)
    started = time.process_time()
    found = attack(job, model, rows, warm=False)
    seconds = time.process_time() - started
    np.savez(job["out"], seconds=seconds, peak=peak_bytes(), probabilities=model.predict_proba(rows["matrix"]), **found)


def warmth(rows: dict[str, Any]) -> dict[str, Any]:
    """A few rows of each kind."""
    kinds = (np.flatnonzero(rows["is_member"]), np.flatnonzero(~rows["is_member"]))
    chosen = np.concatenate([kind[:WARM] for kind in kinds])
    return {name: values[chosen] for name, values in rows.items()}


def target_of(model: Any, rows: dict[str, Any]) -> Any:
    """The target, as the peer's documentation has it made."""
    members = rows["is_member"]
    parts = {
        f"{name}_{side}{suffix}": rows[held][chosen]
        for side, chosen in (("train", members), ("test", ~members))
        for name, held, suffix in (
            ("X", "matrix", ""), ("y", "targets", ""), ("X", "words", "_orig"), ("y", "targets", "_orig"),
        )
    }  # fmt: skip
    return Target(model=model, dataset_name="adult", **parts)


def membership(job: dict[str, Any], model: Any, rows: dict[str, Any], *, warm: bool) -> dict[str, Any]:
    """The likelihood-ratio attack with its own defaults but for the number of shadows and the report."""
    with tempfile.TemporaryDirectory() as folder:
        attack = Kept(output_dir=folder, write_report=False, n_shadow_models=2 if warm else job["shadows"])
        attack.attack(target_of(model, rows))
    return {"scores": attack.scores}


def attributes(job: dict[str, Any], model: Any, rows: dict[str, Any], *, warm: bool) -> dict[str, Any]:
    """The attack on categorical columns: right guesses and all guesses, of members and of others."""
    target = target_of(model, rows)
    counts = []
    for place, (name, first) in enumerate(zip(job["words"], job["firsts"], strict=True)):
        # A value that none of these rows has gets no column: the peer encodes the values that they have.
        values = np.unique(rows["codes"][:, place])
        target.add_feature(name, indices=[first + int(value) for value in values], encoding="onehot")
    for place, name in enumerate(job["words"]):
        if name in (job["columns"][:1] if warm else job["columns"]):
            sides = (_infer(target, place, 0, memberset) for memberset in (True, False))
            counts.append([number for side in sides for number in side[:2]])
    return {"counts": np.asarray(counts)}


def peak_bytes() -> int:
    """The most memory that was resident; of this program alone, where the system says so."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
