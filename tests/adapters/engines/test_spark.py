"""A real Spark: on cores of this machine, and as a cluster of a master and a worker on the loopback."""

# ruff: noqa: DTZ001  timestamps without a zone are what is tested

from __future__ import annotations

import datetime as dt
import decimal
import ipaddress
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fakes.folds import Deadly, Digest, Large, Raising
from weighbridge.adapters.engines.java import java_version
from weighbridge.adapters.engines.local import fold_here
from weighbridge.adapters.engines.rows import Unpacked
from weighbridge.adapters.engines.spark import SparkRunner, _told, check_engine, is_spark
from weighbridge.adapters.engines.spark_child import OTHER_VERSION, UNSEEN
from weighbridge.adapters.tables.duck import open_table
from weighbridge.core.candidate import Declared
from weighbridge.core.errors import Outside, Unusable
from weighbridge.probekit.folds import FoldBroke
from weighbridge.probekit.ports import BudgetSpent

_HAS_SPARK = find_spec("pyspark") is not None and find_spec("pandas") is not None and java_version() >= 17
_SPARK = pytest.mark.skipif(not _HAS_SPARK, reason="PySpark or Java 17 is not installed")
_FOLD = Digest(("word", "number"))
_Host = ipaddress.IPv4Address | ipaddress.IPv6Address


def _types() -> pa.Table:
    """Columns of every kind that a file can bring, with what engines are known to read differently."""
    moments = [dt.datetime(1583, 3, 1, 12, 0, 0, 1), dt.datetime(1899, 12, 31, 23, 59), dt.datetime(2024, 2, 29), None]
    days = [dt.date(1582, 10, 4), dt.date(1, 1, 1), dt.date(9999, 12, 31), None]
    words = ["a\0b", "\N{GRINNING FACE}", "", None]
    made: dict[str, pa.Array] = {
        **{f"i{n}": pa.array([0, 1, 2 ** (n - 1) - 1, None], f"int{n}") for n in (8, 16, 32, 64)},
        **{f"u{n}": pa.array([0, 1, 2**n - 1, None], f"uint{n}") for n in (8, 16, 32, 64)},
        "f4": pa.array([0.1, -0.0, float("inf"), None], pa.float32()),
        "f8": pa.array([0.1, float("nan"), 5e-324, None], pa.float64()),
        "money": pa.array([decimal.Decimal("1.50"), decimal.Decimal("-0.01"), None, None], pa.decimal128(9, 2)),
        "large": pa.array([decimal.Decimal(10**37), None, None, None], pa.decimal128(38, 0)),
        "vast": pa.array([decimal.Decimal(10**60), None, None, None], pa.decimal256(70, 0)),
        "truth": pa.array([True, False, None, None]),
        "day": pa.array(days),
        "day64": pa.array(days, pa.date64()),
        **{f"t_{unit}": pa.array(moments, pa.timestamp(unit)) for unit in ("s", "ms", "us")},
        "t_ns": pa.array([dt.datetime(1700, 1, 1), None, None, None], pa.timestamp("ns")),
        "zoned": pa.array(moments, pa.timestamp("us", "America/New_York")),
        "clock": pa.array([dt.time(1, 2, 3, 4), None, None, None], pa.time64("us")),
        "text": pa.array(words),
        "coded": pa.array(words).dictionary_encode(),
        "bytes": pa.array([b"\0\xff", b"", b"text", None]),
        "fixed": pa.array([b"ab", b"cd", None, None], pa.binary(2)),
        "list": pa.array([[1, None], [], None, None], pa.list_(pa.int32())),
        "record": pa.array([{"a": "x", "b": [b"\1"]}, {"a": None, "b": []}, None, None]),
        "map": pa.array([[("k", 1), ("k", 2)], [], None, None], pa.map_(pa.string(), pa.int64())),
        "empty": pa.array([None] * 4, pa.null()),
    }
    return pa.concat_tables([pa.table(made)] * 500)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkRunner]:
    made = SparkRunner("local[2]", folder=tmp_path_factory.mktemp("private"))
    yield made
    made.close()


