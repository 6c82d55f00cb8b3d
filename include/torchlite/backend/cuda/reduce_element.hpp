// SPDX-License-Identifier: BSD-3-Clause
// The reduction kernel without its launch: what each thread folds, and how the threads of a result are combined. Always in the same
// order, so that a sum is the same every time.
#pragma once
#include <torchlite/backend/cuda/element.hpp>
#include <torchlite/backend/reduce.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

template <class State>
inline constexpr bool is_indexed = requires(State s) {
  s.index;
};

/// A reduction as loops over results and, for each, loops over what is reduced. L is Loops or WideLoops.
template <class F, template <int> class L>
struct ReduceKernelArguments {
  static constexpr int leaves = FormulaTraits<F>::leaves;
  static constexpr int index = leaves, out = leaves + 1, operands = leaves + 2;

  ReduceKernelArguments(const LoopPlan& plan, int kept_first, int kept_last, const ReduceGeometry& g)
      : kept(plan, kept_first, kept_last),
        reduced(plan, kept_first == 0 ? kept_last : 0, kept_first == 0 ? plan.rank : kept_first),
        geometry(g) {}

  inputs_t<F> in;
  L<operands> kept, reduced;
  ReduceGeometry geometry;
  void* result = nullptr;
  void* values = nullptr;  ///< of argmax and argmin: where the extremes themselves go; may be null
  double divisor = 1;      ///< of sums
  bool add = false;        ///< to the old content of the result
};

/// The value of F where the leaves are at the given offsets.
template <class F, class Offset, int K>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE formula_value_t<F> evaluate_at(const inputs_t<F>& in, const Offset (&base)[K],
                                                                      const Offset (&more)[K]) {
  Packets<F, 1> x;
  x.each([&](auto& p) {
    using P = std::remove_reference_t<decltype(p)>;
    p.values.v[0] = element_at<typename P::value_type>(in.leaves[P::index], static_cast<std::int64_t>(base[P::index]) + more[P::index]);
  });
  return evaluate<F>(inputs_of<F, 1>(x, in.scalars), 0);
}

/// What one lane folds of result number o in one split: every (lanes * splits)th element.
template <class R, class F, template <int> class L>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE typename R::State reduce_lane(const ReduceKernelArguments<F, L>& a, std::int64_t o,
                                                                     std::int64_t split, int lane) {
  using A = ReduceKernelArguments<F, L>;
  using Offset = typename L<A::operands>::Offset;
  using Number = decltype(a.kept.numel);
  Offset base[A::operands], at[A::operands];
  a.kept.offsets(static_cast<Number>(o), base);
  typename R::State s = R::identity();
  const Number step = static_cast<Number>(a.geometry.lanes * a.geometry.splits);
  for (Number r = static_cast<Number>(split * a.geometry.lanes + lane); r < a.reduced.numel; r += step) {
    a.reduced.offsets(r, at);
    const auto v = static_cast<typename R::Value>(evaluate_at<F>(a.in, base, at));
    s = R::combine(s, R::lift(v, static_cast<std::int64_t>(base[A::index]) + at[A::index]));
  }
  return s;
}

/// A finished state as it is stored: sums divided, of extremes the index.
template <class Out, class State>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE auto finished(const State& s, [[maybe_unused]] double divisor) {
  if constexpr (is_indexed<State>) return narrow<Out>(s.index);
  else if constexpr (std::is_same_v<State, double> || complex_number<State>) return narrow<Out>(s / divisor);
  else return narrow<Out>(s);
}

/// Stores a finished result where the kept loops say; Element is the dtype of the extremes' values.
template <class Out, class Element, class F, template <int> class L, class State>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void store_result(const ReduceKernelArguments<F, L>& a, std::int64_t o, const State& s) {
  using A = ReduceKernelArguments<F, L>;
  typename L<A::operands>::Offset at[A::operands];
  a.kept.offsets(static_cast<decltype(a.kept.numel)>(o), at);
  stored_t<Out>& y = element_at<Out>(a.result, at[A::out]);
  if constexpr (is_indexed<State>) {
    if (a.values != nullptr) element_at<Element>(a.values, at[A::out]) = narrow<Element>(s.value);
  }
  const auto v = finished<Out>(s, a.divisor);
  if constexpr (differentiable<Out>) y = a.add ? static_cast<Out>(static_cast<register_t<Out>>(y) + static_cast<register_t<Out>>(v)) : v;
  else y = v;
}

/// The dimensions of a merged plan that are kept, if they are consecutive and at one end; what is reduced is the rest.
struct KeptDimensions {
  bool simple = true;
  int first = 0, last = 0;

  KeptDimensions(const LoopPlan& plan, int out) {
    int changes = 0;
    const auto kept = [&](int d) { return plan.strides[out][d] != 0; };
    for (int d = 1; d < plan.rank; ++d) changes += kept(d) != kept(d - 1) ? 1 : 0;
    simple = changes <= 1;
    if (kept(0)) {
      while (last < plan.rank && kept(last)) ++last;
    } else {
      first = last = plan.rank;
      while (first > 0 && kept(first - 1)) --first;
    }
  }
};

/// The plan of a reduction, its kept dimensions moved to the front unless they are at one end already. The operands are the leaves,
/// the index and the result.
inline LoopPlan reduce_plan(const ReduceArguments& a) {
  LoopPlan plan(*a.sizes);
  for (int k = 0; k < a.leaf_count; ++k) plan.add(a.leaves[k]);
  plan.add({nullptr, a.sizes, a.index_strides, 1});
  plan.add({nullptr, a.sizes, a.out_strides, 1});
  plan.merge();
  const int out = a.leaf_count + 1;
  if (plan.numel == 1) plan.strides[out][0] = 0;  // a dimension of one element: to reduce it is to copy it
  if (KeptDimensions(plan, out).simple) return plan;
  LoopPlan sorted = plan;
  int d = 0;
  for (int pass = 0; pass < 2; ++pass) {
    for (int from = 0; from < plan.rank; ++from) {
      if ((plan.strides[out][from] != 0) != (pass == 0)) continue;
      sorted.sizes[d] = plan.sizes[from];
      for (int k = 0; k < plan.operands; ++k) sorted.strides[k][d] = plan.strides[k][from];
      ++d;
    }
  }
  return sorted;
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
