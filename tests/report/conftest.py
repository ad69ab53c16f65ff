import gettext
from collections.abc import Iterator

import pytest

from weighbridge.core.wording import install


class Brackets(gettext.NullTranslations):
    """A language in which every message stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"[{msgid1 if n == 1 else msgid2}]"


@pytest.fixture
def brackets() -> Iterator[type[Brackets]]:
    yield Brackets
    install(gettext.NullTranslations())
