"""A passage through the gate, told to people, to programs, to code scanning (SARIF) and to GitHub's annotations."""

from __future__ import annotations

import json
from typing import Any

from weighbridge.core.passage import Check, Passage, Result
from weighbridge.core.shape import plain
from weighbridge.core.wording import _, plural
from weighbridge.report.neutral import clean, pasteable, sentence, told

STYLES = ("table", "json", "sarif", "github")
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Result.PASSES: "none", Result.UNSETTLED: "warning", Result.REFUSED: "error", Result.BROKEN: "error"}


def render_passage(passage: Passage, *, style: str, explain: bool = False, path: str = "DIR") -> str:
    """The passage as text in one of `STYLES`; `explain` tells the checks that pass too."""
    match style:
        case "json":
            return json.dumps(_document(passage), indent=2, ensure_ascii=False)
        case "sarif":
            return json.dumps(_sarif(passage, path), indent=2, ensure_ascii=False)
        case "github":
            return "\n".join(_annotation(check, path) for check in passage.checks if check.result is not Result.PASSES)
        case _:
            return _table(passage, explain=explain, path=path)


def _document(passage: Passage) -> dict[str, Any]:
    """English, whatever the reader's language: it is read by programs."""
    rows = [
        {
            "name": check.name,
            "result": check.result.value,
            "says": str(check.says),
            "fix": str(check.fix) if check.fix else None,
        }
        for check in passage.checks
    ]
    told_whole: dict[str, Any] = dict(plain(passage))  # type: ignore[arg-type]  # a data class is plain as a table
    return {**told_whole, "result": passage.result.value, "checks": rows}


def _table(passage: Passage, *, explain: bool, path: str) -> str:
    shown = [check for check in passage.checks if explain or check.result is not Result.PASSES]
    lines = [_verdict(passage)]
    for check in shown:
        lines.append(f"  {_word(check.result):<12} {clean(check.name)}: {sentence(check.says)}")
        if check.fix is not None:
            lines.append(f"  {'':<12} {_('fix')}: {pasteable(told(check.fix), path)}")
    if not explain:
        n = sum(check.result is Result.PASSES for check in passage.checks)
        says = plural("{n} check passes; all of them: --explain", "{n} checks pass; all of them: --explain", n)
        lines.append("  " + says.format(n=n))
    return "\n".join(lines)


def _verdict(passage: Passage) -> str:
    said = {
        Result.PASSES: _("{name} may go to {destination} today"),
        Result.UNSETTLED: _("{name} may not go to {destination} yet"),
        Result.REFUSED: _("{name} may not go to {destination}"),
        Result.BROKEN: _("{name} may not go to {destination}: the ledger cannot be believed"),
    }[passage.result]
    return said.format(name=clean(passage.candidate), destination=passage.destination.value)


def _word(result: Result) -> str:
    return {
        Result.PASSES: _("passes"),
        Result.UNSETTLED: _("not yet"),
        Result.REFUSED: _("refused"),
        Result.BROKEN: _("broken"),
    }[result]


def _annotation(check: Check, path: str) -> str:
    """One line of GitHub's workflow commands; line ends and separators are escaped as it wants them."""
    level = "warning" if check.result is Result.UNSETTLED else "error"
    fix = f" {_('fix')}: {pasteable(told(check.fix), path)}" if check.fix else ""
    words = f"{sentence(check.says)}{fix}".replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    title = f"weighbridge gate {check.name}".replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={title}::{words}"


def _sarif(passage: Passage, path: str) -> dict[str, Any]:
    """SARIF 2.1.0: one rule per kind of check, one result per check that does not pass.

    References
    ----------
    OASIS, Static Analysis Results Interchange Format version 2.1.0.
    """
    names = sorted({check.name for check in passage.checks})
    failing = [check for check in passage.checks if check.result is not Result.PASSES]
    return {
        "$schema": _SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "weighbridge",
                        "rules": [
                            {"id": f"gate/{n}", "shortDescription": {"text": f"weighbridge gate: {n}"}} for n in names
                        ],
                    }
                },
                "results": [_sarif_result(check, names, path) for check in failing],
                "invocations": [
                    {"executionSuccessful": True, "exitCode": int(passage.result.exit_code)},
                ],
            }
        ],
    }


def _sarif_result(check: Check, names: list[str], path: str) -> dict[str, Any]:
    fix = f" Fix: {pasteable(clean(str(check.fix)), path)}" if check.fix else ""
    return {
        "ruleId": f"gate/{check.name}",
        "ruleIndex": names.index(check.name),
        "level": _LEVELS[check.result],
        "message": {"text": f"{clean(str(check.says))}.{fix}"},
        # Code scanning wants a place; a decision about many files has none but where the candidate is described.
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": "weighbridge.toml"}, "region": {"startLine": 1}}}
        ],
    }
