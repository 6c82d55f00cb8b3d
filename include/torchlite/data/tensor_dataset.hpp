// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/data/collate.hpp>

#include <tuple>

namespace torchlite::inline TORCHLITE_ABI::data {

/// Tensors whose rows belong together: example i is row i of each.
///   x [N, ...], y [N, ...], ... -> a batch is a tuple of [B, ...], [B, ...], ...
/// Throws ShapeError if the numbers of rows differ.
template <class... T>
class TensorDataset {
  static_assert(sizeof...(T) > 0, "a TensorDataset needs at least one tensor");

 public:
  explicit TensorDataset(const Tensor<T, Cpu>&... tensors) : tensors_(tensors...) {
    const auto first = [&](const auto& t) {
      check<ShapeError>(t.dim() > 0, "TensorDataset: a tensor without dimensions has no rows");
      const std::int64_t own = std::get<0>(tensors_).size(0);
      check<ShapeError>(t.size(0) == own, "TensorDataset: the tensors have {} and {} rows; their first sizes must be equal", own,
                        t.size(0));
    };
    (first(tensors), ...);
  }

  std::int64_t size() const { return std::get<0>(tensors_).size(0); }
  const std::tuple<Tensor<T, Cpu>...>& tensors() const { return tensors_; }

  /// Row i of each tensor, copied.
  std::tuple<Tensor<T, Cpu>...> get(std::int64_t i) const {
    check_index("TensorDataset", i, size());
    return std::apply([&](const auto&... t) { return std::tuple(row(t, i)...); }, tensors_);
  }
  std::tuple<Tensor<T, Cpu>...> get_batch(Indices indices) const {
    return std::apply([&](const auto&... t) { return std::tuple(gather_rows(t, indices)...); }, tensors_);
  }

 private:
  template <class U>
  static Tensor<U> row(const Tensor<U>& t, std::int64_t i) {
    const Tensor<U> one = gather_rows(t, Indices(&i, 1));
    Shape sizes = one.sizes();
    sizes.erase(0);
    return alias(one, sizes, contiguous_strides(sizes), 0);
  }

  std::tuple<Tensor<T, Cpu>...> tensors_;
};
template <class... T>
TensorDataset(const Tensor<T, Cpu>&...) -> TensorDataset<T...>;

}  // namespace torchlite::inline TORCHLITE_ABI::data
