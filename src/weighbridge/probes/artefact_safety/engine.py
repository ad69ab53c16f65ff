"""What others know: the patterns of detect-secrets, and picklescan's opinion of a pickle. No network is used.

Of detect-secrets only the patterns are used (`denylist`, `analyze_string`). Its scanning of files wants git and paths,
its settings are global to the process, and its verification sends what it found to the service that issued it.
"""

from __future__ import annotations

import io
import logging
import math
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from detect_secrets.filters import heuristic
from detect_secrets.plugins.artifactory import ArtifactoryDetector
from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.azure_storage_key import AzureStorageKeyDetector
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.plugins.discord import DiscordBotTokenDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.gitlab_token import GitLabTokenDetector
from detect_secrets.plugins.jwt import JwtTokenDetector
from detect_secrets.plugins.keyword import CONFIG_DENYLIST_REGEX_TO_GROUP, KeywordDetector
from detect_secrets.plugins.mailchimp import MailchimpDetector
from detect_secrets.plugins.npm import NpmDetector
from detect_secrets.plugins.openai import OpenAIDetector
from detect_secrets.plugins.private_key import PrivateKeyDetector
from detect_secrets.plugins.pypi_token import PypiTokenDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.square_oauth import SquareOAuthDetector
from detect_secrets.plugins.stripe import StripeDetector
from detect_secrets.plugins.telegram_token import TelegramBotTokenDetector
from detect_secrets.plugins.twilio import TwilioKeyDetector
from picklescan.scanner import SafetyLevel, scan_pickle_bytes

MAX_SCANNED = 1 << 18  # bytes of a pickle given to picklescan, which keeps every opcode in memory; ours
MIN_ENTROPY = 2.5  # bits per character below which a value is a word rather than a key; ours

