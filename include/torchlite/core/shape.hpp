// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/error.hpp>

#include <array>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

inline constexpr int max_rank = 8;

/// Sizes or strides of a tensor: up to max_rank numbers, stored inline.
class Shape {
 public:
  TORCHLITE_HOST_DEVICE constexpr Shape() : values_{} {}
  constexpr Shape(std::initializer_list<std::int64_t> values) : Shape() { assign(values.begin(), values.end()); }
  Shape(std::span<const std::int64_t> values) : Shape() { assign(values.begin(), values.end()); }
  Shape(const std::vector<std::int64_t>& values) : Shape() { assign(values.begin(), values.end()); }
  template <class Iterator>
  constexpr Shape(Iterator first, Iterator last) : Shape() {
    assign(first, last);
  }
  /// rank times the same value.
  static constexpr Shape filled(int rank, std::int64_t value) {
    Shape s;
    for (int i = 0; i < rank; ++i) s.push_back(value);
    return s;
  }

  /// A shape whose numbers are yet to be written: set_rank() first.
  struct Unset {};
  explicit Shape(Unset) {}
  /// Makes room for as many numbers, whose values are those that were there.
  void set_rank(int rank) { rank_ = rank; }

  constexpr int rank() const { return rank_; }
  constexpr std::size_t size() const { return static_cast<std::size_t>(rank_); }
  constexpr bool empty() const { return rank_ == 0; }
  constexpr std::int64_t& operator[](std::integral auto i) { return values_[static_cast<std::size_t>(i)]; }
  constexpr std::int64_t operator[](std::integral auto i) const { return values_[static_cast<std::size_t>(i)]; }
  constexpr std::int64_t back() const { return values_[static_cast<std::size_t>(rank_ - 1)]; }
  constexpr std::int64_t& back() { return values_[static_cast<std::size_t>(rank_ - 1)]; }
  constexpr const std::int64_t* begin() const { return values_.data(); }
  constexpr const std::int64_t* end() const { return values_.data() + rank_; }
  constexpr std::int64_t* begin() { return values_.data(); }
  constexpr std::int64_t* end() { return values_.data() + rank_; }

  constexpr void push_back(std::int64_t value) {
    if (rank_ == max_rank) fail<ShapeError>("shape: a tensor has at most {} dimensions", max_rank);
    values_[static_cast<std::size_t>(rank_++)] = value;
  }
  constexpr void insert(int at, std::int64_t value) {
    push_back(value);
    for (int i = rank_ - 1; i > at; --i) std::swap(values_[static_cast<std::size_t>(i)], values_[static_cast<std::size_t>(i - 1)]);
  }
  constexpr void erase(int at) {
    for (int i = at; i + 1 < rank_; ++i) values_[static_cast<std::size_t>(i)] = values_[static_cast<std::size_t>(i + 1)];
    --rank_;
  }
  constexpr void clear() { rank_ = 0; }

  friend constexpr bool operator==(const Shape& a, const Shape& b) {
    if (a.rank_ != b.rank_) return false;
    for (int i = 0; i < a.rank_; ++i)
      if (a.values_[static_cast<std::size_t>(i)] != b.values_[static_cast<std::size_t>(i)]) return false;
    return true;
  }

  /// The product of the sizes; sizes must have been checked by check_sizes.
  constexpr std::int64_t numel() const {
    std::int64_t n = 1;
    for (std::int64_t s : *this) n *= s;
    return n;
  }

  /// "[2, 3]", for messages.
  SizesText str() const& { return {begin(), rank_}; }
  std::string str() const&& { return SizesText(begin(), rank_); }
  operator std::vector<std::int64_t>() const { return {begin(), end()}; }

 private:
  template <class Iterator>
  constexpr void assign(Iterator first, Iterator last) {
    for (; first != last; ++first) push_back(static_cast<std::int64_t>(*first));
  }

  std::array<std::int64_t, max_rank> values_;
  int rank_ = 0;
};

/// The number of bytes. Throws ShapeError if a size is negative, Error if that number does not fit.
inline std::size_t check_sizes(const char* op, const Shape& sizes, std::size_t element_size) {
  std::int64_t n = 1;
  bool overflow = false, empty = false;
  for (std::int64_t s : sizes) {
    empty |= s == 0;
    check<ShapeError>(s >= 0, "{}: size {} in {} is negative", op, s, sizes.str());
    overflow |= __builtin_mul_overflow(n, s, &n);
  }
  std::int64_t bytes = 0;
  overflow |= __builtin_mul_overflow(n, static_cast<std::int64_t>(element_size), &bytes);
  check<Error>(!overflow || empty, "{}: {} is too large: its size in bytes does not fit 63 bits", op, sizes.str());
  return static_cast<std::size_t>(bytes);
}

/// Strides, in elements, of a dense row-major tensor.
inline Shape contiguous_strides(const Shape& sizes) {
  Shape strides = Shape::filled(sizes.rank(), 1);
  for (int i = sizes.rank() - 2; i >= 0; --i) strides[i] = strides[i + 1] * (sizes[i + 1] > 0 ? sizes[i + 1] : 1);
  return strides;
}

inline bool is_contiguous(const Shape& sizes, const Shape& strides) {
  std::int64_t expected = 1;
  for (int i = sizes.rank() - 1; i >= 0; --i) {
    if (sizes[i] == 0) return true;
    if (sizes[i] == 1) continue;
    if (strides[i] != expected) return false;
    expected *= sizes[i];
  }
  return true;
}

/// The shape that sizes a and b broadcast to, by the rule of NumPy and PyTorch.
inline Shape broadcast_shapes(const char* op, const Shape& a, const Shape& b) {
  const int rank = a.rank() > b.rank() ? a.rank() : b.rank();
  Shape out = Shape::filled(rank, 1);
  for (int i = 0; i < rank; ++i) {
    const int ia = i - (rank - a.rank()), ib = i - (rank - b.rank());
    const std::int64_t sa = ia < 0 ? 1 : a[ia], sb = ib < 0 ? 1 : b[ib];
    check<ShapeError>(sa == sb || sa == 1 || sb == 1,
                      "{}: shapes {} and {} do not broadcast: sizes {} and {} at dimension {} must be equal or 1", op, a.str(), b.str(), sa,
                      sb, i - rank);
    out[i] = sa == 1 ? sb : sa;
  }
  return out;
}

/// Strides with which a tensor of these sizes and strides is read as if it had the shape `target`.
inline Shape broadcast_strides(const Shape& sizes, const Shape& strides, const Shape& target) {
  Shape out = Shape::filled(target.rank(), 0);
  const int shift = target.rank() - sizes.rank();
  for (int i = 0; i < sizes.rank(); ++i) out[i + shift] = sizes[i] == 1 ? 0 : strides[i];
  return out;
}

/// An axis in [-rank, rank) as one in [0, rank); a tensor without dimensions takes -1 and 0.
inline int normalize_axis(const char* op, std::int64_t axis, int rank) {
  const int r = rank > 0 ? rank : 1;
  check<IndexError>(axis >= -r && axis < r, "{}: dimension {} is out of range for a tensor of {} dimensions; it must be in [{}, {}]", op,
                    axis, rank, -r, r - 1);
  return static_cast<int>(axis < 0 ? axis + r : axis);
}

}  // namespace torchlite::inline TORCHLITE_ABI
