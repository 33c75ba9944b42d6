"""The primitives and box nonces. PROTOCOL.md, "Conventions" and "Box nonces"."""
import hashlib
import struct

from nacl.bindings import (
    crypto_box_afternm,
    crypto_box_beforenm,
    crypto_box_open_afternm,
)
from nacl.exceptions import CryptoError


class Refused(Exception):
    """What the other end sent, or is, cannot be trusted: the connection is over."""


def b256(data, key=b""):
    return hashlib.blake2b(data, digest_size=32, key=key).digest()


def b512(data, key):
    return hashlib.blake2b(data, digest_size=64, key=key).digest()


def shared(public, secret):
    """k_XY."""
    try:
        return crypto_box_beforenm(public, secret)
    except (CryptoError, RuntimeError):
        raise Refused("a key of small order")


def nonce(label, tail=bytes(16)):
    assert len(label) == 8 and len(tail) == 16
    return label + tail


def record_nonce(label, epoch, counter):
    return nonce(label, struct.pack(">I4xQ", epoch, counter))


def seal(message, box_nonce, key):
    return crypto_box_afternm(message, box_nonce, key)


def unseal(box, box_nonce, key):
    try:
        return crypto_box_open_afternm(box, box_nonce, key)
    except CryptoError:
        raise Refused("a box that does not open")
