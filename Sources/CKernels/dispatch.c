#include "CKernels.h"

#include <stdlib.h>
#include <string.h>

extern const struct kernels kernels_portable;
#if defined(__x86_64__)
extern const struct kernels kernels_avx2, kernels_avx512;
#endif

const struct kernels *kernels_for(enum kernel_set set) {
  switch (set) {
  case KERNELS_PORTABLE:
    return &kernels_portable;
#if defined(__x86_64__)
  case KERNELS_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &kernels_avx2 : 0;
  case KERNELS_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
               ? &kernels_avx512
               : 0;
#endif
  default:
    return 0;
  }
}

const struct kernels *kernels_best(void) {
  const char *profile = getenv(KERNELS_PROFILE);
  if (profile) {
    const struct kernels *chosen = 0;
    if (!strcmp(profile, "avx512")) chosen = kernels_for(KERNELS_AVX512);
    if (!strcmp(profile, "avx2")) chosen = kernels_for(KERNELS_AVX2);
    return chosen ? chosen : kernels_for(KERNELS_PORTABLE);
  }
  const struct kernels *widest = kernels_for(KERNELS_AVX512);
  if (!widest) widest = kernels_for(KERNELS_AVX2);
  return widest ? widest : kernels_for(KERNELS_PORTABLE);
}
