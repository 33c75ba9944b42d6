#include "constants.h"
#include "search.h"

#if defined(__x86_64__)

#include <immintrin.h>

// Four nonces at once. The target attribute lets these functions alone use the instructions;
// whether the processor has them is asked before they are called.
#define TARGET __attribute__((target("avx2")))
#define INLINE TARGET static inline __attribute__((always_inline))
#define ROUNDS(name) avx2_##name
#define LANE __m256i
#define XOR(a, b) _mm256_xor_si256(a, b)
#define XOR3(a, b, c) XOR(XOR(a, b), c)
#define ROL(a, bits) _mm256_or_si256(_mm256_slli_epi64(a, bits), _mm256_srli_epi64(a, 64 - (bits)))
#define CHI(a, b, c) XOR(a, _mm256_andnot_si256(b, c))
#define SAME(constant) _mm256_set1_epi64x((long long)(constant))

#include "rounds.h"

enum { at_once = 4 };

TARGET uint64_t ckeccak_search_avx2(
    const ckeccak_prefix *prefix, uint32_t low, uint64_t count, uint64_t mask, ckeccak_hits *hits) {
  LANE lanes[25];
  for (int i = 0; i < 25; i++) lanes[i] = SAME(prefix->lanes[i]);
  uint64_t tried = 0;
  for (; count - tried >= at_once; tried += at_once) {
    uint32_t nonce = low + (uint32_t)tried;
    LANE halves = _mm256_set_epi64x(
        (long long)ckeccak_low_half(nonce + 3), (long long)ckeccak_low_half(nonce + 2),
        (long long)ckeccak_low_half(nonce + 1), (long long)ckeccak_low_half(nonce));
    LANE a[25];
    avx2_first(a, lanes, halves);
    avx2_middle(a);
    LANE first = avx2_last(a);
    LANE zero = _mm256_cmpeq_epi64(_mm256_and_si256(first, SAME(mask)), _mm256_setzero_si256());
    int found = _mm256_movemask_pd(_mm256_castsi256_pd(zero));
    if (__builtin_expect(found, 0)) {
      uint64_t beginnings[at_once];
      _mm256_storeu_si256((LANE *)beginnings, first);
      for (uint32_t i = 0; i < at_once; i++)
        if (found >> i & 1) ckeccak_hit(hits, nonce + i, beginnings[i]);
      return tried + at_once;
    }
  }
  if (tried < count)
    tried += ckeccak_search_plain(prefix, low + (uint32_t)tried, count - tried, mask, hits);
  return tried;
}

#endif
