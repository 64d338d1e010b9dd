"""pipeline-client as a rep and a manager use it: one command, a script, a watch (S-1 … S-6)."""

import json
import signal
import subprocess
import threading

import pytest
from pexpect import EOF

from client_shell import SECONDS, Shell
from company import bring_to_proposal, new_deal, publish
from daemon import CLIENT, PASSWORDS


@pytest.fixture
def shell(daemon, company, tmp_path):
    return Shell(daemon, tmp_path)


@pytest.fixture
def deal(daemon, company):
    with daemon.client("xiaoli") as li:
        return new_deal(li, company)


def test_s1_one_command(shell, company, deal):
    """S-1, S-5: a wire command and a rep's word; JSON, TSV; data on stdout alone."""
    seen = shell.json("xiaoli", "OPP.GET", deal)
    assert seen["title"] == "方舟电子年度投放" and seen["pending"] is None
    assert shell.json("xiaoli", "deal", deal[1:])["id"] == deal
    ran = shell.run("xiaoli", "deals")
    assert ran.returncode == 0 and ran.stderr == ""
    head, *rows = ran.stdout.splitlines()
    assert "title" in head.split("\t")
    assert deal in [row.split("\t")[head.split("\t").index("id")] for row in rows]


@pytest.mark.parametrize(
    ("login", "words", "code", "said"),
    [
        ("xiaoli", ("OPP.GET", "o777777"), 6, "NOTFOUND"),
        ("xiaoli", ("UNIT.CREATE", "自己的部门"), 5, "NOPERM"),
        ("xiaoli", ("CUSTOMER.CREATE", "方舟电子"), 7, "CONFLICT"),
        ("xiaoli", ("OPP.GTE", "o1"), 1, "OPP.GET"),
        ("xiaoli", ("--no-such-option",), 2, "--no-such-option"),
    ],
)
def test_s1_exit_codes(shell, login, words, code, said):
    """S-1: 1 server error, 2 usage, 5 denied, 6 not found, 7 conflict; the line on stderr."""
    ran = shell.run(login, *words)
    assert ran.returncode == code, ran
    assert said in ran.stderr and ran.stdout == ""


def test_s1_a_gate_is_exit_code_seven(shell, deal):
    """S-1, D-11: a refused gate, with every missing item on stderr."""
    shell.run("xiaoli", "advance", deal)
    shell.run("xiaoli", "advance", deal)
    ran = shell.run("xiaoli", "advance", deal)
    assert ran.returncode == 7, ran
    for missing in ("site-visit", "meet-executives", "budget_owner", "decision_date"):
        assert missing in ran.stderr


def test_s1_cannot_connect_and_wrong_password(shell):
    """S-1: 3 for connect and TLS, 4 for a password that is wrong."""
    right = shell.profiles.read_text()
    shell.profiles.write_text(right.replace(f":{shell.daemon.port}", ":1"))
    ran = shell.run("xiaoli", "ME")
    assert ran.returncode == 3, ran
    shell.profiles.write_text(right.replace(PASSWORDS["xiaoli"], "guess"))
    ran = shell.run("xiaoli", "ME")
    assert ran.returncode == 4 and "WRONGPASS" in ran.stderr, ran


def test_s6_an_unknown_authority_is_not_trusted(shell):
    """S-6: without the CA nothing is sent; the fingerprint is shown."""
    profiles = shell.profiles.read_text().splitlines()
    shell.profiles.write_text("\n".join(line for line in profiles if "cacert" not in line) + "\n")
    ran = shell.run("xiaoli", "ME")
    assert ran.returncode == 3, ran


def test_s6_credentials_that_others_can_read_are_refused(shell):
    """S-6: a credentials file that is not 0600 is refused, saying how to mend it."""
    shell.profiles.chmod(0o644)
    ran = shell.run("xiaoli", "ME")
    assert ran.returncode == 2 and "chmod 600" in ran.stderr, ran


def test_s1_a_script_stops_at_the_first_error(shell, company):
    """S-1: piped input; the line of the error is named; `--keep-going` goes on."""
    script = "CUSTOMER.CREATE 甲\nOPP.GET o777777\nCUSTOMER.CREATE 乙\n"
    ran = shell.run("xiaoli", stdin=script)
    assert ran.returncode == 6 and "2" in ran.stderr and "NOTFOUND" in ran.stderr, ran
    assert shell.run("xiaoli", stdin="CUSTOMER.CREATE 甲\n").returncode == 7
    ran = shell.run("xiaoli", "--keep-going", stdin="OPP.GET o777777\nCUSTOMER.CREATE 丙\n")
    assert ran.returncode == 6, ran
    assert shell.run("xiaoli", stdin="CUSTOMER.CREATE 丙\n").returncode == 7, "丙 was created"
    assert shell.run("xiaoli", stdin="CUSTOMER.CREATE 乙\n").returncode == 0, "乙 was not"


