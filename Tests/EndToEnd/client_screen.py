"""What a terminal shows of the bytes a program writes: as much of one as pipeline-client uses."""

import re
import time
import unicodedata

import pexpect


def width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class Screen:
    """Rows of cells, a cursor, and the few sequences that move it or erase."""

    SEQUENCE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])")

    def __init__(self, rows: int, columns: int):
        self.rows, self.columns = rows, columns
        self.rest = ""
        self.clear()

    def clear(self) -> None:
        self.cells = [[" "] * self.columns for _ in range(self.rows)]
        self.row = self.column = 0

    def feed(self, text: str) -> None:
        text, self.rest = self.rest + text, ""
        place = 0
        while place < len(text):
            character = text[place]
            if character == "\x1b":
                found = self.SEQUENCE.match(text, place)
                if not found:
                    self.rest = text[place:]
                    return
                self.control(found[1], found[2])
                place = found.end()
                continue
            place += 1
            if character == "\r":
                self.column = 0
            elif character == "\n":
                self.down()
            elif character >= " ":
                self.put(character)

    def down(self) -> None:
        if self.row + 1 < self.rows:
            self.row += 1
        else:
            self.cells = self.cells[1:] + [[" "] * self.columns]

    def put(self, character: str) -> None:
        columns = width(character)
        if columns == 0:
            return
        if self.column + columns > self.columns:
            self.column = 0
            self.down()
        self.cells[self.row][self.column] = character
        if columns == 2:
            self.cells[self.row][self.column + 1] = ""
        self.column += columns

    def control(self, parameters: str, final: str) -> None:
        number = int(parameters) if parameters.isdigit() else 1
        if final == "A":
            self.row = max(0, self.row - number)
        elif final == "B":
            self.row = min(self.rows - 1, self.row + number)
        elif final == "C":
            self.column = min(self.columns - 1, self.column + number)
        elif final == "D":
            self.column = max(0, self.column - number)
        elif final == "H":
            self.row = self.column = 0
        elif final in "JK":
            if parameters == "2":
                row, column = self.row, self.column
                self.clear()
                self.row, self.column = row, column
                return
            self.cells[self.row][self.column :] = [" "] * (self.columns - self.column)
            if final == "J":
                for row in range(self.row + 1, self.rows):
                    self.cells[row] = [" "] * self.columns
        elif final in "hl" and parameters == "?1049":
            self.clear()

    @property
    def lines(self) -> list[str]:
        return ["".join(row).rstrip() for row in self.cells]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).rstrip("\n")

    @property
    def line(self) -> str:
        """The line with the cursor, `|` where it stands."""
        row = self.cells[self.row]
        return "".join(row[: self.column]) + "|" + "".join(row[self.column :]).rstrip()


class Terminal:
    """A program at a terminal, and what its screen shows."""

    def __init__(self, command: str, arguments: list[str], environment: dict, rows=24, columns=100):
        self.screen = Screen(rows, columns)
        self.process = pexpect.spawn(
            command,
            arguments,
            env=environment,
            dimensions=(rows, columns),
            encoding="utf-8",
            timeout=30,
        )
        self.process.delaybeforesend = None

    def type(self, text: str) -> "Terminal":
        self.process.send(text)
        return self

    def read(self) -> None:
        try:
            self.screen.feed(self.process.read_nonblocking(65536, timeout=0.1))
        except (pexpect.TIMEOUT, pexpect.EOF):
            pass

    def until(self, wanted, seconds: float = 20.0) -> str:
        """Reads on until `wanted` (a text, or a question about the screen) is so."""
        deadline = time.monotonic() + seconds
        ask = wanted if callable(wanted) else lambda screen: wanted in screen.text
        while not ask(self.screen):
            assert time.monotonic() < deadline, f"never: {wanted!r}\n{self.screen.text}"
            self.read()
        return self.screen.text

    def settle(self) -> str:
        """What the screen shows once nothing comes any more."""
        before = None
        while before != self.screen.text:
            before = self.screen.text
            self.read()
            self.read()
        return self.screen.text

    def resize(self, rows: int, columns: int) -> None:
        self.screen = Screen(rows, columns)
        self.process.setwinsize(rows, columns)

    def leave(self) -> int:
        self.process.send("\x03\x15quit\r")
        self.process.expect(pexpect.EOF)
        self.process.close()
        return self.process.exitstatus

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_) -> None:
        self.process.close(force=True)
