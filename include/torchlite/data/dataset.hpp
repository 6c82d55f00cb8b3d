// SPDX-License-Identifier: BSD-3-Clause
// `template <class = void>`: what a program does not call is not compiled.
#pragma once
#include <torchlite/core/error.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI::data {

/// The places of a batch's examples in a dataset.
using Indices = std::span<const std::int64_t>;

/// What can give a whole batch in one go: get_batch({3, 1, 7}). A loader prefers it to single examples.
template <class S>
concept batch_dataset = requires(const std::remove_reference_t<S>& s, Indices indices) {
  { s.size() } -> std::convertible_to<std::int64_t>;
  s.get_batch(indices);
};

/// What can give single examples: get(3), a tensor, a number, or a pair or tuple of those.
template <class S>
concept example_dataset = requires(const std::remove_reference_t<S>& s, std::int64_t i) {
  { s.size() } -> std::convertible_to<std::int64_t>;
  s.get(i);
};

/// A collection of examples that can be reached by index. size() and the getters are const; a loader with workers calls the getters
/// from several threads at once.
template <class S>
concept dataset = batch_dataset<S> || example_dataset<S>;

/// Throws IndexError unless 0 <= index < size.
template <class = void>
void check_index(const char* dataset, std::int64_t index, std::int64_t size) {
  check<IndexError>(index >= 0 && index < size, "{}: index {} is out of range for {} examples", dataset, index, size);
}

}  // namespace torchlite::inline TORCHLITE_ABI::data
