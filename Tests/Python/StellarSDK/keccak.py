"""Keccak-256 with Keccak's own padding, which hashlib has not. Source: the Keccak reference, 1.7."""

MASK = (1 << 64) - 1
RATE = 136


def _rotated(lane, count):
    return (lane << count | lane >> (64 - count)) & MASK if count else lane


def _permuted(lanes):
    register = 1
    for _ in range(24):
        columns = [lanes[x][0] ^ lanes[x][1] ^ lanes[x][2] ^ lanes[x][3] ^ lanes[x][4] for x in range(5)]
        mixes = [columns[x - 1] ^ _rotated(columns[(x + 1) % 5], 1) for x in range(5)]
        lanes = [[lanes[x][y] ^ mixes[x] for y in range(5)] for x in range(5)]
        x, y, moved = 1, 0, lanes[1][0]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            moved, lanes[x][y] = lanes[x][y], _rotated(moved, (step + 1) * (step + 2) // 2 % 64)
        for y in range(5):
            row = [lanes[x][y] for x in range(5)]
            for x in range(5):
                lanes[x][y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5])
        for bit in range(7):
            register = (register << 1 ^ (register >> 7) * 0x71) % 256
            if register & 2:
                lanes[0][0] ^= 1 << ((1 << bit) - 1)
    return lanes


def keccak256(data):
    padded = bytearray(data) + b"\x01"
    padded += b"\x00" * (-len(padded) % RATE)
    padded[-1] |= 0x80
    lanes = [[0] * 5 for _ in range(5)]
    for start in range(0, len(padded), RATE):
        for at in range(RATE // 8):
            word = int.from_bytes(padded[start + 8 * at : start + 8 * at + 8], "little")
            lanes[at % 5][at // 5] ^= word
        lanes = _permuted(lanes)
    return b"".join(lanes[at % 5][at // 5].to_bytes(8, "little") for at in range(4))
