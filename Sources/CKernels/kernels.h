// The body of every kernel, for vectors of LANES floats. It is included once per instruction set,
// with LANES, KERNELS (the name of the table) and KERNELS_LABEL defined. Products and sums are
// written a * b + c; the compiler contracts them to fused multiply-adds if the instruction set has
// them.

#include <string.h>

#include "CKernels.h"

typedef float vf __attribute__((ext_vector_type(LANES)));
typedef int32_t vi __attribute__((ext_vector_type(LANES)));

static inline vf load(const float *p) {
  vf v;
  memcpy(&v, p, sizeof v);
  return v;
}

static inline void store(float *p, vf v) { memcpy(p, &v, sizeof v); }

static inline vf select_vf(vi condition, vf yes, vf no) {
  vi a, b;
  memcpy(&a, &yes, sizeof a);
  memcpy(&b, &no, sizeof b);
  vi c = (condition & a) | (~condition & b);
  vf out;
  memcpy(&out, &c, sizeof out);
  return out;
}

// The lanes below `count`.
static inline vi first_lanes(size_t count) {
  vi lane;
  for (int32_t i = 0; i < LANES; i++) lane[i] = i;
  return lane < (int32_t)count;
}

// Fewer floats than a vector has lanes; the other lanes are `fill` and are not read.
static inline vf load_part(const float *p, size_t count, float fill) {
#if LANES == 16
  const __mmask16 inside = _mm512_movepi32_mask((__m512i)first_lanes(count));
  return (vf)_mm512_mask_loadu_ps(_mm512_set1_ps(fill), inside, p);
#elif LANES == 8
  const vi inside = first_lanes(count);
  return select_vf(inside, (vf)_mm256_maskload_ps(p, (__m256i)inside), (vf)(fill));
#else
  float buffer[LANES];
  for (size_t i = 0; i < LANES; i++) buffer[i] = i < count ? p[i] : fill;
  return load(buffer);
#endif
}

static inline void store_part(float *p, vf v, size_t count) {
#if LANES == 16
  _mm512_mask_storeu_ps(p, _mm512_movepi32_mask((__m512i)first_lanes(count)), (__m512)v);
#elif LANES == 8
  _mm256_maskstore_ps(p, (__m256i)first_lanes(count), (__m256)v);
#else
  float buffer[LANES];
  store(buffer, v);
  for (size_t i = 0; i < count; i++) p[i] = buffer[i];
#endif
}

static inline float horizontal_sum(vf v) {
  float lanes[LANES];
  store(lanes, v);
  for (size_t width = LANES / 2; width > 0; width /= 2)
    for (size_t i = 0; i < width; i++) lanes[i] += lanes[i + width];
  return lanes[0];
}

static inline float horizontal_max(vf v) {
  float lanes[LANES];
  store(lanes, v);
  for (size_t width = LANES / 2; width > 0; width /= 2)
    for (size_t i = 0; i < width; i++)
      lanes[i] = lanes[i] > lanes[i + width] ? lanes[i] : lanes[i + width];
  return lanes[0];
}

// exp(x) = 2^k · exp(r), with r = x − k·ln 2 subtracted in two parts (Cody and Waite) and |r| ≤
// ln(2)/2, where the Taylor polynomial of degree 7 is accurate to 6e-9. Returns exp(r), for |x| ≤
// 110.
static inline vf exp_fraction(vf x, vi *k) {
  const float magic = 12582912.0f; // 1.5 · 2^23: adding it rounds to an integer
  vf shifted = x * 1.44269504f + magic;
  vf n = shifted - magic;
  memcpy(k, &shifted, sizeof *k);
  *k -= 0x4B400000;
  vf r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  vf p = (vf)(1.0f / 5040);
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * (r * r) + r;
  return p + 1.0f;
}

static inline vf power_of_two(vi k) {
  vi bits = (k + 127) << 23;
  vf power;
  memcpy(&power, &bits, sizeof power);
  return power;
}

// p · 2^k, which underflows gradually to subnormals and overflows to infinity.
static inline vf scaled(vf p, vi k) {
#if LANES == 16
  return (vf)_mm512_scalef_ps((__m512)p, _mm512_cvtepi32_ps((__m512i)k));
#else
  vi half = k >> 1;
  return p * power_of_two(half) * power_of_two(k - half);
#endif
}

