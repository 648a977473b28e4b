"""The load for ../server.cc with gRPC for Python: one channel, with IN_FLIGHT empty calls outstanding.

    load.py FACE ADDRESS IN_FLIGHT SECONDS WARM_UP      FACE is aio or sync; prints one JSON object

The messages are empty, so nothing is serialized, which is in its favour."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time

import grpc

METHOD = "/bench.Empty/Call"


def told(latencies: list[float], took: float, in_flight: int) -> None:
    latencies.sort()
    figures = {"connections": 1, "in_flight": in_flight, "calls_per_second": round(len(latencies) / took, 1)}
    for name, share in (("p50_micros", 0.5), ("p99_micros", 0.99)):
        figures[name] = round(latencies[int(len(latencies) * share)] * 1e6, 1)
    print(json.dumps(figures))


async def measure_tasks(address: str, in_flight: int, seconds: float, warm_up: float) -> None:
    async with grpc.aio.insecure_channel(address) as channel:
        call = channel.unary_unary(METHOD)

        async def line(until: float, latencies: list[float]) -> None:
            now = time.perf_counter()
            while now < until:
                await call(b"")
                then = time.perf_counter()
                latencies.append(then - now)
                now = then

        async def run(lasts: float) -> tuple[list[float], float]:
            latencies: list[float] = []
            began = time.perf_counter()
            await asyncio.gather(*(line(began + lasts, latencies) for _ in range(in_flight)))
            return latencies, time.perf_counter() - began

        await run(max(warm_up, 0.1))
        told(*await run(seconds), in_flight)


def measure_futures(address: str, in_flight: int, seconds: float, warm_up: float) -> None:
    """What is answered asks again, on the thread that gRPC calls back on."""
    with grpc.insecure_channel(address) as channel:
        call = channel.unary_unary(METHOD)

        def run(lasts: float) -> tuple[list[float], float]:
            latencies: list[float] = []
            left = threading.Semaphore(0)
            failed: list[BaseException] = []
            began = time.perf_counter()
            until = began + lasts

            def ask() -> None:
                now = time.perf_counter()

                def answered(future: grpc.Future) -> None:
                    try:
                        future.result()
                    except grpc.RpcError as error:
                        failed.append(error)
                        left.release()
                        return
                    then = time.perf_counter()
                    latencies.append(then - now)
                    if then < until:
                        ask()
                    else:
                        left.release()

                call.future(b"").add_done_callback(answered)

            for _ in range(in_flight):
                ask()
            for _ in range(in_flight):
                left.acquire()
            if failed:
                raise failed[0]
            return latencies, time.perf_counter() - began

        run(max(warm_up, 0.1))
        told(*run(seconds), in_flight)


def main() -> None:
    face, address, in_flight, seconds, warm_up = sys.argv[1:]
    shape = address, int(in_flight), float(seconds), float(warm_up)
    if face == "aio":
        asyncio.run(measure_tasks(*shape))
    else:
        measure_futures(*shape)


if __name__ == "__main__":
    main()
