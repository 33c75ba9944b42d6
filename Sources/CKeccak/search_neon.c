#include "constants.h"
#include "search.h"

#if defined(__aarch64__)

#include <arm_neon.h>

// Two nonces at once.
#define LANE uint64x2_t
#define XOR(a, b) veorq_u64(a, b)
#define XOR3(a, b, c) XOR(XOR(a, b), c)
#define ROL(a, bits) ((bits) == 0 ? (a) : vsriq_n_u64(vshlq_n_u64(a, (bits) & 63), a, 64 - (bits)))
#define CHI(a, b, c) XOR(a, vbicq_u64(c, b))
#define SAME(constant) vdupq_n_u64(constant)

#include "rounds.h"

enum { at_once = 2 };

uint64_t ckeccak_search_neon(
    const ckeccak_prefix *prefix, uint32_t low, uint64_t count, uint64_t mask, ckeccak_hits *hits) {
  LANE lanes[25];
  for (int i = 0; i < 25; i++) lanes[i] = SAME(prefix->lanes[i]);
  uint64_t tried = 0;
  for (; count - tried >= at_once; tried += at_once) {
    uint32_t nonce = low + (uint32_t)tried;
    LANE halves =
        vcombine_u64(vcreate_u64(ckeccak_low_half(nonce)), vcreate_u64(ckeccak_low_half(nonce + 1)));
    LANE a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20,
        a21, a22, a23, a24, first;
    FIRST_ROUND(lanes, halves);
    for (int round = 1; round < 23; round++) ROUND(ckeccak_round_constants[round]);
    LAST_ROUND(first);
    uint64x2_t zero = vceqzq_u64(vandq_u64(first, SAME(mask)));
    if (__builtin_expect((vgetq_lane_u64(zero, 0) | vgetq_lane_u64(zero, 1)) != 0, 0)) {
      if (vgetq_lane_u64(zero, 0)) ckeccak_hit(hits, nonce, vgetq_lane_u64(first, 0));
      if (vgetq_lane_u64(zero, 1)) ckeccak_hit(hits, nonce + 1, vgetq_lane_u64(first, 1));
      return tried + at_once;
    }
  }
  if (tried < count)
    tried += ckeccak_search_scalar(prefix, low + (uint32_t)tried, count - tried, mask, hits);
  return tried;
}

#endif
