// SPDX-License-Identifier: BSD-3-Clause
// Scans, sorting and what is made of them. Each sort is a radix sort of 64-bit keys.
#pragma once
#include <torchlite/backend/cpu/sort.hpp>
#include <torchlite/backend/cuda/on_device.hpp>
#include <torchlite/backend/cuda/radix_sort.cuh>
#include <torchlite/backend/cuda/sort_element.hpp>
#include <torchlite/backend/cuda/team.cuh>
#include <torchlite/backend/kernel_count.hpp>

#include <concepts>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

template <class Scan>
void scan_rows(const RowLayout& rows, bool reverse, const Scan& scan) {
  count_kernel("scan_rows");
  launch_rows<1>("scan_rows", ScanRows<Scan>{rows, reverse, scan}, rows.count(), rows.n, rows.inner, false);
}

/// Numbers the flagged ones of n elements: after(i, how many up to i, whether i is flagged). Returns how many there are.
template <class Flag, class After>
std::int64_t number_flags(const char* name, std::int64_t n, const Flag& flag, const After& after) {
  if (n == 0) return 0;
  const std::int64_t chunks = (n + flag_chunk - 1) / flag_chunk;
  const Scratch scratch(static_cast<std::size_t>(chunks) * sizeof(std::int64_t));
  auto* const counts = static_cast<std::int64_t*>(scratch.data());
  launch_rows_by<block_threads, 1>(name, CountFlags<Flag>{flag, n, counts}, chunks);
  using Sums = CumulativeSum<std::int64_t, std::int64_t>;
  launch_rows_by<block_threads, 1>(name, ScanRows<Sums>{{1, chunks, 1}, false, {counts, counts}}, 1);
  launch_rows_by<block_threads, 1>(name, NumberFlags<Flag, After>{flag, after, n, counts}, chunks);
  std::int64_t total = 0;
  copy_to_host(Cuda{}, &total, counts + chunks - 1, sizeof(total));
  return total;
}

/// Fills the buffers with the elements of rows in sorted order, as numbers into all of them.
template <class T>
void sort_rows(SortBuffers& b, const T* x, std::int64_t rows, std::int64_t n, bool descending) {
  count_kernel("sort");
  launch_each("sort", RowKeys<T>{x, n, descending, b.keys, b.numbers}, rows * n);
  if constexpr (RowKeys<T>::with_row) {
    sort_by_key<>(b, rows > 1 ? 32 + bits_for(rows) : key_bits<T>);
  } else {
    sort_by_key<>(b, key_bits<T>);
    if (rows == 1) return;
    launch_each("sort", RowOfNumbers{n, b.numbers, b.keys}, rows * n);
    sort_by_key<>(b, bits_for(rows));
  }
}

}  // namespace cuda

/// Running sums, carried in double or int64.
template <class T, class Out>
void cumulative_sum(Cuda, const RowLayout& rows, bool reverse, const T* x, Out* y) {
  cuda::scan_rows(rows, reverse, cuda::CumulativeSum<cuda::on_device_t<T>, cuda::on_device_t<Out>>{cuda::on_device(x), cuda::on_device(y)});
}
/// Running products.
template <class T, class Out>
void cumulative_product(Cuda, const RowLayout& rows, const T* x, Out* y) {
  cuda::scan_rows(rows, false,
                  cuda::CumulativeProduct<cuda::on_device_t<T>, cuda::on_device_t<Out>>{cuda::on_device(x), cuda::on_device(y)});
}
/// y_i = a_i y_(i-1) + b_i, starting from y = 0.
template <class T>
void linear_recurrence(Cuda, const RowLayout& rows, bool reverse, const T* a, const T* b, T* y) {
  cuda::scan_rows(rows, reverse, cuda::LinearRecurrence<cuda::on_device_t<T>>{cuda::on_device(a), cuda::on_device(b), cuda::on_device(y)});
}
/// Where the largest (or smallest) element so far stands.
template <bool Largest, class T>
void cumulative_extreme(Cuda, const RowLayout& rows, const T* x, std::int64_t* index) {
  cuda::scan_rows(rows, false, cuda::CumulativeExtreme<Largest, T>{x, index});
}
/// Running log(sum e^x).
template <class T>
void cumulative_logsumexp(Cuda, const RowLayout& rows, const T* x, T* y) {
  cuda::scan_rows(rows, false, cuda::CumulativeLogsumexp<T>{x, y});
}

