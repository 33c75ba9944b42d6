// One nonce at a time in plain C. Included once for each set of instructions to compile it for,
// with TARGET, SEARCH (the function's name) and ROUNDS defined.

#define INLINE TARGET static inline __attribute__((always_inline))
#define LANE uint64_t
#define XOR(a, b) ((a) ^ (b))
#define XOR3(a, b, c) ((a) ^ (b) ^ (c))
#define ROL(a, bits) ((a) << (bits) | (a) >> (64 - (bits)))
#define CHI(a, b, c) ((a) ^ (~(b) & (c)))
#define SAME(constant) (constant)

#include "rounds.h"

TARGET uint64_t SEARCH(
    const ckeccak_prefix *prefix, uint32_t low, uint64_t count, uint64_t mask, ckeccak_hits *hits) {
  for (uint64_t tried = 0; tried < count; tried++) {
    uint32_t nonce = low + (uint32_t)tried;
    uint64_t a[25];
    ROUNDS(first)(a, prefix->lanes, ckeccak_low_half(nonce));
    ROUNDS(middle)(a);
    uint64_t first = ROUNDS(last)(a);
    if ((first & mask) == 0) {
      ckeccak_hit(hits, nonce, first);
      return tried + 1;
    }
  }
  return count;
}

#undef INLINE
#undef LANE
#undef XOR
#undef XOR3
#undef ROL
#undef CHI
#undef SAME