// NaN stays NaN.
static inline vf exp_vf(vf x) {
  vf lowest = (vf)(-110.0f), highest = (vf)(90.0f);
  x = select_vf(x > highest, highest, x);
  x = select_vf(lowest > x, lowest, x);
  vi k;
  vf p = exp_fraction(x, &k);
  return scaled(p, k);
}

// A term of a sum whose largest terms are near 1: exp(x) for x ≤ 64. Below −87 it returns exp(−87),
// which is 1.6e-38. NaN stays NaN.
static inline vf exp_term(vf x) {
  vf lowest = (vf)(-87.0f);
  x = select_vf(lowest > x, lowest, x);
  vi k;
  vf p = exp_fraction(x, &k);
  return p * power_of_two(k);
}

// The two ranges of erf for t = |x|: erf(t) = t + t·q(t²) below 0.9, erfc(t) = exp(−g(t)) above.
// Tests/reference/kernel_coefficients.py fits both polynomials.
static inline vf erf_small(vf t) {
  vf s = t * t;
  vf q = (vf)(8.513180316e-05f);
  q = q * s - 8.175657575e-04f;
  q = q * s + 5.203860818e-03f;
  q = q * s - 2.686050917e-02f;
  q = q * s + 1.128371505e-01f;
  q = q * s - 3.761263498e-01f;
  q = q * s + 1.283791668e-01f;
  return q * t + t;
}

static inline vf erfc_large(vf t) {
  vf g = (vf)(-1.405483709e-06f);
  g = g * t + 4.153215709e-05f;
  g = g * t - 5.593507031e-04f;
  g = g * t + 4.588516458e-03f;
  g = g * t - 2.595048081e-02f;
  g = g * t + 1.092830241e-01f;
  g = g * t + 6.326364126e-01f;
  g = g * t + 1.129781481e+00f;
  g = g * t - 2.142438465e-04f;
  // The fit ends at 4.7, where erfc is below 3e-11.
  return select_vf(t < 4.7f, exp_vf(-g), (vf)(0.0f));
}

static inline vf erf_vf(vf x) {
  vf t = __builtin_elementwise_abs(x);
  vf magnitude = select_vf(t < 0.9f, erf_small(t), 1.0f - erfc_large(t));
  return __builtin_elementwise_copysign(magnitude, x);
}

// x·Φ(x) = x/2·(1 + erf(x/√2)); for negative x, 1 − erf is taken from erfc to keep its digits.
static inline vf gelu_vf(vf x) {
  vf t = __builtin_elementwise_abs(x) * 0.70710678f;
  vf half = x * 0.5f;
  vf small = half + __builtin_elementwise_abs(half) * erf_small(t);
  vf tail = half * erfc_large(t);
  vf large = select_vf(x > 0.0f, x - tail, tail);
  return select_vf(t < 0.9f, small, large);
}

// The approximation x/2·(1 + tanh u) = x / (1 + exp(−2u)), with u = √(2/π)·(x + 0.044715·x³).
static inline vf gelu_tanh_vf(vf x) {
  vf u = x * ((x * x) * 0.0356774081f + 0.7978845608f);
  return x / (exp_vf(u * -2.0f) + 1.0f);
}

static inline vf relu_vf(vf x) { return select_vf(x < 0.0f, (vf)(0.0f), x); }

static inline vf silu_vf(vf x) { return x / (exp_vf(-x) + 1.0f); }

// tanh by its Taylor series near 0, where (1 − e)/(1 + e) with e = exp(−2|x|) would lose digits.
static inline vf tanh_vf(vf x) {
  vf s = x * x;
  vf p = (vf)(-1382.0f / 155925);
  p = p * s + 62.0f / 2835;
  p = p * s - 17.0f / 315;
  p = p * s + 2.0f / 15;
  p = p * s - 1.0f / 3;
  vf near = x + x * (s * p);
  vf t = __builtin_elementwise_abs(x);
  vf e = exp_vf(t * -2.0f);
  vf far = __builtin_elementwise_copysign((1.0f - e) / (e + 1.0f), x);
  return select_vf(t < 0.3f, near, far);
}

