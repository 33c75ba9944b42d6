"""Records and frames. PROTOCOL.md, "Records" and "Frames"."""
import struct

from .boxes import Refused, b256, record_nonce, seal, unseal

OPEN, DATA, END, RESET, CREDIT, PING, PONG, GOAWAY, REKEY, CLOSE = range(1, 11)
MORE, LAST = 1, 2
PLAIN_MAX = 65_519


class Direction:
    """One direction's key, epoch and counter."""

    def __init__(self, key, label):
        self.key, self.label, self.epoch, self.counter = key, label, 0, 0

    def _next(self):
        box_nonce = record_nonce(self.label, self.epoch, self.counter)
        self.counter += 1
        return box_nonce

    def rekey(self):
        self.key, self.epoch, self.counter = b256(b"FSP1 rekey", self.key), self.epoch + 1, 0

    def seal(self, plain):
        box = seal(plain, self._next(), self.key)
        return struct.pack(">H", len(box)) + box

    def open(self, box):
        return unseal(box, self._next(), self.key)


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">BBIH", kind, flags, stream, len(payload)) + payload


def frames(plain):
    """(kind, flags, stream, payload) of each frame of a record."""
    at = 0
    while at < len(plain) and plain[at] != 0:
        if len(plain) - at < 8:
            raise Refused("a frame that is cut off")
        kind, flags, stream, count = struct.unpack_from(">BBIH", plain, at)
        at += 8
        if len(plain) - at < count:
            raise Refused("a frame that is cut off")
        yield kind, flags, stream, plain[at : at + count]
        at += count
    if any(plain[at:]):
        raise Refused("padding that is not zero")


def pad(plain):
    size = 64
    while size < len(plain):
        size *= 2
    return plain + bytes(min(size, PLAIN_MAX) - len(plain))
