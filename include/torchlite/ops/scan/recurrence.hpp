// SPDX-License-Identifier: BSD-3-Clause
// y_i = a_i y_(i-1) + b_i: the form that gradients of running products and of running log-sums take. Its own gradient has
// the same form, so that derivatives of any order stay within it, and nothing is ever divided by a factor that may be 0.
#pragma once
#include <torchlite/backend/cpu/scan.hpp>
#include <torchlite/ops/pointwise/conj.hpp>
#include <torchlite/ops/pointwise/mul.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/shape/cat.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI::ops {

/// x moved by one along axis, away from the start (or towards it); `value` comes in.
template <class T, class D>
Tensor<T, D> shifted(const Tensor<T, D>& x, int axis, bool towards_start, double value) {
  Shape one = x.sizes();
  one[axis] = 1;
  const std::int64_t n = x.sizes()[axis];
  const Tensor<T, D> filler = full<T, D>(one, value);
  const Tensor<T, D> rest = narrow(x, axis, towards_start ? 1 : 0, n - 1);
  return towards_start ? cat<T, D>({rest, filler}, axis) : cat<T, D>({filler, rest}, axis);
}

/// y_i = a_i y_(i-1) + b_i along axis, y before the first being 0; reverse: y_i = a_i y_(i+1) + b_i. The first a is not read.
///   a, b [...], without an empty axis -> [...]
template <class T, class D>
Tensor<T, D> recurrence(const Tensor<T, D>& a, const Tensor<T, D>& b, int axis, bool reverse, Site site = {}) {
  check_devices("recurrence", a, b);
  Tensor<T, D> out = empty<T, D>(a.sizes());
  const Tensor<T, D> factors = dense(a), terms = dense(b);
  const backend::RowLayout rows = rows_around(a.sizes(), axis);
  if (out.numel() > 0) {
    if constexpr (requires(const T* in, T* to) { linear_recurrence(D{}, rows, reverse, in, in, to); }) {
      linear_recurrence(D{}, rows, reverse, static_cast<const T*>(factors.data()), static_cast<const T*>(terms.data()), out.data());
    } else {  // a device without this kernel: by the host
      const std::vector<T> x = factors.to_vector(), y = terms.to_vector();
      std::vector<T> result(x.size());
      linear_recurrence(Cpu{}, rows, reverse, x.data(), y.data(), result.data());
      copy_from_host(D{}, out.data(), result.data(), result.size() * sizeof(T));
    }
  }
  if (out.numel() == 0 || !autograd::needed(a, b)) return out;
  return autograd::record(
      "recurrence", site, out, autograd::inputs(a, b),
      [a = autograd::save(a), out = autograd::save_output(out), axis, reverse](const autograd::Pass& pass, const Tensor<T, D>& g) {
        // What y_i adds to all that follows.
        const Tensor<T, D> h = recurrence(shifted(Tensor<T, D>(conj(a.get())), axis, !reverse, 0), g, axis, !reverse);
        Tensor<T, D> of_a;
        if (pass.needs(0)) of_a = mul(h, conj(shifted(pass.output(out), axis, reverse, 0)));
        return std::tuple(of_a, h);
      });
}

}  // namespace torchlite::inline TORCHLITE_ABI::ops
