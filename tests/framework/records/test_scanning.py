"""Scanning, against a stand-in on the loopback that speaks clamd's protocol."""

import socketserver
import struct
import threading

import pytest

from framework.definitions.rules import Refused
from framework.records import scanning, settings
from framework.records.uploading import take_file
from tests.framework.records import files

EICAR = b"X5O!P%@AP" + b"[4\\PZX54(P^)7CC)7}$EICAR"


class Clamd(socketserver.StreamRequestHandler):
    def handle(self):
        command = self.rfile.read(6)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        self.rfile.read(4)
        heard = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            heard += self.rfile.read(size)
        self.server.heard.append(heard)
        answer = self.server.answer or (b"Eicar-Test FOUND" if EICAR in heard else b"OK")
        self.wfile.write(b"stream: " + answer + b"\0" if answer != b"silence" else b"")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


@pytest.fixture
def clamd():
    with _Server(("127.0.0.1", 0), Clamd) as server:
        server.heard, server.answer = [], b""
        threading.Thread(target=server.serve_forever, daemon=True).start()
        scanning.use(f"tcp://127.0.0.1:{server.server_address[1]}")
        yield server
        scanning.use(None)
        server.shutdown()


def test_a_clean_file_is_heard_whole_and_taken(clamd):
    picture = files.picture("PNG", (400, 400))
    take_file("a.png", picture, field="file")
    assert clamd.heard == [picture]
    assert scanning.condition() == "Answers"


def test_an_infected_file_is_refused_and_the_refusal_can_be_told_from_others(clamd):
    with pytest.raises(Refused, match="A virus was found") as caught:
        scanning.scan(EICAR, "file")
    assert caught.value.refusals[0].rule == "VIRUS"
    assert caught.value.refusals[0].field == "file"


@pytest.mark.parametrize("answer", [b"silence", b"INSTREAM size limit exceeded. ERROR", b"NOT ok"])
def test_any_other_answer_lets_nothing_through(clamd, answer):
    clamd.answer = answer
    with pytest.raises(Refused, match="cannot be checked for viruses now"):
        scanning.scan(b"x", "file")


def test_a_scanner_that_cannot_be_reached_lets_nothing_through(clamd, tmp_path):
    clamd.shutdown()
    clamd.server_close()
    with pytest.raises(Refused, match="Try again"):
        take_file("a.png", files.picture(), field="file")
    assert scanning.condition().startswith("Does not answer")
    scanning.use(f"unix:{tmp_path}/none.sock")
    with pytest.raises(Refused, match="Try again"):
        scanning.scan(b"x", "file")


def test_without_a_scanner_files_are_taken_and_the_operator_is_told(visit):
    scanning.scan(EICAR, "file")
    assert scanning.condition().startswith("Not set up")
    assert "Not set up: files are taken unscanned" in visit("Opal").get("/installation/").text


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:3310", "tcp://scan.council.example:3310", "unix:/run/clamd.ctl"]
)
def test_an_address_of_clamd_is_taken(tmp_path, address):
    assert settings.load({"DATA_FOLDER": str(tmp_path), "CLAMD": address}).clamd == address


@pytest.mark.parametrize(
    "address", ["127.0.0.1:3310", "tcp://host", "http://host:1", "unix:run", "tcp://host:99999"]
)
def test_an_address_that_is_none_stops_the_start_by_name(tmp_path, address):
    with pytest.raises(settings.SettingsError, match="CLAMD must be an address"):
        settings.load({"DATA_FOLDER": str(tmp_path), "CLAMD": address})
