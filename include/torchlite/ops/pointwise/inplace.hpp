// SPDX-License-Identifier: BSD-3-Clause
// In-place forms: the target may stand among the operands in any layout.
#pragma once
#include <torchlite/autograd/inplace.hpp>
#include <torchlite/ops/pointwise/operators.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <class T, class D>
const Tensor<T, D>& Tensor<T, D>::fill_(T value) const {
  autograd::check_inplace("fill_", *this, is_grad_enabled());
  fill_elements(*this, value);
  ++impl().storage->version;
  if constexpr (differentiable<T>) {
    if (is_grad_enabled() && (impl().requires_grad || (impl().base && impl().base->requires_grad))) {
      // The old values count no more: where they came from gets a gradient of zeros.
      if (impl().base) {
        const Tensor values = empty<T, D>(sizes());
        autograd::record_view_write(*this, values, Site{});
      } else {
        Tensor handle = *this;
        autograd::record("fill_", Site{}, handle, autograd::inputs(*this), [](const autograd::Pass&, const Tensor& g) {
          const Tensor zeros = empty<T, D>(g.sizes());
          fill_elements(zeros, T{});
          return zeros;
        });
      }
    }
  }
  return *this;
}

template <class T, class D>
template <operand X>
const Tensor<T, D>& Tensor<T, D>::copy_(X&& values, Site site) const {
  if constexpr (tensor_like<X>) {
    static_assert(std::is_same_v<device_t<X>, D>, "operands live on different devices; move one first, for example with a.to<Cuda>()");
    autograd::assign("copy_", *this, make_expression<Cast<T>>(std::forward<X>(values)), site);
  } else {
    fill_(convert_number<T>(values));
  }
  return *this;
}
template <class T, class D>
template <operand X>
const Tensor<T, D>& Tensor<T, D>::add_(X&& x, Site site) const {
  autograd::assign("add_", *this, add(*this, std::forward<X>(x)), site);
  return *this;
}
template <class T, class D>
template <operand X>
const Tensor<T, D>& Tensor<T, D>::sub_(X&& x, Site site) const {
  autograd::assign("sub_", *this, sub(*this, std::forward<X>(x)), site);
  return *this;
}
template <class T, class D>
template <operand X>
const Tensor<T, D>& Tensor<T, D>::mul_(X&& x, Site site) const {
  autograd::assign("mul_", *this, mul(*this, std::forward<X>(x)), site);
  return *this;
}
template <class T, class D>
template <operand X>
const Tensor<T, D>& Tensor<T, D>::div_(X&& x, Site site) const {
  autograd::assign("div_", *this, div(*this, std::forward<X>(x)), site);
  return *this;
}

template <tensor A, operand B>
const std::remove_cvref_t<A>& operator+=(A&& a, B&& b) {
  a.add_(std::forward<B>(b));
  return a;
}
template <tensor A, operand B>
const std::remove_cvref_t<A>& operator-=(A&& a, B&& b) {
  a.sub_(std::forward<B>(b));
  return a;
}
template <tensor A, operand B>
const std::remove_cvref_t<A>& operator*=(A&& a, B&& b) {
  a.mul_(std::forward<B>(b));
  return a;
}
template <tensor A, operand B>
const std::remove_cvref_t<A>& operator/=(A&& a, B&& b) {
  a.div_(std::forward<B>(b));
  return a;
}

}  // namespace torchlite::inline TORCHLITE_ABI
