"""Keccak-256 with Ethereum's padding (0x01), not SHA-3's."""
import struct

_ROTATIONS = [0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14]
_MASK = (1 << 64) - 1
_RATE = 136


def _constants():
    """The round constants, from the degree-8 register that defines them."""
    register, out = 1, []
    for _ in range(24):
        constant = 0
        for j in range(7):
            if register & 1:
                constant |= 1 << ((1 << j) - 1)
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
        out.append(constant)
    return out


_CONSTANTS = _constants()
# Lane 5y + x moves to 5(2x + 3y) + y.
_MOVES = [(5 * ((2 * x + 3 * y) % 5) + y, _ROTATIONS[5 * y + x]) for y in range(5) for x in range(5)]


def _permute(a):
    for constant in _CONSTANTS:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [
            c[(x + 4) % 5] ^ ((c[(x + 1) % 5] << 1 | c[(x + 1) % 5] >> 63) & _MASK) for x in range(5)
        ]
        b = [0] * 25
        for at, (to, by) in enumerate(_MOVES):
            lane = a[at] ^ d[at % 5]
            b[to] = (lane << by | lane >> (64 - by)) & _MASK
        a = [
            b[at] ^ (~b[at - at % 5 + (at + 1) % 5] & b[at - at % 5 + (at + 2) % 5])
            for at in range(25)
        ]
        a[0] ^= constant
    return a


def keccak256(data):
    data = bytearray(data) + b"\1"
    data += bytes(-len(data) % _RATE)
    data[-1] |= 0x80
    state = [0] * 25
    for at in range(0, len(data), _RATE):
        for lane, word in enumerate(struct.unpack_from("<17Q", data, at)):
            state[lane] ^= word
        state = _permute(state)
    return struct.pack("<4Q", *state[:4])
