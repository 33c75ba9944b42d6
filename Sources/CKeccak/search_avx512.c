#include "constants.h"
#include "search.h"

#if defined(__x86_64__)

#include <immintrin.h>

// Eight nonces at once, with a rotation and any function of three lanes as one instruction each;
// the state stays in 32 registers. What was tried on Zen 4 and was slower: a ninth nonce in the
// integer units beside them, two states in turn, all rounds as one text.
#define TARGET __attribute__((target("avx512f,avx512vl,avx512bw,tune=znver4")))
#define INLINE TARGET static inline __attribute__((always_inline))
#define ROUNDS(name) avx512_##name
#define LANE __m512i
#define XOR(a, b) _mm512_xor_si512(a, b)
#define XOR3(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0x96)
#define ROL(a, bits) _mm512_rol_epi64(a, bits)
#define CHI(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0xD2)
#define SAME(constant) _mm512_set1_epi64((long long)(constant))

#include "rounds.h"

enum { at_once = 8 };

TARGET uint64_t ckeccak_search_avx512(
    const ckeccak_prefix *prefix, uint32_t low, uint64_t count, uint64_t mask, ckeccak_hits *hits) {
  LANE lanes[25];
  for (int i = 0; i < 25; i++) lanes[i] = SAME(prefix->lanes[i]);
  // Reverses the low four bytes of each 64-bit lane; the upper four are zero.
  const LANE reverse = _mm512_set4_epi32(0x0F0E0D0C, 0x08090A0B, 0x07060504, 0x00010203);
  LANE nonces = _mm512_add_epi64(SAME(low), _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
  uint64_t tried = 0;
  for (; count - tried >= at_once; tried += at_once) {
    LANE a[25];
    avx512_first(a, lanes, _mm512_shuffle_epi8(nonces, reverse));
    nonces = _mm512_add_epi64(nonces, SAME(at_once));
    avx512_middle(a);
    LANE first = avx512_last(a);
    unsigned found = _mm512_testn_epi64_mask(first, SAME(mask));
    if (__builtin_expect(found, 0)) {
      uint64_t beginnings[at_once];
      _mm512_storeu_si512(beginnings, first);
      for (uint32_t i = 0; i < at_once; i++)
        if (found >> i & 1) ckeccak_hit(hits, low + (uint32_t)tried + i, beginnings[i]);
      return tried + at_once;
    }
  }
  if (tried < count)
    tried += ckeccak_search_plain(prefix, low + (uint32_t)tried, count - tried, mask, hits);
  return tried;
}

#endif
