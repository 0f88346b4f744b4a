#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "CKernels.h"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define KERNELS kernels_avx2
#define KERNELS_LABEL "AVX2"
#include "kernels.h"
#pragma clang attribute pop
#endif
