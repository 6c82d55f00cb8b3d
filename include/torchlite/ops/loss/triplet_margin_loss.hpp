// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/distance/pairwise_distance.hpp>
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/clamp.hpp>
#include <torchlite/ops/pointwise/minimum.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

struct TripletMarginLossOptions {
  double margin = 1;
  double p = 2;       ///< of the distance
  double eps = 1e-6;  ///< added to the differences
  bool swap = false;  ///< the negative is compared with the positive, too, and the smaller distance counts
  Reduction reduction = Reduction::mean;
};

/// The options of triplet_margin_with_distance_loss.
struct TripletMarginWithDistanceLossOptions {
  double margin = 1;
  bool swap = false;
  Reduction reduction = Reduction::mean;
};

/// max(0, margin + d(anchor, positive) - d(anchor, negative)) with any distance: a callable that takes two tensors.
///   anchor, positive, negative [...] -> [] or, without a reduction, the sizes of a distance
template <tensor_like A, tensor_like P, tensor_like N, class Distance>
tensor_of<A> triplet_margin_with_distance_loss(const A& anchor_, const P& positive_, const N& negatives_, const Distance& distance,
                                               const TripletMarginWithDistanceLossOptions& options = {}, Site site = Site::current()) {
  using T = tensor_of<A>;
  static_assert(floating<value_t<A>>, "triplet_margin_loss needs a floating dtype; cast first: x.to<float>()");
  const T& anchor = eval(anchor_, site);
  const T& positive = eval(positive_, site);
  const T& negatives = eval(negatives_, site);
  check<Error>(options.margin > 0, "triplet_margin_loss: margin is {}; it must be positive", options.margin);
  check<ShapeError>(anchor.dim() == positive.dim() && anchor.dim() == negatives.dim(),
                    "triplet_margin_loss: anchor {}, positive {} and negative {}; all must have the same number of dimensions",
                    anchor.sizes().str(), positive.sizes().str(), negatives.sizes().str());
  const T to_positive = distance(anchor, positive);
  T to_negative = distance(anchor, negatives);
  if (options.swap) to_negative = minimum(to_negative, T(distance(positive, negatives)));
  return ops::reduce_loss(clamp(to_positive - to_negative + options.margin, 0.0, std::numeric_limits<double>::infinity()),
                          options.reduction, site);
}
template <tensor_like A, tensor_like P, tensor_like N>
tensor_of<A> triplet_margin_with_distance_loss(const A& anchor, const P& positive, const N& negatives,
                                               const TripletMarginWithDistanceLossOptions& options = {}, Site site = Site::current()) {
  return triplet_margin_with_distance_loss(
      anchor, positive, negatives, [](const auto& a, const auto& b) { return pairwise_distance(a, b); }, options, site);
}

/// The same with the p-norm as distance.
///   anchor, positive, negative [N, C] or [C] -> [] or, without a reduction, [N]
/// Source: Balntas et al., Learning shallow convolutional feature descriptors with triplet losses, BMVC 2016.
template <tensor_like A, tensor_like P, tensor_like N>
tensor_of<A> triplet_margin_loss(const A& anchor, const P& positive, const N& negatives, const TripletMarginLossOptions& options = {},
                                 Site site = Site::current()) {
  return triplet_margin_with_distance_loss(
      anchor, positive, negatives, [&](const auto& a, const auto& b) { return pairwise_distance(a, b, options.p, options.eps); },
      TripletMarginWithDistanceLossOptions{options.margin, options.swap, options.reduction}, site);
}

namespace nn::functional {
using torchlite::triplet_margin_loss, torchlite::triplet_margin_with_distance_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
