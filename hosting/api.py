"""The JSON API: `/api/v1/NAME` for every endpoint, `/api/v1/models`, and `/api/openapi.json`.

Computations go through the pages' own queue. A request has at most so many bytes, seconds and
neighbours; what cannot be answered is `{"error": {"code": …, "message": …}}` with a fitting status.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from typing import Any, NoReturn

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from engine.answers import to_json
from engine.errors import InputError
from hosting.endpoints import ENDPOINTS, Endpoint, Parameter, Values
from hosting.openapi import describe
from hosting.operation import log, log_error
from pages.shared import counters, jobs, models

AT_ONCE = 4
"""Requests that are received or computed at a time; the next are told to come again."""
RECEIVING, COMPUTING = 30.0, 60.0
"""Seconds in which a request has to arrive, and in which it is computed or given up."""
STEP = 0.02
"""Seconds between two looks at whether a computation is done."""
AGAIN = 5
"""Seconds after which who was refused may come again."""

CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    415: "wrong_content_type",
    422: "unusable_input",
    429: "too_many_requests",
    500: "internal",
    503: "busy",
    504: "took_too_long",
}
"""What `code` an error of each status has."""


def _refuse(status: int, message: str) -> NoReturn:
    headers = {"Retry-After": str(AGAIN)} if status in (429, 503) else None
    raise HTTPException(status, message, headers)


def _error(_request: Request, error: Exception) -> Response:
    """What is sent in place of an answer; only errors of the app's own are logged."""
    if isinstance(error, HTTPException):
        status, message, headers = error.status_code, error.detail, error.headers
    elif isinstance(error, InputError):
        status, message, headers = 422, str(error), None
    else:
        log_error(error)
        counters.count("errors")
        status, message, headers = 500, "Something went wrong here.", None
    found = {"error": {"code": CODES.get(status, "error"), "message": message}}
    return JSONResponse(found, status, headers)


async def _received(request: Request, most: int) -> bytes:
    """The body, counted as it comes."""
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdecimal() and int(length[:20]) > most:
        _refuse(413, f"At most {most} bytes can be read.")
    body = bytearray()
    try:
        async with asyncio.timeout(RECEIVING):
            async for part in request.stream():
                body += part
                if len(body) > most:
                    _refuse(413, f"At most {most} bytes can be read.")
    except TimeoutError:
        _refuse(408, f"The request did not arrive within {RECEIVING:.0f} seconds.")
    return bytes(body)


def _parsed(body: bytes) -> dict[str, Any]:
    """The object that a body of JSON holds."""

    def refuse(number: str) -> NoReturn:
        raise ValueError(number)

    try:
        found = json.loads(body, parse_constant=refuse)
    except (ValueError, RecursionError):  # no JSON, no UTF-8, NaN, too deep, too long a number
        _refuse(400, "The body is not JSON.")
    if not isinstance(found, dict):
        _refuse(400, "The body has to be a JSON object.")
    return found


def _from_text(parameter: Parameter, text: str) -> Any:
    """The value that a part of the address stands for; the text itself where it is none."""
    try:
        return {int: int, float: float}.get(parameter.type, str)(text)
    except ValueError:
        return text


def checked(endpoint: Endpoint, given: dict[str, Any]) -> Values:
    """The values of all parameters; what is wrong with one is said with its name."""
    known = {parameter.name for parameter in endpoint.parameters} | {"model"}
    if strange := given.keys() - known:
        named = f"{min(strange)[:40]}. These are: {', '.join(sorted(known))}"
        _refuse(422, f"There is no parameter {named}.")
    if given.get("model") not in endpoint.models():
        _refuse(422, f"model must be one of: {', '.join(endpoint.models())}.")
    return {
        "model": given["model"],
        **{p.name: _value(p, given.get(p.name, p.default)) for p in endpoint.parameters},
    }


def _value(parameter: Parameter, value: Any) -> Any:
    if value is ...:
        _refuse(422, f"{parameter.name} is missing.")
    if value is None and parameter.default is None:
        return None
    if parameter.type is float and type(value) is int and abs(value) < 2**53:
        value = float(value)
    if type(value) is not parameter.type or not _fits(parameter, value):
        _refuse(422, f"{parameter.name} must be {expected(parameter)}.")
    return value


