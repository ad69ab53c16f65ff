from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from weighbridge.adapters.models import seccomp
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.adapters.models.rewriter import Allowance, ChildRewriter, open_rewriter
from weighbridge.core.errors import Outside
from weighbridge.core.evidence import NotMeasured, Silent
from weighbridge.probekit.ports import BudgetSpent

try:
    seccomp.machine()
except seccomp.NoFilter:
    pytest.skip("no seccomp filter is known for this machine", allow_module_level=True)

UPPER = """
import json, sys
for line in sys.stdin:
    said = json.loads(line)
    said["text"] = said["text"].upper()
    print(json.dumps(said))
"""
TEXTS = ["a text", "السلام 🙂\nand a line", "nul \0 within", "half \ud800 of one"]
Rewrite = Callable[..., list[str]]


@pytest.fixture
def rewrite(tmp_path: Path) -> Rewrite:
    def run(source: str, texts: list[str] = TEXTS, *, tick: Callable[[], None] = lambda: None) -> list[str]:
        made = ChildRewriter(source.encode(), label="p.py", spill=tmp_path, allowance=Allowance(load_s=20, text_s=1))
        found = made.rewrite(texts, seed=1, tick=tick)
        assert list(tmp_path.iterdir()) == []
        return found

    return run


def because(rewrite: Rewrite, source: str) -> str:
    with pytest.raises(Silent) as raised:
        rewrite(source, ["a secret text"])
    assert isinstance(raised.value.outcome, NotMeasured)
    assert "secret" not in str(raised.value.outcome)
    return str(raised.value.outcome.because)


def test_each_text_comes_back_in_its_place(rewrite: Rewrite) -> None:
    assert rewrite(UPPER) == ["A TEXT", "السلام 🙂\nAND A LINE", "NUL \0 WITHIN", "HALF ? OF ONE"]
    assert rewrite(UPPER, [f"text {n}" for n in range(70)])[69] == "TEXT 69"
    assert rewrite(UPPER, []) == []


def test_order_is_free_and_chance_has_a_seed(rewrite: Rewrite) -> None:
    source = """
import json, random, sys
for line in reversed(list(sys.stdin)):
    said = json.loads(line)
    print(json.dumps({"id": said["id"], "text": str(random.random())}))
sys.exit(0)
"""
    assert rewrite(source) == rewrite(source)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "print('not json')",
        "import sys, json\nfor l in sys.stdin: print(json.dumps({'id': 0, 'text': ''}))",
        "import sys, json\nfor l in sys.stdin: print(json.dumps({'id': 7, 'text': 'x'}))",
        "import sys, json\nfor l in sys.stdin: print(json.dumps({'id': True, 'text': 'x'}))",
        "import sys, json\nfor l in sys.stdin: print(l.strip()); print(l.strip())",
        "print('[' * 100000)",
        "print('{\"id\": 0, \"text\": \"' + 'x' * 5000 + '\"}')",
        "print('x' * (64 << 20))",
    ],
)
def test_what_it_writes_is_not_believed(rewrite: Rewrite, source: str) -> None:
    assert "does not give each text back once" in because(rewrite, source)


@pytest.mark.parametrize(
    "source",
    [
        "raise ValueError(open(0).read())",
        "import sys; raise KeyError(sys.stdin.read())",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['/bin/true'])",
        "open('/etc/passwd').read(); open('/etc/hostname', 'w')",
        "not python at all",
        "import sys; sys.exit(3)",
    ],
)
def test_what_fails_is_told_without_a_word_of_it(rewrite: Rewrite, source: str) -> None:
    assert because(rewrite, source) in ("the command p.py failed", "the process of the command p.py ended on its own")


def test_what_never_ends_is_ended(tmp_path: Path) -> None:
    made = ChildRewriter(
        b"while True: pass", label="p.py", spill=tmp_path, allowance=Allowance(load_s=1.0, text_s=0.01)
    )
    with pytest.raises(Silent, match="took too long"):
        made.rewrite(["x"], seed=0, tick=lambda: None)
    with pytest.raises(Silent, match="ended on its own"):
        ChildRewriter(b"import os; os._exit(1)", label="p.py", spill=tmp_path).rewrite(["x"], seed=0, tick=lambda: None)


def test_who_waits_may_end_it(rewrite: Rewrite) -> None:
    def tick() -> None:
        raise BudgetSpent

    with pytest.raises(BudgetSpent):
        rewrite("import time; time.sleep(30)", ["x"], tick=tick)


def test_it_is_trusted_by_name_and_read_at_the_door(tmp_path: Path) -> None:
    path = tmp_path / "p.py"
    path.write_text(UPPER)

    def file(path: Path, *, is_trusted: bool = True) -> RecipeFile:
        return RecipeFile(path=path, label=path.name, format="python", is_trusted=is_trusted)

    assert open_rewriter(file(path), spill=tmp_path).rewrite(["x"], seed=0, tick=lambda: None) == ["X"]
    assert "without network" in str(open_rewriter(file(path), spill=tmp_path).says)
    with pytest.raises(Silent, match="was not trusted"):
        open_rewriter(file(path, is_trusted=False), spill=tmp_path)
    with pytest.raises(Silent, match="no command that can be run"):
        open_rewriter(file(tmp_path / "p.sh"), spill=tmp_path)
    with pytest.raises(Outside):
        open_rewriter(file(tmp_path / "gone.py"), spill=tmp_path)
    path.write_bytes(b"#" * ((1 << 20) + 1))
    with pytest.raises(Silent, match="more than 1048576 bytes"):
        open_rewriter(file(path), spill=tmp_path)