#define EACH(count, body_full, body_part)                                                         \
  size_t c = 0;                                                                                   \
  for (; c + LANES <= (count); c += LANES) body_full;                                             \
  if (c < (count)) {                                                                              \
    const size_t left = (count) - c;                                                              \
    body_part;                                                                                    \
  }

static void exponential(const float *x, float *out, size_t count) {
  EACH(count, store(out + c, exp_vf(load(x + c))),
       store_part(out + c, exp_vf(load_part(x + c, left, 0)), left))
}

static void error_function(const float *x, float *out, size_t count) {
  EACH(count, store(out + c, erf_vf(load(x + c))),
       store_part(out + c, erf_vf(load_part(x + c, left, 0)), left))
}

#define ACTIVATION(name)                                                                          \
  static void bias_##name(float *x, size_t stride, size_t rows, size_t columns,                   \
                          const float *bias) {                                                    \
    for (size_t r = 0; r < rows; r++) {                                                           \
      float *row = x + r * stride;                                                                \
      EACH(columns, store(row + c, name##_vf(load(row + c) + load(bias + c))),                    \
           store_part(row + c,                                                                    \
                      name##_vf(load_part(row + c, left, 0) + load_part(bias + c, left, 0)),      \
                      left))                                                                      \
    }                                                                                             \
  }                                                                                               \
  static void gated_##name(const float *linear, size_t linear_stride, const float *linear_bias,   \
                           const float *gate, size_t gate_stride, const float *gate_bias,         \
                           float *out, size_t out_stride, size_t rows, size_t columns) {          \
    for (size_t r = 0; r < rows; r++) {                                                           \
      const float *l = linear + r * linear_stride, *g = gate + r * gate_stride;                   \
      float *to = out + r * out_stride;                                                           \
      EACH(columns,                                                                               \
           store(to + c, name##_vf(load(g + c) + load(gate_bias + c)) *                           \
                             (load(l + c) + load(linear_bias + c))),                              \
           store_part(to + c,                                                                     \
                      name##_vf(load_part(g + c, left, 0) + load_part(gate_bias + c, left, 0)) *  \
                          (load_part(l + c, left, 0) + load_part(linear_bias + c, left, 0)),      \
                      left))                                                                      \
    }                                                                                             \
  }

ACTIVATION(gelu)
ACTIVATION(gelu_tanh)
ACTIVATION(relu)
ACTIVATION(silu)

static void add_bias(float *x, size_t stride, size_t rows, size_t columns, const float *bias) {
  for (size_t r = 0; r < rows; r++) {
    float *row = x + r * stride;
    for (size_t c = 0; c < columns; c++) row[c] += bias[c];
  }
}

static void layer_norm(const float *x, size_t x_stride, const int32_t *index, float *out,
                       size_t out_stride, size_t rows, size_t columns, float epsilon) {
  for (size_t r = 0; r < rows; r++) {
    const float *row = x + (index ? (size_t)index[r] : r) * x_stride;
    float *to = out + r * out_stride;
    vf sums = (vf)(0.0f);
    float mean;
    {
      EACH(columns, sums += load(row + c), sums += load_part(row + c, left, 0))
      mean = horizontal_sum(sums) / (float)columns;
    }
    vf squares = (vf)(0.0f);
    {
      EACH(columns,
           {
             vf d = load(row + c) - mean;
             squares += d * d;
           },
           {
             vf d = load_part(row + c, left, mean) - mean;
             squares += d * d;
           })
    }
    float variance = horizontal_sum(squares) / (float)columns;
    // If the variance overflows, the scale becomes NaN; 1/√∞ = 0 would hide the overflow.
    float scale = 1.0f / __builtin_sqrtf(variance + epsilon) + (variance - variance);
    {
      EACH(columns, store(to + c, (load(row + c) - mean) * scale),
           store_part(to + c, (load_part(row + c, left, mean) - mean) * scale, left))
    }
  }
}

