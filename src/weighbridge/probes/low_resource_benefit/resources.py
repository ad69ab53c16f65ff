"""Languages with more text and tools than most: the others are called low-resource here.

References
----------
Joshi, Santy, Budhiraja, Bali and Choudhury 2020, The State and Fate of Linguistic Diversity and Inclusion in the NLP
World, ACL, and its list lang2tax: classes 5 (7 languages), 4 (18) and 3 (28), by how much labelled and unlabelled text
there is. Facts of that list, written as tags; a dialect of a language counts with it.
"""

from __future__ import annotations

from weighbridge.probekit.languages import Languages

WINNERS = ("en", "es", "de", "ja", "fr", "ar", "zh")
UNDERDOGS = (
    "sv", "tr", "ko", "hi", "fa", "pt", "cs", "ru", "nl", "pl", "hr", "it", "vi", "eu", "hu", "fi", "sr", "ca",
)  # fmt: skip
RISING_STARS = (
    "uk", "ceb", "arz", "lv", "id", "af", "bs", "gl", "el", "he", "be", "ms", "th", "ka", "da", "tl", "sl", "ta", "kk",
    "ro", "bg", "uz", "lt", "et", "sk", "bn", "ur", "la",
)  # fmt: skip


def well_served(languages: Languages) -> frozenset[str]:
    """Canonical tags of all of these; a registry may join some of them in one."""
    found = [languages.find(tag) for tag in (*WINNERS, *UNDERDOGS, *RISING_STARS)]
    return frozenset(language.tag for language in found if language is not None)
