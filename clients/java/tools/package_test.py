#!/usr/bin/env python3
"""Puts the jar and its pom into a repository of its own, takes what a project gets that depends on them, and runs the shortest
program there against the server that WALLETD names. It needs no Maven, which may have no registry to ask."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
VERSION = os.environ["VERSION"]
NAME = f"walletd-client-{VERSION}"
POM = {"m": "http://maven.apache.org/POM/4.0.0"}


def check_pom(pom: Path) -> None:
    root = ET.parse(pom).getroot()
    found = [root.findtext(f"m:{part}", namespaces=POM) for part in ("groupId", "artifactId", "version")]
    assert found == ["example.walletd", "walletd-client", VERSION], found
    dependencies = [
        (one.findtext("m:groupId", namespaces=POM), one.findtext("m:artifactId", namespaces=POM))
        for one in root.findall("m:dependencies/m:dependency", POM)
    ]
    assert dependencies == [("com.google.protobuf", "protobuf-java")], dependencies


def check_jar(jar: Path, pom: Path) -> None:
    with zipfile.ZipFile(jar) as file:
        names = file.namelist()
        for wanted in ("example/walletd/WalletClient.class", "example/walletd/internal/Pb.class", "META-INF/LICENSE"):
            assert wanted in names, f"{wanted} is not in {jar}"
        inner = "META-INF/maven/example.walletd/walletd-client/pom.xml"
        assert file.read(inner) == pom.read_bytes(), "the pom in the jar is another one"
        foreign = [name for name in names if not name.startswith(("example/", "META-INF/"))]
        assert not foreign, f"what is this in the jar: {foreign}"


def run_in_project(project: Path, jar: Path, protobuf: Path) -> str:
    shutil.copy(HERE / "samples" / "Shortest.java", project)
    libraries = [shutil.copy(one, project) for one in (jar, protobuf)]
    subprocess.run(["javac", "-d", ".", "-cp", str(libraries[0]), "Shortest.java"], cwd=project, check=True)
    data = project / "data"
    server = subprocess.Popen(
        [os.environ["WALLETD"], "serve", "--data", str(data), "--listen", "127.0.0.1:0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stderr is not None
        address = next(m[1] for line in server.stderr if (m := re.search(r"listening on (127\.0\.0\.1:\d+)", line)))
        path = ":".join([".", *map(str, libraries)])
        command = ["java", "-cp", path, "Shortest", address]
        return subprocess.run(command, cwd=project, check=True, capture_output=True, text=True, timeout=60).stdout
    finally:
        server.kill()
        server.wait()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="walletd-java-package-") as folder:
        repository = Path(folder, "repository", "example", "walletd", "walletd-client", VERSION)
        repository.mkdir(parents=True)
        pom, jar = (repository / f"{NAME}.{kind}" for kind in ("pom", "jar"))
        shutil.copy(HERE / ".build" / pom.name, pom)
        shutil.copy(HERE / ".build" / jar.name, jar)
        check_pom(pom)
        check_jar(jar, pom)
        project = Path(folder, "project")
        project.mkdir()
        said = run_in_project(project, jar, Path(os.environ["PROTOBUF"]).resolve())
        assert said == "2000\n", f"the program printed {said!r}"
    print(f"{jar.name} serves an empty project")


if "WALLETD" not in os.environ or not os.access(os.environ["WALLETD"], os.X_OK):
    sys.exit(f"no server to test against: name it by WALLETD, not {os.environ.get('WALLETD')!r}")
main()
