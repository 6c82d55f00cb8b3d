// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/backward.hpp>
#include <torchlite/backend/cpu/loss.hpp>
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/softmax/softmax.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

/// The part of a loss's options that its kernels see.
template <class T, class D>
struct ClassLoss {
  Tensor<T, D> weight;
  std::int64_t ignore_index;
  Reduction reduction;
  double smoothing;
};

/// Input [C], [N, C] or [N, C, d1, ...] with target [], [N] or [N, d1, ...]: checked, and as rows.
template <class T, class D>
backend::RowLayout class_rows(const char* op, const Tensor<T, D>& x, const Shape& target, const Tensor<T, D>& weight) {
  check<ShapeError>(x.dim() > 0, "{}: the input has no dimension of classes; it must be [C], [N, C] or [N, C, d1, ...]", op);
  const int axis = x.dim() == 1 ? 0 : 1;
  Shape expected = x.sizes();
  expected.erase(axis);
  check<ShapeError>(target == expected, "{}: the target of shape {} does not fit the input of shape {}; it must be {}", op, target.str(),
                    x.sizes().str(), expected.str());
  const backend::RowLayout rows = rows_around(x.sizes(), axis);
  check<ShapeError>(!weight.defined() || weight.sizes() == Shape{rows.n},
                    "{}: the weight of shape {} does not fit {} classes; it must be [{}]", op, weight.defined() ? weight.sizes().str() : "",
                    rows.n, rows.n);
  return rows;
}

/// cross_entropy (Normalize) and nll_loss of class indices: one pass forward, one backward.
template <bool Normalize, class T, class D>
Tensor<T, D> class_loss(const char* op, const Tensor<T, D>& x, const Tensor<std::int64_t, D>& target, const ClassLoss<T, D>& options,
                        Site site) {
  using R = register_t<T>;
  check_reduction(options.reduction);
  check_devices(op, x, target, options.weight);
  const backend::RowLayout rows = class_rows(op, x, target.sizes(), options.weight);
  // Held by the graph, in which the arguments point.
  struct Operands {
    Tensor<T, D> x, weight;
    Tensor<std::int64_t, D> target;
    backend::ClassLossArguments<T> arguments;
  };
  Operands in{dense(x), options.weight.defined() ? dense(options.weight) : Tensor<T, D>(), dense(target), {}};
  backend::ClassLossArguments<T>& a = in.arguments;
  a.outer = rows.outer, a.classes = rows.n, a.inner = rows.inner;
  a.x = in.x.data(), a.target = in.target.data(), a.weight = in.weight.defined() ? in.weight.data() : nullptr;
  a.ignore_index = options.ignore_index, a.smoothing = options.smoothing, a.reduction = options.reduction;

  Tensor<T, D> out = empty<T, D>(options.reduction == Reduction::none ? target.sizes() : Shape{});
  const Tensor<R, D> lse = empty<R, D>({Normalize ? rows.count() : 0}), total = empty<R, D>({});
  class_loss_forward<Normalize>(D{}, op, a, out.data(), lse.data(), total.data());
  if (!autograd::needed(x)) return out;
  return autograd::record(
      op, site, std::move(out), autograd::inputs(x),
      [in, lse, total, x = autograd::save(x)](const autograd::Pass& pass, const Tensor<T, D>& g) {
        const backend::ClassLossArguments<T>& args = in.arguments;
        const Tensor<T, D>& input = x.get();
        if (!pass.create_graph()) {
          const Tensor<T, D> dx = empty<T, D>(input.sizes()), from_g = dense(g);
          class_loss_backward<Normalize>(D{}, args, static_cast<const T*>(from_g.data()), static_cast<const R*>(lse.data()),
                                         static_cast<const R*>(total.data()), dx.data());
          return dx;
        }
        // dx = (softmax(x) sum_c q_c - q) times the gradient of each row.
        const int axis = input.dim() == 1 ? 0 : 1;
        const ReducedShape over_classes("cross_entropy", input.sizes(), axis, true), rows_only("cross_entropy", input.sizes(), axis, false);
        const Tensor<T, D> q = empty<T, D>(input.sizes()), mass = empty<T, D>(over_classes.out);
        class_targets(D{}, args, q.data(), mass.data());
        Tensor<T, D> scale = g;
        if (args.reduction == Reduction::mean) scale = g / to<T>(total);
        if (args.reduction == Reduction::none) scale = spread_over(g, rows_only);
        if constexpr (Normalize) return Tensor<T, D>((softmax<false>("softmax", input, axis, Site{}) * mass - q) * scale);
        else return Tensor<T, D>(q * scale * -1);
      });
}

/// A target of any integer dtype as the kernels take it.
template <class T, class D>
Tensor<std::int64_t, D> class_indices(const Tensor<T, D>& target) {
  static_assert(integral<T>, "class indices are an integer tensor; cast first: target.to<std::int64_t>()");
  if constexpr (std::is_same_v<T, std::int64_t>) return target;
  else return to<std::int64_t>(target);
}

}  // namespace ops
}  // namespace torchlite::inline TORCHLITE_ABI