static void rms_norm(const float *x, size_t x_stride, const int32_t *index, const float *weight,
                     float *out, size_t out_stride, size_t rows, size_t columns, float epsilon) {
  for (size_t r = 0; r < rows; r++) {
    const float *row = x + (index ? (size_t)index[r] : r) * x_stride;
    float *to = out + r * out_stride;
    vf squares = (vf)(0.0f);
    {
      EACH(columns,
           {
             vf v = load(row + c);
             squares += v * v;
           },
           {
             vf v = load_part(row + c, left, 0);
             squares += v * v;
           })
    }
    float mean = horizontal_sum(squares) / (float)columns;
    // If the squares overflow, the row becomes NaN; 1/√∞ = 0 would hide the overflow.
    float scale = 1.0f / __builtin_sqrtf(mean + epsilon) + (mean - mean);
    if (weight) {
      EACH(columns, store(to + c, load(row + c) * scale * load(weight + c)),
           store_part(to + c, load_part(row + c, left, 0) * scale * load_part(weight + c, left, 0),
                      left))
    } else {
      EACH(columns, store(to + c, load(row + c) * scale),
           store_part(to + c, load_part(row + c, left, 0) * scale, left))
    }
  }
}

static void causal_softmax(float *x, size_t stride, size_t rows, size_t columns, size_t first,
                           size_t window, float scale) {
  for (size_t r = 0; r < rows; r++) {
    float *all = x + r * stride;
    const size_t end = first + r + 1 < columns ? first + r + 1 : columns;
    const size_t hidden = first + r + 1 > window ? first + r + 1 - window : 0;
    const size_t start = hidden < end ? hidden : end;
    float *row = all + start;
    const size_t seen = end - start;
    vf top = (vf)(-__builtin_inff());
    {
      EACH(seen,
           {
             vf x = load(row + c);
             top = select_vf(top > x, top, x);
           },
           {
             vf x = load_part(row + c, left, -__builtin_inff());
             top = select_vf(top > x, top, x);
           })
    }
    const float maximum = horizontal_max(top);
    vf sums = (vf)(0.0f);
    {
      EACH(seen,
           {
             vf e = exp_vf((load(row + c) - maximum) * scale);
             sums += e;
             store(row + c, e);
           },
           {
             vf e = exp_vf((load_part(row + c, left, -__builtin_inff()) - maximum) * scale);
             store_part(row + c, e, left);
             sums += select_vf(first_lanes(left), e, (vf)(0.0f));
           })
    }
    const float inverse = 1.0f / horizontal_sum(sums);
    {
      EACH(seen, store(row + c, load(row + c) * inverse),
           store_part(row + c, load_part(row + c, left, 0) * inverse, left))
    }
    if (start > 0) memset(all, 0, start * sizeof(float));
    if (end < columns) memset(all + end, 0, (columns - end) * sizeof(float));
  }
}

static void soft_cap(float *x, size_t stride, size_t rows, size_t columns, const float *bias,
                     float scale, float cap) {
  const float factor = scale / cap;
  for (size_t r = 0; r < rows; r++) {
    float *row = x + r * stride;
    EACH(columns,
         {
           vf v = load(row + c);
           if (bias) v += load(bias + c);
           store(row + c, tanh_vf(v * factor) * cap);
         },
         {
           vf v = load_part(row + c, left, 0);
           if (bias) v += load_part(bias + c, left, 0);
           store_part(row + c, tanh_vf(v * factor) * cap, left);
         })
  }
}

static void distance_bias(float *x, size_t stride, size_t rows, size_t columns, size_t first,
                          float scale, float slope) {
  for (size_t r = 0; r < rows; r++) {
    float *row = x + r * stride;
    const float here = (float)(first + r);
    for (size_t c = 0; c < columns; c++) row[c] = row[c] * scale + slope * ((float)c - here);
  }
}

// A vector of half as many floats: heads are often narrower than LANES pairs.
#define HALF (LANES / 2)
typedef float vh __attribute__((ext_vector_type(HALF)));

static inline vh load_half(const float *p) {
  vh v;
  memcpy(&v, p, sizeof v);
  return v;
}

static inline void store_half(float *p, vh v) { memcpy(p, &v, sizeof v); }