/// The number of true elements of n; waits for the device.
template <std::same_as<Cuda> D>
std::int64_t count_true(D, const bool* mask, std::int64_t n) {
  count_kernel("count_true");
  return cuda::number_flags("count_true", n, cuda::IsTrue{mask}, cuda::Ignore{});
}
/// The positions of the true elements of a row-major mask, each written as sizes.rank() numbers, in order.
template <std::same_as<Cuda> D>
void write_true_positions(D, const bool* mask, const Shape& sizes, std::int64_t* out) {
  count_kernel("write_true_positions");
  cuda::number_flags("write_true_positions", sizes.numel(), cuda::IsTrue{mask}, cuda::WritePosition(sizes, out));
}

/// For each of `rows` rows of n elements: the positions of its first `keep` elements in sorted order.
template <class T>
void argsort(Cuda, const T* data, std::int64_t rows, std::int64_t n, std::int64_t keep, bool descending, std::int64_t* out) {
  if (rows * keep == 0) return;
  cuda::SortBuffers b(rows * n);
  cuda::sort_rows(b, data, rows, n, descending);
  cuda::launch_each("sort", cuda::FirstOfRows{n, keep, b.numbers, out}, rows * keep);
}
/// For each row: the position of the element of that rank.
template <class T>
void ranked_position(Cuda, const T* data, std::int64_t rows, std::int64_t n, Rank rank, std::int64_t k, std::int64_t* out) {
  if (rows * n == 0) return;
  cuda::SortBuffers b(rows * n);
  cuda::sort_rows(b, data, rows, n, false);
  cuda::launch_each("sort", cuda::RankedOfRows<T>{data, n, k, rank != Rank::kth, rank == Rank::nanmedian, b.numbers, out}, rows);
}
/// For each row: the last position of its most frequent element, the smallest of equally frequent ones.
template <class T>
void mode_position(Cuda, const T* data, std::int64_t rows, std::int64_t n, std::int64_t* out) {
  if (rows * n == 0) return;
  cuda::SortBuffers b(rows * n);
  cuda::sort_rows(b, data, rows, n, false);
  cuda::launch_each("sort", cuda::ModeOfRows<T>{data, n, b.numbers, out}, rows);
}
/// For each value: how many of the n boundaries come before it (with `right`: or equal it); see the Cpu's.
template <class T, class Out>
void search_sorted(Cuda, const T* boundaries, const std::int64_t* sorter, std::int64_t n, std::int64_t step, const T* values,
                   std::int64_t rows, std::int64_t row_length, bool right, Out* out) {
  count_kernel("search_sorted");
  cuda::launch_each("search_sorted", cuda::SearchSorted<T, Out>{boundaries, sorter, n, step, values, row_length, right, out},
                    rows * row_length);
}

/// Groups n slices of `width` elements: equal ones next to each other, or, if sort, all equal ones in ascending order; see the Cpu's.
/// Waits for the device.
template <class T>
std::int64_t group_slices(Cuda, const T* data, std::int64_t n, std::int64_t width, bool sort, std::int64_t* group, std::int64_t* first,
                          std::int64_t* count) {
  count_kernel("group_slices");
  if (n == 0) return 0;
  cuda::SortBuffers b(n);
  cuda::launch_each("group_slices", cuda::CountUp{b.numbers}, n);
  for (std::int64_t k = sort ? width - 1 : -1; k >= 0; --k) {  // by the last element first: the sort is stable
    cuda::launch_each("group_slices", cuda::SliceKeys<T>{data, width, k, b.numbers, b.keys}, n);
    cuda::sort_by_key<>(b, cuda::key_bits<T>);
  }
  std::int64_t* const begins = b.other_numbers;
  const std::int64_t groups = cuda::number_flags("group_slices", n, cuda::BeginsGroup<T>{data, width, b.numbers},
                                                 cuda::WriteGroup{b.numbers, group, first, begins});
  cuda::launch_each("group_slices", cuda::SizesOfGroups{n, groups, begins, count}, groups);
  return groups;
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
