// OpenBLAS chooses its kernels by the model number of the processor. A version that is older than the
// processor does not know the number and takes kernels of 2004, with which a study takes three times
// as long. This chooses by what the processor can do.

#define _POSIX_C_SOURCE 200809L

#include "CKernels.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)

// Parts of an OpenBLAS that holds kernels for several processors; null in one that does not.
extern char *gotoblas_corename(void) __attribute__((weak));
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

extern char **environ;

static const char variable[] = "OPENBLAS_CORETYPE";

/// The newest kernels that this processor can run, by the name that OpenBLAS gives them.
static const char *newest_core(void) {
  if (kernels_for(KERNELS_AVX512)) return "SkylakeX";
  return kernels_for(KERNELS_AVX2) ? "Haswell" : 0;
}

/// The kernels of a numeric profile by the name that OpenBLAS gives them.
static const char *core_of(const char *profile) {
  if (!strcmp(profile, "avx512")) return kernels_for(KERNELS_AVX512) ? "SkylakeX" : 0;
  if (!strcmp(profile, "avx2")) return kernels_for(KERNELS_AVX2) ? "Haswell" : 0;
  return "Prescott";
}

/// Runs before `main`, while one thread alone can read the environment; behind OpenBLAS's own start.
__attribute__((constructor)) static void choose_core(void) {
  if (!gotoblas_corename || !gotoblas_dynamic_init || !gotoblas_dynamic_quit) return;
  const char *profile = getenv(KERNELS_PROFILE);
  const char *core = profile ? core_of(profile) : newest_core();
  // Without a profile the user's own choice stands.
  if (!profile && getenv(variable)) return;
  gotoblas_dynamic_init();
  const char *chosen = gotoblas_corename();
  // What OpenBLAS takes for an Intel and for an AMD processor that it does not know.
  int is_unknown = profile || !strcmp(chosen, "Prescott") || !strcmp(chosen, "Barcelona");
  // Swift finds the command line on the stack, before the environment, and in a static program it looks
  // after this has run: the environment has to be where it was.
  char **stack = environ;
  if (!is_unknown || !core || setenv(variable, core, 1)) return;
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  unsetenv(variable);
  environ = stack;
}

#endif
