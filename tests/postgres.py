"""A PostgreSQL server for the tests: started on a free port where the programs are, skipped in words where they are not."""

import os
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from glob import glob
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

_numbers = count(1)


@dataclass
class Server:
    port: int
    folder: Path
    programs: Path

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def copy(self, template: str) -> str:
        """A new database with everything that the template holds."""
        name = f"t{os.getpid()}_{next(_numbers)}"
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        engine.dispose()
        return self.url(name)

    def stop(self) -> None:
        _run([self.programs / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop"], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def find_server() -> Server:
    """Start a server, or skip: `./run test` installs PostgreSQL where a package manager is to be had."""
    found = shutil.which("initdb") or next(
        iter(sorted(glob("/usr/lib/postgresql/*/bin/initdb"), reverse=True)), None
    )
    found = found or next(iter(glob("/opt/homebrew/opt/postgresql*/bin/initdb")), None)
    if not found:
        pytest.skip("PostgreSQL's programs are not installed (./run test installs them)")
    programs = Path(os.path.realpath(found)).parent
    if not (programs / "pg_ctl").exists():
        programs = Path(found).parent
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # Its own folder straight under the temporary one: the test runner's folders are closed to the user postgres.
    folder = Path(tempfile.mkdtemp(prefix="tracker-postgres-"))
    folder.chmod(0o755)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    _run([programs / "initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "-D", data])
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
    _run([programs / "pg_ctl", "-D", data, "-o", options, "-w", "-l", folder / "log", "start"])
    server = Server(port, folder, programs)
    engine = sa.create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE stage")
    engine.dispose()
    return server


def _run(command: list[object], *, check: bool = True) -> None:
    words = [str(part) for part in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
