// Keccak-256 as Ethereum and Soroban have it: rate 136, padding 0x01 … 0x80. It is not SHA3-256,
// which pads with 0x06.
//
// Everything here is pure: no allocation, no state between calls.

#ifndef CKECCAK_H
#define CKECCAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Hashes `length` bytes (any length) into the 32 bytes at `hash`. Source: Keccak reference 3.0.
void ckeccak_256(const uint8_t *_Nullable message, size_t length, uint8_t *_Nonnull hash);

/// A KALE hash's message: block (u32) and nonce (u64), both big-endian, entropy (32), farmer (32).
typedef struct {
  uint8_t bytes[76];
} ckeccak_message;

/// Hashes `message` with `nonce` in its place; plain code, to check what the kernels find.
void ckeccak_256_of_nonce(
    const ckeccak_message *_Nonnull message, uint64_t nonce, uint8_t *_Nonnull hash);

/// The ways to search, slowest first. The numbers are ours and never leave the process.
enum {
  ckeccak_scalar = 0,  // any processor, 1 nonce at once
  ckeccak_avx2 = 1,    // x86-64, 4 nonces at once
  ckeccak_avx512 = 2,  // x86-64 with AVX-512 F, VL, BW, 8 nonces at once
  ckeccak_neon = 3,    // aarch64, 2 nonces at once
  ckeccak_kernels = 4,
};

/// At most so many nonces are tried as one group.
enum { ckeccak_group_max = 16 };

/// Nonces whose hash begins with the zeros asked for, by a kernel that computed 8 bytes of each.
typedef struct {
  uint64_t nonces[ckeccak_group_max];
  /// Those 8 bytes, the first one lowest.
  uint64_t beginnings[ckeccak_group_max];
  uint32_t count;
} ckeccak_hits;

/// The bits that are zero in the first eight bytes of a hash, taken with the first byte lowest, when it
/// begins with `zeros` (at most 16) zero digits. A byte's first digit is its upper half.
static inline uint64_t ckeccak_zero_mask(unsigned zeros) {
  if (zeros >= 16) return ~UINT64_C(0);
  uint64_t whole = (UINT64_C(1) << (8 * (zeros / 2))) - 1;
  return zeros % 2 ? whole | UINT64_C(0xF0) << (8 * (zeros / 2)) : whole;
}

/// Whether this build has the kernel and this processor (and its system) can run it.
bool ckeccak_supports(int kernel);

/// Tries the nonces `first` … `first + count − 1` for hashes with at least `zeros` leading hex
/// zeros and stops after the group that has one.
///
/// The last nonce must not exceed 2^64 − 1; `zeros` beyond 16 counts as 16, since eight bytes of
/// the hash are looked at; the kernel must be supported. The nonces tried are the first ones,
/// without a gap; none beyond `count` is tried or reported. A call of thousands of nonces makes its
/// set-up (some 100 ns) negligible.
///
/// Returns how many were tried.
uint64_t ckeccak_search(
    int kernel, const ckeccak_message *_Nonnull message, uint64_t first, uint64_t count,
    unsigned zeros, ckeccak_hits *_Nonnull hits);

#endif
