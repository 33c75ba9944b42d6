#include "constants.h"
#include "search.h"

#if defined(__aarch64__)

#include <arm_neon.h>

// Two nonces at once.
#define INLINE static inline __attribute__((always_inline))
#define ROUNDS(name) neon_##name
#define LANE uint64x2_t
#define XOR(a, b) veorq_u64(a, b)
#define XOR3(a, b, c) XOR(XOR(a, b), c)
#define ROL(a, bits) vsriq_n_u64(vshlq_n_u64(a, bits), a, 64 - (bits))
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
    LANE a[25];
    neon_first(a, lanes, halves);
    neon_middle(a);
    LANE first = neon_last(a);
    LANE zero = vceqzq_u64(vandq_u64(first, SAME(mask)));
    if (__builtin_expect((vgetq_lane_u64(zero, 0) | vgetq_lane_u64(zero, 1)) != 0, 0)) {
      if (vgetq_lane_u64(zero, 0)) ckeccak_hit(hits, nonce, vgetq_lane_u64(first, 0));
      if (vgetq_lane_u64(zero, 1)) ckeccak_hit(hits, nonce + 1, vgetq_lane_u64(first, 1));
      return tried + at_once;
    }
  }
  if (tried < count)
    tried += ckeccak_search_plain(prefix, low + (uint32_t)tried, count - tried, mask, hits);
  return tried;
}

#endif
