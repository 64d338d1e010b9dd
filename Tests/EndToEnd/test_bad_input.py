"""What a client may send by mistake or malice: a clear refusal, and the daemon goes on."""

import random

import pytest

from company import new_deal
from wire import Refusal, Wire, as_map, encode

ROUNDS, BLOBS_A_CONNECTION, SEED = 5000, 25, 20260405


@pytest.fixture(scope="module")
def deal(daemon, company):
    with daemon.client("xiaoli") as li:
        return new_deal(li, company)


@pytest.fixture
def li(daemon, company):
    with daemon.wire("xiaoli") as wire:
        yield wire
        assert wire.ask("PING") == "PONG", "the connection must stay usable"


# Each row: the command (o? stands for the deal, c? for the customer), the first words allowed,
# and what the line must name. Of form errors the specification fixes no single word.
FORM = {"ERR", "INVALID"}
TABLE = [
    (("OPP.GTE", "o?"), {"ERR"}, ["unknown command", "OPP.GET"]),
    (("NOSUCHTHING",), {"ERR"}, ["unknown command", "NOSUCHTHING"]),
    (("OPP.GET",), {"ERR"}, ["wrong number of arguments", "opp.get"]),
    (("ME", "and", "more"), FORM, ["ME"]),
    (("OPP.CREATE", "只有标题"), FORM, ["CUSTOMER"]),
    (("OPP.GET", "seventeen!"), FORM, ["opportunity", "o12"]),
    (("OPP.GET", "o"), FORM, ["opportunity"]),
    (("OPP.GET", "o-1"), FORM, ["opportunity"]),
    (("OPP.GET", "o99999999999999999999999999"), FORM | {"NOTFOUND"}, ["opportunity"]),
    (("OPP.GET", "u1"), FORM, ["opportunity"]),
    (("OPP.GET", "o777777"), {"NOTFOUND"}, ["o777777"]),
    (("OPP.UPDATE", "o?", "AMOUNT", "much"), {"INVALID"}, ["AMOUNT"]),
    (("OPP.UPDATE", "o?", "AMOUNT", "1.234"), {"INVALID"}, ["AMOUNT", "CNY"]),
    (("OPP.UPDATE", "o?", "AMOUNT", "-1.00"), {"INVALID"}, ["AMOUNT"]),
    (("OPP.UPDATE", "o?", "AMOUNT", "1000000000000000"), {"INVALID"}, ["AMOUNT"]),
    (("OPP.UPDATE", "o?", "AMOUNT", "9" * 400), {"INVALID"}, ["AMOUNT"]),
    (("OPP.UPDATE", "o?", "AMOUNT", "1e9"), {"INVALID"}, ["AMOUNT"]),
    (("OPP.UPDATE", "o?", "CLOSE", "2027-02-30"), {"INVALID"}, ["CLOSE"]),
    (("OPP.UPDATE", "o?", "CLOSE", "30.06.2027"), {"INVALID"}, ["CLOSE", "YYYY-MM-DD"]),
    (("OPP.UPDATE", "o?", "CLOSE", "99999999999-01-01"), {"INVALID"}, ["CLOSE"]),
    (("OPP.UPDATE", "o?", "TITLE", "zwei\x07Töne"), {"INVALID"}, ["TITLE", "control"]),
    (("OPP.UPDATE", "o?", "TITLE", b"\xff\xfe"), {"INVALID"}, ["TITLE", "UTF-8"]),
    (("OPP.UPDATE", "o?", "TITLE", "n" * 201), FORM, ["TITLE", "200"]),
    (("OPP.UPDATE", "o?", "TITEL", "x"), FORM, ["TITEL", "TITLE"]),
    (("OPP.UPDATE", "o?", "TITLE", "a", "TITLE", "b"), FORM, ["TITLE"]),
    (("OPP.UPDATE", "o?", "TITLE"), FORM, ["TITLE"]),
    (("OPP.UPDATE", "o?", "TITLE", "x", "IFREV", "one"), FORM, ["IFREV"]),
    (("OPP.UPDATE", "o?", "TITLE", "x", "REQID", "t" * 65), FORM, ["REQID"]),
    (("OPP.UPDATE", "o?", "TITLE", "x", "REQID", "令牌"), FORM, ["REQID"]),
    (("OPP.NOTE", "o?", "n" * (16 * 1024 + 1)), FORM, ["16384"]),
    (("OPP.LIST", "LIMIT", "0", "1001"), FORM, ["LIMIT", "1000"]),
    (("OPP.LIST", "LIMIT", "-1", "10"), FORM, ["LIMIT"]),
    (("OPP.CREATE", "单", "CUSTOMER", "c?", "CUR", "XYZW"), {"INVALID"}, ["CUR"]),
    (("OPP.CREATE", "单", "CUSTOMER", "c?", "PROCESS", "none-such"), {"NOTFOUND"}, ["none-such"]),
    (("OPP.CREATE", "单", "CUSTOMER", "c777777"), {"NOTFOUND"}, ["c777777"]),
    (("OPP.FEEDBACK", "o?", "no_such_field", "x"), {"INVALID", "NOTFOUND"}, ["no_such_field"]),
    (("OPP.TASK", "o?", "no-such-task", "DONE"), {"INVALID", "NOTFOUND"}, ["no-such-task"]),
    (("UNIT.CREATE", "自己开的部门"), {"NOPERM"}, ["admin"]),
    (("CUSTOMER.CREATE", "方舟电子"), {"CONFLICT"}, ["c?"]),
    (("DRYRUN", "OPP.GET", "o?"), FORM, ["OPP.GET"]),
    (("SELECT", "1"), {"ERR"}, ["DB index is out of range"]),
    (("PUBLISH", "inbox", "hello"), {"ERR", "NOPERM"}, []),
    (("CLIENT", "NOSUCH"), {"ERR"}, ["nosuch"]),
]


