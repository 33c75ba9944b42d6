#include "search.h"

#include <string.h>

static uint64_t lane(const uint8_t *bytes) {
  uint64_t value = 0;
  for (int i = 7; i >= 0; i--) value = value << 8 | bytes[i];
  return value;
}

static uint64_t rotated(uint64_t value, unsigned by) {
  return by ? value << by | value >> (64 - by) : value;
}

void ckeccak_prepare(ckeccak_prefix *prefix, const ckeccak_message *message, uint32_t high) {
  static const unsigned char rotation[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                             25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};
  uint8_t bytes[80] = {0};
  memcpy(bytes, message->bytes, 76);
  for (int i = 0; i < 4; i++) {
    bytes[4 + i] = (uint8_t)(high >> (24 - 8 * i));
    bytes[8 + i] = 0;
  }
  bytes[76] = 0x01;
  uint64_t state[25] = {0};
  for (int i = 0; i < 10; i++) state[i] = lane(bytes + 8 * i);
  state[16] = UINT64_C(0x80) << 56;

  uint64_t column[5];
  for (int x = 0; x < 5; x++)
    column[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
  for (int x = 0; x < 5; x++) {
    uint64_t parity = column[(x + 4) % 5] ^ rotated(column[(x + 1) % 5], 1);
    for (int y = 0; y < 5; y++)
      prefix->lanes[y + 5 * ((2 * x + 3 * y) % 5)] =
          rotated(state[x + 5 * y] ^ parity, rotation[x + 5 * y]);
  }
}

void ckeccak_256_of_nonce(const ckeccak_message *message, uint64_t nonce, uint8_t *hash) {
  ckeccak_message whole = *message;
  for (int i = 0; i < 8; i++) whole.bytes[4 + i] = (uint8_t)(nonce >> (56 - 8 * i));
  ckeccak_256(whole.bytes, sizeof whole.bytes, hash);
}

static ckeccak_kernel *scalar(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) return ckeccak_search_bmi;
#endif
  return ckeccak_search_plain;
}

static ckeccak_kernel *kernel_of(int kernel) {
  switch (kernel) {
#if defined(__x86_64__)
    case ckeccak_avx2: return ckeccak_search_avx2;
    case ckeccak_avx512: return ckeccak_search_avx512;
#elif defined(__aarch64__)
    case ckeccak_neon: return ckeccak_search_neon;
#endif
    default: return scalar();
  }
}

bool ckeccak_supports(int kernel) {
  switch (kernel) {
    case ckeccak_scalar: return true;
#if defined(__x86_64__)
    // These look at the system's support (XCR0) too, not at the processor's flag alone.
    case ckeccak_avx2: __builtin_cpu_init(); return __builtin_cpu_supports("avx2");
    case ckeccak_avx512:
      __builtin_cpu_init();
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512bw");
#elif defined(__aarch64__)
    case ckeccak_neon: return true;  // part of the architecture
#endif
    default: return false;
  }
}

uint64_t ckeccak_search(
    int kernel, const ckeccak_message *message, uint64_t first, uint64_t count, unsigned zeros,
    ckeccak_hits *hits) {
  ckeccak_kernel *search = kernel_of(kernel);
  uint64_t mask = ckeccak_zero_mask(zeros);
  uint64_t tried = 0;
  hits->count = 0;
  while (tried < count && hits->count == 0) {
    // One stretch of nonces with the same high half.
    uint64_t start = first + tried;
    uint32_t high = (uint32_t)(start >> 32), low = (uint32_t)start;
    uint64_t stretch = (UINT64_C(1) << 32) - low;
    if (stretch > count - tried) stretch = count - tried;
    ckeccak_prefix prefix;
    ckeccak_prepare(&prefix, message, high);
    tried += search(&prefix, low, stretch, mask, hits);
    for (uint32_t i = 0; i < hits->count; i++) hits->nonces[i] |= (uint64_t)high << 32;
  }
  return tried;
}
