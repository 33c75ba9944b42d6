"""A session: streams, credits, calls, liveness. PROTOCOL.md, "Streams and calls" and on."""
import os
import select
import socket
import struct
import time
from collections import deque

from rpc_pb2 import Headers, Trailers

from . import records
from .boxes import Refused
from .handshake import PENDING, SIZE, Handshake
from .records import CLOSE, CREDIT, DATA, END, GOAWAY, LAST, MORE, OPEN, PING, PONG, REKEY, RESET


class Closed(Exception):
    """The session is over."""


class CallFailed(Exception):
    def __init__(self, trailers):
        super().__init__(f"status {trailers.code}: {trailers.text}")
        self.trailers = trailers


def connect(address, server_public, agent_secret, offer, token=None):
    """Shakes hands. Gives the handshake with its verdict, and a session or None."""
    line = socket.create_connection(address, timeout=10)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    shake = Handshake(server_public, agent_secret, offer, token)
    try:
        line.sendall(shake.hello())
        line.sendall(shake.welcome(_exactly(line, SIZE["WELCOME"])))
        shake.ready(_exactly(line, SIZE["READY"]))
    except BaseException:
        line.close()
        raise
    if shake.verdict > PENDING:
        line.close()
        return shake, None
    return shake, Session(line, shake)


def _exactly(line, count):
    data = b""
    while len(data) < count:
        more = line.recv(count - len(data))
        if not more:
            raise Refused(f"the server closed after {len(data)} of {count} bytes")
        data += more
    return data


class Stream:
    """One call of ours."""

    def __init__(self, number, kind, credit):
        self.number, self.message_type, self.messages_left = number, kind, credit
        self.outstanding = deque()  # Sizes of messages sent and not given back.
        self.inbox = deque()
        self.partial = b""
        self.in_message = False
        self.half_closed = False
        self.trailers = None


