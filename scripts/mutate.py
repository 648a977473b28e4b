#!/usr/bin/env python3
"""Plants bugs one at a time and runs the tests that must catch each (docs/RELIABILITY.md).

Each of Tests/Mutations/NN-*.patch guards its bug with `Planted.active(NN)`, so a single build of a copy of the tree has all
of them, and the environment variable WALLETD_PLANTED says which one is at work. ONLY="7 12" in the environment: those alone.
"""
import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLANTED = ROOT / "Tests/Mutations"
WORK = ROOT / ".build-mutants"
TREE = WORK / "tree"
# Files that only the copy has, and where.
SWITCHES = {"Planted.swift": "Sources/WalletCore/Planted.swift", "planted.py": "clients/python/walletd/planted.py"}
PYTHON = ROOT / ".venv-python/bin/python"
BASELINE_SECONDS = 900
BUG_SECONDS = 120
ISSUE = re.compile(r"^\S+ Test (.+?) recorded an issue.*? at ([\w+]+\.swift:\d+)")
CRASH = re.compile(r"(Fatal error: .*)")
COLOUR = re.compile(r"\x1b\[[\d;]*m")
STARTED = re.compile(r"^\S+ Test (.+?) started\.")
PYTEST_FAILED = re.compile(r"^(?:FAILED|ERROR) (tests/\S+)")


class Bug:
    """A patch: what is wrong with it, and the suites that must notice."""

    def __init__(self, path):
        self.path = path
        self.name = path.stem
        self.number = int(path.stem.split("-")[0])
        text = path.read_text()
        header = dict(re.findall(r"^([A-Z][a-z ]+): (.+)$", text.split("\ndiff --git")[0], re.M))
        missing = [key for key in ("Bug", "Caught by") if key not in header]
        if missing:
            sys.exit(f"{path.name}: its header has no {' and no '.join(missing)}")
        self.what = header["Bug"]
        suites = header["Caught by"].split()
        self.swift = [suite for suite in suites if ".py" not in suite]
        self.python = [suite for suite in suites if ".py" in suite]
        self.seconds = int(header.get("Seconds", BUG_SECONDS))
        guards = {int(number) for number in re.findall(r"^\+.*[Pp]lanted\.active\((\d+)\)", text, re.M)}
        if guards != {self.number}:
            sys.exit(f"{path.name}: its bug must be guarded by Planted.active({self.number}) and by no other number")


class Ending:
    """How the suites ended: caught by a test, by a crash or by the time limit, or not at all."""

    def __init__(self, caught_by=None, problem=None):
        self.caught_by = caught_by
        self.problem = problem


def bugs():
    found = sorted((Bug(path) for path in PLANTED.glob("*.patch")), key=lambda bug: bug.number)
    numbers = [bug.number for bug in found]
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    if twice:
        sys.exit(f"Tests/Mutations has more than one patch with number {twice[0]}")
    return found


# The tree


def make_tree(all_bugs):
    """Brings the copy up to the work tree with all patches. What is the same keeps its time, so that it isn't built again."""
    stage = WORK / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True,
                            stdout=subprocess.PIPE, text=True).stdout.split("\0")
    # The versions of packages are those that the tree itself is built with.
    for name in [*filter(None, listed), "Package.resolved"]:
        if os.path.lexists(ROOT / name):
            copy(ROOT / name, stage / name)
    for name, place in SWITCHES.items():
        copy(PLANTED / name, stage / place)
    # Not a part of the repository around it.
    environment = os.environ | {"GIT_CEILING_DIRECTORIES": str(WORK)}
    for bug in all_bugs:
        applied = subprocess.run(["git", "apply", "--whitespace=nowarn", bug.path], cwd=stage, env=environment,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if applied.returncode:
            sys.exit(f"{bug.path.relative_to(ROOT)} doesn't apply any more: plant it anew where its code is now\n"
                     f"{applied.stdout.rstrip()}")
    sync(stage, TREE)
    shutil.rmtree(stage)


def copy(source, place):
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, place, follow_symlinks=False)


def sync(stage, tree):
    wanted = files(stage)
    for name in files(tree) - wanted:
        (tree / name).unlink()
    for name in wanted:
        if not is_same(stage / name, tree / name):
            (tree / name).unlink(missing_ok=True)
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(stage / name, tree / name)
            if not (tree / name).is_symlink():
                os.utime(tree / name)


def files(folder):
    found = set()
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in (".build", "__pycache__", ".pytest_cache")]
        found |= {os.path.relpath(os.path.join(parent, name), folder) for name in names}
    return found


def is_same(new, old):
    if not os.path.lexists(old) or new.is_symlink() != old.is_symlink():
        return False
    if new.is_symlink():
        return os.readlink(new) == os.readlink(old)
    return new.stat().st_mode == old.stat().st_mode and new.read_bytes() == old.read_bytes()


# Running


class Run:
    """Programs with an environment of their own, of which nothing stays behind."""

    def __init__(self, log, number=None):
        self.scratch = tempfile.mkdtemp(prefix="walletd-mutate-")
        self.environment = os.environ | {"TMPDIR": self.scratch, "PYTHONPATH": str(TREE / "clients/python")}
        self.environment.pop("WALLETD", None)
        if number is not None:
            self.environment["WALLETD_PLANTED"] = str(number)
        self.log = open(log, "w")

    def lines(self, command, folder, deadline):
        """The lines that it prints. None: the deadline has passed. Its end comes as an integer."""
        process = subprocess.Popen(command, cwd=folder, env=self.environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, errors="replace",
                                   start_new_session=True)
        lines = queue.Queue()
        threading.Thread(target=lambda: [lines.put(line) for line in process.stdout] + [lines.put(None)],
                         daemon=True).start()
        try:
            while True:
                try:
                    line = lines.get(timeout=max(0, deadline - time.monotonic()))
                except queue.Empty:
                    yield None
                    return
                if line is None:
                    yield process.wait()
                    return
                line = COLOUR.sub("", line)
                self.log.write(line)
                yield line
        finally:
            self.kill_all()
            process.wait()

    def kill_all(self):
        """Whatever has this run's scratch folder in its environment is of this run: servers of a test that crashed, too."""
        mark = f"TMPDIR={self.scratch}\0".encode()
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)
            except OSError:
                continue

    def close(self):
        self.kill_all()
        self.log.close()
        shutil.rmtree(self.scratch, ignore_errors=True)


