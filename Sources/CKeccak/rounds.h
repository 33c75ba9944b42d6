// The permutation's rounds, for any kind of lane: 64 bits of one nonce, or a vector of several
// nonces'. Included once for each kind, with these defined:
//
//   ROUNDS(name)   the functions' names
//   INLINE         `static inline` and always, with the target that the operations need
//   LANE           the type
//   XOR(a, b)  XOR3(a, b, c)  ROL(a, bits)  CHI(a, b, c) = a ^ (~b & c)
//   SAME(u64)      a constant as a lane
//
// The state is an array of 25, lane (x, y) at x + 5y; all indices are constants, so that it lives
// in registers. Names of steps are the Keccak reference's.

/// Chi for one row, whose lanes behind rho and pi are `b0` … `b4`.
INLINE void ROUNDS(chi)(LANE *row, LANE b0, LANE b1, LANE b2, LANE b3, LANE b4) {
  row[0] = CHI(b0, b1, b2);
  row[1] = CHI(b1, b2, b3);
  row[2] = CHI(b2, b3, b4);
  row[3] = CHI(b3, b4, b0);
  row[4] = CHI(b4, b0, b1);
}

/// Theta's sum over a column.
INLINE LANE ROUNDS(parity)(const LANE *a, int x) {
  return XOR3(XOR3(a[x], a[x + 5], a[x + 10]), a[x + 15], a[x + 20]);
}

/// One round. Row by row, so that exclusive or, rotation and chi, which keep different units busy,
/// run side by side: on Zen 4 that is 4 % faster with AVX-512 than theta for all lanes first,
/// though it takes five operations more, and 10 to 20 % faster with AVX2 and in plain C.
INLINE void ROUNDS(round)(LANE *a, uint64_t constant) {
  LANE c0 = ROUNDS(parity)(a, 0), c1 = ROUNDS(parity)(a, 1), c2 = ROUNDS(parity)(a, 2),
       c3 = ROUNDS(parity)(a, 3), c4 = ROUNDS(parity)(a, 4);
  LANE d0 = XOR(c4, ROL(c1, 1)), d1 = XOR(c0, ROL(c2, 1)), d2 = XOR(c1, ROL(c3, 1)),
       d3 = XOR(c2, ROL(c4, 1)), d4 = XOR(c3, ROL(c0, 1));
  LANE n[25];
#define AT(i, d, bits) ROL(XOR(a[i], d), bits)  // theta, rho
  ROUNDS(chi)(n, XOR(a[0], d0), AT(6, d1, 44), AT(12, d2, 43), AT(18, d3, 21),
              AT(24, d4, 14));
  n[0] = XOR(n[0], SAME(constant));
  ROUNDS(chi)(n + 5, AT(3, d3, 28), AT(9, d4, 20), AT(10, d0, 3), AT(16, d1, 45),
              AT(22, d2, 61));
  ROUNDS(chi)(n + 10, AT(1, d1, 1), AT(7, d2, 6), AT(13, d3, 25), AT(19, d4, 8),
              AT(20, d0, 18));
  ROUNDS(chi)(n + 15, AT(4, d4, 27), AT(5, d0, 36), AT(11, d1, 10), AT(17, d2, 15),
              AT(23, d3, 56));
  ROUNDS(chi)(n + 20, AT(2, d2, 62), AT(8, d3, 55), AT(14, d4, 39), AT(15, d0, 41),
              AT(21, d1, 2));
#undef AT
  for (int i = 0; i < 25; i++) a[i] = n[i];
}

/// The first round from rho and pi's output on: `prefix` plus the nonce's low half, which reaches
/// eleven lanes: its own, and by the parity of its column all of columns 0 and 2.
INLINE void ROUNDS(first)(LANE *a, const LANE *prefix, LANE nonce) {
  LANE turned = ROL(nonce, 1);
  ROUNDS(chi)(a, XOR(prefix[0], turned), prefix[1], XOR(prefix[2], ROL(nonce, 43)), prefix[3],
              prefix[4]);
  a[0] = XOR(a[0], SAME(ckeccak_round_constants[0]));
  ROUNDS(chi)(a + 5, prefix[5], prefix[6], XOR(prefix[7], ROL(nonce, 4)), prefix[8],
              XOR(prefix[9], ROL(nonce, 61)));
  ROUNDS(chi)(a + 10, XOR(prefix[10], turned), XOR(prefix[11], ROL(nonce, 6)), prefix[12],
              prefix[13], XOR(prefix[14], ROL(nonce, 19)));
  ROUNDS(chi)(a + 15, prefix[15], XOR(prefix[16], ROL(nonce, 37)), prefix[17],
              XOR(prefix[18], ROL(nonce, 15)), prefix[19]);
  ROUNDS(chi)(a + 20, XOR(prefix[20], ROL(nonce, 62)), prefix[21], prefix[22],
              XOR(prefix[23], ROL(nonce, 42)), prefix[24]);
}

/// The last round as far as the hash's first lane goes: three lanes of 25.
INLINE LANE ROUNDS(last)(const LANE *a) {
  LANE c1 = ROUNDS(parity)(a, 1), c2 = ROUNDS(parity)(a, 2);
  LANE b0 = XOR3(a[0], ROUNDS(parity)(a, 4), ROL(c1, 1));
  LANE b1 = ROL(XOR3(a[6], ROUNDS(parity)(a, 0), ROL(c2, 1)), 44);
  LANE b2 = ROL(XOR3(a[12], c1, ROL(ROUNDS(parity)(a, 3), 1)), 43);
  return XOR(CHI(b0, b1, b2), SAME(ckeccak_round_constants[23]));
}

/// Everything between. A loop, two rounds a turn, rather than one long text: it is as fast and
/// leaves the instruction cache to others.
INLINE void ROUNDS(middle)(LANE *a) {
#pragma clang loop unroll(disable)
  for (int round = 1; round < 23; round += 2) {
    ROUNDS(round)(a, ckeccak_round_constants[round]);
    ROUNDS(round)(a, ckeccak_round_constants[round + 1]);
  }
}
