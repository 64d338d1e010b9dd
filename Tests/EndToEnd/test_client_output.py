"""What pipeline-client writes for programs, and what it does where it cannot write (S-1, S-5, S-6)."""

import csv
import io
import json
import os
import signal
import subprocess
import unicodedata

import pytest

from client_shell import SECONDS, Shell
from company import new_deal
from daemon import CLIENT, PASSWORDS
from loop_disk import small_disk
from test_client_terminal import ready
from wire import as_map

# Commas, quotes, tabs that were typed as such, Arabic, an accent of its own, a family in one picture.
TITLES = [
    'Ark, "spring"', "a\tb\\t", "عرض سنوي", "cafe\u0301 投放", "👨‍👩‍👧 家庭装 🇨🇳", "หน้าร้อน", "=1+2",
]


@pytest.fixture
def shell(daemon, company, tmp_path):
    return Shell(daemon, tmp_path / "home")


@pytest.fixture
def titled(daemon, company):
    """Deals with these titles, by id."""
    with daemon.client("xiaoli") as li:
        ids = [new_deal(li, company) for _ in TITLES]
        for deal, title in zip(ids, TITLES):
            assert as_map(li.execute_command("OPP.UPDATE", deal, "TITLE", title))["id"] == deal
    # The server keeps text composed.
    return {deal: unicodedata.normalize("NFC", title) for deal, title in zip(ids, TITLES)}


def of(rows, titled):
    return {row["id"]: row["title"] for row in rows if row["id"] in titled}


def test_s5_json_lines_and_csv_are_read_by_their_readers(shell, titled):
    """S-5: --json, --jsonl, --csv and --tsv give every title back as it was; nothing else is on
    stdout."""
    kinds = ("--json", "--jsonl", "--csv", "--tsv")
    ran = {kind: shell.run("xiaoli", kind, "OPP.LIST", "LIMIT", "0", "1000") for kind in kinds}
    assert all(one.returncode == 0 and one.stderr == "" for one in ran.values()), ran
    assert of(json.loads(ran["--json"].stdout), titled) == titled
    lines = ran["--jsonl"].stdout.splitlines()
    assert of([json.loads(line) for line in lines], titled) == titled
    rows = list(csv.DictReader(io.StringIO(ran["--csv"].stdout), strict=True))
    assert of(rows, titled) == titled and len(rows) == len(lines)
    head, *cells = [line.split("\t") for line in ran["--tsv"].stdout.splitlines()]
    assert all(len(row) == len(head) for row in cells)
    shown = {row[head.index("id")]: row[head.index("title")] for row in cells}
    for deal, title in titled.items():
        assert shown[deal].replace("\\t", "\t", 1).replace("\\\\", "\\") == title


def test_s5_a_refusal_leaves_stdout_empty(shell):
    """S-1, S-5: in every format what went wrong is on stderr alone."""
    for kind in ("--json", "--jsonl", "--csv", "--tsv"):
        ran = shell.run("xiaoli", kind, "OPP.GET", "o777777")
        assert (ran.returncode, ran.stdout) == (6, "") and "NOTFOUND" in ran.stderr, ran


@pytest.mark.parametrize("kind", ["--json", "--jsonl", "--csv", "--tsv"])
def test_s1_output_that_cannot_be_written_is_a_failure(shell, titled, kind):
    """S-1: a full device is exit code 1 and said; a reader that has gone ends it by SIGPIPE."""
    command = [CLIENT, "--profile", "xiaoli", kind, "OPP.LIST"]
    with open("/dev/full", "w", encoding="utf-8") as full:
        ran = subprocess.run(
            command, env=shell.environment, stdin=subprocess.DEVNULL, stdout=full,
            stderr=subprocess.PIPE, text=True, timeout=SECONDS,
        )
    assert ran.returncode == 1 and "No space left" in ran.stderr, ran
    near, far = os.pipe()
    os.close(near)
    with os.fdopen(far, "w") as closed:
        ran = subprocess.run(
            command, env=shell.environment, stdin=subprocess.DEVNULL, stdout=closed,
            stderr=subprocess.PIPE, timeout=SECONDS,
        )
    assert ran.returncode == -signal.SIGPIPE and ran.stderr == b"", ran


def test_s6_a_home_that_cannot_be_written(shell, tmp_path):
    """S-3, S-6: the shell works without a history; what has to be stored is refused, saying where."""
    with small_disk(tmp_path / "home-ro", "ro") as home:
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8",
            "PIPELINED_URL": f"rediss://xiaoli@localhost:{shell.daemon.port}",
            "PIPELINED_PASSWORD": PASSWORDS["xiaoli"], "PIPELINED_CACERT": shell.daemon.ca,
        }
        ran = subprocess.run(
            [CLIENT, "whoami"], env=environment, capture_output=True, text=True, timeout=SECONDS,
            stdin=subprocess.DEVNULL,
        )
        assert ran.returncode == 0 and "小李" in ran.stdout, ran
        ran = subprocess.run(
            [CLIENT, "login", "--password-stdin"], env=environment, capture_output=True, text=True,
            timeout=SECONDS, input=PASSWORDS["xiaoli"] + "\n",
        )
        assert ran.returncode == 1 and ran.stdout == "", ran
        assert "cannot write" in ran.stderr and "Read-only file system" in ran.stderr
        shell.environment = environment
        terminal = shell.screen(None)
        with ready(terminal):
            terminal.type("whoami\r").until("小李")
            ready(terminal).type("\x1b[A").until(lambda screen: "> whoami|" in screen.line)
            assert terminal.leave() == 0


