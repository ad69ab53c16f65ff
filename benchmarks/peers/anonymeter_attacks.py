"""The peer's side of `made_up_tables.py`: anonymeter's attacks, run by the interpreter that has them.

    PEER_PYTHON benchmarks/peers/anonymeter_attacks.py

It reads one job a line on stdin, `{"made": PATH, "originals": PATH, "control": PATH, "attacks": N}`, and answers with
the risks above the control, their intervals and the seconds each attack took. Nothing of ours is imported.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
import time
import warnings
from typing import Any

import pandas as pd
from anonymeter.evaluators import (  # type: ignore[import-not-found]  # the peer's environment alone
    InferenceEvaluator,
    LinkabilityEvaluator,
)


def attacked(evaluator: Any) -> dict[str, float]:
    """What came of one attack: risk, interval of 95 %, seconds of one core."""
    before = time.perf_counter()
    evaluator.evaluate(n_jobs=1)
    risk = evaluator.risk(confidence_level=0.95)
    return {"value": risk.value, "low": risk.ci[0], "high": risk.ci[1], "seconds": time.perf_counter() - before}


def main() -> None:
    """Answer jobs until there are no more."""
    warnings.filterwarnings("ignore")
    print(json.dumps({"version": importlib.metadata.version("anonymeter")}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        made, originals, control = (pd.read_csv(job[name]) for name in ("made", "originals", "control"))
        names = list(originals.columns)
        half = (names[: len(names) // 2], names[len(names) // 2 :])
        told = {"ori": originals, "syn": made, "control": control, "n_attacks": job["attacks"]}
        answer = {
            "linkability": attacked(LinkabilityEvaluator(**told, aux_cols=half, n_neighbors=1)),
            "inference": attacked(InferenceEvaluator(**told, aux_cols=names[:-1], secret=names[-1])),
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
