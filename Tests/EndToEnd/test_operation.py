"""Snapshots, backups and the clean end of a daemon that serves (W-9, W-11, O-3)."""

import pathlib
import signal
import subprocess
import threading
import time

import pytest
import redis

from company import new_deal
from daemon import BINARY, Daemon
from test_log_damage import overwrite
from wire import as_map

USAGE, CORRUPT, NO_COMPANY, REFUSED, SYSTEM, NOT_DURABLE = 64, 65, 66, 67, 71, 74


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
