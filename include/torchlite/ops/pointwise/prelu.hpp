// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x for positive x, weight * x otherwise, elementwise.
/// Source: He et al., ICCV 2015.
struct Prelu : Symbolic {
  static constexpr std::string_view name = "prelu";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T weight) {
    return select(x > T(0), x, weight * x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T weight) {
    return {{select(x > T(0), T(1), weight), select(x > T(0), T(0), x)}};
  }
};
}  // namespace pointwise

namespace ops {
/// The sizes in which a weight for each channel, dimension 1 of x, broadcasts to x.
inline Shape prelu_weight_sizes(const Shape& x, const Shape& weight) {
  check<ShapeError>(weight.rank() <= 1, "prelu: the weight has shape {}; it must be one number or a list of them", weight.str());
  const std::int64_t count = weight.numel(), channels = x.rank() > 1 ? x[1] : 1;
  check<ShapeError>(count == 1 || x.rank() > 0, "prelu: there are {} weights for an input without dimensions; it takes one", count);
  check<ShapeError>(
      count == 1 || count == channels,
      "prelu: there are {} weights for an input of shape {}, which has {} channels; there must be one weight, or one for each", count,
      x.str(), channels);
  Shape sizes;
  if (count > 1) {
    sizes = Shape::filled(x.rank(), 1);
    sizes[1] = count;
  }
  return sizes;
}
}  // namespace ops

/// x for positive x, weight * x otherwise.
///   x [N, C, ...], weight [C] or one number -> [N, C, ...]
/// Throws ShapeError if the weights do not fit the channels.
template <tensor_like X, tensor_like W>
auto prelu(X&& x_, const W& weight_, Site site = Site::current()) {
  const auto x = eval(std::forward<X>(x_), site);
  const auto& weight = eval(weight_, site);
  return make_expression<pointwise::Prelu>(x, reshape(weight, ops::prelu_weight_sizes(x.sizes(), weight.sizes()), site));
}

namespace nn::functional {
using torchlite::prelu;
}

}  // namespace torchlite::inline TORCHLITE_ABI
