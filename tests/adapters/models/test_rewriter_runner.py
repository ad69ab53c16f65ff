from __future__ import annotations

import sys

import pytest

from weighbridge.adapters.models.recipe_runner import SEED
from weighbridge.adapters.models.rewriter_runner import run


def ran(source: str, given: str = "") -> str:
    return run(compile(source, "p.py", "exec"), SEED.pack(3) + given.encode()).decode()


def test_input_and_output_are_those_of_the_command_alone() -> None:
    kept = sys.stdin, sys.stdout
    assert ran("import sys; print(sys.stdin.read(), end='')", "a line\n") == "a line\n"
    assert ran("if __name__ == '__main__': print('as a script')") == "as a script\n"
    assert ran("import sys; print(1); sys.exit()") == "1\n"
    assert (sys.stdin, sys.stdout) == kept


def test_what_is_raised_goes_through_and_the_pipes_come_back() -> None:
    kept = sys.stdin, sys.stdout
    with pytest.raises(ZeroDivisionError):
        ran("1 / 0")
    with pytest.raises(SystemExit):
        ran("import sys; sys.exit(2)")
    assert (sys.stdin, sys.stdout) == kept


def test_chance_follows_the_seed() -> None:
    assert ran("import random; print(random.random())") == ran("import random; print(random.random())")
