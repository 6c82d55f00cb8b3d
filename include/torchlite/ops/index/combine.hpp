// SPDX-License-Identifier: BSD-3-Clause
// Several values for one element: their sum, product, mean or extreme, and the gradients of those.
#pragma once
#include <torchlite/backend/reducer.hpp>
#include <torchlite/ops/index/indexing.hpp>
#include <torchlite/ops/pointwise/floor_divide.hpp>
#include <torchlite/ops/pointwise/ge.hpp>
#include <torchlite/ops/pointwise/maximum.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/reduce/amax.hpp>
#include <torchlite/ops/reduce/prod.hpp>
#include <torchlite/ops/shape/cat.hpp>

#include <string_view>

namespace torchlite::inline TORCHLITE_ABI::indexing {

enum class Combine : std::uint8_t { sum, prod, mean, amax, amin };

inline Combine combine_named(const char* op, std::string_view reduce, bool with_sum) {
  if (with_sum && reduce == "sum") return Combine::sum;
  if (reduce == "prod") return Combine::prod;
  if (reduce == "mean") return Combine::mean;
  if (reduce == "amax") return Combine::amax;
  if (reduce == "amin") return Combine::amin;
  fail<Error>("{}: \"{}\" is no reduction; it must be {}prod, mean, amax or amin", op, reduce, with_sum ? "sum, " : "");
}

/// How many values come together in each element.
///   -> sizes
template <class D>
Tensor<std::int64_t, D> value_counts(const Plan<D>& plan, const Shape& sizes, bool include_self) {
  const Tensor<std::int64_t, D> counts = empty<std::int64_t, D>(sizes);
  fill_elements(counts, std::int64_t{include_self ? 1 : 0});
  write(counts, plan, constant<std::int64_t, D>(plan, 1), true);
  return counts;
}

/// data = what there is and the values come to, where the plan says; no graph.
template <class T, class D>
void combine_into(const Tensor<T, D>& data, const Plan<D>& plan, const Tensor<T, D>& values, Combine how, bool include_self) {
  using R = register_t<T>;
  if (!include_self) {
    const R start = how == Combine::prod   ? R(1)
                    : how == Combine::amax ? backend::smallest_value<R>
                    : how == Combine::amin ? backend::largest_value<R>
                                           : R(0);
    write(data, plan, constant<T, D>(plan, static_cast<T>(start)), false);
  }
  const Arguments<T, D> arguments(plan, values, data);
  switch (how) {
    case Combine::sum:
    case Combine::mean: index_accumulate<T>(D{}, arguments.kernel); break;
    case Combine::prod: index_combine<T, backend::ProdReducer<R>>(D{}, arguments.kernel); break;
    case Combine::amax: index_combine<T, backend::MaxReducer<R>>(D{}, arguments.kernel); break;
    case Combine::amin: index_combine<T, backend::MinReducer<R>>(D{}, arguments.kernel); break;
  }
  if (how != Combine::mean) return;
  const NoGradGuard no_grad;
  const Tensor<std::int64_t, D> counts = maximum(value_counts(plan, data.sizes(), include_self), 1);
  if constexpr (floating<T>) copy_elements(data, Tensor<T, D>(data / counts));
  else if constexpr (integral<T>) copy_elements(data, Tensor<std::int64_t, D>(floor_divide(data, counts)));
}

template <class T, class D>
struct PairOfGradients {
  Tensor<T, D> of_x, of_values;
};

template <class T, class D>
Tensor<T, D> combine(const char* op, const Tensor<T, D>& x, const Plan<D>& plan, const Tensor<T, D>& values, Combine how, bool include_self,
                     Site site = {});

/// Elements that equal the result share its gradient.
template <class T, class D>
PairOfGradients<T, D> extreme_gradients(const char* op, const Tensor<T, D>& x, const Plan<D>& plan, const Tensor<T, D>& values,
                                        const Tensor<T, D>& out, const Tensor<T, D>& g, bool include_self) {
  Tensor<T, D> x_chosen = to<T>(eq(x.detach(), out.detach()));
  if (!include_self) x_chosen = cleared(op, x_chosen, plan);
  const Tensor<T, D> value_chosen = to<T>(eq(values.detach(), get(op, out.detach(), plan)));
  const Tensor<T, D> ties = put(op, x_chosen, plan, value_chosen, true);
  const Tensor<T, D> share = where(ge(ties, 1), g / ties, 0);
  return {Tensor<T, D>(x_chosen * share), Tensor<T, D>(value_chosen * get(op, share, plan))};
}

/// g times the product of the other factors, where an element has several factors 0: the values are laid out in layers, of
/// which each has at most one value for each element, so that the gradient of prod does the rest, to any order.
template <class T, class D>
TORCHLITE_COLD PairOfGradients<T, D> layered_product_gradients(const char* op, const Tensor<T, D>& first, const Plan<D>& plan,
                                                               const Tensor<T, D>& values, const Tensor<T, D>& g) {
  const Tensor<std::int64_t, D> rank = empty<std::int64_t, D>(plan.sizes), counts = empty<std::int64_t, D>(first.sizes());
  fill_elements(counts, std::int64_t{0});
  index_rank(D{}, Arguments<std::int64_t, D>(plan, rank, counts).kernel);
  const std::int64_t depth = amax(counts).item();
  std::vector<Tensor<T, D>> layers = {first};
  for (std::int64_t r = 0; r < depth; ++r) {
    const Tensor<T, D> own = scatter_sum<T, D>(op, where(eq(rank, r), values, 0).eval(), plan, first.sizes());
    layers.push_back(where(ge(r, counts), 1, own).eval());
  }
  const Tensor<T, D> factors = stack(layers);
  const Tensor<T, D> all = ops::prod_gradient<T, D>(factors, prod(factors, 0), g, 0, false);
  PairOfGradients<T, D> out{select(all, 0, 0), {}};
  for (std::int64_t r = 0; r < depth; ++r) {
    const Tensor<T, D> part = where(eq(rank, r), get(op, select(all, 0, r + 1), plan), 0);
    out.of_values = r == 0 ? part : Tensor<T, D>(out.of_values + part);
  }
  return out;
}

/// The gradients of a product: g times the product of the other factors.
template <class T, class D>
PairOfGradients<T, D> product_gradients(const char* op, const Tensor<T, D>& x, const Plan<D>& plan, const Tensor<T, D>& values,
                                        const Tensor<T, D>& out, const Tensor<T, D>& g, bool include_self) {
  // Where x itself does not count, a factor 1 takes its place.
  const Tensor<T, D> first = include_self ? x : put(op, x, plan, constant<T, D>(plan, static_cast<T>(1)), false);
  const Tensor<bool, D> first_zero = eq(first.detach(), 0), value_zero = eq(values.detach(), 0);
  const Tensor<T, D> zeros = put(op, Tensor<T, D>(to<T>(first_zero)), plan, Tensor<T, D>(to<T>(value_zero)), true);
  PairOfGradients<T, D> result;
  if (zeros.numel() > 0 && amax(zeros).item() > static_cast<T>(1)) {
    result = layered_product_gradients(op, first, plan, values, g);
  } else {
    // A factor that is not 0 gets the product divided by it, the only 0 gets the product of the others.
    const Tensor<T, D> first_divisor = where(first_zero, 1, first), value_divisor = where(value_zero, 1, values);
    const Tensor<T, D> others = combine(op, first_divisor, plan, value_divisor, Combine::prod, true);
    const Tensor<T, D> of_zero = g * others, of_rest = g * out;
    result.of_x = where(first_zero, of_zero, of_rest / first_divisor).eval();
    result.of_values = where(value_zero, get(op, of_zero, plan), get(op, of_rest, plan) / value_divisor).eval();
  }
  if (!include_self) result.of_x = cleared(op, result.of_x, plan);
  return result;
}

/// A copy of x in which each element that the plan names is what the values for it, and with include_self x itself, come to.
/// Gradients of products are right where factors are 0, to any order; equal extremes share theirs.
template <class T, class D>
Tensor<T, D> combine(const char* op, const Tensor<T, D>& x, const Plan<D>& plan, const Tensor<T, D>& values, Combine how, bool include_self,
                     Site site) {
  check_devices(op, x, values);
  if (how == Combine::sum && include_self) return put(op, x, plan, values, true, site);
  Tensor<T, D> out = empty<T, D>(x.sizes());
  copy_elements(out, x);
  combine_into(out, plan, values, how, include_self);
  if constexpr (differentiable<T>) {
    if (!autograd::needed(x, values)) return out;
    if (how == Combine::sum || how == Combine::mean)
      return autograd::record(op, site, std::move(out), autograd::inputs(x, values),
                              [op, plan, how, include_self](const autograd::Pass& pass, const Tensor<T, D>& g) {
                                Tensor<T, D> share = g, of_x;
                                if (how == Combine::mean) share = g / maximum(value_counts(plan, g.sizes(), include_self), 1);
                                if (pass.needs(0)) of_x = include_self ? share : cleared(op, share, plan);
                                return std::tuple(of_x, pass.needs(1) ? get(op, share, plan) : Tensor<T, D>());
                              });
    return autograd::record(op, site, out, autograd::inputs(x, values),
                            [op, plan, how, include_self, x = autograd::save(x), values = autograd::save(values),
                             out = autograd::save_output(out)](const autograd::Pass& pass, const Tensor<T, D>& g) {
                              const Tensor<T, D> result = pass.output(out);
                              const auto pair = how == Combine::prod
                                                    ? product_gradients(op, x.get(), plan, values.get(), result, g, include_self)
                                                    : extreme_gradients(op, x.get(), plan, values.get(), result, g, include_self);
                              return std::tuple(pair.of_x, pair.of_values);
                            });
  }
  return out;
}

}  // namespace torchlite::inline TORCHLITE_ABI::indexing
