"""The tests mirror the source: every module has its test, and every test its module."""

from __future__ import annotations

from pathlib import Path

import weighbridge

SOURCE = Path(weighbridge.__file__).parent
TESTS = Path(__file__).parent
# Tests of the whole: they have no one module.
WHOLE = {"test_mirror.py", "walk", "examples", "probes", "fakes", "assets", "benchmarks", "questions"}


def test_every_module_has_its_test() -> None:
    modules = [p.relative_to(SOURCE) for p in SOURCE.rglob("*.py") if p.name not in ("__init__.py", "__main__.py")]
    wanted = {m.with_name(f"test_{m.name}") for m in modules if m.parts[0] != "probes"}
    there = {p.relative_to(TESTS) for p in TESTS.rglob("test_*.py")}
    assert sorted(str(path) for path in wanted - there) == []


def test_every_test_has_its_module() -> None:
    tests = [p.relative_to(TESTS) for p in TESTS.rglob("test_*.py")]
    tests = [t for t in tests if not WHOLE & set(t.parts)]
    lost = [t for t in tests if not _is_of_a_module(t) and not _is_of_a_data_file(t)]
    assert sorted(str(path) for path in lost) == []


def _is_of_a_module(test: Path) -> bool:
    return (SOURCE / test.with_name(test.name.removeprefix("test_"))).exists()


def _is_of_a_data_file(test: Path) -> bool:
    """A shipped policy has its test as well: policy/shelf/open-release.toml, policy/test_open_release.py."""
    slug = test.stem.removeprefix("test_").replace("_", "-")
    return any((SOURCE / test.parent).rglob(f"{slug}.toml"))
