// What the kernels share.

#ifndef CKECCAK_SEARCH_H
#define CKECCAK_SEARCH_H

#include "CKeccak.h"

/// The state of the first round behind theta, rho and pi as far as it does not depend on the low
/// half of the nonce: what is the same for 2^32 nonces. Theta, rho and pi are linear, so the low
/// half comes in by exclusive or (`first` in `rounds.h`).
typedef struct {
  uint64_t lanes[25];
} ckeccak_prefix;

void ckeccak_prepare(ckeccak_prefix *prefix, const ckeccak_message *message, uint32_t high);

/// The low half of a nonce as it lies in lane 1: its highest byte first.
static inline uint64_t ckeccak_low_half(uint32_t nonce) { return __builtin_bswap32(nonce); }

static inline void ckeccak_hit(ckeccak_hits *hits, uint32_t low, uint64_t beginning) {
  hits->nonces[hits->count] = low;
  hits->beginnings[hits->count] = beginning;
  hits->count++;
}

/// A kernel: nonces that share their high half, `count` of them from `low` on, at least one.
/// Returns how many were tried; appends to `hits`, whose nonces' high half it does not set.
typedef uint64_t ckeccak_kernel(
    const ckeccak_prefix *prefix, uint32_t low, uint64_t count, uint64_t mask, ckeccak_hits *hits);

ckeccak_kernel ckeccak_search_plain;  // the scalar one for any processor
ckeccak_kernel ckeccak_search_bmi;    // the scalar one for x86-64 with BMI2
ckeccak_kernel ckeccak_search_avx2;
ckeccak_kernel ckeccak_search_avx512;
ckeccak_kernel ckeccak_search_neon;

#endif
