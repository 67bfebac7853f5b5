"""Questions take their time; meanwhile the server says that it lives."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import anyio
import pytest
from anyio import to_thread
from httpx import ASGITransport, AsyncClient

from api.app import create_app
from api.graphql.endpoint import AT_ONCE
from api.graphql.schema import QuietSchema
from api.session import opened
from api.settings import load
from graph.ledger.ledger import Ledger
from tests.api.conftest import say_estate

PATIENCE = 10
"""Seconds after which a held question goes on by itself, so that a blocked loop fails the test."""


@pytest.mark.parametrize("questions", [1, AT_ONCE + 1])
def test_the_loop_answers_while_questions_are_resolved(
    questions: int,
    with_ledger: Callable[[Callable[[Ledger], None]], Path],
    monkeypatch: pytest.MonkeyPatch,
):
    begun, lives = Event(), Event()
    were_released: list[bool] = []
    resolve = QuietSchema.execute_sync

    def held(*arguments: Any, **named: Any) -> Any:
        begun.set()
        were_released.append(lives.wait(PATIENCE))
        return resolve(*arguments, **named)

    async def ask(app: Any) -> list[int]:
        statuses: list[int] = []

        async def question() -> None:
            answer = await client.post("/graphql", json={"query": "{ head { runPosition } }"})
            statuses.append(answer.status_code)

        at_home = AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1")
        async with at_home as client, anyio.create_task_group() as tasks:
            for _ in range(questions):
                tasks.start_soon(question)
            await to_thread.run_sync(partial(begun.wait, PATIENCE))
            assert (await client.get("/livez")).status_code == 200
            lives.set()
        return statuses

    monkeypatch.setattr(QuietSchema, "execute_sync", held)
    with opened(load(store=str(with_ledger(say_estate)))) as session:
        assert anyio.run(ask, create_app(session)) == [200] * questions
    assert were_released == [True] * questions