static void rotary(float *x, size_t stride, size_t rows, size_t heads, size_t head_size,
                   const float *cosine, const float *sine, size_t pairs, int are_adjacent) {
// Products are rounded before they are added, in every instruction set.
#pragma clang fp contract(off)
  const size_t step = are_adjacent ? 2 : 1, other = are_adjacent ? 1 : pairs;
  for (size_t r = 0; r < rows; r++) {
    const float *c = cosine + r * pairs, *s = sine + r * pairs;
    for (size_t head = 0; head < heads; head++) {
      float *low = x + r * stride + head * head_size, *high = low + other;
      size_t i = 0;
      for (; !are_adjacent && i + HALF <= pairs; i += HALF) {
        const vh a = load_half(low + i), b = load_half(high + i);
        const vh cosines = load_half(c + i), sines = load_half(s + i);
        store_half(low + i, a * cosines - b * sines);
        store_half(high + i, b * cosines + a * sines);
      }
      for (; i < pairs; i++) {
        const float a = low[i * step], b = high[i * step];
        low[i * step] = a * c[i] - b * s[i];
        high[i * step] = b * c[i] + a * s[i];
      }
    }
  }
}

static float row_maximum(const float *row, const float *bias, size_t columns) {
  const float lowest = -__builtin_inff();
  vf top = (vf)(lowest);
  EACH(columns, top = __builtin_elementwise_max(top, load(row + c) + load(bias + c)),
       top = __builtin_elementwise_max(
           top, load_part(row + c, left, lowest) + load_part(bias + c, left, 0)))
  return horizontal_max(top);
}

// Returns Σ exp(x + bias − reference) over a row; `highest` is the largest x + bias − reference.
static float row_sum(const float *row, const float *bias, size_t columns, float reference,
                     float *highest) {
  const float lowest = -__builtin_inff();
  vf sums = (vf)(0.0f), top = (vf)(lowest);
  EACH(columns,
       {
         vf x = load(row + c) + (load(bias + c) - reference);
         top = select_vf(top > x, top, x);
         sums += exp_term(x);
       },
       {
         vf x = load_part(row + c, left, lowest) + (load_part(bias + c, left, 0) - reference);
         top = select_vf(top > x, top, x);
         sums += select_vf(first_lanes(left), exp_term(x), (vf)(0.0f));
       })
  *highest = horizontal_max(top);
  return horizontal_sum(sums);
}

static void log_sum_exp(const float *x, size_t stride, size_t rows, size_t columns,
                        const float *bias, float *reference, float *sum) {
  for (size_t r = 0; r < rows; r++) {
    const float *row = x + r * stride;
    // The reference need not be the largest logit; it only has to be near enough to prevent
    // overflow and loss of digits. The first block's maximum is kept until another logit is 60
    // above it.
    const int first = reference[r] == -__builtin_inff();
    float now = first ? row_maximum(row, bias, columns) : reference[r];
    float highest, carried = first ? 0 : sum[r];
    float added = row_sum(row, bias, columns, now, &highest);
    if (highest > 60) {
      float factor[LANES];
      store(factor, exp_vf((vf)(-highest)));
      carried *= factor[0];
      now = row_maximum(row, bias, columns);
      added = row_sum(row, bias, columns, now, &highest);
    }
    reference[r] = now;
    sum[r] = carried + added;
  }
}

static void grouped_sum(const float *x, size_t stride, size_t rows, size_t columns,
                        const uint32_t *mask, uint32_t group, float *out) {
  const uint32_t bit = (uint32_t)1 << group;
  for (size_t r = 0; r < rows; r++) {
    if (!(mask[r] & bit)) continue;
    const float *row = x + r * stride;
    for (size_t c = 0; c < columns; c++) out[c] += row[c];
  }
}

static void add_outer(float *x, size_t stride, size_t rows, size_t columns, const float *factor,
                      const float *direction) {
  for (size_t r = 0; r < rows; r++) {
    float *row = x + r * stride;
    const float f = factor[r];
    for (size_t c = 0; c < columns; c++) row[c] += f * direction[c];
  }
}

// A vector of doubles as wide as LANES floats.
#define WIDE HALF
typedef double vd __attribute__((ext_vector_type(WIDE)));
typedef int64_t vl __attribute__((ext_vector_type(WIDE)));