def swift_tests(*arguments):
    """The program that `swift test` runs, without the seconds that it takes to find that out."""
    return [str(TREE / ".build/debug/walletdPackageTests.xctest"), "--testing-library", "swift-testing", *arguments]


def run_swift(run, filters, deadline):
    started = crash = None
    command = swift_tests(*(argument for suite in filters for argument in ("--filter", suite)))
    for line in run.lines(command, TREE, deadline):
        if line is None:
            return Ending(caught_by="the time limit: it hangs" + (f", the last test to begin was {started}" if started else ""))
        if isinstance(line, int):
            if line == 0:
                return Ending()
            if line < 0:
                return Ending(caught_by=f"a crash, {crash or f'signal {-line}'}; the last test to begin was {started}")
            return Ending(problem=f"the tests ended with {line}, and none has failed")
        if found := ISSUE.match(line):
            return Ending(caught_by=f"{found[1]} ({found[2]})")
        if found := STARTED.match(line):
            started = found[1]
        if found := CRASH.search(line):
            crash = crash or found[1].strip()
    return Ending(problem="the tests said nothing")


def run_python(run, suites, deadline):
    command = [str(PYTHON), "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *suites]
    failed = None
    for line in run.lines(command, TREE / "clients/python", deadline):
        if line is None:
            return Ending(caught_by="the time limit: it hangs")
        if isinstance(line, int):
            if line == 0:
                return Ending()
            return Ending(caught_by=failed) if failed else Ending(problem=f"pytest ended with {line}")
        if found := PYTEST_FAILED.match(line):
            failed = found[1]
    return Ending(problem="pytest said nothing")


def run_suites(swift, python, seconds, log, number=None):
    run = Run(log, number)
    deadline = time.monotonic() + seconds
    try:
        ending = run_swift(run, swift, deadline) if swift else Ending()
        if python and not ending.caught_by and not ending.problem:
            ending = run_python(run, python, deadline)
        return ending
    finally:
        run.close()


def require_filters(chosen):
    """A filter that meets no test would catch nothing, ever."""
    listed = subprocess.run(swift_tests("--list-tests"), check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    for bug in chosen:
        for suite in bug.swift:
            if not any(re.search(suite, test) for test in listed):
                sys.exit(f"{bug.path.name}: no test is called {suite}")


def main():
    begun = time.monotonic()
    all_bugs = bugs()
    wanted = os.environ.get("ONLY", "").split()
    if strange := [word for word in wanted if not word.isdecimal()]:
        sys.exit(f"ONLY: {strange[0]} is no number of a bug in Tests/Mutations")
    only = {int(word) for word in wanted}
    unknown = only - {bug.number for bug in all_bugs}
    if unknown:
        sys.exit(f"ONLY: there is no bug {min(unknown)} in Tests/Mutations")
    chosen = [bug for bug in all_bugs if not only or bug.number in only]
    make_tree(all_bugs)
    logs = WORK / "logs"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir()

    print(f"mutation: {len(all_bugs)} bugs are planted, the tree is built", flush=True)
    built = subprocess.run(["swift", "build", "--build-tests", "--package-path", str(TREE)], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True)
    if built.returncode:
        sys.exit(built.stdout + "mutation: the tree with the planted bugs doesn't build")
    built_at = time.monotonic()
    require_filters(chosen)
    swift = sorted({suite for bug in chosen for suite in bug.swift})
    python = sorted({suite for bug in chosen for suite in bug.python})
    if python and not PYTHON.exists():
        subprocess.run(["make", "--no-print-directory", "-s", "-C", ROOT / "clients/python", "driver",
                        f"VENV={ROOT / '.venv-python'}"], check=True)
    sound = run_suites(swift, python, BASELINE_SECONDS, logs / "sound.log")
    if sound.caught_by or sound.problem:
        print((logs / "sound.log").read_text())
        sys.exit(f"mutation: the suites fail without any bug: {sound.caught_by or sound.problem}")
    print(f"mutation: built in {built_at - begun:.0f} s, the suites pass without a bug in {time.monotonic() - built_at:.0f} s",
          flush=True)

    caught = 0
    for bug in chosen:
        at = time.monotonic()
        ending = run_suites(bug.swift, bug.python, bug.seconds, logs / f"{bug.name}.log", bug.number)
        seconds = time.monotonic() - at
        told = f"caught by {ending.caught_by}" if ending.caught_by else "NOT CAUGHT"
        if ending.problem:
            told += f": {ending.problem}"
        if not ending.caught_by:
            told += f" by {' '.join(bug.swift + bug.python)} (make mutate ONLY={bug.number}; {logs / (bug.name + '.log')})"
        caught += bool(ending.caught_by)
        print(f"{bug.number:3} {bug.what}: {told}, {seconds:.1f} s", flush=True)
    print(f"mutation: all of it in {time.monotonic() - begun:.0f} s")
    print(f"mutation: {caught} of {len(chosen)} caught")
    return 0 if caught == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
