// The permutation's rounds for any kind of lane: one nonce's 64 bits or a vector of several nonces'.
//
// The including file says what a lane is and how it computes:
//   LANE                    the type
//   XOR(a, b)  XOR3(a, b, c)  ROL(a, bits)  CHI(a, b, c) = a ^ (~b & c)  SAME(u64): a constant lane
// The state is 25 variables a0 … a24, lane (x, y) being a[x + 5y].

// Theta: every lane takes in the parities of two columns. One rotated parity is alive at a time, so that
// with 25 lanes and 5 parities 31 registers are enough.
#define THETA_COLUMN(x0, x1, x2, x3, x4, before, after) \
  do {                                                  \
    LANE turned = ROL(after, 1);                        \
    x0 = XOR3(x0, before, turned);                      \
    x1 = XOR3(x1, before, turned);                      \
    x2 = XOR3(x2, before, turned);                      \
    x3 = XOR3(x3, before, turned);                      \
    x4 = XOR3(x4, before, turned);                      \
  } while (0)

#define PARITIES                                              \
  LANE c0 = XOR3(XOR3(a0, a5, a10), a15, a20);                \
  LANE c1 = XOR3(XOR3(a1, a6, a11), a16, a21);                \
  LANE c2 = XOR3(XOR3(a2, a7, a12), a17, a22);                \
  LANE c3 = XOR3(XOR3(a3, a8, a13), a18, a23);                \
  LANE c4 = XOR3(XOR3(a4, a9, a14), a19, a24)

// One row behind rho and pi, through chi.
#define CHI_ROW(n0, n1, n2, n3, n4, b0, b1, b2, b3, b4) \
  LANE n0 = CHI(b0, b1, b2);                            \
  LANE n1 = CHI(b1, b2, b3);                            \
  LANE n2 = CHI(b2, b3, b4);                            \
  LANE n3 = CHI(b3, b4, b0);                            \
  LANE n4 = CHI(b4, b0, b1)

#define ROW(n0, n1, n2, n3, n4, l0, r0, l1, r1, l2, r2, l3, r3, l4, r4)                      \
  LANE n0##b = ROL(l0, r0), n1##b = ROL(l1, r1), n2##b = ROL(l2, r2), n3##b = ROL(l3, r3), \
       n4##b = ROL(l4, r4);                                                                  \
  CHI_ROW(n0, n1, n2, n3, n4, n0##b, n1##b, n2##b, n3##b, n4##b)

// Rows of the next state as n0 … n24.
#define RHO_PI_CHI                                                                   \
  ROW(n0, n1, n2, n3, n4, a0, 0, a6, 44, a12, 43, a18, 21, a24, 14);                 \
  ROW(n5, n6, n7, n8, n9, a3, 28, a9, 20, a10, 3, a16, 45, a22, 61);                 \
  ROW(n10, n11, n12, n13, n14, a1, 1, a7, 6, a13, 25, a19, 8, a20, 18);              \
  ROW(n15, n16, n17, n18, n19, a4, 27, a5, 36, a11, 10, a17, 15, a23, 56);           \
  ROW(n20, n21, n22, n23, n24, a2, 62, a8, 55, a14, 39, a15, 41, a21, 2)

#define NEXT_STATE                                                \
  a0 = n0, a1 = n1, a2 = n2, a3 = n3, a4 = n4, a5 = n5, a6 = n6;  \
  a7 = n7, a8 = n8, a9 = n9, a10 = n10, a11 = n11, a12 = n12;     \
  a13 = n13, a14 = n14, a15 = n15, a16 = n16, a17 = n17;          \
  a18 = n18, a19 = n19, a20 = n20, a21 = n21, a22 = n22;          \
  a23 = n23, a24 = n24

#define ROUND(constant)                                   \
  do {                                                    \
    PARITIES;                                             \
    THETA_COLUMN(a0, a5, a10, a15, a20, c4, c1);          \
    THETA_COLUMN(a1, a6, a11, a16, a21, c0, c2);          \
    THETA_COLUMN(a2, a7, a12, a17, a22, c1, c3);          \
    THETA_COLUMN(a3, a8, a13, a18, a23, c2, c4);          \
    THETA_COLUMN(a4, a9, a14, a19, a24, c3, c0);          \
    RHO_PI_CHI;                                           \
    n0 = XOR(n0, SAME(constant));                         \
    NEXT_STATE;                                           \
  } while (0)

// The first round from rho and pi's output on: `prefix` plus the nonce's low half, which reaches eleven
// lanes: column 0 and column 2 (through the parity of column 1) and its own lane.
#define FIRST_ROUND(prefix, nonce)                                                             \
  do {                                                                                         \
    LANE one = ROL(nonce, 1);                                                                  \
    CHI_ROW(n0, n1, n2, n3, n4, XOR(prefix[0], one), prefix[1],                                \
            XOR(prefix[2], ROL(nonce, 43)), prefix[3], prefix[4]);                             \
    CHI_ROW(n5, n6, n7, n8, n9, prefix[5], prefix[6], XOR(prefix[7], ROL(nonce, 4)),           \
            prefix[8], XOR(prefix[9], ROL(nonce, 61)));                                        \
    CHI_ROW(n10, n11, n12, n13, n14, XOR(prefix[10], one), XOR(prefix[11], ROL(nonce, 6)),     \
            prefix[12], prefix[13], XOR(prefix[14], ROL(nonce, 19)));                          \
    CHI_ROW(n15, n16, n17, n18, n19, prefix[15], XOR(prefix[16], ROL(nonce, 37)), prefix[17],  \
            XOR(prefix[18], ROL(nonce, 15)), prefix[19]);                                      \
    CHI_ROW(n20, n21, n22, n23, n24, XOR(prefix[20], ROL(nonce, 62)), prefix[21], prefix[22],  \
            XOR(prefix[23], ROL(nonce, 42)), prefix[24]);                                      \
    n0 = XOR(n0, SAME(ckeccak_round_constants[0]));                                            \
    NEXT_STATE;                                                                                \
  } while (0)

// The last round as far as the hash's first lane goes: three lanes of 25.
#define LAST_ROUND(first)                                                     \
  do {                                                                        \
    PARITIES;                                                                 \
    LANE b0 = XOR3(a0, c4, ROL(c1, 1));                                       \
    LANE b1 = ROL(XOR3(a6, c0, ROL(c2, 1)), 44);                              \
    LANE b2 = ROL(XOR3(a12, c1, ROL(c3, 1)), 43);                             \
    first = XOR(CHI(b0, b1, b2), SAME(ckeccak_round_constants[23]));          \
  } while (0)
