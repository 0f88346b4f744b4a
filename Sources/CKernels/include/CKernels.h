#pragma once

#include <stddef.h>
#include <stdint.h>

// Row kernels that fuse several passes over memory into one. Each is written once (kernels.h) and
// compiled for the baseline, AVX2+FMA and AVX-512; the widest that the processor has is chosen when
// the program starts. All matrices are row-major; strides are in floats.

/// The instruction sets the kernels are compiled for.
enum kernel_set { KERNELS_PORTABLE = 0, KERNELS_AVX2 = 1, KERNELS_AVX512 = 2 };

/// The environment variable that names a numeric profile: `avx512`, `avx2` or `portable`. Under one
/// profile every processor that can run it gives the same digits.
#define KERNELS_PROFILE "REPORTGEN_NUMERICS"

/// The loss of a logistic regression of one feature, Σ log(1 + exp(−yᵢ(w·xᵢ + b))), and the sums of
/// its derivatives by the log-odds: slope = Σg, slope_x = Σg·x, curve = Σh, curve_x = Σh·x,
/// curve_xx = Σh·x², with g the first derivative and h the second.
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

  /// out[r] = weight · x[index ? index[r] : r] / sqrt(mean of squares + epsilon); NULL weight is 1.
  void (*rms_norm)(const float *x, size_t x_stride, const int32_t *index, const float *weight,
                   float *out, size_t out_stride, size_t rows, size_t columns, float epsilon);

  /// Row r attends to the last `window` of its first `first + r + 1` columns: softmax(scale · x)
  /// over them, 0 elsewhere.
  void (*causal_softmax)(float *x, size_t stride, size_t rows, size_t columns, size_t first,
                         size_t window, float scale);

  /// x[r][c] = cap · tanh(scale · (x[r][c] + bias[c]) / cap); NULL bias is 0.
  void (*soft_cap)(float *x, size_t stride, size_t rows, size_t columns, const float *bias,
                   float scale, float cap);

  /// Turns the pairs (x[r][i], x[r][pairs + i]), or (x[r][2i], x[r][2i + 1]) if they are adjacent, of
  /// each of `heads` heads by the angle with cosine[r · pairs + i] and sine[r · pairs + i]. Every
  /// instruction set gives the same numbers.
  void (*rotary)(float *x, size_t stride, size_t rows, size_t heads, size_t head_size,
                 const float *cosine, const float *sine, size_t pairs, int are_adjacent);

  /// x[r][c] = scale · x[r][c] + slope · (c − first − r): scores that fall with distance (ALiBi).
  void (*distance_bias)(float *x, size_t stride, size_t rows, size_t columns, size_t first,
                        float scale, float slope);

  /// Updates a running log-sum-exp by another block of columns: sum = Σ exp(x + bias − reference)
  /// over all x[r][c] + bias[c] so far, the largest of which is at most 60 above the reference. A
  /// reference of −∞ starts a new sum.
  void (*log_sum_exp)(const float *x, size_t stride, size_t rows, size_t columns,
                      const float *bias, float *reference, float *sum);

  /// out[c] += Σ_r x[r][c] over the rows whose bit `group` is set in mask[r].
  void (*grouped_sum)(const float *x, size_t stride, size_t rows, size_t columns,
                      const uint32_t *mask, uint32_t group, float *out);

  /// x[r][c] += factor[r] · direction[c].
  void (*add_outer)(float *x, size_t stride, size_t rows, size_t columns, const float *factor,
                    const float *direction);

  /// Sums in doubles over x[i] − mean, with the labels sign[i] = ±1; 0 leaves a row out.
  void (*logistic)(const float *x, const float *sign, size_t count, double mean, double w, double b,
                   struct logistic_sums *sums);

  /// Σ x[i], in doubles.
  double (*sum)(const float *x, size_t count);

  /// The number of x[i] that exceed the threshold.
  size_t (*count_above)(const float *x, size_t count, float threshold);

  /// counts[64 · c + bin] += 1 for every x[r][c]. The bins have fixed edges: bin 21 holds (−1/16, 0]
  /// and bin 22 (0, 1/16]; from there on each octave has four bins, up to 64 and down to −2, and the
  /// first and the last bin hold what lies beyond.
  void (*count_bins)(const float *x, size_t stride, size_t rows, size_t columns, uint32_t *counts);

  /// For each column: Σ x and Σ x² in doubles, the least, the largest, and the row of the first
  /// largest; ±∞ and row 0 for no rows.
  void (*column_moments)(const float *x, size_t stride, size_t rows, size_t columns, double *sum,
                         double *squares, float *least, float *most, int32_t *place);
};

/// The kernels for an instruction set, or NULL if the processor lacks it.
const struct kernels *kernels_for(enum kernel_set set);

/// The kernels for the widest instruction set of this processor.
const struct kernels *kernels_best(void);

/// Twice the number of pairs whose positive exceeds its negative; a tie counts half (Mann–Whitney).
/// No number may be NaN; `scratch` holds 2 · (positives + negatives) numbers.
uint64_t twice_wins(const float *positives, size_t positive_count, const float *negatives,
                    size_t negative_count, uint32_t *scratch);

/// Returns freed memory to the system if the C library would keep it.
void return_freed_memory(void);

/// The cores on which this process may be scheduled; 0 if the system does not tell.
int allowed_cores(void);

