// SPDX-License-Identifier: BSD-3-Clause
// What an optimizer does to one element: the parameter, its gradient and up to three numbers of state (bit k of `states`
// is set if it has the k-th). Numbers that are the same for all elements are computed once, in double, and come as R.
#pragma once
#include <torchlite/core/config.hpp>
#include <torchlite/core/math/compare.hpp>
#include <torchlite/core/math/power.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// p -= lr * (sign * g + decay * p)
template <class R>
struct SgdUpdate {
  static constexpr unsigned states = 0;
  R lr, sign, decay;

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void operator()(R& p, R g, R&, R&, R&) const { p -= lr * (sign * g + decay * p); }
};

/// v = keep * v + take * g;  p -= lr * (of_g * g + of_v * v). Nesterov: of_g = 1, of_v = momentum; otherwise 0 and 1.
template <class R>
struct MomentumUpdate {
  static constexpr unsigned states = 1;
  R lr, sign, decay, keep, take, of_g, of_v;

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void operator()(R& p, R g, R& v, R&, R&) const {
    const R d = sign * g + decay * p;
    v = keep * v + take * d;
    p -= lr * (of_g * d + of_v * v);
  }
};

/// m and v are moving averages of g and g^2, step_size = lr / (1 - beta1^t), rescale = 1 / sqrt(1 - beta2^t):
///   p = shrink * p - step_size * m / (sqrt(v) * rescale + eps)
/// decay adds to the gradient (Adam), shrink acts on the parameter alone (AdamW). Source: Kingma and Ba, ICLR 2015; Loshchilov and
/// Hutter, ICLR 2019.
template <class R, bool Amsgrad>
struct AdamUpdate {
  static constexpr unsigned states = Amsgrad ? 7 : 3;
  R sign, decay, shrink, take1, keep2, take2, step_size, rescale, eps;

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void operator()(R& p, R g, R& m, R& v, R& largest) const {
    const R d = sign * g + decay * p;
    m += take1 * (d - m);
    v = keep2 * v + take2 * d * d;
    R second = v;
    if constexpr (Amsgrad) second = largest = math::max(largest, v);
    p = shrink * p - step_size * (m / (math::sqrt(second) * rescale + eps));
  }
};

/// v is the moving average of g^2, centred by that of g:  p -= lr * g / (sqrt(v - mean^2) + eps), with momentum if asked for.
/// Source: Hinton, lecture notes, 2012; Graves 2013 for the centred form.
template <class R, bool Centered, bool Momentum>
struct RmspropUpdate {
  static constexpr unsigned states = 1 + (Centered ? 2 : 0) + (Momentum ? 4 : 0);
  R lr, sign, decay, keep, take, eps, momentum;

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void operator()(R& p, R g, R& v, R& mean, R& velocity) const {
    const R d = sign * g + decay * p;
    v = keep * v + take * d * d;
    R variance = v;
    if constexpr (Centered) {
      mean += take * (d - mean);
      variance = v - mean * mean;
    }
    const R change = d / (math::sqrt(variance) + eps);
    if constexpr (Momentum) {
      velocity = momentum * velocity + change;
      p -= lr * velocity;
    } else {
      p -= lr * change;
    }
  }
};

/// p *= factor, whatever the gradient: what clipping gradients is made of, as is the next.
template <class R>
struct ScaleUpdate {
  static constexpr unsigned states = 0;
  R factor;

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void operator()(R& p, R, R&, R&, R&) const { p *= factor; }
};

/// p limited to [-bound, bound]
template <class R>
struct LimitUpdate {
  static constexpr unsigned states = 0;
  R bound;

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void operator()(R& p, R, R&, R&, R&) const { p = math::min(math::max(p, -bound), bound); }
};

/// A formula whose numbers are in device memory, where each replay of a captured graph finds those of its own step.
template <class F>
struct Replayed {
  static constexpr unsigned states = F::states;
  const F* formula;

  template <class R>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void operator()(R& p, R g, R& a, R& b, R& c) const {
    const F f = *formula;
    f(p, g, a, b, c);
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend
