"""Every transaction as it is committed, with asyncio, until as many came as its second argument says; its first is the
server's address."""

import asyncio
import sys

import walletd


async def main(address: str, count: int) -> None:
    async with walletd.AsyncClient(address) as client:
        seen = 0
        events = client.watch(after=0)  # or resume_token=, or neither: from now on
        async for event in events:
            if event.transaction is not None:
                print(event.transaction.kind.name, event.balance_before, "to", event.transaction.balance)
                seen += 1
            # Who keeps event.resume_token together with what he made of the event misses none and takes none twice.
            if seen == count:
                await events.aclose()


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
