#include <stdint.h>
#include <sys/random.h>

/// glibc has this function from 2.36 on. The C++ library of a newer system asks for it, and then the
/// program would not start on an older one.
uint32_t arc4random(void) {
  uint32_t value;
  while (getrandom(&value, sizeof value, 0) != sizeof value) {
  }
  return value;
}
