// SPDX-License-Identifier: BSD-3-Clause
// PyTorch's out=: results that go into memory which is already there.
#pragma once
#include <torchlite/ops/inplace/inplace.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// A destination; what out() returns.
template <class T, class D>
class Out {
 public:
  Out(const Tensor<T, D>& target, Site site) : target_(target), site_(site) {}

  template <tensor_like X>
  const Tensor<T, D>& operator=(X&& value) && {
    static_assert(std::is_same_v<device_t<X>, D>,
                  "the result and out are on different devices; move one first, for example with a.to<Cuda>()");
    static_assert(dtypes::kind<value_t<X>> <= dtypes::kind<T>,
                  "this result does not fit the dtype of out; cast with to<T>() to say that it is meant");
    if constexpr (expression<X> && !std::is_lvalue_reference_v<X>) {
      const autograd::LeafList<std::remove_cvref_t<X>> leaves(value, "out");
      check_target(leaves.sizes, leaves.requires_grad);
    } else {
      const auto& result = eval(value, site_);
      check_target(result.sizes(), is_grad_enabled() && result.requires_grad());
    }
    const NoGradGuard no_grad;
    ops::write_in_place("out", target_, std::forward<X>(value), site_);
    return target_;
  }

 private:
  void check_target(const Shape& sizes, bool recorded) const {
    check<ShapeError>(sizes == target_.sizes(),
                      "out: a result of shape {} does not fit the destination of shape {}; the shapes must be equal", sizes.str(),
                      target_.sizes().str());
    check<Error>(
        !recorded && !(is_grad_enabled() && target_.requires_grad()),
        "out: writing into a destination does not support automatic differentiation, but {} requires a gradient; use a NoGradGuard, "
        "or an in-place form",
        recorded ? "an operand" : "the destination");
  }

  const Tensor<T, D>& target_;
  Site site_;
};

/// out(y) = a * b + c computes into the memory of y: a pointwise expression allocates nothing, any other result is copied. y may
/// stand among the operands.
/// Throws ShapeError unless y has the result's shape, and Error if y or an operand requires a gradient while gradients are recorded.
template <class T, class D>
Out<T, D> out(const Tensor<T, D>& y, Site site = Site::current()) {
  return {y, site};
}

}  // namespace torchlite::inline TORCHLITE_ABI
