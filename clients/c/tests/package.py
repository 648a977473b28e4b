"""Installs the package into an empty folder, and uses it from an empty project: shared, static, and by pkg-config."""

import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

from server import HERE, Server

WANTED = "7.70 EUR\n"


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300, **options)
    if done.returncode != 0:
        sys.exit(f"FAILED {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    with tempfile.TemporaryDirectory(prefix="walletd-c-") as folder:
        root, project = pathlib.Path(folder, "root"), pathlib.Path(folder, "project")
        project.mkdir()
        run("make", "-C", HERE, "install", f"DESTDIR={root}", "PREFIX=/opt/walletd")
        shutil.copy(HERE / "samples/basic.c", project / "main.c")
        prefix = root / "opt/walletd"
        environment = {**os.environ, "PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig"), "PKG_CONFIG_SYSROOT_DIR": str(root)}
        if run("pkg-config", "--modversion", "walletd", env=environment).strip() != "0.1.0":
            sys.exit("FAILED the version of walletd.pc")
        flags = shlex.split(run("pkg-config", "--cflags", "--libs", "walletd", env=environment))
        run("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-o", "shared", "main.c", *flags, cwd=project)
        include = shlex.split(run("pkg-config", "--cflags", "walletd", env=environment))
        private = shlex.split(run("pkg-config", "--libs", "libprotobuf-c", "openssl"))
        run("cc", "-std=c11", "-o", "static", "main.c", *include, prefix / "lib/libwalletd.a", *private, "-pthread", "-lresolv",
            cwd=project)
        for program, path in (("shared", str(prefix / "lib")), ("static", "")):
            with Server() as server:
                said = run(project / program, server.address, env={**os.environ, "LD_LIBRARY_PATH": path})
            if not said.startswith(WANTED):
                sys.exit(f"FAILED the {program} program prints\n{said}")
            print(f"ok package, {program}")


main()