def title_of(row: tuple) -> str:
    return " ".join(str(word) for word in row[0])[:40]


@pytest.mark.parametrize("row", TABLE, ids=title_of)
def test_p5_a_refusal_says_what_is_wrong(li, deal, company, row):
    """P-2, P-5, D-36, D-38: the first word, what is named, and that nothing was changed."""
    command, codes, named = row
    ids = {"o?": deal, "c?": company.customer}
    before = li.ask("OPP.GET", deal)
    line = li.refusal(*(ids.get(argument, argument) for argument in command))
    assert line.code in codes, line
    for text in named:
        assert ids.get(text, text).lower() in line.lower(), line
    assert li.ask("OPP.GET", deal) == before


def test_d30_a_stale_revision_is_refused_with_who_changed_it(daemon, company, deal, li):
    """D-30: IFREV of an older revision answers CONFLICT with the current one and the person."""
    revision = li.fields("OPP.GET", deal)["rev"]
    with daemon.client("jiangyue") as jiang:
        changed = as_map(jiang.execute_command("OPP.UPDATE", deal, "REGION", "华东"))
    assert changed["rev"] == revision + 1
    line = li.refusal("OPP.UPDATE", deal, "REGION", "华南", "IFREV", revision)
    assert line.code == "CONFLICT"
    assert str(revision + 1) in line and ("jiangyue" in line or company.boss in line), line
    assert li.fields("OPP.GET", deal)["rev"] == revision + 1
    agreed = li.fields("OPP.UPDATE", deal, "REGION", "华南", "IFREV", revision + 1)
    assert agreed["rev"] == revision + 2


def test_p6_a_repeated_request_key_answers_alike_and_acts_once(company, deal, li):
    """P-6: the same REQID gives the same bytes, one effect; with another command it is INVALID."""
    command = ("OPP.NOTE", deal, "只记一次", "REQID", "bad-input-1")
    answers = []
    for _ in range(3):
        li.send(*command)
        answers.append(li.read_raw())
    assert answers[0] == answers[1] == answers[2]
    notes = li.fields("OPP.GET", deal, "WITH", 1, "notes")["notes"]
    assert str(notes).count("只记一次") == 1
    other = ("OPP.TASK", deal, "rehearsal", "DONE", "REQID", "bad-input-1")
    assert li.refusal(*other).code == "INVALID"
    refused = ("OPP.UPDATE", deal, "AMOUNT", "nought", "REQID", "bad-input-2")
    assert li.refusal(*refused).code == "INVALID"
    accepted = ("OPP.UPDATE", deal, "AMOUNT", "490000.00", "REQID", "bad-input-2")
    assert li.fields(*accepted)["id"] == deal, "a refusal is not remembered"


def test_d34_what_may_not_be_seen_answers_as_what_is_not_there(daemon, company, deal):
    """D-34: byte for byte, for reading and for changing, whatever the command."""
    commands = [(f"OPP.{verb}",) for verb in ("GET", "GUIDE", "HISTORY", "ADVANCE", "WIN")]
    commands += [("OPP.UPDATE", "TITLE", "x"), ("OPP.NOTE", "x"), ("OPP.LOSE", "REASON", "price")]
    with daemon.wire("panglan") as wire:
        for verb, *rest in commands:
            wire.send(verb, deal, *rest)
            hidden = wire.read_raw()
            missing = "o" + "9" * (len(deal) - 1)
            wire.send(verb, missing, *rest)
            absent = wire.read_raw()
            assert hidden.startswith(b"-NOTFOUND "), hidden
            assert hidden.replace(deal.encode(), b"?") == absent.replace(missing.encode(), b"?")


def test_p2_ids_may_have_leading_zeros(deal, li):
    """P-2: o000000001042 is o1042."""
    padded = "o" + deal[1:].zfill(12)
    assert li.fields("OPP.GET", padded)["id"] == deal


@pytest.mark.parametrize("line", [b'OPP.GET "o1\r\n', b"OPP.GET 'o1\r\n", b'PING "a"b\r\n'])
def test_p1_unbalanced_quotes_close_the_connection(daemon, company, line):
    """P-1: an inline command with unbalanced quotes is answered by an error, then closed."""
    with daemon.wire("xiaoli") as wire:
        wire.send_raw(line)
        assert "unbalanced quotes" in wire.read()
        assert wire.is_closed()


