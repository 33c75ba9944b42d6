"""The agent's end of the handshake. PROTOCOL.md, "Handshake"."""
import os
import struct
from dataclasses import dataclass, field

from .boxes import Refused, b256, b512, nonce, seal, shared, unseal
from .keys import is_canonical, public_of, token_secret

SIZE = {"HELLO": 192, "WELCOME": 160, "INITIATE": 512, "READY": 256}
HEAD = {"HELLO": b"FSP\1", "WELCOME": b"FSP\2", "INITIATE": b"FSP\3", "READY": b"FSP\4"}

ACCEPTED, PENDING, UNKNOWN_KEY, REVOKED, BAD_TOKEN, OVERLOADED, DUPLICATE, SHUTTING_DOWN = range(8)


def padded(data, size):
    assert len(data) <= size
    return data + bytes(size - len(data))


def text32(text):
    data = text.encode()[:32]
    return padded(data.decode(errors="ignore").encode(), 32)


@dataclass
class Terms:
    ping_ms: int
    dead_ms: int
    streams_max: int
    connection_credit: int
    stream_credit: int
    message_max: int
    retry_after_ms: int
    server_time_ms: int


@dataclass
class Offer:
    """What the agent says of itself, and the random parts of one connection."""

    name: str
    version: str
    instance: bytes
    previous_session: bytes = bytes(16)
    version_min: int = 1
    version_max: int = 1
    features: int = 0
    ephemeral_secret: bytes = field(default_factory=lambda: os.urandom(32))
    vouch_nonce: bytes = field(default_factory=lambda: os.urandom(16))
    token_nonce: bytes = field(default_factory=lambda: os.urandom(16))


class Handshake:
    def __init__(self, server_public, agent_secret, offer, token=None):
        self.S, self.c, self.offer, self.token = server_public, agent_secret, offer, token
        self.C = public_of(agent_secret)
        self.c_ = offer.ephemeral_secret
        self.C_ = public_of(self.c_)
        self.k_es = shared(self.S, self.c_)
        self.h = b256(b"FSP1 transcript" + self.S)

    def hello(self):
        offer = self.offer
        clear = HEAD["HELLO"] + bytes([offer.version_min, offer.version_max, b256(self.S)[0], 0])
        plain = padded(clear + struct.pack(">Q", offer.features), 136)
        message = clear + self.C_ + seal(plain, nonce(b"FSP1HELO"), self.k_es)
        self.h = b256(self.h + message)
        return message

    def welcome(self, message):
        """Takes WELCOME and gives INITIATE."""
        self._check("WELCOME", message)
        tail = message[4:20]
        plain = unseal(message[20:], nonce(b"FSP1WELC", tail), self.k_es)
        self.S_, version, lowest, highest = plain[:32], plain[32], plain[33], plain[34]
        (self.features,) = struct.unpack_from(">Q", plain, 40)
        if not is_canonical(self.S_):
            raise Refused("a key that is not canonical")
        if version == 0:
            raise Refused(f"no common version: the server speaks {lowest} to {highest}")
        if not self.offer.version_min <= version <= self.offer.version_max:
            raise Refused("a version that was not offered")
        if self.features & ~self.offer.features:
            raise Refused("a feature that was not offered")
        self.h = b256(self.h + message)
        self.k_ee = shared(self.S_, self.c_)
        self.k_se = shared(self.S_, self.c)
        return self._initiate()

    def _initiate(self):
        offer = self.offer
        vouch = seal(
            self.C_ + self.S + self.h, nonce(b"FSP1VOUC", offer.vouch_nonce), self.k_se)
        proof = bytes(128)
        if self.token is not None:
            t = token_secret(self.token)
            box = seal(
                self.C + self.h, nonce(b"FSP1TOKN", offer.token_nonce), shared(self.S_, t))
            proof = public_of(t) + offer.token_nonce + box
        plain = (
            self.C + offer.vouch_nonce + vouch + proof + offer.instance + offer.previous_session
            + text32(offer.version) + text32(offer.name))
        message = HEAD["INITIATE"] + seal(padded(plain, 492), nonce(b"FSP1INIT"), self.k_ee)
        self.h = b256(self.h + message)
        return message

    def ready(self, message):
        """Takes READY; `verdict`, `terms` and, where a session opens, its keys are known then."""
        self._check("READY", message)
        plain = unseal(message[4:], nonce(b"FSP1REDY"), self.k_ee)
        if plain[:32] != self.h:
            raise Refused("READY of another handshake")
        self.h = b256(self.h + message)
        self.session, self.verdict, self.resumed = plain[32:48], plain[48], plain[49] == 1
        self.terms = Terms(*struct.unpack_from(">7IQ", plain, 52))
        self.display_name = plain[88:120].rstrip(b"\0").decode()
        if self.verdict <= PENDING:
            both = b512(
                b"FSP1 session" + self.k_es + self.k_se + self.S + self.C + self.h, self.k_ee)
            self.k_c2s, self.k_s2c = both[:32], both[32:]

    def rotation(self, next_secret, tail):
        """The proof that the next key is this agent's too, in this session."""
        box = seal(self.C + self.h, nonce(b"FSP1ROTA", tail), shared(self.S, next_secret))
        return public_of(next_secret) + tail + box

    @staticmethod
    def _check(kind, message):
        if len(message) != SIZE[kind] or message[:4] != HEAD[kind]:
            raise Refused(f"this is no {kind}")
