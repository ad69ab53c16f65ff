"""A passage through the gate, told to people, to programs, to code scanning (SARIF) and to GitHub's annotations."""

from __future__ import annotations

import json
from typing import Any

from weighbridge.core.canon import digest_of
from weighbridge.core.passage import Check, Passage, Result
from weighbridge.core.shape import plain
from weighbridge.core.wording import _, plural
from weighbridge.report.neutral import clean, pasteable, sentence, told

STYLES = ("table", "json", "sarif", "github")
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_FIRST_LINE = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2}
_ALWAYS = "beyond"  # the check that is told also where it passes and nobody asks for all of them
_LEVELS = {Result.PASSES: "none", Result.UNSETTLED: "warning", Result.REFUSED: "error", Result.BROKEN: "error"}


# What each check looks at, for those who meet it in code scanning; English, as all of SARIF here.
_MEANS = {
    "beyond": "What was decided goes beyond rules that are breached or not answered, as whoever signed was told.",
    "bundle": "A list of files that a publisher signed with model-signing fits what leaves, and its signature holds.",
    "bytes": "Every file that leaves has the digest that was decided on.",
    "clock": "The clock of this machine stands after all that the ledger has seen.",
    "decision": "Somebody decided on this candidate.",
    "expiry": "The decision still holds today.",
    "extra": "Nothing lies beside what leaves that nobody decided on.",
    "files": "Only plain files lie there, each under a name of its own.",
    "ledger": "Every seal of the ledger fits.",
    "policy": "The policy is the one that was decided by.",
    "prepared": "Whoever is said to have prepared the decision has signed that.",
    "removals": "Every verified removal is honoured in what leaves.",
    "rung": "What was decided for each component allows this destination.",
    "signatures": "Every role that the policy wants has signed, each by another person.",
    "stages": "The stages that give what is to leave are open, and none was missed.",
    "stops": "No stop stands against what was decided but those that a waiver lifts today.",
    "triggers": "Nothing has come up since that asks for deciding again.",
}


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
    shown = [check for check in passage.checks if explain or check.result is not Result.PASSES or check.name == _ALWAYS]
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

    With all that GitHub's code scanning calls required.

    References
    ----------
    OASIS, Static Analysis Results Interchange Format version 2.1.0. GitHub, SARIF support for code scanning.
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
                        "rules": [_sarif_rule(name) for name in names],
                    }
                },
                "results": [_sarif_result(check, names, path) for check in failing],
                "invocations": [
                    {"executionSuccessful": True, "exitCode": int(passage.result.exit_code)},
                ],
            }
        ],
    }


def _sarif_rule(name: str) -> dict[str, Any]:
    means = _MEANS.get(name, f"The gate's check {name}.")
    return {
        "id": f"gate/{name}",
        "shortDescription": {"text": f"weighbridge gate: {name}"},
        "fullDescription": {"text": means},
        "help": {"text": f"{means} All checks with their reasons: weighbridge gate DIR --to DESTINATION --explain"},
    }


def _sarif_result(check: Check, names: list[str], path: str) -> dict[str, Any]:
    fix = f" Fix: {pasteable(clean(str(check.fix)), path)}" if check.fix else ""
    says = clean(str(check.says))
    return {
        "ruleId": f"gate/{check.name}",
        "ruleIndex": names.index(check.name),
        "level": _LEVELS[check.result],
        "message": {"text": f"{says}.{fix}"},
        # One alert for one thing said: the same in the next run, another where something else is said.
        "partialFingerprints": {"primaryLocationLineHash": digest_of([check.name, says]).removeprefix("sha256:")[:16]},
        # Code scanning wants a place; a decision about many files has none but where the candidate is described.
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "weighbridge.toml"}, "region": _FIRST_LINE}}],
    }