def test_s4_watch_shows_what_is_pushed(shell, company, daemon, deal):
    """S-4, P-7: `watch` prints each message as it comes, and ends after `--count`."""
    with daemon.client("xiaoli") as li:
        bring_to_proposal(li, deal)
        acknowledged = shell.run("jiangyue", "INBOX.ACK", "UPTO", "1000000")
        assert acknowledged.returncode == 0, acknowledged
        seen = {}

        def watch() -> None:
            words = ("--jsonl", "watch", "--count", "1", "--timeout", "20")
            seen["ran"] = shell.run("jiangyue", *words)

        watching = threading.Thread(target=watch)
        watching.start()
        li.execute_command("OPP.ADVANCE", deal)
        watching.join(SECONDS)
    ran = seen["ran"]
    assert ran.returncode == 0, ran
    message = json.loads(ran.stdout)
    assert message["type"] == "approval.requested" and message["opportunity"]["id"] == deal


def test_s4_s7_watch_survives_a_restart(own_company, tmp_path):
    """S-7: killed and started again, the daemon is found again and nothing is shown twice."""
    daemon = own_company.daemon
    shell = Shell(daemon, tmp_path / "home")
    command = [CLIENT, "--profile", "jiangyue", "--jsonl", "watch", "--count", "2"]
    with subprocess.Popen(
        [*command, "--timeout", "40"],
        env=shell.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as watching:
        with daemon.client("xiaoli") as li:
            li.execute_command("OPP.ADVANCE", new_deal(li, own_company, "ask"))
        first = json.loads(watching.stdout.readline())
        daemon.kill()
        daemon.serve()
        with daemon.client("xiaoli") as li:
            li.execute_command("OPP.ADVANCE", new_deal(li, own_company, "ask"))
        second = json.loads(watching.stdout.readline())
        assert watching.wait(SECONDS) == 0
    assert (second["seq"], second["type"]) == (first["seq"] + 1, "approval.requested")


def test_s5_piped_output_is_for_cut(shell, company):
    """S-5: tabs, one line a row whatever is in it, so that `cut` finds the column."""
    title = "第一行\n第二\t列"
    with shell.daemon.client("xiaoli") as li:
        deal = new_deal(li, company)
        li.execute_command("OPP.NOTE", deal, title)
    ran = shell.run("xiaoli", "--tsv", "OPP.LIST", "FIELDS", "2", "id", "title")
    rows = [line.split("\t") for line in ran.stdout.splitlines()]
    assert all(len(row) == 2 for row in rows) and rows[0] == ["id", "title"]
    ran = shell.run("xiaoli", "OPP.GET", deal, "WITH", "1", "notes")
    (notes,) = [line for line in ran.stdout.splitlines() if line.startswith("notes\t")]
    assert len(notes.split("\t")) == 2


def test_s1_an_interrupt_is_exit_code_130(shell):
    """S-1: Ctrl-C while a command waits."""
    command = [CLIENT, "--profile", "xiaoli", "watch", "--timeout", "20"]
    with subprocess.Popen(
        command, env=shell.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as running:
        threading.Event().wait(1.5)
        running.send_signal(signal.SIGINT)
        assert running.wait(SECONDS) == 130


def test_s1_s2_s4_the_shell_at_a_terminal(shell, company, daemon, deal):
    """S-1, S-2, S-4: words, a push above the line, Ctrl-C, a hint, and quit."""
    terminal = shell.terminal("jiangyue")
    try:
        terminal.sendline("deals")
        terminal.expect("方舟电子年度投放")
        terminal.sendline("dael 1")
        terminal.expect("deal")
        with daemon.client("xiaoli") as li:
            li.execute_command("OPP.ADVANCE", new_deal(li, company, "ask"))
        terminal.expect("approval.requested")
        terminal.sendline(f"deal {deal[1:]}")
        terminal.expect("500000.00|500,000.00")
        terminal.sendintr()
        terminal.sendline("quit")
        terminal.expect(EOF)
    finally:
        terminal.close()
    assert terminal.exitstatus == 0


ENGLISH = {
    "name": "English",
    "stages": [
        {
            "key": "open",
            "name": "Open",
            "winRate": 10,
            "tasks": [
                {"key": "visit", "name": "Site visit"},
                {"key": "second", "name": "Site visit two"},
            ],
        },
        {"key": "end", "name": "End", "winRate": 90},
    ],
}


def test_s2_a_task_may_be_named_with_blanks(shell, company, daemon):
    """S-2: as much as is a task's name is the task, the longest first, and the rest the comment."""
    with daemon.client() as admin, daemon.client("xiaoli") as li:
        publish(admin, "english", ENGLISH)
        deal = new_deal(li, company, "english")
    unknown = shell.run("xiaoli", "--lang", "en", "done", deal, "Site", "vizit")
    assert unknown.returncode == 6 and "no task has the name 'Site'" in unknown.stderr, unknown
    ran = shell.run("xiaoli", "done", deal, "Site", "visit", "met", "the", "CFO")
    assert ran.returncode == 0, ran
    ran = shell.run("xiaoli", "done", deal, "Site", "visit", "TWO")
    assert ran.returncode == 0, ran
    tasks = shell.json("xiaoli", "OPP.GET", deal, "WITH", "1", "tasks")["tasks"]
    shown = {task["key"]: (task["done"], task["note"]) for task in tasks}
    assert shown == {"visit": (True, "met the CFO"), "second": (True, None)}
