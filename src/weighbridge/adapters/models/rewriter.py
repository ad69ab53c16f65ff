"""Commands that rewrite texts, such as a paraphraser: a module in Python, run in a child process without network.

The module is one file. It reads JSON Lines from its standard input, `{"id": 0, "text": "..."}`, and writes as many to
its standard output, each with the `id` it was given and the text rewritten; in any order. It may import what is
installed. It gets no network, no other process, and no file but those of the interpreter and of a folder of its own,
which is empty.

Nothing that it writes is believed: the parent checks that each text came back once, as text, and not grown out of
bounds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Never

from weighbridge.adapters.models import rewriter_runner as child
from weighbridge.adapters.models.confinement import Limits
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.adapters.models.recipe_runner import DONE, RAISED, SEED
from weighbridge.adapters.models.sandbox import Ended, Ending, Sandbox, check_possible, keeps_to_folder, sandboxed
from weighbridge.core.errors import Outside
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, _, phrase

_RUNNER = "weighbridge.adapters.models.rewriter_runner"
_LONGEST_SOURCE = 1 << 20
_LONGEST_NAME = 100
_AT_ONCE = 32  # texts of one question; what comes late is late for these alone
_GROWS = 4  # times as long as it was, and a line more: what is longer is no paraphrase; ours
_LINE = 1000
_MOST_PER_CHARACTER = 12  # bytes: a character of JSON as two escapes


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How much a command may use. Ours: enough for a small model on a processor, and an end to the rest."""

    load_s: float = 120.0
    text_s: float = 30.0  # for each text
    memory_bytes: int = 8 << 30
    file_bytes: int = 256 << 20
    folder_bytes: int = 1 << 30

    def limits(self, texts: int) -> Limits:
        """What the child may use for so many texts."""
        return Limits(
            memory_bytes=self.memory_bytes, cpu_s=int(2 * (self.load_s + texts * self.text_s)) + 1,
            file_bytes=self.file_bytes, folder_bytes=self.folder_bytes,
        )  # fmt: skip


class ChildRewriter:
    """Implements `probekit.ports.Rewriter`. A child of its own is started for each call, and ended after it."""

    def __init__(self, source: bytes, *, label: str, spill: Path, allowance: Allowance | None = None) -> None:
        self._source, self._label, self._spill = source, label, spill
        self._allowance = allowance or Allowance()
        self.says: Phrase = (
            phrase("texts are rewritten by {label}, in a process without network", label=label)
            if keeps_to_folder()
            else phrase(
                "texts are rewritten by {label}, in a process without network; this system could not keep it from "
                "reading your files",
                label=label,
            )
        )

    def rewrite(self, texts: Sequence[str], *, seed: int, tick: Callable[[], None]) -> list[str]:
        """Each text as the command rewrites it, in order.

        Raises
        ------
        Silent
            Where it raises, never ends, or writes something else.
        """
        made: list[str] = []
        with sandboxed(_RUNNER, limits=self._allowance.limits(len(texts)), spill=self._spill) as sandbox:
            self._ask(sandbox, child.LOAD + self._source, 0, self._allowance.load_s, tick)
            for start in range(0, len(texts), _AT_ONCE):
                some = texts[start : start + _AT_ONCE]
                lines = "".join(json.dumps({"id": n, "text": _whole(text)}) + "\n" for n, text in enumerate(some))
                most = sum(_MOST_PER_CHARACTER * _longest(text) + _LINE for text in some)
                message = child.REWRITE + SEED.pack(seed) + lines.encode()
                seconds = self._allowance.load_s + self._allowance.text_s * len(some)
                made += self._believed(self._ask(sandbox, message, most, seconds, tick), some)
        return made

    def _ask(self, sandbox: Sandbox, message: bytes, most: int, seconds: float, tick: Callable[[], None]) -> bytes:
        try:
            reply = sandbox.ask(message, seconds=seconds, most=1 + max(most, _LONGEST_NAME), tick=tick)
        except Ended as error:
            self._ended(error.ending)
        if reply[:1] == RAISED:
            not_measured(
                phrase("the command {label} failed", label=self._label),
                phrase("run it by itself on some lines of JSON, and mend what it says; it has no network, no other "
                       "process, and no file"),
            )  # fmt: skip
        if reply[:1] != DONE or len(reply) > 1 + most:
            self._lied()
        return reply[1:]

    def _believed(self, reply: bytes, given: Sequence[str]) -> list[str]:
        """The texts in an answer, if there is one for each that was given."""
        found: dict[int, str] = {}
        try:
            for line in reply.decode("utf-8").split("\n"):
                if not line.strip():
                    continue
                said = json.loads(line)
                found[self._place(said, found, len(given))] = said["text"]
        except (ValueError, RecursionError, KeyError, TypeError):
            self._lied()
        whole = [found.get(n, "") for n in range(len(given))]
        if any(not text.strip() or len(text) > _longest(old) for text, old in zip(whole, given, strict=True)):
            self._lied()
        return whole

    def _place(self, said: object, found: dict[int, str], n: int) -> int:
        place = said.get("id") if isinstance(said, dict) else None
        is_text = isinstance(said, dict) and isinstance(said.get("text"), str)
        if type(place) is not int or not 0 <= place < n or place in found or not is_text:
            self._lied()
        return place

    def _ended(self, ending: Ending) -> Never:
        told = {
            Ending.LATE: phrase("the command {label} took too long", label=self._label),
            Ending.DISK: phrase("the command {label} wrote too much to its folder", label=self._label),
            Ending.DIED: phrase("the process of the command {label} ended on its own", label=self._label),
        }
        if ending is Ending.LENGTH:
            self._lied()
        not_measured(told[ending], phrase("run it by itself on some lines of JSON, and make it smaller or faster"))

    def _lied(self) -> Never:
        not_measured(
            phrase("the command {label} does not give each text back once, rewritten", label=self._label),
            phrase('for each line {{"id": ..., "text": ...}} let it write one with the same id; no text empty, none '
                   "more than {n} times as long as it was", n=_GROWS),
        )  # fmt: skip


def open_rewriter(file: RecipeFile, *, spill: Path) -> ChildRewriter:
    """Open a command that rewrites texts.

    Raises
    ------
    Silent
        Where it was not trusted by name, is no module in Python, or no child can be shut in.
    Outside
        Where it cannot be read.
    """
    if file.path.suffix != ".py":
        not_measured(
            phrase("{label} is no command that can be run here", label=file.label),
            phrase("give it as one file in Python, .py, that reads lines of JSON and writes lines of JSON"),
        )
    if not file.is_trusted:
        not_measured(
            phrase("{label}, which rewrites texts, is code, and was not trusted", label=file.label),
            phrase("weighbridge weigh DIR --trust {label}", label=file.label),
        )
    check_possible()
    try:
        with file.path.open("rb") as stream:
            source = stream.read(_LONGEST_SOURCE + 1)
    except OSError as error:
        raise Outside(
            _("cannot read {label}").format(label=file.label),
            error.strerror or type(error).__name__,
            _("check that it is there and that you may read it"),
        ) from error
    if len(source) > _LONGEST_SOURCE:
        not_measured(
            phrase("the command {label} has more than {n} bytes", label=file.label, n=_LONGEST_SOURCE),
            phrase("leave only what rewrites texts in it"),
        )
    return ChildRewriter(source, label=file.label, spill=spill)


def _longest(text: str) -> int:
    return _GROWS * len(text) + _LINE


def _whole(text: str) -> str:
    """Without halves of characters, which JSON can write and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()
