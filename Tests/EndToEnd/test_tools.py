"""The operator's tools on a directory at rest: check, verify, dump, repair, backup, restore (W-3, W-6, W-11)."""

import json
import struct
import time

import pytest
import redis

from company import new_deal
from daemon import PASSWORDS
from loop_disk import small_disk
from test_log_damage import HEADER_BYTES, frames, overwrite, segments
from test_operation import CORRUPT, NO_COMPANY, NOT_DURABLE, REFUSED, SYSTEM, USAGE, at, tool
from wire import as_map


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
    assert f"at offset {offset} of {segment} with the records" in verified.stderr
    assert "that one was changed" in verified.stderr
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
    founded = json.loads(lines[0])["at"]
    first = tool("restore", daemon.data, tmp_path / "x", "--to-time", "2020-01-01T00:00:00Z")
    assert first.returncode == REFUSED and f"was written at {founded}" in first.stderr
    last = json.loads(lines[-1])["seq"]
    beyond = tool("restore", daemon.data, tmp_path / "x", "--to-seq", last + 1)
    assert beyond.returncode == REFUSED
    assert f"no record {last + 1}: the last one is {last}" in beyond.stderr
    assert not (tmp_path / "x").exists()
    assert tool("restore", daemon.data, tmp_path / "all", "--to-seq", last).returncode == 0
    late = tool("restore", daemon.data, tmp_path / "late", "--to-time", "2999-01-01T08:00:00+08:00")
    assert late.returncode == 0 and "all of it" in late.stdout
    for odd in ("2026-02-30T00:00:00Z", "2026-11-30", "2026-11-30T02:00:00", "now", ""):
        assert tool("restore", daemon.data, tmp_path / "x", "--to-time", odd).returncode == USAGE


def test_w11_what_was_written_together_is_told_where_it_is_left_out(stopped, tmp_path):
    """W-11: within a frame of several records: the first leaves nothing, a later one is left out, by name."""
    daemon, _ = stopped
    first = tool("restore", daemon.data, tmp_path / "x", "--to-seq", 1)
    assert first.returncode == REFUSED
    together = int(first.stderr.split("the records 1 to ")[1].split()[0])
    assert f"name record {together} or a later one" in first.stderr
    with daemon.serve().client("xiaoli") as li:
        pipeline = li.pipeline(transaction=True)
        for number in range(3):
            pipeline.execute_command("CUSTOMER.CREATE", f"一起 {number}")
        pipeline.execute()
    daemon.kill()
    lines = tool("dump", "--data", daemon.data, "--json").stdout.splitlines()
    last = json.loads(lines[-1])["seq"]
    within = tool("restore", daemon.data, tmp_path / "within", "--to-seq", last - 1)
    assert within.returncode == 0, within.stderr
    assert f"to {last} were written together and are not parted" in within.stdout
    assert f"records up to {last - 3}," in within.stdout


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
    assert tool("verify", "--seq", 3).returncode == USAGE
    assert tool("verify", "--seq", 3, "--hash", "00").returncode == USAGE


def test_w11_wrong_places_are_told_and_nothing_is_left_there(stopped, tmp_path):
    """W-11: the log itself, files in the way, the copied log, no room, records that are not there."""
    daemon, _ = stopped
    log = daemon.data / "log"
    before = {path: path.stat().st_size for path in daemon.data.rglob("*")}
    its_log = tool("check", log)
    assert its_log.returncode == NO_COMPANY
    assert f"name the directory that it lies in: {daemon.data}" in its_log.stderr
    inside = tool("backup", "--data", daemon.data, log / "copy")
    assert inside.returncode == REFUSED and "a place outside it" in inside.stderr
    (tmp_path / "file").touch()
    for taken in (tmp_path / "file", tmp_path / "file" / "below"):
        refused = tool("backup", "--data", daemon.data, taken)
        assert refused.returncode == SYSTEM and "Domain" not in refused.stderr
    assert tool("backup", "--data", daemon.data, "").returncode == USAGE
    last = int(tool("verify", daemon.data).stdout.split("records ")[1].split(",")[0])
    assert tool("dump", daemon.data, "--from", last + 1).returncode == REFUSED
    assert tool("dump", daemon.data, "--from", 5, "--to", 3).returncode == USAGE
    longer = tool("verify", daemon.data, "--seq", last + 1, "--hash", "0" * 64)
    assert longer.returncode == CORRUPT and f"the log ends with {last}" in longer.stderr
    assert before == {path: path.stat().st_size for path in daemon.data.rglob("*")}
    with small_disk(tmp_path / "small", "size=200k") as small:
        for words in (("backup", "--data"), ("repair", "--data"), ("restore",)):
            full = tool(*words, daemon.data, small / "copy")
            assert full.returncode == NOT_DURABLE and "No space left" in full.stderr
            assert list(small.iterdir()) == []


def test_w11_damage_is_told_with_the_ways_on(stopped, tmp_path):
    """W-6, W-11: each way that is named works; where nothing can be trusted, none pretends to."""
    daemon, deals = stopped
    assert tool("backup", "--data", daemon.data, tmp_path / "backup").returncode == 0
    (daemon.data / "log" / "format").unlink()
    told = tool("check", daemon.data)
    assert told.returncode == CORRUPT and "put back from a backup" in told.stderr
    kept = (tmp_path / "backup" / "log" / "format").read_bytes()
    (daemon.data / "log" / "format").write_bytes(kept)
    assert tool("check", daemon.data).returncode == 0
    segment = segments(daemon.data)[0]
    segment.rename(tmp_path / "segment")
    told = tool("repair", "--data", daemon.data, tmp_path / "nothing")
    assert told.returncode == CORRUPT and "pipelined repair" not in told.stderr
    assert not (tmp_path / "nothing").exists()
    (tmp_path / "segment").rename(segment)
    (daemon.data / "log" / "marks").unlink()
    told = tool("verify", daemon.data)
    assert told.returncode == CORRUPT and "pipelined repair" in told.stderr
    assert tool("repair", "--data", daemon.data, tmp_path / "whole").returncode == 0
    assert deals[2] in tool("dump", tmp_path / "whole", "--json").stdout
