// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/operators.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// out_o = sum_ij a_i weight_oij b_j + bias_o.
///   a [..., p], b [..., q], weight [out, p, q], bias [out] or undefined -> [..., out]
/// Throws ShapeError if the sizes do not fit.
template <tensor_like A, tensor_like B, tensor_like W>
tensor_of<A> bilinear(const A& a_, const B& b_, const W& weight_, const tensor_of<A>& bias = {}, Site site = Site::current()) {
  static_assert(std::is_same_v<value_t<A>, value_t<B>> && std::is_same_v<value_t<A>, value_t<W>>,
                "bilinear needs operands of one dtype; cast with to<T>()");
  using Y = tensor_of<A>;
  const Y& a = eval(a_, site);
  const Y& b = eval(b_, site);
  const Y& weight = eval(weight_, site);
  const auto said = [&] {
    return format_text("the operands are {} and {}, weight is {}", a.sizes().str(), b.sizes().str(), weight.sizes().str());
  };
  check<ShapeError>(a.dim() == b.dim() && a.dim() >= 1 && weight.dim() == 3,
                    "bilinear: {}; the operands must have as many dimensions, weight must be [out, p, q]", said());
  for (int d = 0; d + 1 < a.dim(); ++d)
    check<ShapeError>(a.sizes()[d] == b.sizes()[d], "bilinear: {}; the operands' sizes other than the last must be equal", said());
  check<ShapeError>(a.sizes().back() == weight.sizes()[1] && b.sizes().back() == weight.sizes()[2],
                    "bilinear: {}; the last sizes of the operands must be weight's second and third", said());
  const std::int64_t out = weight.sizes()[0], p = weight.sizes()[1], q = weight.sizes()[2];
  check<ShapeError>(!bias.defined() || (bias.dim() == 1 && bias.sizes()[0] == out), "bilinear: bias is {}, {}; bias must be [out]",
                    bias.defined() ? bias.sizes().str() : "", said());
  Shape sizes(a.sizes().begin(), a.sizes().end() - 1);
  const std::int64_t rows = sizes.numel();
  sizes.push_back(out);
  const Y by_a =
      reshape(mm(reshape(a, {rows, p}, site), reshape(permute(weight, {1, 0, 2}, site), {p, out * q}, site), site), {rows, out, q}, site);
  Y y = reshape(bmm(by_a, reshape(b, {rows, q, 1}, site), site), sizes, site);
  if (bias.defined()) y = y + bias;
  return y;
}

namespace nn::functional {
using torchlite::bilinear;
}

}  // namespace torchlite::inline TORCHLITE_ABI