class Session:
    def __init__(self, line, shake):
        self.line, self.shake, self.terms = line, shake, shake.terms
        self.out = records.Direction(shake.k_c2s, b"FSP1-C2S")
        self.into = records.Direction(shake.k_s2c, b"FSP1-S2C")
        self.received = b""
        self.streams = {}
        self.next_stream = 1
        self.credit = self.terms.connection_credit
        self.last_sent = self.last_heard = time.monotonic()
        self.going_away = None
        self.closed = None
        self.pongs = 0

    # Calls.

    def open(self, method, message_type, remaining_ms=0, request=None, request_id=b""):
        """Opens a stream; with `request`, that is our only message."""
        stream = Stream(self.next_stream, message_type, self.terms.stream_credit)
        self.next_stream += 2
        self.streams[stream.number] = stream
        headers = Headers(request_id=request_id).SerializeToString()
        payload = struct.pack(">HI", method, remaining_ms) + headers
        self._send(records.frame(OPEN, 0, stream.number, payload))
        if request is not None:
            self.send(stream, request, last=True)
        return stream

    def call(self, method, request, reply_type, remaining_ms=10_000):
        """A unary call: the reply, or CallFailed."""
        stream = self.open(method, reply_type, remaining_ms, request)
        reply = None
        while (message := self.take(stream)) is not None:
            reply = message
        return reply

    def send(self, stream, message, last=False):
        """Waits for the whole message's credit, of its stream and of the connection."""
        data = message.SerializeToString()
        half = self.terms.connection_credit // 2
        assert len(data) <= self.terms.message_max
        while not (
            stream.messages_left > 0 and self.credit >= len(data)
            and sum(stream.outstanding) + len(data) <= half
        ):
            if stream.trailers is not None:
                return
            self.pump()
        stream.messages_left -= 1
        self.credit -= len(data)
        stream.outstanding.append(len(data))
        stream.half_closed = last
        room = records.PLAIN_MAX - 8
        while len(data) > room:
            self._send(records.frame(DATA, MORE, stream.number, data[:room]))
            data = data[room:]
        self._send(records.frame(DATA, LAST if last else 0, stream.number, data))

    def finish(self, stream):
        """Half-close."""
        stream.half_closed = True
        self._send(records.frame(END, 0, stream.number))

    def cancel(self, stream):
        del self.streams[stream.number]
        self._send(records.frame(RESET, 0, stream.number, struct.pack(">I", 1)))

    def take(self, stream, wait=True):
        """The next message, or None at the call's end (or where there is none, without `wait`)."""
        while not stream.inbox:
            if stream.trailers is not None:
                if stream.trailers.code:
                    raise CallFailed(stream.trailers)
                return None
            if not wait:
                return None
            self.pump()
        data = stream.inbox.popleft()
        credit = records.frame(CREDIT, 0, 0, struct.pack(">I", len(data))) if data else b""
        if stream.trailers is None:
            credit += records.frame(CREDIT, 0, stream.number, struct.pack(">I", 1))
        if credit:
            self._send(credit)
        return stream.message_type.FromString(data)

    # The line.

    def rekey(self):
        self._send(records.frame(REKEY))
        self.out.rekey()

    def ping(self):
        self._send(records.frame(PING, 0, 0, os.urandom(8)))

    def close(self):
        """CLOSE(0), and waits for the other."""
        self._send(records.frame(CLOSE, 0, 0, struct.pack(">II", 0, 0)))
        self.line.shutdown(socket.SHUT_WR)
        until = time.monotonic() + 2
        while self.closed is None and time.monotonic() < until:
            try:
                self.pump()
            except Closed:
                break
        self.line.close()

    def pump(self, seconds=0.25):
        """Waits at most so long for a record, handles what has come, and keeps the line alive."""
        now = time.monotonic()
        if now - self.last_heard > self.terms.dead_ms / 1000:
            self.line.close()
            raise Closed("the server is silent")
        if now - self.last_sent > self.terms.ping_ms / 1000:
            self.ping()
        if select.select([self.line], [], [], seconds)[0]:
            data = self.line.recv(1 << 16)
            if not data:
                raise Closed(f"the line ended ({self.closed})")
            self.received += data
        while len(self.received) >= 2:
            (count,) = struct.unpack_from(">H", self.received)
            if count < 24:
                raise Refused("a record that is too short")
            if len(self.received) < 2 + count:
                break
            box, self.received = self.received[2 : 2 + count], self.received[2 + count :]
            plain = self.into.open(box)
            self.last_heard = time.monotonic()
            for one in records.frames(plain):
                self._handle(*one)

    def _send(self, plain):
        self.line.sendall(self.out.seal(records.pad(plain)))
        self.last_sent = time.monotonic()

    def _handle(self, kind, flags, number, payload):
        stream = self.streams.get(number)
        if kind == PING:
            self._send(records.frame(PONG, 0, 0, payload))
        elif kind == PONG:
            self.pongs += 1
        elif kind == REKEY:
            self.into.rekey()
        elif kind == GOAWAY:
            self.going_away = struct.unpack_from(">II", payload) + (payload[8:].decode(),)
        elif kind == CLOSE:
            self.closed = struct.unpack_from(">II", payload) + (payload[8:].decode(),)
            raise Closed(f"CLOSE{self.closed}")
        elif kind == CREDIT:
            (count,) = struct.unpack(">I", payload)
            if number == 0:
                self.credit += count
            elif stream:
                stream.messages_left += count
                for _ in range(min(count, len(stream.outstanding))):
                    stream.outstanding.popleft()
        elif kind == DATA and stream:
            stream.partial += payload
            if not flags & MORE:
                stream.inbox.append(stream.partial)
                stream.partial = b""
        elif kind == DATA:
            # Of a stream that is over: dropped, and its credit given back.
            self._send(records.frame(CREDIT, 0, 0, struct.pack(">I", len(payload))))
        elif kind == END and stream:
            stream.trailers = Trailers.FromString(payload)
            del self.streams[number]
        elif kind == RESET and stream:
            (code,) = struct.unpack(">I", payload)
            stream.trailers = Trailers(code=code or 2, text="reset")
            del self.streams[number]
        elif kind not in (END, RESET) and kind < 128:
            raise Refused(f"frame type {kind}")
