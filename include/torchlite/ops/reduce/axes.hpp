// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/shape.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The dimensions that an operation goes over: 1, {0, -1}, a Shape; none given means all.
class Axes {
 public:
  constexpr Axes() = default;
  template <std::integral I>
    requires(!std::same_as<I, bool>)
  constexpr Axes(I axis) : list_{static_cast<std::int64_t>(axis)} {}
  constexpr Axes(std::initializer_list<std::int64_t> axes) : list_(axes) {}
  constexpr Axes(const Shape& axes) : list_(axes) {}

  constexpr bool all() const { return list_.empty(); }
  constexpr const Shape& list() const { return list_; }

 private:
  Shape list_;
};

namespace ops {

/// Which dimensions of a shape are reduced, and what is left of it.
struct ReducedShape {
  Shape sizes;  ///< of the input
  bool reduced[max_rank] = {};
  Shape kept;              ///< sizes, 1 where reduced
  Shape out;               ///< kept, without the reduced dimensions unless keepdim
  std::int64_t count = 1;  ///< input elements for each output element

  ReducedShape(const char* op, const Shape& input, const Axes& axes, bool keepdim) : sizes(input) {
    for (std::int64_t axis : axes.list()) {
      const int d = normalize_axis(op, axis, input.rank());
      check<Error>(!reduced[d], "{}: dimension {} appears twice in {}", op, axis, axes.list().str());
      reduced[d] = true;
    }
    for (int d = 0; d < input.rank(); ++d) {
      reduced[d] = reduced[d] || axes.all();
      if (reduced[d]) count *= input[d];
      kept.push_back(reduced[d] ? 1 : input[d]);
      if (!reduced[d] || keepdim) out.push_back(kept[d]);
    }
  }

  /// For each dimension of the input the stride in a dense result, 0 where it is reduced.
  Shape out_strides() const {
    Shape strides = contiguous_strides(kept);
    for (int d = 0; d < sizes.rank(); ++d)
      if (reduced[d]) strides[d] = 0;
    return strides;
  }
  /// What a step along each dimension adds to the index of an element among those it is reduced with.
  Shape index_strides() const {
    Shape strides = Shape::filled(sizes.rank(), 0);
    std::int64_t step = 1;
    for (int d = sizes.rank() - 1; d >= 0; --d)
      if (reduced[d]) {
        strides[d] = step;
        step *= sizes[d];
      }
    return strides;
  }
  /// Throws unless every result has an element to come from.
  void check_not_empty(const char* op) const {
    check<IndexError>(count > 0 || kept.numel() == 0, "{}: a reduction of shape {} over a dimension without elements has no value", op,
                      sizes.str());
  }
};

}  // namespace ops
}  // namespace torchlite::inline TORCHLITE_ABI
