"""`python -m weighbridge.cli.gate_commit PATH --to DESTINATION`: the gate as a pre-push hook of git.

What is looked at is the commit that is to be pushed, not what lies in the working tree, which may be something else. It
is written into a folder of its own with the filters that git uses for a checkout, so that files kept by git-lfs are
there, too. Only the last commit of each pushed ref is looked at: what earlier commits hold is pushed with it, and is
part of the history that others get.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from weighbridge.cli.main import run, tell
from weighbridge.core.errors import ExitCode, Outside, Unusable, WeighbridgeError
from weighbridge.core.wording import _

_USE = "python -m weighbridge.cli.gate_commit PATH --to DESTINATION"


def main(argv: Sequence[str], pushed: IO[str]) -> int:
    """Gate every commit that is pushed; the worst exit code.

    Parameters
    ----------
    argv : PATH, relative to the top of the repository, then the options of `weighbridge gate`
    pushed : what git tells a pre-push hook on standard input: local ref, its commit, remote ref, its commit, a line
    """
    try:
        if not argv or argv[0].startswith("-"):
            raise Unusable(_("the hook does not know what to look at"), _("its first word is no path"), _USE)
        commits = _pushed(pushed)
        return max((_gated(argv[0], list(argv[1:]), commit) for commit in commits), default=int(ExitCode.DONE))
    except WeighbridgeError as error:
        tell(error)
        return int(error.exit_code)


def _pushed(lines: IO[str]) -> tuple[str, ...]:
    """The commits that are pushed: as pre-commit says, else as git says; a ref that is deleted has none."""
    named = os.environ.get("PRE_COMMIT_TO_REF")
    told = [named] if named else [line.split()[1] for line in lines if len(line.split()) == 4]
    return tuple(dict.fromkeys(commit for commit in told if commit.strip("0")))


def _gated(path: str, words: list[str], commit: str) -> int:
    top = Path(_git("rev-parse", "--show-toplevel").strip())
    with tempfile.TemporaryDirectory(prefix="weighbridge-commit-") as folder:
        # The folder bears the repository's name: where there is no candidate file, the candidate is called by it.
        tree = Path(folder) / "tree" / top.name
        tree.mkdir(parents=True)
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        _git("read-tree", commit, at=top, more=index)
        _git("checkout-index", "--all", f"--prefix={tree}/", at=top, more=index)
        at = Path(os.path.normpath(tree / path))
        if not at.is_relative_to(tree) or not os.path.lexists(at):
            raise Unusable(
                _("the commit that is pushed does not hold {path}").format(path=path),
                _("its paths are relative to the top of the repository"),
                "git ls-tree -r --name-only HEAD",
            )
        return run(["gate", str(at), *words])


def _git(*words: str, at: Path | None = None, more: dict[str, str] | None = None) -> str:
    # git sets GIT_DIR and others for its hooks; they hold for the repository that is pushed, which is this one.
    try:
        done = subprocess.run(  # noqa: S603  git itself, found on the path, and words of ours
            ["git", *words],  # noqa: S607
            cwd=at, env={**os.environ, **(more or {})}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError as error:
        raise Outside(_("cannot run git"), error.strerror or type(error).__name__, "git --version") from error
    if done.returncode:
        raise Outside(
            _("git cannot show the commit that is pushed"),
            _("git {command} ended with {code}").format(command=words[0], code=done.returncode),
            "git fsck",
        )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin))
