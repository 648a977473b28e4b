#!/usr/bin/env python3
"""Installs the package in a chroot, serves, upgrades, removes and purges it, as an administrator would.

    packaging/test_deb.py --programs .build/debug [--root overlay | debootstrap]

overlay: the chroot is this machine's own system below a layer in memory; quick, and what the programs need is there.
debootstrap: a minimal Debian of its own, whose apt fetches what the package depends on, and which is booted once, so that its
systemd runs the unit with all its confinement. Needs the network, systemd-nspawn, and programs that are linked statically.

Must be run as root. Nothing outside of the chroot changes: it is mounted in a namespace of its own.
"""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
DATA = "/var/lib/walletd"
CONFIG = "/etc/walletd/walletd.toml"
UNIT = "/lib/systemd/system/walletd.service"
WANTED = "/etc/systemd/system/multi-user.target.wants/walletd.service"
START_SECONDS = 60
WATCHDOG_SECONDS = 3


class Failure(Exception):
    pass


def check(condition: object, what: str) -> None:
    if not condition:
        raise Failure(what)
    print(f"  ok: {what}")


def run(*command: object, **settings: object) -> subprocess.CompletedProcess[str]:
    ending = subprocess.run(
        [str(word) for word in command], text=True, stdin=subprocess.DEVNULL, capture_output=True, check=False, **settings
    )
    if ending.returncode != 0:
        raise Failure(f"{' '.join(str(word) for word in command)}: {ending.returncode}\n{ending.stdout}{ending.stderr}")
    return ending


