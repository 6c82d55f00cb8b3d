// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/parameter.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn::utils {

/// All elements of all parameters, one after the other, in memory of its own and without a graph.
///   -> [number of elements]
template <class T, class D>
Tensor<T, D> parameters_to_vector(const std::vector<Tensor<T, D>>& parameters) {
  std::int64_t n = 0;
  for (const auto& p : parameters) n += p.numel();
  const Tensor<T, D> all = empty<T, D>({n});
  std::int64_t at = 0;
  for (const auto& p : parameters) {
    copy_elements(alias(all, p.sizes(), contiguous_strides(p.sizes()), at), p);
    at += p.numel();
  }
  return all;
}

/// Writes such a vector back into the parameters. Throws ShapeError if it has another number of elements.
template <class T, class D>
void vector_to_parameters(const Tensor<T, D>& vector, const std::vector<Tensor<T, D>>& parameters) {
  std::int64_t n = 0;
  for (const auto& p : parameters) n += p.numel();
  check<ShapeError>(vector.dim() == 1 && vector.numel() == n, "vector_to_parameters: a vector of shape {} for {} elements of parameters",
                    vector.sizes().str(), n);
  std::int64_t at = vector.storage_offset();
  for (const auto& p : parameters) {
    Shape strides = contiguous_strides(p.sizes());
    for (std::int64_t& s : strides) s *= vector.stride(0);
    copy_elements(p, alias(vector, p.sizes(), strides, at));
    ++p.impl().storage->version;
    at += p.numel() * vector.stride(0);
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI::nn::utils
