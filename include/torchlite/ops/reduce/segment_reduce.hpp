// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/segment.hpp>
#include <torchlite/ops/index/index_select.hpp>
#include <torchlite/ops/pointwise/isnan.hpp>
#include <torchlite/ops/pointwise/logical_or.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/scan/recurrence.hpp>
#include <torchlite/ops/shape/view.hpp>

#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

/// Exactly one of lengths [..., s] and offsets [..., s + 1] says where the segments lie along axis, which is the last dimension of either; the
/// dimensions before it are those of the data. initial: what each segment starts from. unsafe: the lengths are not checked against the data.
template <class D>
struct SegmentReduceOptions {
  Tensor<std::int64_t, D> lengths = {};
  Tensor<std::int64_t, D> offsets = {};
  std::int64_t axis = 0;
  bool unsafe = false;
  std::optional<double> initial = {};
};

namespace ops {

/// Segments of rows: where each begins, how long it is, and of each row in a segment which one that is.
struct Segments {
  std::vector<std::int64_t> first, length, row, owner;
  Shape out;  ///< sizes of the result

  Segments(const Shape& data, int axis, const std::vector<std::int64_t>& numbers, const Shape& shape, bool offsets, bool unsafe) {
    const std::int64_t n = data[axis], entries = shape.back(), count = offsets ? entries - 1 : entries;
    check<ShapeError>(count >= 0, "segment_reduce: offsets of shape {}; there must be one more than there are segments", shape.str());
    std::int64_t batches = 1;
    for (int d = 0; d < axis; ++d) batches *= data[d];
    for (std::int64_t b = 0; b < batches; ++b) {
      std::int64_t at = 0;
      for (std::int64_t s = 0; s < count; ++s) {
        const std::int64_t* own = numbers.data() + b * entries + s;
        const std::int64_t begin = offsets ? own[0] : at, size = offsets ? own[1] - own[0] : own[0];
        check<Error>(size >= 0, "segment_reduce: a segment of {} elements; a length must not be negative", size);
        check<IndexError>(begin >= 0 && size <= n - begin, "segment_reduce: a segment ends at {} of dimension {} of data of shape {}",
                          begin + size, axis, data.str());
        first.push_back(b * n + begin);
        length.push_back(size);
        for (std::int64_t i = 0; i < size; ++i) {
          row.push_back(b * n + begin + i);
          owner.push_back(b * count + s);
        }
        at = begin + size;
      }
      check<Error>(offsets || unsafe || at == n,
                   "segment_reduce: the lengths add up to {} along dimension {} of data of shape {}; they must cover it", at, axis,
                   data.str());
    }
    out = data;
    out[axis] = count;
  }
};

template <class T, class D>
Tensor<T, D> segment_sum(const Tensor<T, D>& rows, const Tensor<std::int64_t, D>& owner, std::int64_t segments, Site site) {
  return index_add(zeros<T, D>({segments, rows.sizes()[1]}), 0, owner, rows, 1, site);
}

/// The largest or smallest of each segment; elements equal to it share the gradient, one that NaN displaced has none.
template <bool Largest, class T, class D>
Tensor<T, D> segment_extremes(const Tensor<T, D>& rows, const Segments& s, const Tensor<std::int64_t, D>& owner, double initial,
                              Site site) {
  const std::int64_t segments = static_cast<std::int64_t>(s.first.size()), width = rows.sizes()[1];
  Tensor<T, D> out = empty<T, D>({segments, width});
  const Tensor<T, D> x = dense(rows);
  if (out.numel() > 0) {
    const auto first = Tensor<std::int64_t, D>::from(s.first), length = Tensor<std::int64_t, D>::from(s.length);
    segment_extreme<Largest>(D{}, static_cast<const T*>(x.data()), width, static_cast<const std::int64_t*>(first.data()),
                             static_cast<const std::int64_t*>(length.data()), segments, initial, out.data());
  }
  if (!autograd::needed(rows)) return out;
  Tensor<T, D> share;  // of each element in the gradient of its segment
  {
    const NoGradGuard no_grad;
    const Tensor<std::int64_t, D> at = Tensor<std::int64_t, D>::from(s.row);
    const Tensor<T, D> values = index_select(x, 0, at);
    const Tensor<T, D> chosen = to<T>(logical_or(eq(values, index_select(out, 0, owner)), isnan(values)));
    share = chosen / index_select(segment_sum(chosen, owner, segments, site), 0, owner);
    share = where(eq(chosen, 0), 0, share);
  }
  return autograd::record(
      "segment_reduce", site, std::move(out), autograd::inputs(rows),
      [share, owner, at = Tensor<std::int64_t, D>::from(s.row), sizes = rows.sizes()](const autograd::Pass&, const Tensor<T, D>& g) {
        const Tensor<T, D> of_rows = share * index_select(g, 0, owner);
        return index_add(zeros<T, D>(sizes), 0, at, of_rows);
      });
}

/// The product of each segment, as the last one of its running products: y_i = x_i y_(i-1), beginning anew where a segment does.
template <class T, class D>
Tensor<T, D> segment_products(const Tensor<T, D>& rows, const Segments& s, double initial, Site site) {
  const std::int64_t segments = static_cast<std::int64_t>(s.first.size()), n = rows.sizes()[0], width = rows.sizes()[1];
  std::vector<bool> starts(static_cast<std::size_t>(n));
  std::vector<std::int64_t> full_ones, last;
  for (std::int64_t i = 0; i < segments; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (s.length[at] == 0) continue;
    starts[static_cast<std::size_t>(s.first[at])] = true;
    full_ones.push_back(i);
    last.push_back(s.first[at] + s.length[at] - 1);
  }
  const Tensor<T, D> out = full<T, D>({segments, width}, initial);
  if (last.empty() || width == 0) return out;
  const Tensor<bool, D> start = Tensor<bool, D>::from(starts, {n, 1});
  const Tensor<T, D> running = recurrence(Tensor<T, D>(where(start, 0, rows)), Tensor<T, D>(where(start, rows, 0)), 0, false, site);
  const Tensor<T, D> products = index_select(running, 0, Tensor<std::int64_t, D>::from(last), site) * initial;
  return index_copy(out, 0, Tensor<std::int64_t, D>::from(full_ones), products, site);
}

}  // namespace ops

