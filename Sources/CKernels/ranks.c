#include <string.h>

#include "CKernels.h"

#define DIGIT_BITS 11
#define DIGITS (1 << DIGIT_BITS)

// Maps the numbers to unsigned integers of the same order and sorts them, ascending, by a radix
// sort of three digits; −0 equals 0. Returns the half of `scratch` (2 · count numbers) that holds
// them.
static const uint32_t *sorted_keys(const float *x, size_t count, uint32_t *scratch) {
  uint32_t places[3][DIGITS];
  memset(places, 0, sizeof places);
  uint32_t *from = scratch, *to = scratch + count;
  for (size_t i = 0; i < count; i++) {
    const float value = x[i] + 0.0f;
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint32_t key = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
    from[i] = key;
    places[0][key & (DIGITS - 1)]++;
    places[1][key >> DIGIT_BITS & (DIGITS - 1)]++;
    places[2][key >> 2 * DIGIT_BITS]++;
  }
  for (int digit = 0; digit < 3; digit++) {
    const int shift = digit * DIGIT_BITS;
    uint32_t *place = places[digit];
    if (count && place[from[0] >> shift & (DIGITS - 1)] == count) continue;
    uint32_t next = 0;
    for (size_t i = 0; i < DIGITS; i++) {
      const uint32_t here = place[i];
      place[i] = next;
      next += here;
    }
    for (size_t i = 0; i < count; i++) to[place[from[i] >> shift & (DIGITS - 1)]++] = from[i];
    uint32_t *other = from;
    from = to;
    to = other;
  }
  return from;
}

// Counts the pairs (p, n) with n < p, or with n ≤ p if `beside` is 1. Both lists are sorted. The
// loop is branch-free, because its comparisons are unpredictable and would often be mispredicted.
static uint64_t pairs(const uint32_t *p, size_t p_count, const uint32_t *n, size_t n_count,
                      uint32_t beside) {
  uint64_t wins = 0;
  size_t i = 0, j = 0;
  while (i < p_count && j < n_count) {
    const size_t is_before = (uint64_t)n[j] < (uint64_t)p[i] + beside;
    wins += is_before ? 0 : j;
    j += is_before;
    i += !is_before;
  }
  return wins + (uint64_t)(p_count - i) * n_count;
}

uint64_t twice_wins(const float *positives, size_t positive_count, const float *negatives,
                    size_t negative_count, uint32_t *scratch) {
  const uint32_t *p = sorted_keys(positives, positive_count, scratch);
  const uint32_t *n = sorted_keys(negatives, negative_count, scratch + 2 * positive_count);
  return pairs(p, positive_count, n, negative_count, 0)
         + pairs(p, positive_count, n, negative_count, 1);
}