def _fits(parameter: Parameter, value: Any) -> bool:
    if isinstance(value, bool):
        return True
    if isinstance(value, list) and not all(isinstance(text, str) for text in value):
        return False
    size = value if isinstance(value, int | float) else len(value)
    least = -math.inf if parameter.least is None else parameter.least
    most = math.inf if parameter.most is None else parameter.most
    return bool(least <= size <= most)


def expected(parameter: Parameter) -> str:
    """What a value of this parameter is, in words."""
    between = f"from {parameter.least} to {parameter.most}"
    return {
        int: f"a whole number {between}",
        float: f"a number {between}",
        bool: "true or false",
        str: f"a text of {between} characters",
        list: f"a list of texts, {between} of them",
    }[parameter.type]


async def _computed(
    request: Request, work: jobs.Work[str], slot: str, question: tuple[str, str] | None
) -> list[str]:
    """What `work` yields, computed by the pages' workers; what others have asked with the same
    `question` is not computed again. Given up when nobody waits any more."""
    try:
        job = jobs.Job(object(), work, jobs.POOL, slot, question)
    except InputError as error:  # the queue is full
        _refuse(503, str(error))
    end = time.monotonic() + COMPUTING
    try:
        while not job.ended():
            if time.monotonic() > end:
                _refuse(504, f"This was not computed within {COMPUTING:.0f} seconds.")
            if await request.is_disconnected():
                raise ClientDisconnect
            await asyncio.sleep(STEP)
    finally:
        job.cancel()
    return job.results()


async def _inputs(endpoint: Endpoint, request: Request) -> tuple[Values, bytes]:
    """The values of a request and the file in its body."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    # A form of another site cannot send these types: its browser asks first, and is told no.
    accepted = endpoint.files or ("application/json",)
    if not any(fnmatch(kind, pattern) for pattern in accepted):
        _refuse(415, f"The content type must be one of: {', '.join(accepted)}.")
    body = await _received(request, endpoint.most)
    if not endpoint.files:
        return checked(endpoint, _parsed(body)), b""
    types = {parameter.name: parameter for parameter in endpoint.parameters}
    query = request.query_params
    given = {n: _from_text(types[n], query[n]) if n in types else query[n] for n in query}
    return checked(endpoint, given), body


def _answering(endpoint: Endpoint, free: asyncio.Semaphore) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        begun = time.monotonic()
        counters.count("requests")
        try:
            if free.locked():
                _refuse(429, f"At most {AT_ONCE} requests are answered at a time.")
            async with free:
                values, body = await _inputs(endpoint, request)

                def work(stop: jobs.Stop) -> Iterator[str]:
                    found = endpoint.compute(values["model"], values, body, stop)
                    return map(to_json, found)

                slot = f"api_{endpoint.name}"
                question = None if endpoint.files else (slot, json.dumps(values, sort_keys=True))
                parts = await _computed(request, work, slot, question)
            if endpoint.several:
                parts = [f'{{"results": [{", ".join(parts)}]}}']
            response = Response(parts[0], media_type="application/json")
        except ClientDisconnect:
            response = Response(status_code=499)  # what nginx calls it
        except Exception as error:
            response = _error(request, error)
        seconds = round(time.monotonic() - begun, 3)
        log("request", endpoint=endpoint.name, status=response.status_code, seconds=seconds)
        return response

    return answer


async def _models(_request: Request) -> Response:
    """Which models each endpoint can be asked of."""
    return JSONResponse({endpoint.name: endpoint.models() for endpoint in ENDPOINTS})


async def _description(_request: Request) -> Response:
    return JSONResponse(describe(ENDPOINTS, CODES, models.index()))


def routes() -> list[BaseRoute]:
    """The API at `/api`, with errors of its own."""
    free = asyncio.Semaphore(AT_ONCE)
    paths: list[BaseRoute] = [
        Route(f"/v1/{endpoint.name}", _answering(endpoint, free), methods=["POST"])
        for endpoint in ENDPOINTS
    ]
    paths += [Route("/v1/models", _models), Route("/openapi.json", _description)]
    return [Mount("/api", Starlette(routes=paths, exception_handlers={HTTPException: _error}))]
