"""Snapshots, backups, the clean end, and the operator's tools beside the daemon (W-9, W-11, O-3)."""

import json
import pathlib
import signal
import struct
import subprocess
import threading
import time

import pytest
import redis

from company import new_deal
from daemon import BINARY, PASSWORDS, Daemon
from test_log_damage import HEADER_BYTES, frames, overwrite, segments
from wire import as_map

USAGE, CORRUPT, NO_COMPANY, REFUSED = 64, 65, 66, 67


def tool(*words) -> subprocess.CompletedProcess:
    command = [BINARY, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def snapshots(daemon: Daemon) -> list[pathlib.Path]:
    return sorted(daemon.data.glob("log/*.snapshot"))


def at(daemon: Daemon, data: pathlib.Path) -> Daemon:
    """A daemon of the same binary on another directory, with the first one's certificate."""
    root = data.parent / (data.name + "-daemon")
    root.mkdir()
    other = Daemon(root)
    other.data = data
    (data / "tls").mkdir()
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (data / "tls" / name).write_bytes((daemon.data / "tls" / name).read_bytes())
    return other


def story(daemon: Daemon, deal: str) -> dict:
    with daemon.client("xiaoli") as li:
        return as_map(li.execute_command("OPP.GET", deal, "WITH", 2, "history", "notes"))


def test_w9_snapshot_answers_when_durable_and_a_start_uses_it(own_company):
    """W-9: SNAPSHOT names its position; after the plug the daemon starts from it, and two are kept."""
    daemon = own_company.daemon
    with daemon.client("xiaoli") as li, daemon.client() as admin:
        deal = new_deal(li, own_company)
        for _ in range(3):
            li.execute_command("OPP.NOTE", deal, "存一张")
            taken = as_map(admin.execute_command("SNAPSHOT"))
        li.execute_command("OPP.NOTE", deal, "快照之后")
    assert len(snapshots(daemon)) == 2
    assert snapshots(daemon)[-1].stem == f"{taken['seq']:020}"
    before = story(daemon, deal)
    daemon.kill()
    daemon.serve()
    assert f"snapshot={taken['seq']}" in daemon.log()
    assert story(daemon, deal) == before


def test_w9_a_damaged_snapshot_is_told_of_and_done_without(own_company):
    """W-6, W-9: the older snapshot or the log serves; nothing is lost, and the operator hears of it."""
    daemon = own_company.daemon
    with daemon.client("xiaoli") as li, daemon.client() as admin:
        deal = new_deal(li, own_company)
        admin.execute_command("SNAPSHOT")
    before = story(daemon, deal)
    daemon.kill()
    size = snapshots(daemon)[-1].stat().st_size
    overwrite(snapshots(daemon)[-1], size // 2, b"\xff\x00\xff\x00")
    assert tool("check", "--data", daemon.data).returncode == CORRUPT
    daemon.serve()
    assert "a snapshot cannot be used" in daemon.log()
    assert story(daemon, deal) == before


def test_o3_sigterm_leaves_a_snapshot_and_answers_what_is_in_flight(own_company):
    """O-3: what was sent before the end is answered; the exit code is 0; a snapshot is there."""
    daemon = own_company.daemon
    with daemon.client("xiaoli") as li:
        deal = new_deal(li, own_company)
    with daemon.wire("xiaoli") as wire:
        for number in range(20):
            wire.send("OPP.NOTE", deal, f"第 {number} 条")
        code = []
        ending = threading.Thread(target=lambda: code.append(daemon.terminate()))
        ending.start()
        answers = [wire.read_raw() for _ in range(20)]
        ending.join(60)
    assert code == [0]
    assert all(not answer.startswith(b"-") for answer in answers)
    assert len(snapshots(daemon)) == 1
    daemon.serve()
    assert len(as_map(story(daemon, deal))["notes"]) == 20


def test_o3_shutdown_ends_the_daemon_for_an_admin_only(own_company):
    """O-3, P-4: SHUTDOWN is answered by the end of the connection; NOSAVE leaves no snapshot."""
    daemon = own_company.daemon
    with daemon.client("xiaoli") as li:
        for command in ("SNAPSHOT", "BACKUP", "SHUTDOWN"):
            with pytest.raises(redis.ResponseError, match="no permissions"):
                li.execute_command(command)
    with daemon.client() as admin:
        with pytest.raises(redis.ResponseError, match="syntax error"):
            admin.execute_command("SHUTDOWN", "LATER")
        with pytest.raises(redis.ConnectionError):
            admin.execute_command("SHUTDOWN", "NOSAVE")
    assert daemon.process.wait(60) == 0
    assert snapshots(daemon) == []
    daemon.serve()
    with daemon.client() as admin, pytest.raises(redis.ConnectionError):
        admin.execute_command("SHUTDOWN")
    assert daemon.process.wait(60) == 0
    assert len(snapshots(daemon)) == 1


def test_o3_maintenance_is_no_part_of_a_transaction(own_company):
    with own_company.daemon.wire() as admin:
        admin.send("MULTI")
        assert admin.read_raw() == b"+OK\r\n"
        admin.send("SNAPSHOT")
        assert admin.read_raw() == b"-ERR Command not allowed inside a transaction\r\n"


def test_w11_a_backup_under_load_restores_to_what_was_answered(own_company, tmp_path):
    """BACKUP while serving: nothing answered before it is missing; no path of a client's choosing."""
    daemon = own_company.daemon
    told: list[str] = []
    stop = threading.Event()

    def write() -> None:
        with daemon.client("xiaoli") as li:
            while not stop.is_set():
                told.append(new_deal(li, own_company))

    writer = threading.Thread(target=write)
    writer.start()
    while len(told) < 50:
        time.sleep(0.01)
    with daemon.client() as admin:
        known = list(told)
        copy = as_map(admin.execute_command("BACKUP", "nightly"))
        for name in ("../escaped", "/tmp/x", ".hidden", "a/b", ""):
            with pytest.raises(redis.ResponseError, match="^INVALID name"):
                admin.execute_command("BACKUP", name)
        with pytest.raises(redis.ResponseError, match="^CONFLICT"):
            admin.execute_command("BACKUP", "nightly")
    stop.set()
    writer.join(30)
    assert pathlib.Path(copy["path"]) == daemon.data / "backups" / "nightly"
    target = tmp_path / "restored"
    restored = tool("restore", copy["path"], target)
    assert restored.returncode == 0, restored.stderr
    assert tool("check", "--data", target).returncode == 0
    other = at(daemon, target).serve()
    try:
        with other.client("xiaoli") as li:
            pipeline = li.pipeline(transaction=False)
            for deal in known:
                pipeline.execute_command("OPP.GET", deal)
            assert len(pipeline.execute()) == len(known)
    finally:
        other.close()
    assert tool("restore", copy["path"], target).returncode == REFUSED


@pytest.fixture
def stopped(own_company):
    """Three deals, each in a frame and a moment of its own, a snapshot between, and the plug pulled."""
    daemon = own_company.daemon
    with daemon.client("xiaoli") as li, daemon.client() as admin:
        deals = [new_deal(li, own_company)]
        admin.execute_command("SNAPSHOT")
        for _ in range(2):
            time.sleep(0.01)
            deals.append(new_deal(li, own_company))
    time.sleep(0.5)
    daemon.kill()
    return daemon, deals


def test_w11_check_verify_and_dump_change_nothing(stopped):
    """W-11: every tool but the copying ones reads only; `dump` tells no secret."""
    daemon, deals = stopped
    before = {path: path.read_bytes() for path in daemon.data.rglob("*") if path.is_file()}
    checked = tool("check", "--data", daemon.data)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "intact, and what the records lead to" in checked.stdout
    verified = tool("verify", "--data", daemon.data)
    assert verified.returncode == 0
    lines = tool("dump", "--data", daemon.data, "--json").stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert {row["id"] for row in rows if row["type"] == "opportunity.created"} == set(deals)
    text = tool("dump", "--data", daemon.data, "--from", 2, "--to", 5).stdout
    assert [line.split()[0] for line in text.splitlines()] == ["2", "3", "4", "5"]
    everything = "".join(lines) + text
    assert "$scrypt$" not in everything and "scrypt" not in everything
    assert all(secret not in everything for secret in PASSWORDS.values())
    assert before == {path: path.read_bytes() for path in before}
    assert set(before) == {path for path in daemon.data.rglob("*") if path.is_file()}


def crc32c(data: bytes) -> int:
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def test_w3_an_attacker_who_mends_the_checksums_is_found_out(stopped):
    """W-3, W-11: the frame after the changed one is no longer chained to it, and is named."""
    daemon, _ = stopped
    segment = segments(daemon.data)[0]
    found = frames(segment)
    (offset, length), following = found[3], found[4]
    frame = bytearray(segment.read_bytes()[offset : offset + length])
    frame[-1] ^= 1
    frame[104:108] = struct.pack("<I", crc32c(bytes(frame[HEADER_BYTES:])))
    frame[108:112] = struct.pack("<I", crc32c(bytes(frame[:108])))
    overwrite(segment, offset, bytes(frame))
    verified = tool("verify", "--data", daemon.data)
    assert verified.returncode == CORRUPT
    assert "not chained to the one before" in verified.stderr
    assert str(following[0]) in verified.stderr and segment.name in verified.stderr


def test_w3_a_noted_hash_proves_that_nothing_was_written_anew(stopped):
    daemon, _ = stopped
    said = tool("verify", "--data", daemon.data).stdout
    seq = said.split("records ")[1].split(",")[0]
    noted = said.split("hash ")[1].split()[0]
    words = ("verify", "--data", daemon.data, "--seq", seq, "--hash")
    assert tool(*words, noted).returncode == 0
    assert tool(*words, "0" * 64).returncode == CORRUPT


def test_w11_repair_works_on_a_copy(stopped, tmp_path):
    """W-11: the damaged log stays as it is; the copy ends before the damage and can be served."""
    daemon, deals = stopped
    segment = segments(daemon.data)[-1]
    offset, _ = frames(segment)[-1]
    overwrite(segment, offset + HEADER_BYTES, b"\xff" * 8)
    before = segment.read_bytes()
    assert tool("check", "--data", daemon.data).returncode == CORRUPT
    assert tool("backup", "--data", daemon.data, tmp_path / "b").returncode == CORRUPT
    repaired = tool("repair", "--data", daemon.data, tmp_path / "repaired")
    assert repaired.returncode == 0, repaired.stderr
    assert "can be trusted" in repaired.stdout
    assert segment.read_bytes() == before
    other = at(daemon, tmp_path / "repaired").serve()
    try:
        with other.client("xiaoli") as li:
            assert as_map(li.execute_command("OPP.GET", deals[1]))["id"] == deals[1]
            with pytest.raises(redis.ResponseError, match="^NOTFOUND"):
                li.execute_command("OPP.GET", deals[2])
    finally:
        other.close()


def test_w11_restore_goes_back_to_a_record_or_an_instant(stopped, tmp_path):
    """W-11: `--to-seq` and `--to-time` leave out what came later, whole frames at a time."""
    daemon, deals = stopped
    lines = tool("dump", "--data", daemon.data, "--json").stdout.splitlines()
    created = {row["id"]: row for row in map(json.loads, lines) if row["type"] == "opportunity.created"}
    second, third = created[deals[1]], created[deals[2]]
    by_seq, by_time = tmp_path / "by-seq", tmp_path / "by-time"
    assert tool("restore", daemon.data, by_seq, "--to-seq", third["seq"] - 1).returncode == 0
    assert tool("restore", daemon.data, by_time, "--to-time", second["at"]).returncode == 0
    for target in (by_seq, by_time):
        told = tool("dump", "--data", target, "--json").stdout
        ids = {row["id"] for row in map(json.loads, told.splitlines())}
        assert deals[1] in ids and deals[2] not in ids
        assert tool("check", "--data", target).returncode == 0
    first = tool("restore", daemon.data, tmp_path / "x", "--to-time", "2020-01-01T00:00:00Z")
    assert first.returncode == REFUSED
    last = json.loads(lines[-1])["seq"]
    beyond = tool("restore", daemon.data, tmp_path / "x", "--to-seq", last + 1)
    assert beyond.returncode == REFUSED
    assert f"no record {last + 1}: the last one is {last}" in beyond.stderr
    assert not (tmp_path / "x").exists()
    assert tool("restore", daemon.data, tmp_path / "all", "--to-seq", last).returncode == 0


def test_w11_nothing_behind_damage_is_restored_by_silence(stopped, tmp_path):
    """W-11: up to what can be trusted, if that is asked for by name; beyond it, the damage is told."""
    daemon, _ = stopped
    segment = segments(daemon.data)[0]
    offset, length = frames(segment)[4]
    overwrite(segment, offset + HEADER_BYTES + 8, b"\xff")
    inspected = tool("verify", "--data", daemon.data)
    trusted = int(inspected.stdout.split("can be trusted is ")[1].split()[0])
    for beyond in (("--to-seq", trusted + 1), ("--to-time", "2099-01-01T00:00:00Z"), ()):
        refused = tool("restore", daemon.data, tmp_path / "x", *beyond)
        assert refused.returncode == CORRUPT and segment.name in refused.stderr
    restored = tool("restore", daemon.data, tmp_path / "y", "--to-seq", trusted)
    assert restored.returncode == 0
    assert tool("check", "--data", tmp_path / "y").returncode == 0


def test_w11_directories_are_named_by_flag_or_by_position(stopped, tmp_path):
    """W-11: whichever way comes to mind first; what is named twice or not at all is a usage error."""
    daemon, _ = stopped
    for verb in ("check", "verify", "dump"):
        by_position, by_flag = tool(verb, daemon.data), tool(verb, "--data", daemon.data)
        assert by_position.returncode == by_flag.returncode == 0
        assert by_position.stdout == by_flag.stdout
        assert tool(verb, daemon.data, "--data", daemon.data).returncode == USAGE
    backup, repaired = tmp_path / "backup", tmp_path / "repaired"
    assert tool("backup", "--data", daemon.data, "--to", backup).returncode == 0
    assert tool("repair", "--data", daemon.data, "--to", repaired).returncode == 0
    forms = (("--data", "TARGET", backup), ("--from", backup, "--data", "TARGET"), (backup, "TARGET"))
    for place, words in enumerate((*forms, ("--from", backup, "TARGET"))):
        target = tmp_path / f"restored{place}"
        named = [target if word == "TARGET" else word for word in words]
        assert tool("restore", *named).returncode == 0
        assert tool("check", target).returncode == 0
    for words in (("backup", "--data", daemon.data), ("restore", backup), ("restore",)):
        assert tool(*words).returncode == USAGE


def test_w11_exit_codes_tell_what_is_wrong(tmp_path):
    for words in (("check",), ("verify",), ("dump",), ("backup", tmp_path / "b")):
        ran = tool(words[0], "--data", tmp_path / "nothing", *words[1:])
        assert ran.returncode == NO_COMPANY
    assert tool("restore", tmp_path / "nothing", tmp_path / "target").returncode == NO_COMPANY
    assert tool("verify", "--seq", 3).returncode == 64


def test_o3_a_second_signal_forces_the_end(own_company):
    """O-3: a client that reads nothing holds the drain up; the second SIGTERM does not wait."""
    daemon = own_company.daemon
    with daemon.wire() as wire:
        for _ in range(20_000):
            wire.send("UNIT.TREE")
        daemon.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        if daemon.alive:
            daemon.process.send_signal(signal.SIGTERM)
        assert daemon.process.wait(10) in (0, 130)
