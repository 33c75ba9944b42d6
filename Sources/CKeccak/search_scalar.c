#include "constants.h"
#include "search.h"

// One nonce at a time, in plain C.

#define LANE uint64_t
#define XOR(a, b) ((a) ^ (b))
#define XOR3(a, b, c) ((a) ^ (b) ^ (c))
#define ROL(a, bits) rotated(a, bits)
#define CHI(a, b, c) ((a) ^ (~(b) & (c)))
#define SAME(constant) (constant)

static inline uint64_t rotated(uint64_t lane, unsigned by) { return lane << by | lane >> (-by & 63); }

#include "rounds.h"

uint64_t ckeccak_search_scalar(
    const ckeccak_prefix *prefix, uint32_t low, uint64_t count, uint64_t mask, ckeccak_hits *hits) {
  const uint64_t *lanes = prefix->lanes;
  for (uint64_t tried = 0; tried < count; tried++) {
    uint32_t nonce = low + (uint32_t)tried;
    uint64_t a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19,
        a20, a21, a22, a23, a24, first;
    FIRST_ROUND(lanes, ckeccak_low_half(nonce));
    for (int round = 1; round < 23; round += 2) {
      ROUND(ckeccak_round_constants[round]);
      ROUND(ckeccak_round_constants[round + 1]);
    }
    LAST_ROUND(first);
    if ((first & mask) == 0) {
      ckeccak_hit(hits, nonce, first);
      return tried + 1;
    }
  }
  return count;
}
