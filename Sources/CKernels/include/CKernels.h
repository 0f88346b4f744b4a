#pragma once

#include <stddef.h>
#include <stdint.h>

// Row kernels that fuse what would otherwise be several passes over memory. Each is written once
// (kernels.h) and compiled for the baseline, AVX2+FMA and AVX-512; the widest that this processor
// has is chosen when the program starts. All matrices are row-major; a stride is in floats.

/// The instruction sets the kernels are compiled for.
enum kernel_set { KERNELS_PORTABLE = 0, KERNELS_AVX2 = 1, KERNELS_AVX512 = 2 };

/// The loss of a logistic regression of one feature over its rows, log(1 + exp(−yᵢ(w·xᵢ + b))), and
/// its derivatives by the log-odds, summed as they are and times xᵢ or xᵢ².
struct logistic_sums {
  double loss, slope, slope_x, curve, curve_x, curve_xx;
  /// The largest |xᵢ|.
  double reach;
};

/// The activation functions of MLPs, as indices of the tables below: the exact GELU x·Φ(x), its
/// approximation by tanh, max(x, 0), and x · sigmoid(x).
enum activation { ACT_GELU = 0, ACT_GELU_TANH = 1, ACT_RELU = 2, ACT_SILU = 3, ACT_COUNT = 4 };

/// The kernels of one instruction set.
struct kernels {
  const char *name;

  /// out[i] = exp(x[i]); relative error below 2e-7 where the result is a normal number.
  void (*exponential)(const float *x, float *out, size_t count);

  /// out[i] = erf(x[i]); relative error below 2e-7.
  void (*error_function)(const float *x, float *out, size_t count);

  /// x[r][c] = act(x[r][c] + bias[c]).
  void (*bias_activation[ACT_COUNT])(float *x, size_t stride, size_t rows, size_t columns,
                                     const float *bias);

  /// out[r][c] = act(gate[r][c] + gate_bias[c]) · (linear[r][c] + linear_bias[c]).
  void (*gated_activation[ACT_COUNT])(const float *linear, size_t linear_stride,
                                      const float *linear_bias, const float *gate,
                                      size_t gate_stride, const float *gate_bias, float *out,
                                      size_t out_stride, size_t rows, size_t columns);

  /// x[r][c] += bias[c].
  void (*add_bias)(float *x, size_t stride, size_t rows, size_t columns, const float *bias);

  /// out[r] = (x[index ? index[r] : r] − mean) / sqrt(variance + epsilon), without scale or shift.
  void (*layer_norm)(const float *x, size_t x_stride, const int32_t *index, float *out,
                     size_t out_stride, size_t rows, size_t columns, float epsilon);

  /// out[r] = weight · x[index ? index[r] : r] / sqrt(mean of squares + epsilon); no weight is 1.
  void (*rms_norm)(const float *x, size_t x_stride, const int32_t *index, const float *weight,
                   float *out, size_t out_stride, size_t rows, size_t columns, float epsilon);

  /// Row r attends to the last `window` of its first `first + r + 1` columns: softmax(scale · x)
  /// over them, 0 elsewhere.
  void (*causal_softmax)(float *x, size_t stride, size_t rows, size_t columns, size_t first,
                         size_t window, float scale);

  /// x[r][c] = cap · tanh(scale · (x[r][c] + bias[c]) / cap); no bias is 0.
  void (*soft_cap)(float *x, size_t stride, size_t rows, size_t columns, const float *bias,
                   float scale, float cap);

  /// x[r][c] = scale · x[r][c] + slope · (c − first − r): scores that fall with distance.
  void (*distance_bias)(float *x, size_t stride, size_t rows, size_t columns, size_t first,
                        float scale, float slope);

  /// Carries a running log-sum-exp over another block of columns:
  /// (reference, sum) ← over x[r][c] + bias[c], with sum = Σ exp(x + bias − reference), where the
  /// largest x + bias is at most 60 above the reference. A reference of −∞ begins anew.
  void (*log_sum_exp)(const float *x, size_t stride, size_t rows, size_t columns,
                      const float *bias, float *reference, float *sum);

  /// out[c] += Σ_r x[r][c] over the rows whose bit `group` is set in mask[r].
  void (*grouped_sum)(const float *x, size_t stride, size_t rows, size_t columns,
                      const uint32_t *mask, uint32_t group, float *out);

  /// x[r][c] += factor[r] · direction[c].
  void (*add_outer)(float *x, size_t stride, size_t rows, size_t columns, const float *factor,
                    const float *direction);

  /// The sums over x[i] − mean, whose labels are sign[i], ±1; 0 leaves a row out. In doubles.
  void (*logistic)(const float *x, const float *sign, size_t count, double mean, double w, double b,
                   struct logistic_sums *sums);

  /// How many x[i] are above the threshold; a NaN is not.
  size_t (*count_above)(const float *x, size_t count, float threshold);
};

/// The kernels of an instruction set, or NULL where the processor lacks it.
const struct kernels *kernels_for(enum kernel_set set);

/// The widest kernels this processor has.
const struct kernels *kernels_best(void);

/// Gives freed memory back to the system where the C library would keep it.
void return_freed_memory(void);