def test_s8_an_export_to_a_full_disk_keeps_what_was_there(shell, tmp_path):
    """S-8: no room: exit code 1, and the file of yesterday is still whole."""
    with shell.daemon.client("xiaoli") as li:
        customer = as_map(li.execute_command("CUSTOMER.CREATE", "长名客户" * 40))["id"]
        for _ in range(80):
            li.execute_command("OPP.CREATE", "很长的标题" * 30, "CUSTOMER", customer, "PROCESS", "bid")
    with small_disk(tmp_path / "small", "size=64k") as disk:
        file = disk / "deals.csv"
        file.write_text("yesterday\n")
        ran = shell.run("xiaoli", "export", "deals", str(file))
        assert ran.returncode == 1 and "No space left" in ran.stderr, ran
        assert [entry.name for entry in disk.iterdir()] == ["deals.csv"]
        assert file.read_text() == "yesterday\n"
    ran = shell.run("xiaoli", "export", "deals", "/dev/full")
    assert ran.returncode == 1 and "No space left" in ran.stderr, ran


def test_s1_an_address_may_stand_first(shell):
    """S-1, S-6: `pipeline-client rediss://user@host:port …`; a password in it is refused."""
    address = f"rediss://jiangyue@localhost:{shell.daemon.port}"
    environment = shell.environment | {"PIPELINED_PASSWORD": PASSWORDS["jiangyue"]}

    def run(*words):
        return subprocess.run(
            [CLIENT, *words], env=environment, capture_output=True, text=True, timeout=SECONDS,
            stdin=subprocess.DEVNULL,
        )

    ran = run(address, "--cacert", shell.daemon.ca, "whoami")
    assert ran.returncode == 0 and "蒋跃" in ran.stdout, ran
    for wrong in (address.replace("rediss", "redis"), address.replace("@", ":secret@")):
        ran = run(wrong, "whoami")
        assert ran.returncode == 2 and "secret" not in ran.stderr and ran.stdout == "", ran


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("CUSTOMER.CREATE", 2, "usage: CUSTOMER.CREATE name"),
        ("CUSTOMER.CREATE 甲 PHONE", 2, "PHONE needs a value"),
        ("CONTACT.CREATE", 2, "usage: CONTACT.CREATE customer name"),
        ("OPP.CREATE 甲", 2, "CUSTOMER"),
        ("OPP.CREATE 甲 CUSTOMER c1 AMUONT 5", 2, "AMOUNT"),
        ("OPP.LIST STAGE", 2, "STAGE needs a value"),
        ("new 甲", 2, "usage: new TITLE CLIENT"),
        ("feedback 1", 2, "usage: feedback"),
        ("reject 1", 2, "usage: reject"),
        ("note", 2, "no deal is open"),
        ("nonsense", 2, "there is no word or command 'nonsense'"),
        ("dael 1", 2, "did you mean 'deal'"),
        ('note "not closed', 2, "quote"),
        ("login", 2, "login"),
        ("import deals /nowhere.csv", 2, "No such file"),
        ("NO.SUCHCOMMAND", 1, "unknown command"),
        ("OPP.CREATE 甲 CUSTOMER c1 PROCESS bid AMOUNT -5", 1, "INVALID AMOUNT"),
        ("deal 方舟号", 6, "no open deal has the name"),
        ("person e777", 6, "NOTFOUND"),
        ("UNIT.CREATE 甲", 5, "NOPERM"),
        ("CUSTOMER.CREATE 方舟电子", 7, "CONFLICT"),
    ],
)
def test_s1_every_class_of_failure_in_a_script(shell, line, code, said):
    """S-1: its own exit code, its line named, nothing of ours in what is said."""
    ran = shell.run("xiaoli", "--lang", "en", stdin=f"# one\nPING\n{line}\nCUSTOMER.CREATE 不会有\n")
    assert ran.returncode == code, ran
    assert "line 3: " in ran.stderr and said in ran.stderr, ran
    assert "REQID" not in ran.stderr.replace("[REQID", "") and "cli-" not in ran.stderr
    assert ran.stdout == "PONG\n"


def test_s1_help_and_version_need_no_server(shell):
    """S-1, S-2: every option is listed, in both languages; the version is said."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/nowhere"}

    def said(*words):
        ran = subprocess.run(
            [CLIENT, *words], env=environment, capture_output=True, text=True, timeout=SECONDS,
            stdin=subprocess.DEVNULL,
        )
        assert ran.returncode == 0 and ran.stderr == "", ran
        return ran.stdout

    assert said("--version").startswith("pipeline-client 0.")
    for language in ("en", "zh"):
        text = said("--help", "--lang", language)
        for option in ("--url", "--cacert", "--password-stdin", "--jsonl", "--color", "--version"):
            assert option in text
        assert "PIPELINED_PASSWORD_FILE" in text
    assert "--dry-run" in said("help", "import") and "--count" in said("--help", "watch")


def test_s9_chinese_words_from_the_command_line(shell, tmp_path):
    """S-9: a word in Chinese takes its options as the English one does."""
    file = tmp_path / "客户.csv"
    file.write_text("客户名称\n新来的客户\n", encoding="utf-8")
    ran = shell.run("xiaoli", "--lang", "zh-CN", "导入", "客户", str(file), "--dry-run")
    assert ran.returncode == 0 and "可导入 1 行" in ran.stderr, ran
    ran = shell.run("xiaoli", "--lang", "zh", "值守", "--count", "1", "--timeout=0.2")
    assert ran.returncode == 1 and "应为 1 条" in ran.stderr, ran
