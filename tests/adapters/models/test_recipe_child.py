from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.adapters.models import recipe_child, seccomp
from weighbridge.adapters.models.recipe_child import Allowance, ChildRecipe, Module, open_recipe
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.core.errors import Outside
from weighbridge.core.evidence import NotApplicable, NotMeasured, Silent
from weighbridge.probekit.ports import Bools, BudgetSpent, Floats, Ints

try:
    seccomp.machine()
except seccomp.NoFilter:
    pytest.skip("no seccomp filter is known for this machine", allow_module_level=True)

N = 60
BASES = """
import numpy as np
def fit(inputs, targets, seed):
    return np.bincount(targets, minlength=3) / max(1, len(targets)), seed
def predict_proba(model, inputs):
    return np.tile(model[0], (len(inputs["x"]), 1))
"""
HALF = "\ndef predict_proba(m, i): return np.full((len(i['x']), 3), 1 / 3)\n"


@pytest.fixture
def rows() -> tuple[pa.Table, Ints, Bools]:
    random = np.random.default_rng(0)
    x, targets = random.normal(size=N), np.arange(N) % 3
    table = pa.table({"x": x, "town": random.choice(["A", "B"], N)})
    return table, targets, np.stack([random.random(N) < 0.5 for _ in range(3)])


Run = Callable[..., list[Floats]]
Quiet = Callable[..., NotMeasured]


@pytest.fixture
def run(tmp_path: Path, rows: tuple[pa.Table, Ints, Bools]) -> Run:
    def shadows(
        source: str, *, overfitted: bool = False, allowance: Allowance | None = None, seed: int = 0
    ) -> list[Floats]:
        module = Module(
            source=source.encode(), label="fit.py", classes=("a", "b", "c"), spill=tmp_path,
            allowance=allowance or Allowance(),
        )  # fmt: skip
        recipe = ChildRecipe(module)
        chosen = recipe.overfitted if overfitted else recipe
        found = list(chosen.shadows(*rows, seed=seed))
        assert list(tmp_path.iterdir()) == []
        return found

    return shadows


@pytest.fixture
def quiet(run: Run) -> Quiet:
    def because(body: str, **options: object) -> NotMeasured:
        with pytest.raises(Silent) as raised:
            run(f"import numpy as np\n{body}", **options)
        assert isinstance(raised.value.outcome, NotMeasured)
        assert "secret" not in str(raised.value.outcome)
        return raised.value.outcome

    return because


def _fit(body: str) -> str:
    return f"def fit(i, t, s):\n    {body}\n{HALF}"


def test_each_model_sees_its_rows_alone(run: Run, rows: tuple[pa.Table, Ints, Bools]) -> None:
    _table, targets, subsets = rows
    found = run(BASES)
    assert len(found) == 3
    for probabilities, subset in zip(found, subsets, strict=True):
        assert probabilities[0] == pytest.approx(np.bincount(targets[subset], minlength=3) / subset.sum())
        assert probabilities.shape == (N, 3)


def test_the_same_seed_gives_the_same_bytes(run: Run) -> None:
    noisy = "import numpy as np, random\n" + _fit("return s").replace(
        "np.full((len(i['x']), 3), 1 / 3)", "np.random.dirichlet([1 + random.random()] * 3, len(i['x']))"
    )
    one, two, other = run(noisy), run(noisy), run(noisy, seed=1)
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert not np.array_equal(one[0], other[0])
    assert not np.array_equal(one[0], one[1])


def test_scikit_learn_may_leave_out_classes_that_it_did_not_see(tmp_path: Path) -> None:
    source = """
import numpy as np
from sklearn.tree import DecisionTreeClassifier
def fit(inputs, targets, seed):
    return DecisionTreeClassifier(random_state=seed).fit(inputs["x"][:, None], targets)
def predict_proba(model, inputs):
    return model.predict_proba(inputs["x"][:, None])
"""
    module = Module(source=source.encode(), label="f", classes=("a", "b", "c"), spill=tmp_path)
    targets = np.asarray([0, 0, 1, 2, 2, 2])
    subsets = np.asarray([[1, 1, 0, 1, 1, 0]], dtype=bool)
    (found,) = ChildRecipe(module).shadows(pa.table({"x": [1.0, 2, 3, 4, 5, 6]}), targets, subsets, seed=0)
    assert found[:, 1].tolist() == [0.0] * 6
    assert found[0].tolist() == [1.0, 0.0, 0.0]


