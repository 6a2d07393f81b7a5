"""The peer of the API: FastAPI and the ORM, one award a request. `python -m bench.peer_api URL PORT` serves it."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from bench.peers import Orm, award


class AwardBody(BaseModel):
    """What is asked."""

    key: str
    member_id: int
    amount: int


class AwardRead(BaseModel):
    """What is answered."""

    balance: int


async def session_of(request: Request) -> AsyncIterator[AsyncSession]:
    """A session and a transaction for each request, committed before the answer is sent."""
    async with request.app.state.orm.sessions() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(session_of)]


def make_app(url: str) -> FastAPI:
    """The application over the tables that are there already."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.orm = await Orm.open(url, makes_tables=False)
        yield
        await app.state.orm.close()

    app = FastAPI(lifespan=lifespan)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/awards", status_code=201)
    async def give(body: AwardBody, session: SessionDep) -> AwardRead:
        async with session.begin():
            balance = await award(session, body.member_id, body.amount, body.key)
        if balance is None:
            raise HTTPException(409, "this key was used before")
        return AwardRead(balance=balance)

    return app


if __name__ == "__main__":
    uvicorn.run(make_app(sys.argv[1]), port=int(sys.argv[2]), access_log=False, log_level="warning")
