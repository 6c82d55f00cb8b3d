// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <ops/samples.hpp>
#include <torchlite/backend/loss.hpp>

namespace samples {

/// The reduction that a recorded loss was called with.
inline tl::Reduction reduction(const Call& c) {
  const std::string text = c.text(99, "reduction", "mean");
  if (text == "batchmean") return tl::Reduction::batchmean;
  if (text == "none") return tl::Reduction::none;
  if (text == "sum") return tl::Reduction::sum;
  if (text == "mean") return tl::Reduction::mean;
  throw NotOffered{"a reduction is an enumerator; no other can be written"};
}

}  // namespace samples
