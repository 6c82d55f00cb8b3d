// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/backward.hpp>
#include <torchlite/autograd/slices.hpp>

#include <optional>

namespace torchlite::inline TORCHLITE_ABI::func {

/// Stands for "the same for every element of the batch" among the in_dims of vmap; None in PyTorch.
inline constexpr std::nullopt_t unbatched = std::nullopt;

struct VmapOptions {
  std::vector<std::optional<std::int64_t>> in_dims = {};  ///< of each argument the dimension that is the batch; empty: 0 for all
  std::int64_t out_dim = 0;                               ///< where the batch is in the results
};

namespace vmap_details {
inline std::optional<std::int64_t> in_dim(const VmapOptions& options, std::size_t i) {
  return options.in_dims.empty() ? std::optional<std::int64_t>(0) : options.in_dims[i];
}
/// Slice i of an argument.
template <class X>
auto slice_of(const X& x, std::optional<std::int64_t> dim, std::int64_t i) {
  if (!dim) return x;
  return autograd::take_slice(x, normalize_axis("vmap", *dim, x.dim()), i);
}
template <class R>
auto evaluated(R&& result) {
  if constexpr (tensor_like<R>) return tensor_of<R>(eval(result));
  else return std::apply([](const auto&... y) { return std::tuple(tensor_of<decltype(y)>(eval(y))...); }, result);
}
template <class F, class... X>
auto run(const F& f, const VmapOptions& options, const X&... x) {
  check<Error>(options.in_dims.empty() || options.in_dims.size() == sizeof...(X), "vmap: {} in_dims were given for {} arguments",
               options.in_dims.size(), sizeof...(X));
  std::int64_t batch = -1;
  std::size_t number = 0;
  const auto measure = [&](const auto& t) {
    const auto dim = in_dim(options, number++);
    if (!dim) return;
    check<ShapeError>(t.dim() > 0, "vmap: argument {} has no dimensions, so none of them can be the batch", number - 1);
    const std::int64_t n = t.size(normalize_axis("vmap", *dim, t.dim()));
    check<ShapeError>(batch < 0 || n == batch, "vmap: argument {} of shape {} has a batch of {}, another one of {}; they must be equal",
                      number - 1, t.sizes().str(), n, batch);
    batch = n;
  };
  (measure(x), ...);
  check<Error>(batch >= 0, "vmap: no argument has a batch; at least one in_dim must be a dimension");
  check<Error>(batch > 0, "vmap: the batch is empty, so nothing says what the result looks like");
  const auto call = [&](std::int64_t i) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) { return evaluated(f(slice_of(x, in_dim(options, I), i)...)); }
    (std::index_sequence_for<X...>{});
  };
  using R = decltype(call(0));
  std::vector<R> results;
  results.reserve(static_cast<std::size_t>(batch));
  for (std::int64_t i = 0; i < batch; ++i) results.push_back(call(i));
  if constexpr (tensor<R>) {
    return autograd::stack_slices("vmap", results, options.out_dim);
  } else {
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      const auto column = [&](auto k) {
        std::vector<std::tuple_element_t<decltype(k)::value, R>> parts;
        for (const R& r : results) parts.push_back(std::get<decltype(k)::value>(r));
        return autograd::stack_slices("vmap", parts, options.out_dim);
      };
      return std::tuple(column(std::integral_constant<std::size_t, K>{})...);
    }
    (std::make_index_sequence<std::tuple_size_v<R>>{});
  }
}
}  // namespace vmap_details

/// f, a function of single examples, as a function of batches of them: vmap(f)(x, y) has f(x[i], y[i]) as its element i. f takes
/// tensors and returns a tensor, an expression or a tuple of them; every call must give the same shapes. Composes with itself
/// and with gradients, inside and outside.
/// It runs f once for each element and stacks the results: it saves writing the loop, not running it. Random numbers differ from
/// element to element (PyTorch's randomness = "different").
///   vmap(f)(x);   vmap(f, {.in_dims = {0, unbatched}, .out_dim = 1})(x, w)
/// Throws ShapeError where batches or results differ in size, Error for an empty batch.
template <class F>
auto vmap(F f, VmapOptions options = {}) {
  return [ f = std::move(f), options = std::move(options) ]<tensor_like... X>(const X&... x) {
    return vmap_details::run(f, options, static_cast<const tensor_of<X>&>(tensor_of<X>(eval(x)))...);
  };
}

}  // namespace torchlite::inline TORCHLITE_ABI::func
