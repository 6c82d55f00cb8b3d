// SPDX-License-Identifier: BSD-3-Clause
// The arguments of a pointwise kernel, the same for every device.
#pragma once
#include <torchlite/backend/formula.hpp>
#include <torchlite/core/shape.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Memory with a layout: strides in elements, of the dtype and size that the element size says.
struct StridedMemory {
  void* data = nullptr;
  const Shape* sizes = nullptr;
  const Shape* strides = nullptr;
  int element_size = 0;
};

/// out[...] = F(leaves[...], scalars): leaves broadcast to the sizes of out.
struct MapArguments {
  StridedMemory out;
  const StridedMemory* leaves = nullptr;
  int leaf_count = 0;
  const Scalar* scalars = nullptr;
  bool flat = false;  ///< every leaf and out are contiguous and have the same sizes
};

/// How the gradient of a leaf is delivered.
enum class GradientMode : std::uint8_t {
  none,   ///< nobody asks for it
  write,  ///< the target's old content does not count
  add     ///< added to what an earlier leaf of the same pass delivered
};

/// Where the gradient of one leaf goes: memory of the leaf's sizes, contiguous, of the leaf's dtype.
struct GradientTarget {
  StridedMemory memory;
  Dtype dtype = Dtype::float32;
  GradientMode mode = GradientMode::none;
};

/// targets[i][...] = (or +=) sum over the broadcast dimensions of grad_out * dF/dleaf_i.
struct MapBackwardArguments {
  StridedMemory grad_out;                 ///< of the sizes of the formula's result
  const StridedMemory* leaves = nullptr;  ///< leaves whose value is not needed have no data
  const GradientTarget* targets = nullptr;
  int leaf_count = 0;
  const Scalar* scalars = nullptr;
  bool flat = false;
};

/// The nested loops over some operands of equal (broadcast) shape, with size-1 dimensions dropped and dimensions merged
/// wherever every operand allows it. Not a template: planned at run time, compiled once.
struct LoopPlan {
  static constexpr int max_operands = max_leaves + 2;
  int rank = 0;
  int operands = 0;
  std::int64_t numel = 1;
  std::int64_t sizes[max_rank];
  std::int64_t strides[max_operands][max_rank];  // in elements

  /// Starts a plan over a shape; then add every operand; then merge.
  explicit LoopPlan(const Shape& shape) : shape_(&shape), numel_shape_(shape.numel()) { numel = numel_shape_; }

  void add(const StridedMemory& m) {
    // Not yet merged: strides stand at the dimension of the full shape.
    const int full = shape_->rank(), shift = full - m.sizes->rank();
    for (int d = 0; d < full; ++d) {
      const bool broadcast = d < shift || (*m.sizes)[d - shift] == 1;
      strides[operands][d] = broadcast ? 0 : (*m.strides)[d - shift];
    }
    ++operands;
  }

  void merge() {
    const int full = shape_->rank();
    int kept = 0;
    for (int d = 0; d < full; ++d) {
      const std::int64_t size = (*shape_)[d];
      if (size == 1) continue;
      bool mergeable = kept > 0;
      for (int k = 0; mergeable && k < operands; ++k) mergeable = strides[k][kept - 1] == strides[k][d] * size;
      if (mergeable) {
        sizes[kept - 1] *= size;
        for (int k = 0; k < operands; ++k) strides[k][kept - 1] = strides[k][d];
      } else {
        sizes[kept] = size;
        for (int k = 0; k < operands; ++k) strides[k][kept] = strides[k][d];
        ++kept;
      }
    }
    if (kept == 0) {
      sizes[0] = 1;
      for (int k = 0; k < operands; ++k) strides[k][0] = 1;
      kept = 1;
    }
    rank = kept;
  }

  /// True if the operand lies in memory in the order of the loops, without gaps or broadcasting.
  bool is_dense(int k) const {
    std::int64_t expected = 1;
    for (int d = rank - 1; d >= 0; --d) {
      if (strides[k][d] != expected) return false;
      expected *= sizes[d];
    }
    return true;
  }

 private:
  const Shape* shape_;
  std::int64_t numel_shape_;
};

/// Position in the loops of a plan, moved along by runs of the innermost dimension.
struct LoopPosition {
  std::int64_t index[max_rank];

  LoopPosition(const LoopPlan& plan, std::int64_t flat) {
    for (int d = plan.rank - 1; d >= 0; --d) {
      index[d] = flat % plan.sizes[d];
      flat /= plan.sizes[d];
    }
  }
  std::int64_t offset(const LoopPlan& plan, int operand) const {
    std::int64_t o = 0;
    for (int d = 0; d < plan.rank; ++d) o += index[d] * plan.strides[operand][d];
    return o;
  }
  /// Elements left in the innermost dimension.
  std::int64_t run(const LoopPlan& plan) const { return plan.sizes[plan.rank - 1] - index[plan.rank - 1]; }
  /// Moves on by n <= run elements.
  void advance(const LoopPlan& plan, std::int64_t n) {
    int d = plan.rank - 1;
    index[d] += n;
    while (d > 0 && index[d] == plan.sizes[d]) {
      index[d] = 0;
      ++index[--d];
    }
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend
