"""The REST API as a process, or as a part of one."""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from besitos.apps.compose import Besitos
from besitos.apps.gamefile import drafts_of, manager_of
from besitos.apps.settings import Settings
from besitos.mechanics.badge import http as badge
from besitos.mechanics.boost import http as boost
from besitos.mechanics.daily_gift import http as daily_gift
from besitos.mechanics.grade import http as grade
from besitos.mechanics.leaderboard import http as leaderboard
from besitos.mechanics.level import http as level
from besitos.mechanics.mission import http as mission
from besitos.mechanics.module import http as module
from besitos.mechanics.reaction import http as reaction
from besitos.mechanics.reward import http as reward
from besitos.mechanics.shop import http as shop
from besitos.mechanics.streak import http as streak
from besitos.mechanics.transfer import http as transfer
from besitos.mechanics.vip import http as vip
from besitos.store.versions import kept
from besitos.surfaces.http import activities, drafts, game, members, past, users, why
from besitos.surfaces.http.app import Api
from besitos.surfaces.http.connection import Connection
from besitos.surfaces.http.keys import Keyring
from besitos.surfaces.http.pace import Pace, Rate
from besitos.surfaces.http.profile import profile_router
from besitos.surfaces.http.service import Service
from besitos.surfaces.links import LinkCodes

PROFILE = (vip.PART, transfer.PART, level.PART, grade.PART, streak.PART, badge.PART)
"""What a profile says."""

ROUTERS = (
    members.router,
    profile_router(PROFILE),
    users.router,
    activities.router,
    transfer.router,
    why.router,
    daily_gift.router,
    streak.router,
    game.router,
    drafts.router,
    past.router,
    reaction.router,
    boost.router,
    module.router,
    shop.router,
    vip.router,
    mission.router,
    reward.router,
    level.router,
    grade.router,
    badge.router,
    leaderboard.router,
)

BACKLOG = 2_048
DRAIN_SECONDS = 10
"""How long calls under way may take once we are told to stop."""


async def create_app(besitos: Besitos, settings: Settings, rate: Rate | None = None) -> Api:
    """The API of an open besitos. Everything it needs is there: serving it opens nothing else."""
    secret = await kept(besitos.store, "link_secret", secrets.token_hex(32))
    service = Service(
        store=besitos.store,
        engine=besitos.engine,
        games=besitos.games,
        manager=manager_of(besitos),
        drafts=drafts_of(besitos),
        directory=besitos.directory,
        clock=besitos.clock,
        links=LinkCodes(secret),
        keyring=Keyring(besitos.store, besitos.clock),
        pace=Pace(rate or Rate()),
        language=settings.language,
    )
    return Api(service, ROUTERS)


async def serve(app: ASGIApp, host: str, port: int, stop: asyncio.Event) -> None:
    """Answer at `host:port` until `stop` is set, then finish what is under way. `OSError` if the port is taken."""
    await serve_on(app, listen(host, port), stop)


async def serve_on(app: ASGIApp, listening: socket.socket, stop: asyncio.Event) -> None:
    """Answer on a socket until `stop` is set."""
    config = uvicorn.Config(
        app,
        http=Connection,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    server = Server(config)
    stopping = asyncio.create_task(_stop(server, stop))
    try:
        await server.serve(sockets=[listening])
    finally:
        stopping.cancel()
        listening.close()


class Server(uvicorn.Server):
    """uvicorn in somebody else's loop: signals are for whoever owns the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


def listen(host: str, port: int) -> socket.socket:
    """A socket bound by us. It says that it is TCP: asyncio sets TCP_NODELAY only then, and without it answers wait."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol or socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind(address)
    except OSError:
        listening.close()
        raise
    return listening


async def _stop(server: uvicorn.Server, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True
