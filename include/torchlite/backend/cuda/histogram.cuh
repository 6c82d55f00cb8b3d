// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cuda/histogram_element.hpp>
#include <torchlite/backend/cuda/radix_sort.cuh>
#include <torchlite/backend/cuda/team.cuh>
#include <torchlite/backend/kernel_count.hpp>

#include <vector>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

/// out[bin] for all bins, from keys that make_keys(keys, numbers) writes.
template <class V, class W, class Keys>
void sum_bins(const char* name, std::int64_t n, std::int64_t bins, const W* weights, V* out, Keys make_keys) {
  SortBuffers sorted(n > 0 ? n : 1);
  launch_each(name, make_keys(sorted.keys, sorted.numbers), n);
  sorted.count = n;
  if (n > 0) sort_by_key<>(sorted, bits_for(bins + 1));
  const SumOfBin<V, W> sums{sorted.keys, sorted.numbers, n, weights, out};
  if (weights == nullptr) launch_rows_by<1, 1>(name, sums, bins);
  else if (n / bins < 8 * block_threads) launch_rows_by<warp_threads, 1>(name, sums, bins);
  else launch_rows_by<block_threads, 1>(name, sums, bins);
}

}  // namespace cuda

/// Adds each of n points of `dims` coordinates to its bin of a dense histogram, with its weight or as 1. The edges and out are on the host,
/// which waits.
template <class T>
void histogram(Cuda, const T* points, std::int64_t n, int dims, const BinEdges* bins, const T* weights, double* out) {
  count_kernel("histogram");
  std::int64_t total = 1, edges = 0;
  for (int d = 0; d < dims; ++d) total *= bins[d].bins, edges += bins[d].bins + 1;
  if (total == 0) return;
  // One block of memory: the bins, their edges, the sums.
  const std::size_t head = static_cast<std::size_t>(dims) * sizeof(BinEdges), body = static_cast<std::size_t>(edges) * sizeof(double);
  const cuda::Scratch memory(head + body + static_cast<std::size_t>(total) * sizeof(double));
  auto* const device_bins = static_cast<BinEdges*>(memory.data());
  auto* const device_edges = reinterpret_cast<double*>(static_cast<unsigned char*>(memory.data()) + head);
  double* const sums = device_edges + edges;
  std::vector<BinEdges> own(bins, bins + dims);
  std::int64_t at = 0;
  for (BinEdges& b : own) {
    copy_from_host(Cuda{}, device_edges + at, b.edges, static_cast<std::size_t>(b.bins + 1) * sizeof(double));
    b.edges = device_edges + at;
    at += b.bins + 1;
  }
  copy_from_host(Cuda{}, device_bins, own.data(), head);
  cuda::sum_bins("histogram", n, total, weights, sums, [&](std::uint64_t* keys, std::int64_t* numbers) {
    return cuda::PointKeys<T>{points, dims, device_bins, total, keys, numbers};
  });
  copy_to_host(Cuda{}, out, sums, static_cast<std::size_t>(total) * sizeof(double));
}

/// The smallest and the largest of n values, on the host: 0 and 0 if there is none, NaN if one is NaN.
template <class T>
void value_range(Cuda, const T* x, std::int64_t n, std::int64_t step, double* low, double* high) {
  count_kernel("value_range");
  *low = *high = 0;
  if (n == 0) return;
  const std::int64_t count = n < 256 ? n : 256;
  const cuda::Scratch memory(static_cast<std::size_t>(count + 1) * sizeof(cuda::ValueRange));
  auto* const ranges = static_cast<cuda::ValueRange*>(memory.data());
  cuda::launch_rows_by<cuda::block_threads, 1>("value_range", cuda::RangeOfPart<T>{x, n, step, count, ranges}, count);
  cuda::launch_rows_by<cuda::block_threads, 1>("value_range", cuda::RangeOfParts{count, ranges, ranges + count}, 1);
  cuda::ValueRange range{};
  copy_to_host(Cuda{}, &range, ranges + count, sizeof(range));
  *low = range.low, *high = range.high;
}

/// out[x[i]] += weights[i], or 1; x holds numbers from 0 to before `bins`.
template <class T, class W>
void bincount(Cuda, const T* x, std::int64_t n, const W* weights, std::int64_t bins, W* out) {
  count_kernel("bincount");
  if (bins == 0) return;
  cuda::sum_bins("bincount", n, bins, weights, out, [&](std::uint64_t* keys, std::int64_t* numbers) {
    return cuda::NumberKeys<T>{x, keys, numbers};
  });
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
