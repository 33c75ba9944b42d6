#include "CKeccak.h"

#include "constants.h"

// The plain form, to be read beside the reference: it is what every fast kernel is held to.

enum { rate = 136 };

// Rotations and the places lanes move to, along the one cycle that rho and pi make of 24 lanes.
static const unsigned char rotation[24] = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                           27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};
static const unsigned char place[24] = {10, 7,  11, 17, 18, 3,  5,  16, 8,  21, 24, 4,
                                        15, 23, 19, 13, 12, 2,  20, 14, 22, 9,  6,  1};

static uint64_t rotated(uint64_t lane, unsigned by) { return lane << by | lane >> (64 - by); }

static void permute(uint64_t lanes[25]) {
  for (int round = 0; round < 24; round++) {
    uint64_t column[5];
    for (int x = 0; x < 5; x++)  // theta
      column[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
    for (int x = 0; x < 5; x++) {
      uint64_t parity = column[(x + 4) % 5] ^ rotated(column[(x + 1) % 5], 1);
      for (int y = 0; y < 25; y += 5) lanes[x + y] ^= parity;
    }
    uint64_t moving = lanes[1];  // rho and pi
    for (int i = 0; i < 24; i++) {
      uint64_t next = lanes[place[i]];
      lanes[place[i]] = rotated(moving, rotation[i]);
      moving = next;
    }
    for (int y = 0; y < 25; y += 5) {  // chi
      uint64_t row[5];
      for (int x = 0; x < 5; x++) row[x] = lanes[y + x];
      for (int x = 0; x < 5; x++) lanes[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
    lanes[0] ^= ckeccak_round_constants[round];  // iota
  }
}

static void absorb(uint64_t lanes[25], size_t at, uint8_t byte) {
  lanes[at / 8] ^= (uint64_t)byte << (8 * (at % 8));
}

void ckeccak_256(const uint8_t *message, size_t length, uint8_t *hash) {
  uint64_t lanes[25] = {0};
  size_t at = 0;
  for (size_t i = 0; i < length; i++) {
    absorb(lanes, at, message[i]);
    if (++at == rate) {
      permute(lanes);
      at = 0;
    }
  }
  absorb(lanes, at, 0x01);
  absorb(lanes, rate - 1, 0x80);
  permute(lanes);
  for (int i = 0; i < 32; i++) hash[i] = (uint8_t)(lanes[i / 8] >> (8 * (i % 8)));
}