def test_p1_inline_commands_and_empty_lines(daemon, company):
    """P-1: typed lines work, quoted and escaped as in Redis; an empty line has no reply."""
    with daemon.wire("xiaoli") as wire:
        wire.send_raw(b"\r\n\r\nPING\r\nECHO \"a\\x41\\n\"\r\nECHO 'b c'\r\n")
        assert [wire.read() for _ in range(3)] == ["PONG", "aA\n", "b c"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"*1048577000\r\n", "invalid multibulk length"),
        (b"*1\r\n$9999999999\r\n", "invalid bulk length"),
        (b"*1\r\n$-5\r\n", "invalid bulk length"),
        (b"*1\r\n:5\r\n", "expected '$', got ':'"),
        (b"*99999999999999999999\r\n", "invalid multibulk length"),
        (b"*2\r\n$3\r\nabcXY", "Protocol error"),
    ],
)
def test_p1_a_broken_frame_is_answered_and_closed(daemon, company, sent, said):
    """P-1: Redis's own words, then the connection is closed; the daemon serves the next."""
    with daemon.wire("xiaoli") as wire:
        wire.send_raw(sent)
        line = wire.read()
        assert isinstance(line, Refusal) and said in line
        assert wire.is_closed()
    with daemon.wire("xiaoli") as wire:
        assert wire.ask("PING") == "PONG"


def test_p4_before_auth_a_client_may_send_little(daemon):
    """P-4: at most 10 arguments and 16 KiB each until a password was given."""
    for sent in (b"*11\r\n", b"*1\r\n$16385\r\n"):
        with daemon.wire(None) as wire:
            wire.send_raw(sent)
            line = wire.read()
            assert line.startswith("ERR Protocol error: unauthenticated"), line
            assert wire.is_closed()


def test_p2_a_huge_argument_is_refused_by_its_bound(daemon, company, deal):
    """P-2: an argument beyond its bound is an error that names the bound; none is cut short."""
    with daemon.wire("xiaoli") as wire:
        line = wire.refusal("OPP.UPDATE", deal, "TITLE", "x" * (64 * 1024 + 1))
        assert "65536" in line or "64" in line, line
        assert wire.ask("PING") == "PONG"
    with daemon.wire("xiaoli") as wire:
        wire.send_raw(b"*3\r\n$8\r\nOPP.NOTE\r\n$2\r\no1\r\n$2000000\r\n")
        line = wire.read()
        assert isinstance(line, Refusal), line


def test_p5_client_bytes_never_stand_bare_in_an_error(li):
    """P-5: CR, LF, controls and bytes that are no UTF-8 are escaped: one line of ASCII."""
    for argument in (b"a\r\nb", b"\x1b[31m", b"\xff\xfe\x80", "部门".encode(), b"+OK\r\n:1\r\n"):
        reply = li.ask("NO" + "SUCH", argument)
        assert isinstance(reply, Refusal)
        assert isinstance(li.ask(b"X" + argument), Refusal)
        assert isinstance(li.ask("OPP.GET", argument), Refusal)
        assert li.ask("PING") == "PONG"


def test_p1_random_bytes_do_no_harm(daemon, company):
    """P-1, W-1: thousands of random blobs, half of them shaped like frames; the daemon lives."""
    dice = random.Random(SEED)
    pieces = [b"*3\r\n", b"$5\r\n", b"\r\n", b"OPP.CREATE", b"$-1\r\n", b"*-1\r\n", b"$0\r\n\r\n"]
    pieces += [b"*2\r\n$7\r\nOPP.GET\r\n", b"MULTI\r\n", b"EXEC\r\n", b"$99999999999\r\n", b"\0"]

    def blob() -> bytes:
        if dice.random() < 0.5:
            return dice.randbytes(dice.randint(1, 300))
        parts = [dice.choice(pieces) for _ in range(dice.randint(1, 12))]
        return b"".join(parts) + dice.randbytes(dice.randint(0, 8))

    for number in range(ROUNDS // BLOBS_A_CONNECTION):
        login = "xiaoli" if number % 5 == 0 else None
        wire: Wire = daemon.wire(login)
        try:
            for _ in range(BLOBS_A_CONNECTION):
                wire.send_raw(blob())
        except OSError:
            pass  # cut off after the first bytes that are no protocol: right
        finally:
            wire.close()
    assert daemon.alive, f"seed {SEED}"
    with daemon.wire("xiaoli") as wire:
        assert wire.ask("PING") == "PONG"


def test_p1_pipelined_requests_are_answered_in_order(daemon, company, deal):
    """P-1: a thousand requests in one write, their answers in the same order."""
    with daemon.wire("xiaoli") as wire:
        count = 1000
        wire.send_raw(b"".join(encode("ECHO", n) + encode("OPP.GET", deal) for n in range(count)))
        for n in range(count):
            assert wire.read() == str(n)
            assert as_map(wire.read())["id"] == deal
