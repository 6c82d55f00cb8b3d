// SPDX-License-Identifier: BSD-3-Clause
// Making a batch out of single examples.
#pragma once
#include <torchlite/autograd/accumulate.hpp>
#include <torchlite/data/dataset.hpp>

#include <cstring>
#include <tuple>
#include <utility>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::data {

/// Rows indices[0], indices[1], ... of t, in fresh memory: [N, ...] -> [indices, ...]. Throws IndexError.
template <class T>
Tensor<T> gather_rows(const Tensor<T>& t, Indices indices) {
  Shape sizes = t.sizes(), row = sizes;
  check<ShapeError>(sizes.rank() > 0, "gather_rows: a tensor without dimensions has no rows");
  row.erase(0);
  sizes[0] = static_cast<std::int64_t>(indices.size());
  const Tensor<T> out = empty<T>(sizes);
  const std::int64_t n = row.numel();
  Shape strides = t.strides();
  strides.erase(0);
  const bool dense = is_contiguous(row, strides);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    check_index("gather_rows", indices[i], t.size(0));
    const std::int64_t from = indices[i] * t.stride(0), to = static_cast<std::int64_t>(i) * n;
    if (!dense) copy_elements(alias(out, row, contiguous_strides(row), to), alias(t, row, strides, t.storage_offset() + from));
    else if (n > 0) std::memcpy(out.data() + to, t.data() + from, static_cast<std::size_t>(n) * sizeof(T));
  }
  return out;
}

/// Tensors of equal shape, one below the other: n of [...] -> [n, ...].
template <class T>
Tensor<T> collate(const std::vector<Tensor<T>>& examples) {
  const Shape& row = examples.front().sizes();
  Shape sizes = row;
  sizes.insert(0, static_cast<std::int64_t>(examples.size()));
  const Tensor<T> out = empty<T>(sizes);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    check<ShapeError>(examples[i].sizes() == row,
                      "collate: example {} has shape {}, the first one {}; the examples of a batch must have equal shapes", i,
                      examples[i].sizes().str(), row.str());
    const std::int64_t n = row.numel(), to = static_cast<std::int64_t>(i) * n;
    if (examples[i].is_contiguous() && n > 0) std::memcpy(out.data() + to, examples[i].data(), static_cast<std::size_t>(n) * sizeof(T));
    else copy_elements(alias(out, row, contiguous_strides(row), to), examples[i]);
  }
  return out;
}

/// Numbers: n of them -> [n], in the dtype of the number.
template <scalar S>
auto collate(const std::vector<S>& examples) {
  using T = decltype(dtypes::canonical<S>());
  const Tensor<T> out = empty<T>({static_cast<std::int64_t>(examples.size())});
  for (std::size_t i = 0; i < examples.size(); ++i) out.data()[i] = static_cast<T>(examples[i]);
  return out;
}

// Pairs and tuples: each place by itself.
template <class Example, std::size_t... I>
auto collate_parts(std::vector<Example>& examples, std::index_sequence<I...>) {
  const auto part = [&](auto index) {
    constexpr std::size_t i = decltype(index)::value;
    std::vector<std::remove_cvref_t<std::tuple_element_t<i, Example>>> parts;
    parts.reserve(examples.size());
    for (Example& e : examples) parts.push_back(std::move(std::get<i>(e)));
    return collate(std::move(parts));
  };
  return std::tuple(part(std::integral_constant<std::size_t, I>{})...);
}
template <class... Parts>
auto collate(std::vector<std::tuple<Parts...>> examples) {
  return collate_parts(examples, std::index_sequence_for<Parts...>{});
}
template <class A, class B>
auto collate(std::vector<std::pair<A, B>> examples) {
  auto [a, b] = collate_parts(examples, std::index_sequence<0, 1>{});
  return std::pair(std::move(a), std::move(b));
}

/// A batch of a dataset: by its get_batch, or else made of single examples.
template <dataset S>
auto get_batch(const S& set, Indices indices) {
  if constexpr (batch_dataset<S>) {
    return set.get_batch(indices);
  } else {
    std::vector<std::remove_cvref_t<decltype(set.get(std::int64_t{}))>> examples;
    examples.reserve(indices.size());
    for (const std::int64_t i : indices) examples.push_back(set.get(i));
    check<Error>(!examples.empty(), "collate: a batch without examples has no shape");
    return collate(std::move(examples));
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI::data
