import socket
from contextlib import closing
from pathlib import Path

import pytest

from weighbridge.adapters.warehouses import faults
from weighbridge.adapters.warehouses.address import Address, parse_address
from weighbridge.core.errors import Outside, Unreachable, WeighbridgeError

_ADDRESS = parse_address("postgres://ann:s3cret@db.example/crm/public.people")


@pytest.mark.parametrize(
    "fault",
    [
        faults.not_installed("ibis"), faults.no_table(_ADDRESS), faults.no_rows(_ADDRESS, 3),
        faults.not_allowed(_ADDRESS), faults.gone(_ADDRESS), faults.too_slow(_ADDRESS, 60.0),
        faults.refused(_ADDRESS, "DataError"),
    ],
)  # fmt: skip
def test_no_fault_tells_the_password_and_each_has_a_fix(fault: WeighbridgeError) -> None:
    assert "s3cret" not in str(fault)
    assert fault.fix


def _local(port: int) -> Address:
    return parse_address(f"postgres://ann:s3cret@127.0.0.1:{port}/crm/public.people")


def test_nobody_there_is_told_from_somebody_who_refuses(tmp_path: Path) -> None:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        away = faults.no_connection(_local(port))
        listener.listen()
        refusing = faults.no_connection(_local(port))
    assert isinstance(away, Unreachable)
    assert "pg_isready" in away.fix
    assert isinstance(refusing, Outside)
    assert not isinstance(refusing, Unreachable)
    assert "psql" in refusing.fix
    in_a_folder = parse_address(f"postgres:///crm/people?host={tmp_path}")
    assert isinstance(faults.no_connection(in_a_folder), Unreachable)
    (tmp_path / ".s.PGSQL.5432").touch()
    assert not isinstance(faults.no_connection(in_a_folder), Unreachable)
    assert "s3cret" not in str(away) + str(refusing)


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    address = parse_address(f"duckdb:///{tmp_path}/none.duckdb/t")
    assert "there is no such file" in str(faults.no_file(address, ""))
    (tmp_path / "none.duckdb").touch()
    assert "IOException" in str(faults.no_file(address, "IOException"))
    assert "duckdb" in faults.no_table(address).fix