// e^x for x ≤ 0 within 3 units in the last place; below −700 it returns e^−700. The method is that
// of exp_vf, with a Taylor polynomial of degree 12.
static inline vd exp_vd(vd x) {
  const double magic = 0x1.8p52;
  x = __builtin_elementwise_max((vd)(-700.0), x);
  vd shifted = x * 1.4426950408889634 + magic;
  vd n = shifted - magic;
  vl k;
  memcpy(&k, &shifted, sizeof k);
  vd r = x - n * 0x1.62e42feep-1;
  r = r - n * 0x1.a39ef35793c76p-33;
  vd p = (vd)(1.0);
  for (int term = 12; term > 0; term--) p = p * (r * (1.0 / term)) + 1.0;
  vl bits = (k + 1023) << 52;
  vd power;
  memcpy(&power, &bits, sizeof power);
  return p * power;
}

static inline vd load_wide(const float *p, size_t count) {
  vh v = (vh)(0.0f);
  if (count >= WIDE) {
    memcpy(&v, p, sizeof v);
  } else {
    memcpy(&v, p, count * sizeof(float));
  }
  return __builtin_convertvector(v, vd);
}

static inline double sum_vd(vd v) {
  double sum = 0;
  for (size_t i = 0; i < WIDE; i++) sum += v[i];
  return sum;
}

static void logistic(const float *x, const float *sign, size_t count, double mean, double w, double b,
                     struct logistic_sums *sums) {
  vd slope = (vd)(0.0), slope_x = slope, curve = slope, curve_x = slope, curve_xx = slope;
  vd reach = slope, shortfall = slope;
  double logs = 0;
  for (size_t start = 0; start < count; start += 512 * WIDE) {
    const size_t end = start + 512 * WIDE < count ? start + 512 * WIDE : count;
    // One logarithm of a product of many rows' factors, each from 1 to 2, replaces one per row.
    vd product = (vd)(1.0);
    for (size_t i = start; i < end; i += WIDE) {
      const vd y = load_wide(sign + i, end - i), kept = y * y;
      const vd v = (load_wide(x + i, end - i) - mean) * kept;
      const vd margin = y * (v * w + b);
      const vd size = __builtin_elementwise_abs(margin);
      const vd tail = exp_vd(-size);
      const vd near = 1.0 / (tail + 1.0), far = tail * near;
      const vd wrong = __builtin_convertvector(margin > 0.0, vd); // −1 where the row is right
      const vd s = -y * (near + (near - far) * wrong);
      const vd c = kept * near * far;
      slope += s;
      slope_x += s * v;
      curve += c;
      curve_x += c * v;
      curve_xx += c * v * v;
      reach = __builtin_elementwise_max(reach, __builtin_elementwise_abs(v));
      product *= tail * kept + 1.0;
      shortfall += size - margin;
    }
    for (size_t i = 0; i < WIDE; i++) logs += __builtin_log(product[i]);
  }
  sums->loss = logs + sum_vd(shortfall) / 2;
  sums->slope = sum_vd(slope);
  sums->slope_x = sum_vd(slope_x);
  sums->curve = sum_vd(curve);
  sums->curve_x = sum_vd(curve_x);
  sums->curve_xx = sum_vd(curve_xx);
  sums->reach = __builtin_reduce_max(reach);
}

static double sum(const float *x, size_t count) {
  vd sum = (vd)(0.0), other = sum;
  for (size_t i = 0; i < count; i += 2 * WIDE) {
    sum += load_wide(x + i, count - i);
    if (i + WIDE < count) other += load_wide(x + i + WIDE, count - i - WIDE);
  }
  return sum_vd(sum + other);
}

static size_t count_above(const float *x, size_t count, float threshold) {
  size_t above = 0;
  size_t i = 0;
  // Each lane counts in 32 bits, which far fewer rows than 2^31 cannot overflow.
  vi counts = (vi)(0);
  for (; i + LANES <= count; i += LANES) counts -= load(x + i) > threshold;
  for (size_t lane = 0; lane < LANES; lane++) above += (size_t)counts[lane];
  for (; i < count; i++) above += x[i] > threshold;
  return above;
}

