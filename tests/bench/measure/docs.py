"""The part of docs/benchmarks.md that is not written by hand."""

import datetime
import pathlib

BEGIN = "<!-- scripts/bench --write-docs writes from here ... -->\n"
END = "<!-- ... to here -->\n"


def write(path, text):
    path = pathlib.Path(path)
    page = path.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    today = datetime.date.today().isoformat()
    generated = f"Measured on {today}.\n\n```text\n{text}```\n"
    path.write_text(before + BEGIN + generated + END + after, encoding="utf-8")
