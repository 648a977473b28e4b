#!/usr/bin/env python3
"""Looks at the layout of Java files, since Debian has no formatter for them: lines of 120 columns at most, no tabs, no
space at line ends, one newline at the end, imports sorted and used. With --write comments with such lines are filled
anew, and space at line ends goes."""

import re
import sys
import textwrap

COLUMNS = 120
IMPORT = re.compile(r"^import (static )?([\w.]+(?:\.\*)?);$")
COMMENT_LINE = re.compile(r"^(\s*)\* (?!@)(\S.*)$")


def faults(path: str, text: str) -> list[str]:
    found = []
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS:
            found.append(f"{path}:{number}: {len(line)} columns")
        if "\t" in line or line != line.rstrip():
            found.append(f"{path}:{number}: a tab, or space at its end")
    if not text.endswith("\n") or text.endswith("\n\n"):
        found.append(f"{path}: does not end with one newline")
    imports = [match.groups() for line in lines if (match := IMPORT.match(line))]
    if imports != sorted(imports, key=lambda one: (one[0] is None, one[1])):
        found.append(f"{path}: imports are not sorted, static ones first")
    body = "\n".join(line for line in lines if not IMPORT.match(line))
    for _, name in imports:
        simple = name.rsplit(".", 1)[1]
        if simple != "*" and not re.search(rf"\b{simple}\b", body):
            found.append(f"{path}: {name} is imported for nothing")
    return found


def filled(text: str) -> str:
    """Comments in which a line is too long, filled anew from there to the end of the paragraph."""
    lines = text.split("\n")
    out: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        single = re.match(r"^(\s*)/\*\* (.*) \*/$", line)
        match = COMMENT_LINE.match(line)
        if len(line) > COLUMNS and single:
            lines[index : index + 1] = [f"{single[1]}/**", f"{single[1]} * {single[2]}", f"{single[1]} */"]
            continue
        if len(line) > COLUMNS and match:
            indent, words = match[1], [match[2]]
            while (following := COMMENT_LINE.match(lines[index + 1])) and not following[2].startswith("<"):
                words.append(following[2])
                index += 1
            prefix = f"{indent}* "
            out += textwrap.wrap(
                " ".join(words), COLUMNS, initial_indent=prefix, subsequent_indent=prefix,
                break_long_words=False, break_on_hyphens=False,
            )
        else:
            out.append(line.rstrip())
        index += 1
    return "\n".join(out).rstrip("\n") + "\n"


def main() -> None:
    arguments = sys.argv[1:]
    write = "--write" in arguments
    found = []
    for path in (argument for argument in arguments if argument != "--write"):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if write and filled(text) != text:
            text = filled(text)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        found += faults(path, text)
    for fault in found:
        print(fault, file=sys.stderr)
    sys.exit(1 if found else 0)


main()