@_SPARK
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_every_type_gives_the_bytes_that_it_gives_here(runner: SparkRunner, tmp_path: Path) -> None:
    table = _types()
    pq.write_table(table, tmp_path / "types.parquet")
    (tmp_path / "spill").mkdir()
    opened = open_table(
        tmp_path / "types.parquet",
        label="t",
        format="parquet",
        declared=Declared(),
        spill=tmp_path / "spill",
        run=runner,
    )
    for columns in (tuple(table.column_names), ("day", "zoned", "t_us"), ("text",), ()):
        fold = Digest(columns)
        there = opened.fold(fold)
        opened._run = fold_here
        assert opened.fold(fold) == there
        opened._run = runner
    opened.close()


@_SPARK
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_several_row_groups_are_merged_to_the_same_bytes(
    runner: SparkRunner, unpacked: Unpacked, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    ticks: list[tuple[int, int]] = []
    expected = fold_here(unpacked, _FOLD, label="t", workers=1)
    assert runner(unpacked, _FOLD, label="t", tick=lambda *at: ticks.append(at)) == expected
    assert ticks[-1] == (900, 900)
    large = Large(("word",), n_bytes=8 << 20)
    assert runner(unpacked, large, label="t") == fold_here(unpacked, large, label="t", workers=1)
    assert [p.name for p in tmp_path.iterdir()] == ["rows.parquet"]  # nothing is written where the user stands


@_SPARK
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_what_a_fold_raises_is_told_by_kind_and_quotes_nothing(
    runner: SparkRunner, unpacked: Unpacked, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(FoldBroke) as raised:
        runner(unpacked, Raising(("word",), row=250), label="t")
    assert raised.value.kind == "ValueError"
    with pytest.raises(MemoryError):
        runner(unpacked, Raising(("word",), row=250, kind="MemoryError"), label="t")
    told = "".join(capfd.readouterr()) + str(raised.value)
    assert "w12" not in told
    assert "cannot read" not in told


@_SPARK
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_worker_killed_once_is_replaced_and_one_killed_each_time_ends_it(
    runner: SparkRunner, unpacked: Unpacked, tmp_path: Path
) -> None:
    deadly = Deadly(("word", "number"), row=450, mark=str(tmp_path / "killed"))
    assert runner(unpacked, deadly, label="t") == fold_here(unpacked, _FOLD, label="t", workers=1)
    assert (tmp_path / "killed").exists()
    with pytest.raises(Outside, match="cannot read all of it") as raised:
        runner(unpacked, Deadly(("word",), row=450), label="t")
    assert "twice" in raised.value.why
    assert runner(unpacked, _FOLD, label="t")  # the session lives on


@_SPARK
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_spent_budget_ends_the_job_and_leaves_the_session(runner: SparkRunner, unpacked: Unpacked) -> None:
    def spent(done: int, of: int) -> None:
        raise BudgetSpent

    with pytest.raises(BudgetSpent):
        runner(unpacked, _FOLD, label="t", tick=spent)
    assert runner(unpacked, _FOLD, label="t") == fold_here(unpacked, _FOLD, label="t", workers=1)


@_SPARK
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_it_listens_on_the_loopback_only_and_its_key_is_private(runner: SparkRunner, unpacked: Unpacked) -> None:
    runner(unpacked, _FOLD, label="t")
    from pyspark import SparkContext

    assert SparkContext._gateway is not None
    listening = _listening(SparkContext._gateway.proc.pid)
    assert listening
    assert all(host.is_loopback for host, _port in listening)
    assert runner._key_file.stat().st_mode & 0o077 == 0


_HOSTILE = "import os\nopen(os.environ['WEIGHBRIDGE_TEST_RAN'], 'w')\nraise SystemExit\n"


@_SPARK
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_it_starts_in_a_folder_that_is_hostile_and_ends_with_its_java(unpacked: Unpacked, tmp_path: Path) -> None:
    hostile, private = tmp_path / "candidate", tmp_path / "private"
    hostile.mkdir()
    private.mkdir()
    for name in ("numpy", "pyarrow", "pandas", "pickle", "pyspark"):
        (hostile / f"{name}.py").write_text(_HOSTILE)
    script = tmp_path / "fold.py"
    script.write_text(_SCRIPT)
    ran = subprocess.run(
        [sys.executable, "-P", str(script), str(unpacked.path), str(private)],
        cwd=hostile, env={**os.environ, "WEIGHBRIDGE_TEST_RAN": str(tmp_path / "ran"), "PYTHONPATH": _path()},
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert ran.stderr == ""
    pid, same = ran.stdout.split()
    assert same == "True"
    assert not (tmp_path / "ran").exists()
    assert not Path(f"/proc/{pid}").exists()


_SCRIPT = """
import sys
from pathlib import Path
from fakes.folds import Digest
from weighbridge.adapters.engines.local import fold_here
from weighbridge.adapters.engines.rows import Unpacked
from weighbridge.adapters.engines.spark import SparkRunner
path, folder = sys.argv[1:]
unpacked = Unpacked(path=Path(path), keys={"word": "c0"}, texts=("c0",))
runner = SparkRunner("local[2]", folder=Path(folder))
try:
    made = runner(unpacked, Digest(("word",)), label="t")
    from pyspark import SparkContext
    print(SparkContext._gateway.proc.pid, made == fold_here(unpacked, Digest(("word",)), label="t", workers=1))
finally:
    runner.close()
"""


@_SPARK
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_ctrl_c_ends_the_job_the_workers_and_the_java(unpacked: Unpacked, tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir()
    script = tmp_path / "fold.py"
    script.write_text(_SCRIPT.replace("Digest(", "Slow(").replace('("word",)', f'("word",), folder={str(tmp_path)!r}'))
    script.write_text(script.read_text().replace("import Digest", "import Slow"))
    started = subprocess.Popen(
        [sys.executable, "-P", str(script), str(unpacked.path), str(private)],
        env={**os.environ, "PYTHONPATH": _path()}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    _until(lambda: re.search("worker-", " ".join(p.name for p in tmp_path.iterdir())))
    workers = [int(p.name.removeprefix("worker-")) for p in tmp_path.glob("worker-*")]
    children = [int(n) for n in Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()]
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=90)
    assert started.returncode != 0
    assert said.strip().endswith("KeyboardInterrupt")
    _until(lambda: re.search("none", "none" if not any(_runs(pid) for pid in (*workers, *children)) else ""))


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _path() -> str:
    return os.pathsep.join(p for p in sys.path if p and Path(p).is_absolute())


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """A standalone master and one worker, as an administrator would start them."""
    import pyspark

    start = str(Path(pyspark.__file__).parent / "bin" / "spark-class")
    env = {
        **os.environ,
        "SPARK_LOCAL_DIRS": str(tmp_path),
        "SPARK_WORKER_DIR": str(tmp_path),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    log = tmp_path / "master.log"
    with log.open("w") as out:
        master = subprocess.Popen(
            [start, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0"],
            env=env, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        url = _until(lambda: re.search(r"spark://127\.0\.0\.1:\d+", log.read_text())).group()
        with (tmp_path / "worker.log").open("w") as out:
            worker = subprocess.Popen(
                [start, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--webui-port", "0", "-c", "2",
                 "-m", "1g", url],
                env=env, stdout=out, stderr=out,
            )  # fmt: skip
        try:
            _until(lambda: re.search("Registering worker", log.read_text()))
            yield url
        finally:
            worker.terminate()
            worker.wait(60)
    finally:
        master.terminate()
        master.wait(60)


def _until(found: object, patience_s: float = 90.0) -> re.Match[str]:
    assert callable(found)
    end = time.monotonic() + patience_s
    while True:
        made = found()
        if isinstance(made, re.Match):
            return made
        assert time.monotonic() < end
        time.sleep(0.1)


@_SPARK
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_cluster_gives_the_same_bytes_and_says_when_it_cannot_see_the_home(
    runner: SparkRunner, cluster: str, unpacked: Unpacked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner.close()  # a process has one session; this one opens again when it is used again
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    private = tmp_path / "private"
    private.mkdir()
    runner = SparkRunner(cluster, folder=private)
    try:
        assert runner(unpacked, _FOLD, label="t") == fold_here(unpacked, _FOLD, label="t", workers=1)
        runner._key_file.rename(tmp_path / "elsewhere")  # as on a disk that the cluster does not share
        with pytest.raises(Outside, match=r"cannot read people\.csv") as raised:
            runner(unpacked, _FOLD, label="people.csv")
        assert "--home" in raised.value.fix
        runner._key_file.write_bytes(secrets.token_bytes(32))  # as somebody else's answer
        with pytest.raises(Outside, match="cannot use what"):
            runner(unpacked, _FOLD, label="people.csv")
    finally:
        runner.close()


@pytest.mark.parametrize("name", ["local[2]", "local[*]", "spark://host:7077", "spark://a:7077,b:7077"])
def test_engines_of_spark(name: str) -> None:
    assert is_spark(name)


@pytest.mark.parametrize(
    "name", ["", "local", "local[0]", "local[2,4]", "yarn", "spark://user:secret@host:7077", "spark://host", "k8s://x"]
)
def test_other_engines_are_refused(name: str) -> None:
    with pytest.raises(Unusable, match="cannot use the engine") as raised:
        check_engine(name)
    assert "local[2]" in raised.value.fix


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weighbridge.adapters.engines.spark.find_spec", lambda _name: None)
    with pytest.raises(Outside) as raised:
        check_engine("local[2]")
    assert raised.value.fix == "pip install 'weighbridge[spark]'"


def test_without_java_17_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weighbridge.adapters.engines.spark.find_spec", lambda name: name)
    for found, says in ((0, "no Java was found"), (11, "Java 11 is what was found")):
        monkeypatch.setattr("weighbridge.adapters.engines.spark.java_version", lambda found=found: found)
        with pytest.raises(Outside, match="cannot run on Spark") as raised:
            check_engine("spark://host:7077")
        assert "Java 17" in raised.value.why
        assert says in raised.value.why


def test_what_spark_raises_is_told_without_its_text() -> None:
    kind = type("PythonException", (Exception,), {"__module__": "pyspark.errors"})
    for text, says in (
        ("No module named 'weighbridge' near ann@example.org", "not installed"),
        ("Python worker exited unexpectedly (crashed) at ann@example.org", "ended by itself"),
        ("cannot parse ann@example.org", "Spark gave up: PythonException"),
    ):
        told = _told(kind(text))
        assert says in str(told)
        assert "ann@" not in str(told)
    other = ValueError("ours")
    assert _told(other) is other


@pytest.mark.parametrize(("told", "fix"), [(UNSEEN, "--home"), (OTHER_VERSION, "pip install weighbridge==")])
def test_machines_that_cannot_help_say_why(
    told: bytes, fix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weighbridge.adapters.engines.spark.check_engine", lambda _name: None)
    runner = SparkRunner("spark://host:7077", folder=tmp_path)
    assert fix in runner._unsent(told, "people.csv").fix
    runner.close()  # nothing was opened


def _listening(pid: int) -> set[tuple[_Host, int]]:
    """Addresses that a process listens on, as the kernel tells."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            inodes.add(str(link.readlink()).removeprefix("socket:[").removesuffix("]"))
        except OSError:
            continue
    found = set()
    for file in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{file}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                found.add(_address(fields[1]))
    return found


def _address(text: str) -> tuple[_Host, int]:
    host, port = text.split(":")
    packed = b"".join(bytes.fromhex(host[at : at + 8])[::-1] for at in range(0, len(host), 8))
    found = ipaddress.ip_address(packed)
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found, int(port, 16)
