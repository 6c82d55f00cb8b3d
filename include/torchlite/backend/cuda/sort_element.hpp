// SPDX-License-Identifier: BSD-3-Clause
// Orders as 64-bit keys, and what is read off sorted rows, without the launch.
#pragma once
#include <torchlite/backend/cuda/scan_element.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Bits of the keys of a dtype.
template <class T>
inline constexpr int key_bits = 8 * static_cast<int>(sizeof(register_t<T>));

/// A number that is smaller for values that come first: floats by value, with -0 equal to 0 and NaN after everything.
template <class T>
TORCHLITE_HOST_DEVICE std::uint64_t order_key(T x, bool descending) {
  using R = register_t<T>;
  constexpr std::uint64_t all = key_bits<T> == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << (key_bits<T> % 64)) - 1;
  constexpr std::uint64_t top = std::uint64_t{1} << (key_bits<T> - 1);
  const R v = static_cast<R>(x);
  std::uint64_t key;
  if constexpr (std::is_floating_point_v<R>) {
    using Bits = std::conditional_t<sizeof(R) == 8, std::uint64_t, std::uint32_t>;
    const std::uint64_t bits = __builtin_bit_cast(Bits, v == R(0) ? R(0) : v);
    key = v != v ? all : ((bits & top) != 0 ? ~bits & all : bits | top);
  } else if constexpr (std::is_signed_v<R>) {
    key = (static_cast<std::uint64_t>(v) & all) ^ top;
  } else {
    key = static_cast<std::uint64_t>(v);
  }
  return descending ? ~key & all : key;
}

/// keys[i] and numbers[i] = i for all elements of dense rows; short keys have the row in their upper bits.
template <class T>
struct RowKeys {
  const T* x;
  std::int64_t n;
  bool descending;
  std::uint64_t* keys;
  std::int64_t* numbers;

  static constexpr bool with_row = key_bits<T> <= 32;
  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    keys[i] = order_key(x[i], descending);
    if constexpr (with_row) keys[i] |= static_cast<std::uint64_t>(i / n) << 32;
    numbers[i] = i;
  }
};
/// The rows of numbers that are sorted without regard to them.
struct RowOfNumbers {
  std::int64_t n;
  const std::int64_t* numbers;
  std::uint64_t* keys;
  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const { keys[i] = static_cast<std::uint64_t>(numbers[i] / n); }
};
/// The first `keep` numbers of each sorted row, as positions in it.
struct FirstOfRows {
  std::int64_t n, keep;
  const std::int64_t* numbers;
  std::int64_t* out;
  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t row = i / keep;
    out[i] = numbers[row * n + (i - row * keep)] - row * n;
  }
};

/// The position in each row of the element of a rank; NaNs are last in a sorted row, and of them the first position counts.
template <class T>
struct RankedOfRows {
  const T* x;
  std::int64_t n, k;
  bool median, skip_nan;
  const std::int64_t* numbers;
  std::int64_t* out;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t row) const {
    using R = register_t<T>;
    const std::int64_t* const sorted = numbers + row * n;
    std::int64_t at = k;
    if (median) {
      const auto is_nan = [&](std::int64_t i) {
        const R v = static_cast<R>(x[sorted[i]]);
        return v != v;
      };
      std::int64_t low = 0, high = n;  // the first NaN
      while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        if (is_nan(middle)) high = middle;
        else low = middle + 1;
      }
      at = low < n && !skip_nan ? low : (low > 0 ? (low - 1) / 2 : 0);
    }
    out[row] = sorted[at] - row * n;
  }
};

/// The last position of the most frequent element of each row, the smallest of equally frequent ones.
template <class T>
struct ModeOfRows {
  const T* x;
  std::int64_t n;
  const std::int64_t* numbers;
  std::int64_t* out;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t row) const {
    using R = register_t<T>;
    const std::int64_t* const sorted = numbers + row * n;
    std::int64_t most = 0, run = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      ++run;
      if (i + 1 < n && static_cast<R>(x[sorted[i]]) == static_cast<R>(x[sorted[i + 1]])) continue;
      if (run > most) most = run, out[row] = sorted[i] - row * n;
      run = 0;
    }
  }
};

/// How many of the n boundaries come before a value (with `right`: or equal it).
template <class T, class Out>
struct SearchSorted {
  const T* boundaries;
  const std::int64_t* sorter;
  std::int64_t n, step;
  const T* values;
  std::int64_t row_length;
  bool right;
  Out* out;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t start = i / row_length * step;
    const std::uint64_t v = order_key(values[i], false);
    std::int64_t low = 0, high = n;
    while (low < high) {
      const std::int64_t middle = low + (high - low) / 2;
      const std::uint64_t b = order_key(boundaries[start + (sorter != nullptr ? sorter[start + middle] : middle)], false);
      if (right ? b <= v : b < v) low = middle + 1;
      else high = middle;
    }
    out[i] = static_cast<Out>(low);
  }
};

// --- equal slices ------------------------------------------------------------------------------------------------------------
/// The key of element k of each slice, the slices being in the order of the numbers.
template <class T>
struct SliceKeys {
  const T* x;
  std::int64_t width, k;
  const std::int64_t* numbers;
  std::uint64_t* keys;
  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const { keys[i] = order_key(x[numbers[i] * width + k], false); }
};
struct CountUp {
  std::int64_t* numbers;
  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const { numbers[i] = i; }
};
/// True for the first slice of a group of equal ones; NaN is equal to nothing, itself included.
template <class T>
struct BeginsGroup {
  const T* x;
  std::int64_t width;
  const std::int64_t* numbers;

  TORCHLITE_HOST_DEVICE bool operator()(std::int64_t i) const {
    using R = register_t<T>;
    if (i == 0) return true;
    const T *const a = x + numbers[i - 1] * width, *const b = x + numbers[i] * width;
    for (std::int64_t k = 0; k < width; ++k)
      if (!(static_cast<R>(a[k]) == static_cast<R>(b[k]))) return true;
    return false;
  }
};
/// The group of each slice, and a slice and the place in the order of each group.
struct WriteGroup {
  const std::int64_t* numbers;
  std::int64_t *group, *first, *begins;
  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i, std::int64_t number, bool flagged) const {
    group[numbers[i]] = number - 1;
    if (flagged) first[number - 1] = numbers[i], begins[number - 1] = i;
  }
};
struct SizesOfGroups {
  std::int64_t n, groups;
  const std::int64_t* begins;
  std::int64_t* count;
  TORCHLITE_HOST_DEVICE void operator()(std::int64_t g) const { count[g] = (g + 1 < groups ? begins[g + 1] : n) - begins[g]; }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