/// Reduces segments along a dimension, each by itself: the sum, mean, max, min or prod (PyTorch's names) of its slices.
///   x [..., n, ...] -> [..., number of segments, ...]
/// Each segment starts from `initial`: without one, an empty segment's sum is 0, its product 1, its mean NaN, its max -inf and min inf. The mean
/// is (initial + sum) / length. Gradients of any order. Throws Error for an unknown reduction or a negative length, or unless the lengths cover the
/// dimension, IndexError for a segment outside of the data.
template <tensor_like X>
tensor_of<X> segment_reduce(const X& x_, std::string_view reduce, const SegmentReduceOptions<device_t<X>>& o, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  static_assert(floating<T>, "segment_reduce needs a floating dtype; cast first: x.to<float>()");
  const Tensor<T, D>& x = eval(x_, site);
  const bool sums = reduce == "sum" || reduce == "mean", most = reduce == "max" || reduce == "amax",
             least = reduce == "min" || reduce == "amin";
  check<Error>(sums || most || least || reduce == "prod", "segment_reduce: '{}' is no reduction; it must be sum, mean, max, min or prod",
               reduce);
  check<Error>(o.lengths.defined() != o.offsets.defined(), "segment_reduce: lengths and offsets are {}; exactly one must be given",
               o.lengths.defined() ? "both given" : "missing");
  check<ShapeError>(x.dim() > 0, "segment_reduce: a tensor without dimensions has no segments");
  const int axis = normalize_axis("segment_reduce", o.axis, x.dim());
  const Tensor<std::int64_t, D>& given = o.lengths.defined() ? o.lengths : o.offsets;
  bool fits = given.dim() == axis + 1;
  for (int d = 0; fits && d < axis; ++d) fits = given.sizes()[d] == x.sizes()[d];
  check<ShapeError>(fits, "segment_reduce: {} of shape {} for dimension {} of data of shape {}; the sizes before must be equal",
                    o.lengths.defined() ? "lengths" : "offsets", given.sizes().str(), axis, x.sizes().str());
  check_devices("segment_reduce", x, given);
  const ops::Segments s(x.sizes(), axis, given.to_vector(), given.sizes(), o.offsets.defined(), o.unsafe);

  std::int64_t batches = 1, width = 1;
  for (int d = 0; d < x.dim(); ++d) (d <= axis ? batches : width) *= x.sizes()[d];
  const Tensor<T, D> rows = reshape(x, {batches, width}, site);
  const std::int64_t segments = static_cast<std::int64_t>(s.first.size());
  const auto owner = Tensor<std::int64_t, D>::from(s.owner);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Tensor<T, D> out;
  if (most) {
    out = ops::segment_extremes<true>(rows, s, owner, o.initial.value_or(-infinity), site);
  } else if (least) {
    out = ops::segment_extremes<false>(rows, s, owner, o.initial.value_or(infinity), site);
  } else if (sums) {
    out = ops::segment_sum(index_select(rows, 0, Tensor<std::int64_t, D>::from(s.row), site), owner, segments, site);
    if (o.initial) out = out + *o.initial;
    if (reduce == "mean") {
      const Tensor<std::int64_t, D> lengths = Tensor<std::int64_t, D>::from(s.length, {segments, 1});
      // With an initial value a segment without elements keeps that.
      if (o.initial) out = out / where(eq(lengths, 0), 1, lengths);
      else out = out / lengths;
    }
  } else {
    out = ops::segment_products(rows, s, o.initial.value_or(1), site);
  }
  return reshape(out, s.out, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
