// SPDX-License-Identifier: BSD-3-Clause
// The margin loss of several labels, without the launch: a team has a row.
#pragma once
#include <torchlite/backend/cuda/team.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// See the Cpu's multilabel_margin_loss: out[r] and slope[r], both over the number of classes.
template <class T>
struct MultilabelMarginLoss {
  using R = register_t<T>;
  std::int64_t classes;
  const T* x;
  const std::int64_t* target;
  T *out, *slope;

  template <int, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t r) const {
    const T* const in = x + r * classes;
    const std::int64_t* const labels = target + r * classes;
    std::int64_t length = 0;
    while (length < classes && labels[length] >= 0) ++length;
    const auto times_named = [&](std::int64_t c) {
      std::int64_t times = 0;
      for (std::int64_t k = 0; k < length; ++k) times += labels[k] == c ? 1 : 0;
      return times;
    };
    const auto margin = [&](std::int64_t named, std::int64_t other) {
      return R(1) - static_cast<R>(in[named]) + static_cast<R>(in[other]);
    };
    const double sum = team.template fold<SumState<double>>(classes,
                                                            [&](std::int64_t c) {
                                                              SumState<double> own{0};
                                                              if (times_named(c) > 0) return own;
                                                              for (std::int64_t k = 0; k < length; ++k)
                                                                if (const R z = margin(labels[k], c); z > R(0))
                                                                  own.sum += static_cast<double>(z);
                                                              return own;
                                                            })
                           .sum;
    team.each(classes, [&](std::int64_t c) {
      const std::int64_t times = times_named(c);
      std::int64_t count = 0;
      if (times == 0) {
        for (std::int64_t k = 0; k < length; ++k) count += margin(labels[k], c) > R(0) ? 1 : 0;
      } else {
        for (std::int64_t j = 0; j < classes; ++j)
          if (margin(c, j) > R(0) && times_named(j) == 0) count -= times;
      }
      slope[r * classes + c] = static_cast<T>(static_cast<R>(static_cast<double>(count) / static_cast<double>(classes)));
    });
    team.once([&] { out[r] = static_cast<T>(static_cast<R>(sum / static_cast<double>(classes))); });
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
