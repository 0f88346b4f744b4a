#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "CKernels.h"
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma"))), apply_to = function)
#define LANES 16
#define KERNELS kernels_avx512
#define KERNELS_LABEL "AVX-512"
#include "kernels.h"
#pragma clang attribute pop
#endif