def test_whoever_counts_may_end_it(tmp_path: Path, rows: tuple[pa.Table, Ints, Bools]) -> None:
    def stop(made: int) -> None:
        if made == 2:
            raise RuntimeError

    module = Module(source=BASES.encode(), label="f", classes=("a", "b", "c"), spill=tmp_path)
    with pytest.raises(RuntimeError):
        list(ChildRecipe(module).shadows(*rows, seed=0, stop=stop))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["    import time; time.sleep(60)\n", ""])
def test_whoever_counts_may_end_it_while_a_model_is_made(
    tmp_path: Path, rows: tuple[pa.Table, Ints, Bools], where: str
) -> None:
    """A recipe that never ends, in its fit or while it is loaded, lasts no longer than who waits for it has patience."""
    waited = []

    def stop(made: int) -> None:
        waited.append(made)
        raise BudgetSpent

    asleep = f"def fit(i, t, s):\n{where}    return s\n{HALF}" if where else "while True: pass"
    module = Module(source=asleep.encode(), label="f", classes=("a", "b", "c"), spill=tmp_path)
    begun = time.monotonic()
    with pytest.raises(BudgetSpent):
        list(ChildRecipe(module).shadows(*rows, seed=0, stop=stop))
    assert time.monotonic() - begun < 30
    assert waited == [0]
    assert list(tmp_path.iterdir()) == []


def test_overfit_of_its_own(run: Run) -> None:
    found = run(f"{BASES}\ndef overfit(i, t, s): return np.asarray([1.0, 0, 0]), s", overfitted=True)
    assert found[0][0].tolist() == [1.0, 0.0, 0.0]


def test_a_model_stands_in_where_there_is_no_overfit(run: Run, rows: tuple[pa.Table, Ints, Bools]) -> None:
    _table, targets, subsets = rows
    for probabilities, subset in zip(run(BASES, overfitted=True), subsets, strict=True):
        truth = probabilities[np.arange(N), targets]
        assert truth[subset].min() > truth[~subset].max()


def test_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = Module(source=b"", label="fit.py", classes=("a", "b"), spill=tmp_path)
    recipe = ChildRecipe(module)
    assert "without network" in str(recipe.says)
    assert recipe.bagged is None
    assert "by heart" in str(recipe.overfitted.says)
    monkeypatch.setattr(recipe_child, "keeps_to_folder", lambda: False)
    assert "could not keep it from reading" in str(ChildRecipe(module).says)


def test_the_network_is_not_there(quiet: Quiet) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        port = server.getsockname()[1]
        outcome = quiet(_fit(f"import socket; socket.create_connection(('127.0.0.1', {port})).send(b'secret')"))
        assert "PermissionError" in str(outcome.because)
        outcome = quiet(f"import urllib.request\nurllib.request.urlopen('http://127.0.0.1:{port}/')\n" + _fit("pass"))
        assert "URLError" in str(outcome.because)
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("raise KeyError('secret')", "(KeyError)"),
        ("raise SystemExit('secret')", "(SystemExit)"),
        ("raise type('John_secret', (Exception,), {})()", "(an error of its own)"),
        ("raise type('\\n\\n', (BaseException,), {})()", "(an error of its own)"),
        ("import os; os.fork()", "(PermissionError)"),
        ("import os; os._exit(1)", "ended on its own"),
        ("bytearray(1 << 40)", "(MemoryError)"),
    ],
)
def test_recipes_that_fail(quiet: Quiet, body: str, says: str) -> None:
    assert says in str(quiet(_fit(body)).because)


@pytest.mark.parametrize(
    ("source", "says"),
    [("x = 1", "does not say how"), ("def fit(", "(SyntaxError)"), ("import nothing_there", "(ModuleNotFoundError)"),
     ("\0", "(SyntaxError)")],
)  # fmt: skip
def test_modules_that_are_no_recipe(quiet: Quiet, source: str, says: str) -> None:
    assert says in str(quiet(source).because)


@pytest.mark.parametrize(
    "answer",
    ["np.full((n, 3), 0.3)", "np.full((n, 3), np.nan)", "np.tile([1.5, -0.5, 0], (n, 1))", "np.ones((n, 1))",
     "np.full((n, 2), 0.5)", "np.full((n - 1, 3), 1 / 3)", "np.full((n, 4), 0.25)", "None", "np.ones(n)",
     "np.zeros((n, 0))", "np.full((n, 50_000), 1 / 50_000)"],
)  # fmt: skip
def test_answers_that_are_no_probabilities(quiet: Quiet, answer: str) -> None:
    source = f"def fit(i, t, s): pass\ndef predict_proba(m, i):\n    n = len(i['x'])\n    return {answer}"
    assert "no table of probabilities of 3 classes" in str(quiet(source).because)


