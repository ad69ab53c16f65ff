from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from weighbridge.app.panel import panel, told_first

CONSULTED = """Zuri | from there | by a friend | no | Nurses of Goma
Tomas | decided a like case | known | yes |
Aye | from there | a meeting | no | fishers
Ona | deep knowledge | a paper | yes"""


def test_a_group_is_covered_by_somebody_s_own_word_alone() -> None:
    found = panel(CONSULTED, "nurses of  goma\nmothers\nFishers!\nfishers")
    assert (found.consulted, found.from_there, found.unsaid) == (4, 2, 2)
    assert (found.groups, found.covered) == (3, 2)
    assert panel("", "") == panel("\n", " \n")
    assert panel("", "mothers").covered == 0


@given(st.lists(st.text(max_size=8)), st.lists(st.text(max_size=8)))
def test_no_more_groups_are_covered_than_there_are(groups: list[str], theirs: list[str]) -> None:
    rows = "\n".join(f"who | from there | so | no | {group}" for group in theirs)
    found = panel(rows, "\n".join(groups))
    assert 0 <= found.covered <= found.groups


def test_who_was_told_first() -> None:
    told = told_first("a | 2019-02-12 | press\nb | 2019-02-13 | affected\nc | 2019-02-11 | partner\nd | soon | press")
    assert told.first == (("partner", "2019-02-11"), ("press", "2019-02-12"), ("affected", "2019-02-13"))
    assert told.press_before_affected
    assert told_first("a | 2019-02-12 | press").press_before_affected
    assert not told_first("a | 2019-02-12 | press\nb | 2019-02-12 | affected").press_before_affected
    assert not told_first("").press_before_affected
    other_forms = told_first("a | 20190212 | press\nb | 2019-02-13 | affected\nc | 2019-W06-7 | partner")
    assert other_forms.first == (("partner", "2019-02-10"), ("press", "2019-02-12"), ("affected", "2019-02-13"))
    assert other_forms.press_before_affected