_KEYWORDS = KeywordDetector()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One kind of secret and what it looks like.

    A match begins with one of `triggers`, or at most `back` characters before it, and ends at most `ahead` after it.
    Without triggers all of a text is matched. What stands in front of a match must not match `before`, nor what follows
    it `after`: it would be a piece of something else.
    """

    kind: str
    triggers: tuple[str, ...]
    pattern: re.Pattern[str]
    back: int = 0
    ahead: int = 1 << 13
    before: str = ""
    after: str = ""


def _of(kind: str, plugin: Any, *triggers: str, back: int = 0, ahead: int = 1 << 13, beside: str = "") -> _Patterns:
    before = beside or ("" if back or not triggers[0][0].isalnum() else _LETTER)
    return tuple(
        Pattern(kind=kind, triggers=triggers, pattern=p, back=back, ahead=ahead, before=before, after=beside)
        for p in plugin.denylist
    )


def _own(kind: str, trigger: str, pattern: str) -> _Patterns:
    return (Pattern(kind=kind, triggers=(trigger,), pattern=re.compile(pattern), before=_WORD, after=_WORD),)


_Patterns = tuple[Pattern, ...]
_LETTER = r"[A-Za-z0-9]"
_WORD = r"[A-Za-z0-9_]"
_KEY_LINES = ("BEGIN ENCRYPTED PRIVATE KEY", "PuTTY-User-Key-File-3")
_GITLAB = ("glpat-", "gldt-", "glft-", "glsoat-", "glrt-")
_GITLAB_ALL = (_GITLAB, ("GR1348941",), ("glcbt-",), ("glimt-",), ("glptt-",), ("glagent-",), ("gloas-",))

PATTERNS: _Patterns = (
    *_of("aws", AWSKeyDetector, "AKIA", "ASIA", "ABIA", "ACCA", "A3T", beside=_LETTER)[:1],
    *_of("aws", AWSKeyDetector, "aws", "AWS", "Aws")[1:],
    *_of("azure", AzureStorageKeyDetector, "AccountKey="),
    *_of("artifactory", ArtifactoryDetector, "AKC", back=1, ahead=200)[:1],  # the other takes words that begin with AP
    *_of("basic-auth", BasicAuthDetector, "://"),
    *_of("discord", DiscordBotTokenDetector, beside=_WORD),
    *_of("github", GitHubTokenDetector, "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    *(replace(p, triggers=t) for p, t in zip(_of("gitlab", GitLabTokenDetector, "gl"), _GITLAB_ALL, strict=False)),
    *(replace(p, before=r"[A-Za-z0-9_-]") for p in _of("jwt", JwtTokenDetector, "eyJ")),
    *_of("mailchimp", MailchimpDetector, "-us", back=32, ahead=6, beside=_WORD),
    *_of("npm", NpmDetector, ":_authToken=", back=200, ahead=200),
    *_of("openai", OpenAIDetector, "T3BlbkFJ", back=220, ahead=30),
    *_of("private-key", PrivateKeyDetector, "PRIVATE KEY", "PuTTY-User-Key-File-2", back=24, ahead=24),
    *_of("pypi", PypiTokenDetector, "pypi-AgE"),
    *_of("sendgrid", SendGridDetector, "SG."),
    *_of("slack", SlackDetector, "xox")[:1],
    *_of("slack", SlackDetector, "https://hooks.slack.com/")[1:],
    *_of("square", SquareOAuthDetector, "sq0csp-"),
    *_of("stripe", StripeDetector, "k_live_", back=1, ahead=40),
    *_of("telegram", TelegramBotTokenDetector, ":AA", back=10, ahead=40, beside=r"[A-Za-z0-9_:-]"),
    *_of("twilio", TwilioKeyDetector, "AC", "SK", beside=_LETTER),
    # What detect-secrets 1.5 does not know; the prefixes are those that the issuers publish for secret scanning.
    *_own("hugging-face", "hf_", r"hf_[A-Za-z0-9]{30,}"),
    *_own("github", "github_pat_", r"github_pat_[A-Za-z0-9_]{50,}"),
    *_own("google", "AIza", r"AIza[A-Za-z0-9_-]{35}"),
    *_own("anthropic", "sk-ant-", r"sk-ant-[A-Za-z0-9_-]{40,}"),
    *_own("openai", "sk-", r"sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,}"),
    *_own("slack", "xapp-", r"xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]{16,}"),
    *(Pattern(kind="private-key", triggers=(line,), pattern=re.compile(line)) for line in _KEY_LINES),
)
"""Not used: the plugins that take for a secret any random-looking string, any address, or any long word after "key"."""

_JWT = JwtTokenDetector()


def is_token(token: str) -> bool:
    """Whether what looks like a JSON web token is one: its parts decode, and the first two are JSON."""
    return bool(_JWT.is_formally_valid(token))


def named_secrets(line: str, *, unquoted: bool) -> tuple[str, ...]:
    """Values given to something called a password, a secret or a key, where they look like one."""
    groups = CONFIG_DENYLIST_REGEX_TO_GROUP if unquoted else None
    return tuple(value for value in _KEYWORDS.analyze_string(line, groups) if _looks_random(value))


_HARMLESS = (
    heuristic.is_sequential_string,
    heuristic.is_templated_secret,
    heuristic.is_prefixed_with_dollar_sign,
    heuristic.is_potential_uuid,
)
_NO_SECRET = re.compile(
    r"\S*\s.*|.*://.*|[./~].*|[\w./-]+\.[A-Za-z]{1,5}|[\w.]+\(.*|.*[<>{}].*|sha\d+[:-].*|[0-9a-f]{8,19}|(?i:.*(?:example|your|xxx|changeme|"
    r"placeholder|dummy|null|none|true|false).*)",
    re.DOTALL,
)


def _looks_random(value: str) -> bool:
    if not 8 <= len(value) <= 200 or _NO_SECRET.fullmatch(value) or any(test(value) for test in _HARMLESS):
        return False
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return mixed and value.isascii() and entropy_bits(value) >= MIN_ENTROPY


def entropy_bits(text: str) -> float:
    """Shannon entropy of the characters of a text, bits per character."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What picklescan says of a pickle."""

    is_dangerous: bool  # an import that it knows as an attack
    is_suspicious: bool  # an import that it does not know as harmless


def opinion(pickle: bytes) -> Opinion | None:
    """Picklescan's opinion of the first `MAX_SCANNED` bytes; None where it cannot read them."""
    with _silence():
        try:
            result = scan_pickle_bytes(io.BytesIO(pickle[:MAX_SCANNED]), "")
        except (
            ValueError,
            OSError,
            LookupError,
            TypeError,
            OverflowError,
            RecursionError,
            MemoryError,
        ):  # hostile bytes
            return None
    levels = {found.safety for found in result.globals}
    return Opinion(
        is_dangerous=SafetyLevel.Dangerous in levels,
        is_suspicious=SafetyLevel.Suspicious in levels,
    )


@contextmanager
def _silence() -> Iterator[None]:
    """Keep picklescan from printing what it read in the file; its logger is global, so it is put back as it was."""
    logger = logging.getLogger("picklescan")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before