@pytest.mark.parametrize("bytes_", ["b''", "b'='", "b'=' + b'x' * 40", "b'?' * 9"])
def test_a_child_that_lies_in_our_own_form(quiet: Quiet, bytes_: str) -> None:
    body = f"import os, struct; a = {bytes_}; [_w(k, struct.pack('<Q', len(a)) + a) for k in range(3, 12)]"
    writes = "import os\ndef _w(k, a):\n    try: os.write(k, a)\n    except OSError: pass\n"
    assert "no table of probabilities" in str(quiet(writes + _fit(body)).because)


def test_one_that_never_ends(quiet: Quiet) -> None:
    assert "longer than 0.5 seconds" in str(quiet(_fit("while True: pass"), allowance=Allowance(model_s=0.5)).because)


def test_one_that_fills_the_disk(quiet: Quiet) -> None:
    small = Allowance(file_bytes=1 << 20, folder_bytes=1 << 21)
    assert "(OSError)" in str(quiet(_fit("open('a', 'wb').write(bytes(1 << 22))"), allowance=small).because)
    many = "[open(str(k), 'wb').write(bytes(1 << 19)) for k in range(50)]\n    while True: pass"
    assert "wrote more than 2 MiB" in str(quiet(_fit(many), allowance=small).because)


@pytest.mark.slow
@pytest.mark.parametrize(
    "estimator",
    ["sklearn.ensemble.RandomForestClassifier(10, n_jobs=2)",
     "sklearn.model_selection.GridSearchCV(sklearn.linear_model.LogisticRegression(), {'C': [0.1, 1]}, n_jobs=2, cv=2)",
     "xgboost.XGBClassifier(n_estimators=3)", "lightgbm.LGBMClassifier(n_estimators=3, verbose=-1)"],
)  # fmt: skip
def test_the_usual_libraries_run(run: Run, estimator: str) -> None:
    package = estimator.partition(".")[0]
    pytest.importorskip(package)
    modules = "import numpy as np, sklearn.ensemble, sklearn.linear_model, sklearn.model_selection"
    source = f"""{modules}
import {package}
def fit(i, t, s): return {estimator}.fit(i["x"][:, None], t)
def predict_proba(m, i): return m.predict_proba(i["x"][:, None])
"""
    assert len(run(source)) == 3


@pytest.mark.slow
def test_torch_runs(run: Run) -> None:
    source = """
import numpy as np, torch
def fit(i, t, s):
    model, x = torch.nn.Linear(1, 3), torch.tensor(i["x"][:, None], dtype=torch.float32)
    torch.nn.functional.cross_entropy(model(x), torch.tensor(t)).backward()
    return model
def predict_proba(m, i):
    return torch.softmax(m(torch.tensor(i["x"][:, None], dtype=torch.float32)), 1).detach().numpy()
"""
    one, two = run(source), run(source)
    assert np.array_equal(one[0], two[0])


def _file(tmp_path: Path, name: str = "fit.py", *, trusted: bool = True, text: str = BASES) -> RecipeFile:
    (tmp_path / name).write_text(text)
    return RecipeFile(path=tmp_path / name, label=name, format="python", is_trusted=trusted)


def _opened(file: RecipeFile, spill: Path) -> object:
    return open_recipe(file, classes=("a", "b", "c"), inputs=("x",), spill=spill)


def test_code_is_run_only_where_it_is_trusted(tmp_path: Path) -> None:
    with pytest.raises(Silent) as raised:
        _opened(_file(tmp_path, trusted=False), tmp_path)
    outcome = raised.value.outcome
    assert isinstance(outcome, NotMeasured)
    assert str(outcome.because) == "the recipe fit.py is code, and was not trusted"
    assert str(outcome.remedy) == "weighbridge weigh DIR --trust fit.py"
    assert isinstance(_opened(_file(tmp_path), tmp_path), ChildRecipe)


def test_files_that_are_no_python(tmp_path: Path) -> None:
    for name in ("fit.pkl", "fit.ipynb", "fit"):
        with pytest.raises(Silent) as raised:
            _opened(_file(tmp_path, name), tmp_path)
        assert isinstance(raised.value.outcome, NotMeasured)
    with pytest.raises(Silent) as raised:
        _opened(_file(tmp_path, "fit.toml", trusted=False), tmp_path)
    assert isinstance(raised.value.outcome, NotApplicable)
    with pytest.raises(Silent):
        _opened(_file(tmp_path, text="#" * (1 << 21)), tmp_path)
    with pytest.raises(Outside):
        _opened(RecipeFile(path=tmp_path / "gone.py", label="gone.py", format="", is_trusted=True), tmp_path)
