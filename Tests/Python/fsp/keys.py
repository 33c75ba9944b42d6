"""Keys and their text form. PROTOCOL.md, "Keys"."""
import base64
import struct

from nacl.bindings import crypto_scalarmult_base

from .boxes import b256

SERVER_PUBLIC, SERVER_SECRET, AGENT_PUBLIC, AGENT_SECRET, TOKEN = 0x38, 0xC8, 0x00, 0x50, 0x20
BYTES = {SERVER_PUBLIC: 32, SERVER_SECRET: 32, AGENT_PUBLIC: 32, AGENT_SECRET: 32, TOKEN: 16}


def crc16(data):
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x1021 if crc & 0x8000 else 0)) & 0xFFFF
    return crc


def to_text(kind, payload):
    assert len(payload) == BYTES[kind]
    raw = bytes([kind]) + payload
    return base64.b32encode(raw + struct.pack("<H", crc16(raw))).decode().rstrip("=")


def from_text(kind, text):
    """The payload; ValueError for anything but one key of this kind, written as it must be."""
    raw = base64.b32decode(text + "=" * (-len(text) % 8))
    payload = raw[1:-2]
    if raw[:1] != bytes([kind]) or len(payload) != BYTES[kind] or to_text(kind, payload) != text:
        raise ValueError("not such a key")
    return payload


def is_canonical(public):
    return int.from_bytes(public, "little") < 2**255 - 19


def public_of(secret):
    return crypto_scalarmult_base(secret)


def token_secret(token):
    return b256(b"FSP1 token" + token)