// Bins are steps of a quarter of an octave: the exponent and two bits of the mantissa, counted from
// 2^−4. A positive number lies in (lower, upper] and a negative one mirrors it, as 1 is taken from the
// bits of a positive one.
static void count_bins(const float *x, size_t stride, size_t rows, size_t columns,
                       uint32_t *counts) {
  const int32_t base = 491; // the bits of 2^−4, shifted by 21, less 1
  const size_t run = 256;   // columns whose counts stay near the processor
  for (size_t first = 0; first < columns; first += run) {
    const size_t count = first + run < columns ? run : columns - first;
    uint32_t *bins = counts + 64 * first;
    for (size_t r = 0; r < rows; r++) {
      const float *row = x + r * stride + first;
      size_t c = 0;
      for (; c + LANES <= count; c += LANES) {
        vi bits;
        memcpy(&bits, row + c, sizeof bits);
        const vi positive = bits > 0;
        const vi size = (positive & (bits - 1)) | (~positive & bits & 0x7FFFFFFF);
        const vi step = __builtin_elementwise_max((size >> 21) - base, (vi)(0));
        const vi bin = (positive & (22 + __builtin_elementwise_min(step, (vi)(41))))
                       | (~positive & (21 - __builtin_elementwise_min(step, (vi)(21))));
        for (size_t lane = 0; lane < LANES; lane++) bins[64 * (c + lane) + (size_t)bin[lane]]++;
      }
      for (; c < count; c++) {
        int32_t bits;
        memcpy(&bits, row + c, sizeof bits);
        int32_t step = ((bits > 0 ? bits - 1 : bits & 0x7FFFFFFF) >> 21) - base;
        if (step < 0) step = 0;
        const int32_t bin = bits > 0 ? 22 + (step < 41 ? step : 41) : 21 - (step < 21 ? step : 21);
        bins[64 * c + (size_t)bin]++;
      }
    }
  }
}

// Columns are taken in runs whose sums stay in the first cache. A square of a float is exact in
// double precision, so that every instruction set gives the same sums.
static void column_moments(const float *x, size_t stride, size_t rows, size_t columns, double *sum,
                           double *squares, float *least, float *most, int32_t *place) {
  const size_t run = 256;
  for (size_t first = 0; first < columns; first += run) {
    const size_t count = first + run < columns ? run : columns - first;
    double *restrict s = sum + first, *restrict q = squares + first;
    float *restrict low = least + first, *restrict high = most + first;
    int32_t *restrict at = place + first;
    for (size_t c = 0; c < count; c++) {
      s[c] = q[c] = 0;
      low[c] = __builtin_inff();
      high[c] = -__builtin_inff();
      at[c] = 0;
    }
    for (size_t r = 0; r < rows; r++) {
      const float *restrict row = x + r * stride + first;
      for (size_t c = 0; c < count; c++) {
        const double v = row[c];
        s[c] += v;
        q[c] += v * v;
      }
      for (size_t c = 0; c < count; c++) {
        const float v = row[c];
        low[c] = v < low[c] ? v : low[c];
        at[c] = v > high[c] ? (int32_t)r : at[c];
        high[c] = v > high[c] ? v : high[c];
      }
    }
  }
}

const struct kernels KERNELS = {
    .name = KERNELS_LABEL,
    .exponential = exponential,
    .error_function = error_function,
    .bias_activation = {bias_gelu, bias_gelu_tanh, bias_relu, bias_silu},
    .gated_activation = {gated_gelu, gated_gelu_tanh, gated_relu, gated_silu},
    .add_bias = add_bias,
    .layer_norm = layer_norm,
    .rms_norm = rms_norm,
    .causal_softmax = causal_softmax,
    .soft_cap = soft_cap,
    .distance_bias = distance_bias,
    .rotary = rotary,
    .log_sum_exp = log_sum_exp,
    .grouped_sum = grouped_sum,
    .add_outer = add_outer,
    .logistic = logistic,
    .sum = sum,
    .count_above = count_above,
    .count_bins = count_bins,
    .column_moments = column_moments,
};
