"""A visitor without a browser: Streamlit's own messages over a WebSocket."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

STREAM = "/_stcore/stream"
PATIENCE = 120.0
"""Seconds after which a visit counts as failed."""
REFUSED = "computations are waiting"
"""Part of what a page says that does not take a question."""


@dataclass
class Visit:
    """What became of one visit: seconds until the page was at rest, and what went wrong."""

    kind: str
    seconds: float = 0.0
    refused: bool = False
    errors: list[str] = field(default_factory=list)


class Session:
    """One open tab. It keeps what was typed, and answers a fragment's wish to run again."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._query, self._page, self._name = "", "", ""
        self._typed: dict[str, str] = {}  # widget id -> text
        self._boxes: dict[str, str] = {}  # widget key -> widget id
        self._timers: dict[str, float] = {}  # fragment id -> seconds between two runs

    async def open(self, page: str, query: dict[str, str], kind: str) -> Visit:
        """Follows a link; returns when nothing more is to come."""
        self._query, self._page, self._name = urlencode(query), "", page
        return await self._visit(kind)

    async def type(self, key: str, text: str, kind: str) -> Visit:
        """Types into the text box of this key; returns when the page has answered."""
        self._typed[self._boxes[key]] = text
        return await self._visit(kind)

    async def again(self, kind: str) -> Visit:
        """Runs the page once more, with nothing new."""
        return await self._visit(kind)

    async def _visit(self, kind: str) -> Visit:
        visit, began = Visit(kind), time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._ask()
                await self._until_at_rest(visit)
        except TimeoutError:
            visit.errors.append(f"not at rest after {PATIENCE:.0f} s")
        visit.seconds = time.monotonic() - began
        return visit

    async def _ask(self, fragment: str = "") -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash = self._query, self._page
        state.page_name = "" if self._page else self._name
        state.context_info.locale = "en"
        state.fragment_id, state.is_auto_rerun = fragment, bool(fragment)
        for id, text in self._typed.items():
            state.widget_states.widgets.add(id=id, string_value=text)
        await self._socket.send(message.SerializeToString())

    async def _until_at_rest(self, visit: Visit) -> None:
        """Reads what comes until a run has ended that asks for no other one."""
        while True:
            due = min(self._timers.values(), default=None)
            try:
                async with asyncio.timeout(due):
                    finished = await self._read(visit)
            except TimeoutError:
                if due is None:
                    raise
                await self._ask(min(self._timers, key=lambda id: self._timers[id]))
                continue
            if finished and not self._timers:
                return

    async def _read(self, visit: Visit) -> bool:
        """Takes in messages until a run has ended; whether it went to its end."""
        timers: dict[str, float] = {}
        while True:
            data = await self._socket.recv()
            message = ForwardMsg()
            message.ParseFromString(data if isinstance(data, bytes) else data.encode())
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._page = message.new_session.page_script_hash
                timers = {}
            elif kind == "auto_rerun":
                timers[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            elif kind == "stop_auto_rerun":
                for id in message.stop_auto_rerun.fragment_ids:
                    self._timers.pop(id, None)
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._look_at(message, visit)
            elif kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    self._timers = timers
                # A run that was interrupted is followed by another one.
                if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return True

    def _look_at(self, message: ForwardMsg, visit: Visit) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "text_area":
            id = element.text_area.id
            self._boxes[id.rpartition("-")[2]] = id
        elif kind == "exception":
            visit.errors.append(element.exception.message or element.exception.type)
        elif kind == "alert" and element.alert.format == Alert.ERROR:
            if REFUSED in element.alert.body:
                visit.refused = True
            else:
                visit.errors.append(element.alert.body[:80])


class Visitor:
    """Opens tabs on a server, one after the other."""

    def __init__(self, address: str) -> None:
        self._url = address.replace("http", "ws", 1) + STREAM
        self._cookie = {"Cookie": f"rnnlab={secrets.token_hex(8)}"}  # as nginx would have set it

    async def open(self, page: str, query: dict[str, str], kind: str) -> tuple[Session, Visit]:
        """Follows a link in a new tab; the one before is closed. Connecting counts too."""
        await self.leave()
        began = time.monotonic()
        self._socket = await connect(
            self._url,
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            compression=None,
            open_timeout=PATIENCE,
            ping_timeout=PATIENCE,
            additional_headers=self._cookie,
        )
        session = Session(self._socket)
        visit = await session.open(page, query, kind)
        visit.seconds = time.monotonic() - began
        return session, visit

    _socket: ClientConnection | None = None

    async def leave(self) -> None:
        """Closes the tab."""
        if self._socket is not None:
            await self._socket.close()
            self._socket = None
