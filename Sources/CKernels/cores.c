// The affinity calls are an extension of the C library.
#define _GNU_SOURCE
#if defined(__linux__)
#include <sched.h>
#endif

#include "CKernels.h"

int allowed_cores(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  return 0;
}
