"""Secrets in text: keys, tokens, passwords. What is found is counted, and never kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from weighbridge.probes.artefact_safety.engine import PATTERNS, Pattern, is_token, named_secrets

OVERLAP = 1 << 13  # characters: no secret we know is longer
_BEHIND = 2048
_BATCH = 1 << 20
_REACH = 250  # characters after a name within which its value ends
_SHORTEST = 4  # characters of a password in an address: manuals abound in a:b@host
_MAX_NAMED = 20_000  # names of secrets in one file: more are no accident, and reading each is slow

_KEYWORD = re.compile(
    r"(?i)api_?key|auth_?key|account_?key|priv(?:ate)?_?key|client_?key|db_?(?:key|pass)|passw(?:or)?d|pwd|secret"
)
_TRIGGERS = sorted({trigger for pattern in PATTERNS for trigger in pattern.triggers})
_PLACEHOLDER = re.compile(
    r"[\W_xX0]*|(?i:[{<$%\[].*|.*\$\{.*|pass(?:word|wd)?|pwd|secret|token|your.*|my_?pass(?:word)?|example|changeme)"
)
_KEY_BODY = re.compile(r"-----(?:\\[nr]|[\s\"'+,\\])*[A-Za-z0-9+/=]{16}")


@dataclass(slots=True)
class SecretSearch:
    """Looks through a text, piece by piece.

    Parameters
    ----------
    named : whether values called a password or key are secrets too: in settings and code they are, in prose and tables
        that talk of passwords they are not
    unquoted : whether such values stand without quotes
    found : called with the line (from 1) and the kind of each
    """

    named: bool
    unquoted: bool
    found: Callable[[int, str], None]
    counts: Counter[str] = field(default_factory=Counter)
    n_lines: int = 0
    is_flooded: bool = False  # given up: so many names of secrets that reading all would take too long
    _text: str = ""
    _own: int = 0  # where in `_text` begins what was not looked at yet
    _line: int = 1
    _covered: int = 0  # up to where in `_text` a secret that was counted reaches
    _any: bool = False
    _n_named: int = 0

    def feed(self, text: str) -> None:
        """The next piece of the text."""
        self._text += text
        self._any = self._any or bool(text)
        if len(self._text) - self._own >= _BATCH + OVERLAP:
            self._look(len(self._text) - OVERLAP)

    def finish(self) -> None:
        """There is no more."""
        self._look(len(self._text))
        self.n_lines = self._line if self._any else 0

    def _look(self, before: int) -> None:
        line, at = self._line, self._own
        for start, end, kind in sorted(self._matches(before)):
            if start < self._covered:
                continue  # one secret seen by two patterns is one
            line, at = line + self._text.count("\n", at, start), start
            self._covered = end
            self.counts[kind] += 1
            self.found(line, kind)
        self._line += self._text.count("\n", self._own, before)
        cut = max(0, before - _BEHIND)
        self._text, self._own, self._covered = self._text[cut:], before - cut, max(0, self._covered - cut)

    def _matches(self, before: int) -> Iterator[tuple[int, int, str]]:
        ahead = self._text.find  # each trigger is looked for once, however many patterns share it
        there = {trigger for trigger in _TRIGGERS if ahead(trigger, self._own) >= 0}
        for pattern in PATTERNS:
            if not pattern.triggers or not there.isdisjoint(pattern.triggers):
                yield from self._triggered(pattern, before)
        if self.named:
            yield from self._named(before)

    def _triggered(self, pattern: Pattern, before: int) -> Iterator[tuple[int, int, str]]:
        for match in _candidates(pattern, self._text, self._own, before + pattern.back):
            if self._own <= match.start() < before and _is_real(pattern, match):
                yield match.start(), match.end(), pattern.kind

    def _named(self, before: int) -> Iterator[tuple[int, int, str]]:
        text, at = self._text, max(0, self._own - _REACH)
        while not self.is_flooded and (name := _KEYWORD.search(text, at, before)) is not None:
            at = name.end()
            self._n_named += 1
            self.is_flooded = self._n_named > _MAX_NAMED
            line = text[name.start() : name.end() + _REACH].partition("\n")[0].replace('\\"', '"')
            for value in named_secrets(line, unquoted=self.unquoted):
                where = text.find(value, name.start(), at + _REACH)
                if self._own <= where < before:
                    yield where, where + len(value), "named"


def _candidates(pattern: Pattern, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    if not pattern.triggers:
        yield from pattern.pattern.finditer(text, max(0, start - _BEHIND), min(len(text), end + OVERLAP))
    for trigger in pattern.triggers:
        at = text.find(trigger, start)
        while 0 <= at < end:
            if match := _match_at(pattern, text, at):
                yield match
            at = text.find(trigger, at + 1)


def _match_at(pattern: Pattern, text: str, at: int) -> re.Match[str] | None:
    if not pattern.back:
        is_piece = bool(pattern.before and at and re.match(pattern.before, text[at - 1]))
        return None if is_piece else pattern.pattern.match(text, at, at + pattern.ahead)
    match = pattern.pattern.search(text, max(0, at - pattern.back), at + pattern.ahead)
    while match and match.end() <= at:  # one that ends before this trigger belongs to an earlier one
        match = pattern.pattern.search(text, match.end(), at + pattern.ahead)
    return match


def _is_real(pattern: Pattern, match: re.Match[str]) -> bool:
    text, start, end = match.string, match.start(), match.end()
    if pattern.before and start and re.match(pattern.before, text[start - 1]):
        return False
    if pattern.after and re.match(pattern.after, text[end : end + 1]):
        return False
    test = _TESTS.get(pattern.kind)
    return match[0].isascii() and (test is None or test(match))


def _has_mixture(match: re.Match[str]) -> bool:
    body = match[0]
    return any(c.isdigit() for c in body) and any(c.islower() for c in body) and any(c.isupper() for c in body)


def _is_aws(match: re.Match[str]) -> bool:
    """Capital letters alone are an identifier of Amazon's only with its commonest prefix: else they spell proteins."""
    return match[0].startswith("AKIA") or any(c.isdigit() for c in match[0][4:])


def _is_password(match: re.Match[str]) -> bool:
    user = match[0].removeprefix("://").partition(":")[0]
    return len(match[1]) >= _SHORTEST and match[1] != user and not _PLACEHOLDER.fullmatch(match[1])


def _is_key(match: re.Match[str]) -> bool:
    """A key has a body; a text that speaks of its first line has none."""
    text, end = match.string, match.end()
    if match[0].startswith("PuTTY"):
        return True
    if text[max(0, match.start() - 5) : match.start()] != "-----":
        return False
    return bool(_KEY_BODY.match(text, end)) or (
        "-----END" in text[end + 5 : end + OVERLAP] and text[end + 5 : end + 6] in ("\n", "\r", "\\")
    )


_TESTS: dict[str, Callable[[re.Match[str]], bool]] = {
    "aws": _is_aws,
    "artifactory": lambda match: len(match[0]) >= 64,  # theirs have 73 letters and digits
    "basic-auth": _is_password,
    "discord": _has_mixture,
    "hugging-face": _has_mixture,
    "jwt": lambda match: is_token(match[0]),
    "private-key": _is_key,
    "telegram": _has_mixture,
    "twilio": lambda match: any(c.isdigit() for c in match[0]),
}
