// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// Joins the dimensions from start_dim to end_dim.
struct Flatten : Module<Flatten> {
  Flatten(std::int64_t start = 1, std::int64_t end = -1) : start_dim(start), end_dim(end) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::flatten(x, start_dim, end_dim);
  }
  std::string extra_repr() const { return format_text("start_dim={}, end_dim={}", start_dim, end_dim); }
  auto fields() { return nn::fields("start_dim", start_dim, "end_dim", end_dim); }

  std::int64_t start_dim, end_dim;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
