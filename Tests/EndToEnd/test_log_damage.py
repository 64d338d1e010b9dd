"""A damaged log: what a power cut leaves is cut off and said; anything else is refused, loudly."""

import pathlib
import re
import struct
import time

import pytest

from company import new_deal
from wire import as_map

BLOCK = 4096
MAGIC = b"PPEFRAM1"
HEADER_BYTES = 112
# Exit codes that say nothing about the data: success, failure, usage, a crash.
CORRUPT = 65
ORDINARY_CODES = {0, 1, 2, -6, -11}
MARK_SECONDS = 0.5  # the mark is at most 100 ms behind (W-5)


def segments(data: pathlib.Path) -> list[pathlib.Path]:
    """Files of frames that hold any, oldest first; they are named by their first sequence."""
    files = [path for path in data.rglob("*") if path.is_file()]
    return sorted(path for path in files if path.read_bytes().startswith(MAGIC))


def frames(segment: pathlib.Path) -> list[tuple[int, int]]:
    """Offset and length, header included and padding not, of every frame."""
    held, offset, found = segment.read_bytes(), 0, []
    while held[offset : offset + len(MAGIC)] == MAGIC:
        (payload,) = struct.unpack_from("<I", held, offset + 12)
        length = HEADER_BYTES + payload
        found.append((offset, length))
        offset += -(-length // BLOCK) * BLOCK
    return found


def end_of(found: list[tuple[int, int]]) -> int:
    offset, length = found[-1]
    return offset + -(-length // BLOCK) * BLOCK


def overwrite(path: pathlib.Path, offset: int, replaced: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(replaced)


@pytest.fixture
def stopped(own_company):
    """A company with one deal, its daemon killed once the commit mark had caught up."""
    daemon = own_company.daemon
    with daemon.client("xiaoli") as li:
        deal = new_deal(li, own_company)
    time.sleep(MARK_SECONDS)
    daemon.kill()
    return daemon, deal


def is_there(daemon, deal: str) -> bool:
    with daemon.client("xiaoli") as li:
        return as_map(li.execute_command("OPP.GET", deal))["id"] == deal


def test_w6_a_torn_tail_is_cut_kept_and_reported(stopped):
    """W-6: half a frame after the last one: cut, kept beside, its bytes counted in the log."""
    daemon, deal = stopped
    segment = segments(daemon.data)[-1]
    held, found = segment.read_bytes(), frames(segment)
    offset, length = found[-1]
    torn = held[offset : offset + HEADER_BYTES] + b"\xa5" * 700
    overwrite(segment, end_of(found), torn)
    files = {path for path in daemon.data.rglob("*")}
    daemon.serve()
    assert is_there(daemon, deal)
    assert segment.read_bytes()[end_of(found) :][: len(torn)] != torn
    kept = {path for path in daemon.data.rglob("*") if path.is_file()} - files
    assert any(torn in path.read_bytes() for path in kept), "no copy of what was cut"
    said = daemon.log().lower()
    assert "torn" in said and (str(len(torn)) in said or str(BLOCK) in said), said[-2000:]
    with daemon.client("xiaoli") as li:
        li.execute_command("OPP.NOTE", deal, "写得下去")
    daemon.kill()
    daemon.serve()
    assert is_there(daemon, deal)


def refused(daemon, segment: pathlib.Path, offset: int) -> int:
    """`serve` ends by itself, names the file and the offset, and changes nothing."""
    before = segment.read_bytes()
    code, said = daemon.refuses_to_serve()
    assert segment.name in said and str(offset) in said, said
    assert segment.read_bytes() == before
    return code


@pytest.mark.parametrize("place", ["header", "payload"])
def test_w6_a_flipped_bit_is_refused(stopped, place):
    """W-3, W-6: one bit in the middle: file and offset named, an exit code of its own."""
    daemon, _ = stopped
    segment = segments(daemon.data)[0]
    found = frames(segment)
    offset, length = found[len(found) // 2]
    at = offset + (30 if place == "header" else HEADER_BYTES + (length - HEADER_BYTES) // 2)
    (byte,) = segment.read_bytes()[at : at + 1]
    overwrite(segment, at, bytes([byte ^ 0x10]))
    assert refused(daemon, segment, offset) not in ORDINARY_CODES
    overwrite(segment, at, bytes([byte]))
    daemon.serve()


def test_w6_damage_is_refused_after_an_orderly_stop_too(own_company):
    """W-5, W-6: a snapshot that includes everything makes no damage of the last segment harmless."""
    daemon = own_company.daemon
    with daemon.client("xiaoli") as li:
        new_deal(li, own_company)
    assert daemon.terminate() == 0
    assert list(daemon.data.glob("log/*.snapshot"))
    segment = segments(daemon.data)[-1]
    intact, found = segment.read_bytes(), frames(segment)
    for offset, length in (found[0], found[len(found) // 2], found[-1]):
        (byte,) = intact[offset + length - 1 : offset + length]
        overwrite(segment, offset + length - 1, bytes([byte ^ 4]))
        assert refused(daemon, segment, offset) == CORRUPT
        overwrite(segment, 0, intact)
    offset, length = found[-1]
    overwrite(segment, offset, bytes(-(-length // BLOCK) * BLOCK))
    assert refused(daemon, segment, offset) == CORRUPT
    overwrite(segment, 0, intact)
    format_file = daemon.data / "log" / "format"
    kept = format_file.read_bytes()
    format_file.unlink()
    code, said = daemon.refuses_to_serve()
    assert code == CORRUPT and "format" in said
    format_file.write_bytes(kept)
    daemon.serve()


def test_w5_an_acknowledged_frame_that_is_gone_is_refused(stopped):
    """W-5: a log that ends before the commit mark is corrupt, not torn."""
    daemon, _ = stopped
    segment = segments(daemon.data)[-1]
    offset, length = frames(segment)[-1]
    overwrite(segment, offset, bytes(-(-length // BLOCK) * BLOCK))
    assert refused(daemon, segment, offset) not in ORDINARY_CODES


def test_w6_corrupt_and_locked_are_told_apart(stopped):
    """O-3, W-6, W-13: corrupt data has an exit code that a second daemon has not."""
    daemon, _ = stopped
    daemon.serve()
    locked, _ = daemon.refuses_to_serve()
    daemon.kill()
    segment = segments(daemon.data)[0]
    overwrite(segment, frames(segment)[1][0] + 40, b"\xff\xff")
    corrupt, _ = daemon.refuses_to_serve()
    assert corrupt not in ORDINARY_CODES | {locked}


def test_w6_the_only_way_past_damage_is_to_name_it(stopped):
    """W-6: `--accept-data-loss-after SEQ` starts with what is before the damage."""
    daemon, _ = stopped
    segment = segments(daemon.data)[-1]
    offset, length = frames(segment)[-1]
    overwrite(segment, offset + HEADER_BYTES, b"\xff" * 8)
    code, said = daemon.refuses_to_serve()
    assert code != 0 and "record" in said
    trusted = re.search(r"last trusted record is (\d+)", said).group(1)
    daemon.serve("--accept-data-loss-after", trusted)
    with daemon.client("xiaoli") as li:
        assert li.execute_command("OPP.LIST") == [], "the deal was in the frame given up"
