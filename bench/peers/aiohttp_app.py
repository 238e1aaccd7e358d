"""aiohttp as a peer: python3 aiohttp_app.py PORT asyncio|uvloop

Debian: python3-aiohttp, python3-uvloop.
"""
import json
import sys

from aiohttp import web

if sys.argv[2] == "uvloop":
    import uvloop

    uvloop.install()

ITEMS = [{"id": 10 + i, "name": "cup", "ok": True} for i in range(31)]


def dumps(value):
    return json.dumps(value, separators=(",", ":"))


async def plaintext(request):
    return web.Response(body=b"Hello, World!", content_type="text/plain")


async def items(request):
    return web.json_response(ITEMS, dumps=dumps)


async def echo(request):
    return web.Response(body=await request.read(), content_type="application/octet-stream")


app = web.Application()
app.add_routes(
    [web.get("/plaintext", plaintext), web.get("/items", items), web.post("/echo", echo)]
)
web.run_app(
    app,
    host="127.0.0.1",
    port=int(sys.argv[1]),
    access_log=None,
    print=None,
    backlog=4096,
    keepalive_timeout=3600,
)
