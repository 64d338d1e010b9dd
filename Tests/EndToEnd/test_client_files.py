"""Import and export of files through pipeline-client (S-8)."""

import csv
import re

import company as companies
import pytest

from client_shell import Shell
from daemon import Daemon

HEAD = "extid,title,customer,amount,close,owner,process,stage\r\n"


def rows_of(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def shell(own_company, tmp_path):
    return Shell(own_company.daemon, tmp_path / "home")


def funnels(shell):
    return [
        shell.json("admin", "REPORT.FUNNEL", "PROCESS", process)["stages"]
        for process in ("bid", "ask", "quarter")
    ] + [shell.json("admin", "REPORT.FORECAST")["amount"]]


def test_s8_rows_are_checked_before_any_is_entered(shell, tmp_path):
    """S-8: line and column of every error, rejected rows to a file, all or nothing or the rest."""
    file = tmp_path / "deals.csv"
    file.write_text(
        "\ufeff"
        + HEAD
        + 'X-1,"投放, ""春季""",方舟电子,5000.00,2027-06-30,xiaoli,bid,proposal\r\n'
        + "X-2,甲,方舟电子,12x,2027-06-30,xiaoli,bid,\r\n"
        + "X-3,乙,不存在的客户,1,2027-06-30,xiaoli,bid,\r\n"
        + "X-4,,方舟电子,1,2027-06-30,xiaoli,bid,\r\n"
        + "X-5,丙,方舟电子,1,2027-02-30,xiaoli,bid,\r\n"
        + "X-6,丁,方舟电子,1,2027-06-30,nobody,bid,\r\n"
        + "X-7,戊,方舟电子,1,2027-06-30,xiaoli,bid,no-stage\r\n"
        + "X-1,again,方舟电子,1,2027-06-30,xiaoli,bid,\r\n"
        + '"X-8","两\r\n行",方舟电子,1,2027-06-30,xiaoli,bid,\r\n',
        encoding="utf-8",
        newline="",
    )
    dry = shell.run("admin", "import", "deals", str(file), "--dry-run")
    assert dry.returncode == 1 and dry.stdout == ""
    for said in (
        "line 3, column amount: INVALID AMOUNT",
        "line 4, column customer: no customer '不存在的客户'",
        "line 5, column title",
        "line 6, column close: INVALID CLOSE",
        "line 7, column owner: NOTFOUND no person 'nobody'",
        "line 8, column stage: 'no-stage' is not one of",
        "line 9, column extid: the same as in line 2",
        "line 10, column title: INVALID title: contains a control character",
        "checked: 1 can be entered, 0 are there already, 8 rejected",
    ):
        assert said in dry.stderr, dry.stderr
    whole = shell.run("admin", "import", "deals", str(file), "--all-or-nothing")
    assert whole.returncode == 1 and "nothing was entered" in whole.stderr
    assert shell.json("admin", "OPP.LIST") == []
    bad = tmp_path / "bad.csv"
    some = shell.run("admin", "import", "deals", str(file), "--rejected", str(bad))
    assert some.returncode == 1 and "1 entered, 0 were there already, 8 rejected" in some.stderr
    (deal,) = shell.json("admin", "OPP.LIST")
    assert (deal["title"], deal["extid"]) == ('投放, "春季"', "X-1")
    assert (deal["stage"], deal["amount"]) == ("proposal", "5000.00")
    rejected = rows_of(bad)
    assert [row["line"] for row in rejected] == ["3", "4", "5", "6", "7", "8", "9", "10"]
    assert rejected[-1]["title"] == "两\r\n行" and rejected[0]["error"].startswith("amount: INVALID")


def test_s8_repeating_changes_nothing(shell, tmp_path):
    """S-8: the same file again enters nothing, whatever became of the deals meanwhile."""
    file = tmp_path / "deals.csv"
    lines = [f"N-{n},第{n}单,方舟电子,{n}000,2027-06-30,xiaoli,bid,\n" for n in range(1, 1201)]
    file.write_text(HEAD + "".join(lines), encoding="utf-8")
    first = shell.run("admin", "import", "deals", str(file))
    assert first.returncode == 0 and "1200 entered" in first.stderr, first
    assert shell.run("xiaoli", "advance", "1").returncode == 0
    again = shell.run("admin", "import", "deals", str(file))
    assert "0 entered, 1200 were there already, 0 rejected" in again.stderr, again
    customers = tmp_path / "customers.csv"
    customers.write_text("客户名称,行业\n方舟电子,制造\n新客户,零售\n", encoding="utf-8")
    ran = shell.run("admin", "import", "customers", str(customers))
    assert "1 entered, 1 were there already" in ran.stderr, ran
    leads = tmp_path / "leads.csv"
    leads.write_text("name,company,phone\n赵兵,方舟,138\n赵兵,方舟,139\n", encoding="utf-8")
    assert "2 entered" in shell.run("admin", "import", "leads", str(leads)).stderr
    assert "2 were there already" in shell.run("admin", "import", "leads", str(leads)).stderr


def test_s8_a_bar_of_progress_at_a_terminal(shell, tmp_path):
    """S-8: checking, then entering, each up to the last row; nothing of it is left on the line."""
    file = tmp_path / "deals.csv"
    lines = [f"N-{n},第{n}单,方舟电子,{n}000,2027-06-30,xiaoli,bid,\n" for n in range(1, 2001)]
    file.write_text(HEAD + "".join(lines), encoding="utf-8")
    with shell.screen("admin", "import", "deals", str(file), rows=10, columns=60) as terminal:
        raw = terminal.process.read()
        terminal.screen.feed(raw)
        assert terminal.process.wait() == 0
    for word in ("checking", "entering"):
        counted = re.findall(rf"\r{word} █*·* ([\d,]+)/2,000\x1b\[K", raw)
        assert counted == ["500", "1,000", "1,500", "2,000"], raw
    assert terminal.screen.text == "2000 entered, 0 were there already, 0 rejected"


def test_s8_export_and_import_give_equal_reports(shell, tmp_path):
    """S-8: what is exported and taken into an empty company gives the same reports."""
    file = tmp_path / "deals.csv"
    stages = ["chance", "shortlist", "proposal", "quote", "agreed", "terms", "award"]
    file.write_text(
        HEAD
        + "".join(
            f"N-{n},第{n}单,方舟电子,{n}000.50,2027-06-30,xiaoli,bid,{stages[n % 7]}\n"
            for n in range(60)
        ),
        encoding="utf-8",
    )
    ran = shell.run("admin", "import", "deals", str(file))
    assert ran.returncode == 0, ran
    assert shell.run("xiaoli", "lose", "3", "price").returncode == 0
    # Closing is for the owner and whoever is above: the one who imports heads the company.
    assert shell.run("admin", "UNIT.UPDATE", "u1", "HEAD", "e1").returncode == 0
    files = {noun: str(tmp_path / f"{noun}-out.csv") for noun in ("customers", "deals")}
    for noun, path in files.items():
        assert shell.run("admin", "export", noun, path).returncode == 0
    (tmp_path / "second").mkdir()
    second = Daemon(tmp_path / "second").init().serve()
    try:
        companies.found(second)
        other = Shell(second, tmp_path / "home2")
        assert other.run("admin", "UNIT.UPDATE", "u1", "HEAD", "e1").returncode == 0
        for noun, path in files.items():
            ran = other.run("admin", "import", noun, path)
            assert ran.returncode == 0, ran
        assert funnels(other) == funnels(shell)
        assert len(other.json("admin", "OPP.LIST", "OUTCOME", "lost")) == 1
        path = str(tmp_path / "again.csv")
        assert other.run("admin", "export", "deals", path).returncode == 0
        assert rows_of(path) == rows_of(files["deals"])
    finally:
        second.close()


def test_s8_files_that_are_none_are_usage_errors(shell, tmp_path):
    """S-8, S-1: an unknown column, a missing one, no file: exit code 2, naming it."""
    file = tmp_path / "x.csv"
    file.write_text("extid,title,customer,amuont\n", encoding="utf-8")
    ran = shell.run("admin", "import", "deals", str(file))
    assert ran.returncode == 2 and "'amuont'" in ran.stderr, ran
    file.write_text("title\n", encoding="utf-8")
    ran = shell.run("admin", "import", "deals", str(file))
    assert ran.returncode == 2 and "extid, customer" in ran.stderr, ran
    file.write_bytes("name\n".encode() + "方舟".encode("gbk") + b"\n")
    ran = shell.run("admin", "import", "customers", str(file))
    assert ran.returncode == 1 and "line 2, column name: not UTF-8" in ran.stderr, ran
    assert shell.run("admin", "import", "deals", "/nowhere.csv").returncode == 2


GOOD = {
    "extid": "K-{n}", "title": "第{n}单", "customer": "方舟电子", "amount": "5000.00",
    "currency": "CNY", "close": "2027-06-30", "process": "bid", "owner": "xiaoli", "source": "",
    "industry": "", "product": "", "region": "", "channel": "", "stage": "", "outcome": "",
    "reason": "", "competitor": "",
}
LONG = "很" * 201
# What may be wrong with a deal's row: the cells, the column that is named, how the error begins.
BAD = [
    ({"extid": ""}, "extid", "'extid' must not be empty"),
    ({"extid": "x" * 201}, "extid", "INVALID EXTID"),
    ({"extid": "a\x01b"}, "extid", "INVALID EXTID"),
    ({"extid": "K-0"}, "extid", "the same as in line 2"),
    ({"title": ""}, "title", "'title' must not be empty"),
    ({"title": "   "}, "title", "'title' must not be empty"),
    ({"title": LONG}, "title", "INVALID title: is longer"),
    ({"title": "a\x07b"}, "title", "INVALID title: contains a control"),
    ({"title": "两\n行"}, "title", "INVALID title: must be one line"),
    ({"customer": ""}, "customer", "'customer' must not be empty"),
    ({"customer": "不存在"}, "customer", "no customer '不存在'"),
    ({"customer": "c99"}, "customer", "no customer 'c99'"),
    ({"customer": LONG}, "customer", "no customer '很"),
    ({"amount": "12x"}, "amount", "INVALID AMOUNT"),
    ({"amount": "-1"}, "amount", "INVALID AMOUNT"),
    ({"amount": "1.005"}, "amount", "INVALID AMOUNT"),
    ({"amount": "1e3"}, "amount", "INVALID AMOUNT"),
    ({"amount": "1.2.3"}, "amount", "INVALID AMOUNT"),
    ({"amount": "五千"}, "amount", "INVALID AMOUNT"),
    ({"amount": "9" * 30}, "amount", "INVALID AMOUNT"),
    ({"amount": "5 000"}, "amount", "INVALID AMOUNT"),
    ({"currency": "RMB"}, "currency", "INVALID CUR"),
    ({"currency": "CN"}, "currency", "INVALID CUR"),
    ({"currency": "¥"}, "currency", "INVALID CUR"),
    ({"currency": "JPY", "amount": "5.50"}, "amount", "INVALID AMOUNT: JPY"),
    ({"close": "2027-02-30"}, "close", "INVALID CLOSE"),
    ({"close": "30.06.2027"}, "close", "INVALID CLOSE"),
    ({"close": "2027-13-01"}, "close", "INVALID CLOSE"),
    ({"close": "soon"}, "close", "INVALID CLOSE"),
    ({"close": "2027-06"}, "close", "INVALID CLOSE"),
    ({"close": "20270630"}, "close", "INVALID CLOSE"),
    ({"process": "nowhere"}, "process", "NOTFOUND no process 'nowhere'"),
    ({"process": ""}, "process", "INVALID PROCESS"),
    ({"process": "投 标"}, "process", ""),
    ({"owner": "nobody"}, "owner", "NOTFOUND no person 'nobody'"),
    ({"owner": "e999"}, "owner", "NOTFOUND no person 'e999'"),
    ({"owner": "小 李"}, "owner", ""),
    ({"source": LONG}, "source", "INVALID SOURCE"),
    ({"source": "a\x02"}, "source", "INVALID SOURCE"),
    ({"industry": LONG}, "industry", "INVALID INDUSTRY"),
    ({"industry": "a\x03"}, "industry", "INVALID INDUSTRY"),
    ({"product": LONG}, "product", "INVALID PRODUCT"),
    ({"product": "a\x04"}, "product", "INVALID PRODUCT"),
    ({"region": LONG}, "region", "INVALID REGION"),
    ({"region": "a\x05"}, "region", "INVALID REGION"),
    ({"channel": LONG}, "channel", "INVALID CHANNEL"),
    ({"channel": "a\x06"}, "channel", "INVALID CHANNEL"),
    ({"stage": "no-stage"}, "stage", "'no-stage' is not one of"),
    ({"outcome": "maybe"}, "outcome", "'maybe' is not one of"),
    ({"outcome": "lost"}, "reason", "'reason' must not be empty"),
    ({"outcome": "lost", "reason": "because"}, "reason", "'because' is not one of price"),
    ({"outcome": "invalid"}, "reason", "'reason' must not be empty"),
]


def test_s8_fifty_kinds_of_bad_rows(shell, tmp_path):
    """S-8: each has one error with its line and column; the rest is imported, or nothing."""
    assert len(BAD) >= 50
    rows = [GOOD | {"extid": "K-0", "title": "第一单"}]
    for number, (cells, _, _) in enumerate(BAD, start=1):
        rows.append({name: text.format(n=number) for name, text in GOOD.items()} | cells)
    rows.append(GOOD | {"extid": "K-last", "title": "最后一单", "amount": "48万", "close": "2027/6/30"})
    path = tmp_path / "fifty.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, GOOD)
        writer.writeheader()
        writer.writerows(rows)
    whole = shell.run("admin", "import", "deals", str(path), "--all-or-nothing")
    assert whole.returncode == 1 and "nothing was entered" in whole.stderr, whole
    assert shell.json("admin", "OPP.LIST") == []
    some = shell.run("admin", "import", "deals", str(path))
    assert f"2 entered, 0 were there already, {len(BAD)} rejected" in some.stderr, some
    rejected = rows_of(tmp_path / "fifty.rejected.csv")
    assert len(rejected) == len(BAD)
    told = [row["error"] for row in rejected]
    for error, (cells, column, begins) in zip(told, BAD, strict=True):
        assert error.startswith(f"{column}: {begins}"), (cells, error)
    assert len({row["line"] for row in rejected}) == len(BAD)
    again = shell.run("admin", "import", "deals", str(path))
    assert f"0 entered, 2 were there already, {len(BAD)} rejected" in again.stderr, again
    deals = shell.json("admin", "OPP.LIST")
    assert [deal["amount"] for deal in deals] == ["5000.00", "480000.00"]


def test_s8_d32_a_rep_imports_what_a_rep_may(shell, tmp_path):
    """S-8, D-32: rows past the first stage are told to a rep before any deal is entered."""
    file = tmp_path / "own.csv"
    file.write_text(
        "extid,title,customer,process,stage\nR-1,甲,方舟电子,bid,报价\nR-2,乙,方舟电子,bid,机会\n",
        encoding="utf-8",
    )
    ran = shell.run("xiaoli", "import", "deals", str(file))
    assert "line 2, column stage: past 'chance' a deal is put by an admin only" in ran.stderr, ran
    (deal,) = shell.json("xiaoli", "OPP.LIST")
    assert (deal["title"], deal["stage"]) == ("乙", "chance")
