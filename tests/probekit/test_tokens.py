from __future__ import annotations

from weighbridge.core.wording import phrase
from weighbridge.probekit.tokens import ParallelText, Version


def test_versions_of_a_language() -> None:
    versions = tuple(
        Version(language=t, script=s, sentences=("-",)) for t, s in (("en", "Latn"), ("zh", "Hans"), ("zh", "Hant"))
    )
    text = ParallelText(versions=versions, says=phrase("-"))
    assert [v.script for v in text.in_language("zh")] == ["Hans", "Hant"]
    assert text.in_language("sw") == ()
