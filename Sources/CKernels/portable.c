#define LANES 4
#define KERNELS kernels_portable
#define KERNELS_LABEL "portable"
#include "kernels.h"
