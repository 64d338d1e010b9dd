"""pipeline-client when the connection breaks: nothing is missed, nothing done or shown twice (S-7)."""

import signal
import socket
import threading

from client_shell import Shell
from company import new_deal
from test_client_terminal import ready


class Cutting:
    """A way to the daemon that can swallow an answer and then break, as a bad network does."""

    def __init__(self, port: int):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.swallow = False
        self.connections = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            far = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self.pump, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self.pump, args=(far, near, True), daemon=True).start()

    def pump(self, source, sink, is_answer: bool) -> None:
        try:
            while data := source.recv(65536):
                if is_answer and self.swallow:
                    self.swallow = False
                    break
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self) -> None:
        self.listener.close()


def test_s7_a_write_whose_answer_was_lost_is_done_once(own_company, tmp_path):
    """S-7, P-6: the answer is swallowed; the shell connects again and sends it with its REQID."""
    cutting = Cutting(own_company.daemon.port)
    shell = Shell(own_company.daemon, tmp_path / "home")
    profiles = shell.profiles.read_text()
    shell.profiles.write_text(profiles.replace(f":{own_company.daemon.port}", f":{cutting.port}"))
    try:
        with ready(shell.screen("xiaoli")) as terminal:
            for number in range(3):
                cutting.swallow = True
                terminal.type(f"new 第{number}单 {own_company.customer[1:]} 5000 PROCESS bid\r")
                terminal.until(lambda screen: f"o{number + 1} >" in screen.line)
            assert "connected again" in terminal.screen.text
            terminal.until(lambda screen: "> |" in screen.line)
            assert terminal.leave() == 0
    finally:
        cutting.close()
    assert cutting.connections == 4
    shell.profiles.write_text(profiles)
    titles = [deal["title"] for deal in shell.json("xiaoli", "OPP.LIST")]
    assert titles == ["第0单", "第1单", "第2单"]


def test_s7_an_open_shell_survives_kill_and_restart(own_company, tmp_path):
    """S-7: killed under an open shell with a line half typed: it comes back by itself, shows what
    came meanwhile once, and the line is still there."""
    daemon = own_company.daemon
    shell = Shell(daemon, tmp_path / "home")
    with ready(shell.screen("jiangyue", columns=120)) as terminal:
        with daemon.client("xiaoli") as li:
            li.execute_command("OPP.ADVANCE", new_deal(li, own_company, "ask"))
        terminal.until("#1 ")
        terminal.type("note 1 写到一半")
        for round_ in range(2, 5):
            daemon.kill()
            terminal.until(lambda screen: screen.text.count("connection lost") == round_ - 1)
            daemon.serve()
            with daemon.client("xiaoli") as li:
                li.execute_command("OPP.ADVANCE", new_deal(li, own_company, "ask"))
            terminal.until(f"#{round_} ")
        terminal.until(lambda screen: "[4 pending] > note 1 写到一半|" in screen.line)
        lines = terminal.settle().splitlines()
        shown = [line.split()[0] for line in lines if "approval.requested" in line]
        assert shown == ["#1", "#2", "#3", "#4"]
        terminal.type("\x15whoami\r").until("蒋跃")
        assert terminal.leave() == 0


def test_s4_s7_the_full_screen_survives_kill_and_restart(own_company, tmp_path):
    """S-4, S-7: killed under the full screen it says so, keeps its list and its keys, comes back by
    itself with what came meanwhile, and decides; q leaves even while nobody answers."""
    daemon = own_company.daemon
    shell = Shell(daemon, tmp_path / "home")

    def ask():
        with daemon.client("xiaoli") as li:
            li.execute_command("OPP.ADVANCE", new_deal(li, own_company, "ask"))

    ask()
    with ready(shell.screen("jiangyue", columns=100)) as terminal:
        terminal.type("watch\r").until("1 to decide")
        for waiting in (2, 3):
            daemon.kill()
            terminal.until("connecting again")
            assert f"{waiting - 1} to decide" in terminal.screen.text
            # The list moves, and a comment may be written, whoever answers.
            terminal.type("?").until("the whole deal")
            terminal.type("q").until("> a")
            daemon.serve()
            ask()
            terminal.until(f"{waiting} to decide")
            assert "connecting again" not in terminal.settle()
        rows = [line.split()[:2] for line in terminal.screen.lines if " 洽谈 " in line]
        assert [row[row[0] == ">"] for row in rows] == ["a1", "a2", "a3"]
        # A decision whose server is killed while it is written is made once it is back.
        terminal.type("a").until("Comment:")
        daemon.kill()
        terminal.until("connecting again")
        terminal.type("同意\r").until("(y/n)")
        terminal.type("y")
        daemon.serve()
        terminal.until("2 to decide")
        daemon.kill()
        terminal.until("connecting again")
        # What is asked for meanwhile does not hold the screen.
        terminal.type("\r").settle()
        terminal.type("q").until(lambda screen: screen.line.startswith("[2 pending] > |"))
        daemon.serve()
        terminal.until("connected again")
        terminal.type("whoami\r").until("蒋跃")
        assert terminal.leave() == 0
    decided = shell.json("xiaoli", "APPROVAL.GET", "a1")
    assert (decided["status"], decided["note"]) == ("approved", "同意")


def test_s1_s4_ctrl_c_on_the_full_screen(own_company, tmp_path):
    """S-1, S-4: called for the screen alone, Ctrl-C is exit code 130, q is 0; a signal gives the
    terminal back."""
    shell = Shell(own_company.daemon, tmp_path / "home")
    for key, code in (("q", 0), ("\x03", 130)):
        with shell.screen("jiangyue", "watch") as terminal:
            terminal.until("to decide")
            terminal.type(key)
            terminal.process.expect("1049l")
            assert terminal.process.wait() == code
    with shell.screen("jiangyue", "watch") as terminal:
        terminal.until("to decide")
        terminal.process.kill(signal.SIGTERM)
        terminal.process.expect("1049l")
        terminal.process.wait()
        assert terminal.process.signalstatus == signal.SIGTERM
