"""Installs a wheel into an empty environment and uses it, against the server that WALLETD names.

    package_test.py WHEEL
"""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import venv

# What its user writes: nothing of the repository is in reach.
USE = """
import asyncio, pathlib, sys
import walletd
from walletd import WalletRef, money

assert "site-packages" in walletd.__file__, walletd.__file__
assert (pathlib.Path(walletd.__file__).parent / "py.typed").exists(), "the wheel has no py.typed"
wallet = WalletRef(owner="package", currency="USD")
with walletd.Client(sys.argv[1]) as client:
    client.open_wallet("package", "USD", reason="signup")
    client.credit(wallet, money.parse("20.00", 2), reason="topup")

async def main():
    async with walletd.AsyncClient(sys.argv[1]) as client:
        return await client.debit(wallet, money.parse("4.50", 2), reason="esim.purchase")

done = asyncio.run(main())
print(money.format(done.available, done.exponent), done.currency)
"""


def main() -> int:
    wheel = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv/bin/python"
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel]
        subprocess.run(pip, check=True, cwd=folder)
        command = [os.environ["WALLETD"], "serve", "--data", folder / "data", "--listen", "127.0.0.1:0", "--admin", "off"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
            try:
                assert server.stderr is not None
                found = (re.search(r"listening on (\S+)", line) for line in server.stderr)
                address = next(match[1] for match in found if match)
                # -I: neither the working folder nor the environment says where modules are.
                used = subprocess.run([python, "-I", "-c", USE, address], check=True, cwd=folder, capture_output=True, text=True)
            finally:
                server.terminate()
        if used.stdout.strip() != "15.50 USD":
            print(f"the package says {used.stdout!r}", file=sys.stderr)
            return 1
    print(f"{wheel.name}: installed into an empty environment, and used")
    return 0


if __name__ == "__main__":
    sys.exit(main())