class Chroot:
    """A system to install in."""

    def __init__(self, folder: pathlib.Path, kind: str) -> None:
        self.is_overlay = kind == "overlay"
        run("mount", "-t", "tmpfs", "-o", "size=3g,mode=755", "tmpfs", folder)
        self.path = folder / "root"
        self.path.mkdir()
        if self.is_overlay:
            for name in ("upper", "work"):
                (folder / name).mkdir()
            run("mount", "-t", "overlay", "overlay",
                "-o", f"lowerdir=/,upperdir={folder}/upper,workdir={folder}/work", self.path)
            # Whatever this machine is, the chroot has no systemd that runs.
            run("mount", "-t", "tmpfs", "tmpfs", self.path / "run")
            run("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", self.path / "tmp")
        else:
            suite = dict(
                line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line
            )["VERSION_CODENAME"].strip('"')
            run("debootstrap", "--variant=minbase", "--include=systemd,dbus", suite, self.path)
        self.mount()

    def mount(self) -> None:
        run("mount", "-t", "proc", "proc", self.path / "proc")
        run("mount", "--bind", "/dev", self.path / "dev")

    def unmount(self) -> None:
        for name in ("proc", "dev"):
            run("umount", self.path / name)

    def file(self, path: str) -> pathlib.Path:
        return self.path / path.lstrip("/")

    def run(self, *command: object) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        return run("chroot", self.path, *command, env=environment)

    def install(self, package: pathlib.Path) -> None:
        shutil.copy(package, self.file("/tmp/walletd.deb"))
        if self.is_overlay:
            self.run("dpkg", "--install", "/tmp/walletd.deb")
        else:
            self.run("apt-get", "install", "--yes", "--no-install-recommends", "/tmp/walletd.deb")

    def version(self) -> str:
        return self.run("dpkg-query", "--show", "--showformat=${Version}", "walletd").stdout

    @contextlib.contextmanager
    def server(self):
        """The unit's own command as the unit's user, on a free port, without the rest of what systemd does."""
        unit = self.file(UNIT).read_text()
        command = re.search(r"^ExecStart=(.*)$", unit, re.M)[1].split()
        user = re.search(r"^User=(.*)$", unit, re.M)[1]
        log = self.file("/tmp/walletd.log")
        with log.open("w") as output:
            process = subprocess.Popen(
                ["chroot", self.path, "setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups",
                 "env", "-i", "WALLETD_LISTEN=127.0.0.1:0", "WALLETD_ADMIN=off", *command],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/",
            )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not (found := re.search(r"listening on (127\.0\.0\.1:\d+)", log.read_text())):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise Failure(f"the server doesn't serve: {log.read_text()}")
                time.sleep(0.02)
            yield lambda *words: self.run("walletctl", *words, "--server", found[1]).stdout
            process.terminate()
            if process.wait(timeout=START_SECONDS) != 0:
                raise Failure(f"the server ended with {process.returncode}: {log.read_text()}")
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    @contextlib.contextmanager
    def booted(self):
        """Its systemd as the first process of a container; gives what runs a command in there."""
        self.unmount()
        process = subprocess.Popen(
            ["systemd-nspawn", f"--directory={self.path}", "--register=no", "--keep-unit", "--boot", "--private-network",
             "--console=pipe"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            first = wait_for("the container's first process", lambda: child(process.pid))
            enter = ["nsenter", f"--target={first}", "--mount", "--pid", "--uts", "--ipc", "--net", "--root", "--wd"]
            yield lambda *words: subprocess.run([*enter, *words], text=True, capture_output=True, check=False).stdout.strip()
            subprocess.run([*enter, "systemctl", "poweroff"], capture_output=True, check=False)
            process.wait(timeout=START_SECONDS)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.mount()

    def user(self) -> int | None:
        """The id of the user walletd; None where there is none."""
        entries = [line.split(":") for line in self.file("/etc/passwd").read_text().splitlines()]
        return next((int(entry[2]) for entry in entries if entry[0] == "walletd"), None)


def child(process: int) -> str | None:
    """The process that another has started, when there is one."""
    with contextlib.suppress(FileNotFoundError):
        names = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
        return names[0] if names else None
    return None


def wait_for(what: str, look):
    deadline = time.monotonic() + START_SECONDS
    while not (found := look()):
        if time.monotonic() > deadline:
            raise Failure(f"{what} never came")
        time.sleep(0.1)
    return found


def test_unit(chroot: Chroot) -> None:
    """The unit under a systemd that runs."""
    print("boot")
    drop_in = chroot.file("/etc/systemd/system/walletd.service.d/test.conf")
    drop_in.parent.mkdir()
    drop_in.write_text(f"[Service]\nWatchdogSec={WATCHDOG_SECONDS}\n")
    wallet = ("--owner", "carol", "--currency", "USD")
    with chroot.booted() as inside:

        def shown(name: str) -> str:
            return inside("systemctl", "show", "walletd.service", f"--property={name}", "--value")

        wait_for("the unit", lambda: shown("ActiveState") == "active")
        check(shown("StatusText").startswith("serving on "), "the unit is up when it serves, and says so")
        check("opened" in inside("walletctl", "open", *wallet), "it takes money, confined as it is")
        check(inside("systemctl", "show", "walletd.service", "--property=User", "--value") == "walletd", "it isn't root")
        log = inside("journalctl", "--unit=walletd.service", "--output=cat", "--no-pager")
        check("listening on" in log, "its log is in the journal")
        first = shown("MainPID")
        inside("systemctl", "reload", "walletd.service")
        check((shown("Result"), shown("ReloadResult"), shown("MainPID")) == ("success", "success", first), "it reloads")
        time.sleep(2 * WATCHDOG_SECONDS)
        check(shown("MainPID") == first, "the watchdog is content with it")
        inside("sh", "-c", f"kill -STOP {first}")
        wait_for("a restart by the watchdog", lambda: shown("NRestarts") == "1" and shown("ActiveState") == "active")
        check("version 1" in inside("walletctl", "balance", *wallet), "one that hangs is started again, and the money is there")
        inside("systemctl", "stop", "walletd.service")
        check((shown("Result"), shown("ExecMainStatus")) == ("success", "0"), "it stops in good order")
    drop_in.unlink()


def build(programs: pathlib.Path, out: pathlib.Path) -> pathlib.Path:
    environment = os.environ | {"COMPRESSION": "none"}
    return pathlib.Path(run(HERE / "deb/build.sh", programs, out, env=environment).stdout.strip())


def build_newer(package: pathlib.Path, out: pathlib.Path) -> pathlib.Path:
    """The same package with a version that goes after it."""
    run("dpkg-deb", "--raw-extract", package, out)
    control = out / "DEBIAN/control"
    control.write_text(re.sub(r"^(Version: .*)$", r"\1+next", control.read_text(), flags=re.M))
    run("dpkg-deb", "--root-owner-group", "-Znone", "--build", out, out.with_suffix(".deb"))
    return out.with_suffix(".deb")


def test(first: pathlib.Path, second: pathlib.Path, chroot: Chroot) -> None:
    wallet = ("--owner", "alice", "--currency", "USD")
    print("install")
    check(chroot.user() is None, "there is no user walletd before")
    chroot.install(first)
    status = chroot.file(DATA).stat()
    check(status.st_uid == chroot.user() != 0, "user walletd owns its data folder")
    check(stat.S_IMODE(status.st_mode) == 0o700, "nobody else may enter the data folder")
    check(chroot.file(WANTED).is_symlink(), "the unit is enabled")
    sound = chroot.run("walletd", "check-config", "--config", CONFIG)
    check("the configuration is sound" in sound.stderr, "the settings are sound")
    for program in ("walletd", "walletctl", "walletbench"):
        check(chroot.run(program, "--help").stdout, f"{program} runs")

    print("serve")
    with chroot.server() as walletctl:
        walletctl("open", *wallet)
        walletctl("credit", *wallet, "--amount", "20.00", "--reason", "top-up", "--key", "package-1")
        check("20.00 USD" in walletctl("balance", *wallet), "money is taken in")
    files = list(chroot.file(DATA).iterdir())
    check(files and all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files), "its files are its own")

    if not chroot.is_overlay:
        test_unit(chroot)

    print("upgrade")
    with chroot.file(CONFIG).open("a") as config:
        config.write("\nmin-free = 1048576\n")
    before = chroot.version()
    chroot.install(second)
    check(chroot.version() != before, f"{before} becomes {chroot.version()}")
    check("min-free = 1048576" in chroot.file(CONFIG).read_text(), "what was set is kept")
    with chroot.server() as walletctl:
        check("20.00 USD" in walletctl("balance", *wallet), "the money is there")
        again = walletctl("credit", *wallet, "--amount", "20.00", "--reason", "top-up", "--key", "package-1")
        check("done before under this key" in again, "a key of before replays")

    print("remove")
    chroot.run("dpkg", "--remove", "walletd")
    check(not chroot.file("/usr/bin/walletd").exists(), "the programs are gone")
    check(chroot.file(f"{DATA}/ledger.db").exists() and chroot.file(CONFIG).exists(), "data and settings stay")
    chroot.install(second)
    with chroot.server() as walletctl:
        check("20.00 USD" in walletctl("balance", *wallet), "an installation after it has the money")

    print("purge")
    told = chroot.run("dpkg", "--purge", "walletd").stderr
    check(chroot.file(f"{DATA}/ledger.db").exists() and chroot.user(), "money survives a purge")
    check(f"{DATA} has a ledger and stays" in told, "and whoever purges is told")
    check(not chroot.file("/etc/walletd").exists(), "the settings are gone")
    check(not chroot.file(WANTED).is_symlink(), "the unit is not enabled any more")
    for file in chroot.file(DATA).iterdir():
        file.unlink()
    chroot.install(second)
    chroot.run("dpkg", "--purge", "walletd")
    check(not chroot.file(DATA).exists() and chroot.user() is None, "without data nothing is left")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--root", choices=("overlay", "debootstrap"), default="overlay")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("test_deb: a chroot and its mounts need root: run it as root, or by sudo")
    if "WALLETD_TEST_NAMESPACE" not in os.environ:
        environment = os.environ | {"WALLETD_TEST_NAMESPACE": "1"}
        command = ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv]
        os.execvpe("unshare", command, environment)

    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="walletd-deb-") as folder:
        work = pathlib.Path(folder)
        root = work / "chroot"
        root.mkdir()
        try:
            first = build(options.programs, work / "first")
            same = build(options.programs, work / "same")
            check(first.read_bytes() == same.read_bytes(), "the same programs make the same package")
            second = build_newer(first, work / "newer")
            test(first, second, Chroot(root, options.root))
        except Failure as failure:
            sys.exit(f"test_deb: failed: {failure}")
        finally:
            subprocess.run(["umount", "--recursive", "--lazy", root], check=False, capture_output=True)
    print(f"the package does what it should ({options.root}, {time.monotonic() - began:.0f} s)")


if __name__ == "__main__":
    main()
