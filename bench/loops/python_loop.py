#!/usr/bin/env python3
"""Nanoseconds of CPU an operation on asyncio or uvloop: python_loop.py asyncio|uvloop

Prints one line an operation, its name and the figure with a tab between; `loops` of Reactor.Bench
runs this and shows it beside the others, and ours does the same operations in LoopOperations.cs.
"""
import asyncio
import sys
import time

which = sys.argv[1]
if which == "uvloop":
    import uvloop

    loop = uvloop.new_event_loop()
else:
    loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)

CHAIN = 1_000_000
TASKS = 200_000
TRIPS = 300_000


def timed(name, operations, run):
    start = time.process_time()
    run()
    print(f"{name}\t{(time.process_time() - start) / operations * 1e9:.1f}", flush=True)


def call_soon_chain():
    left = CHAIN

    def step():
        nonlocal left
        left -= 1
        if left:
            loop.call_soon(step)
        else:
            loop.stop()

    loop.call_soon(step)
    loop.run_forever()


async def task_switch():
    async def worker():
        for _ in range(1000):
            await asyncio.sleep(0)

    await asyncio.gather(*[worker() for _ in range(CHAIN // 1000)])


async def create_task():
    async def worker():
        pass

    await asyncio.gather(*[asyncio.create_task(worker()) for _ in range(TASKS)])


async def nested_await():
    async def down(n):
        return await down(n - 1) if n else 0

    for _ in range(CHAIN // 500):
        await down(500)


async def nested_await_and_wait():
    async def down(n):
        if n:
            return await down(n - 1)
        await asyncio.sleep(0)
        return 0

    for _ in range(CHAIN // 500):
        await down(500)


def call_later_and_cancel():
    for handle in [loop.call_later(1000 + i % 997, print) for i in range(CHAIN)]:
        handle.cancel()
    loop.call_soon(loop.stop)
    loop.run_forever()


async def future_round_trip():
    for _ in range(TRIPS):
        future = loop.create_future()
        loop.call_soon(future.set_result, 1)
        await future


async def queue_put_and_get():
    queue = asyncio.Queue(100)

    async def put():
        for i in range(TRIPS):
            await queue.put(i)

    async def get():
        for _ in range(TRIPS):
            await queue.get()

    await asyncio.gather(put(), get())


def on_loop(main):
    return lambda: loop.run_until_complete(main())


timed("call_soon chain", CHAIN, call_soon_chain)
timed("task switch", CHAIN, on_loop(task_switch))
timed("create and finish a task", TASKS, on_loop(create_task))
timed("nested await", CHAIN, on_loop(nested_await))
timed("nested await that waits", CHAIN, on_loop(nested_await_and_wait))
timed("call_later + cancel", CHAIN, call_later_and_cancel)
timed("future round trip", TRIPS, on_loop(future_round_trip))
timed("queue put + get", TRIPS, on_loop(queue_put_and_get))
