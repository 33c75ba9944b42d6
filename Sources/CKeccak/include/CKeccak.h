// Keccak-256 as Ethereum and Stellar's contracts have it: rate 136, padding 0x01 … 0x80. It is not
// SHA3-256, which pads with 0x06.
//
// Everything here is pure: no allocation, no state between calls.

#ifndef CKECCAK_H
#define CKECCAK_H

#include <stddef.h>
#include <stdint.h>

/// Hashes `length` bytes (any length) into the 32 bytes at `hash`. Source: keccak reference 3.0.
void ckeccak_256(const uint8_t *_Nullable message, size_t length, uint8_t *_Nonnull hash);

#endif
