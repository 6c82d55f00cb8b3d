// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/loss.hpp>
#include <torchlite/ops/reduce/mean.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace nn::functional {
using torchlite::Reduction;
}

namespace ops {

inline void check_reduction(Reduction reduction) {
  check<Error>(reduction != Reduction::batchmean, "loss: the reduction batchmean; only kl_div has it, others have none, mean and sum");
}

/// The losses of the elements, an expression that has not run, as the reduction wants them: with mean and sum in one pass.
template <expression E>
tensor_of<E> reduce_loss(E&& losses, Reduction reduction, Site site) {
  check_reduction(reduction);
  if (reduction == Reduction::mean) return mean(std::move(losses), {}, false, site);
  if (reduction == Reduction::sum) return sum(std::move(losses), {}, false, site);
  return losses.eval(site);
}
template <class T, class D>
Tensor<T, D> reduce_loss(const Tensor<T, D>& losses, Reduction reduction, Site site) {
  check_reduction(reduction);
  if (reduction == Reduction::mean) return mean(losses, {}, false, site);
  if (reduction == Reduction::sum) return sum(losses, {}, false, site);
  return losses;
}

/// Losses that compare two tensors want them alike: a broadcast here is nearly always a mistake.
template <class A, class B>
void check_same_sizes(const char* op, const A& a, const B& b) {
  check<ShapeError>(a.sizes() == b.sizes(), "{}: the input of shape {} and the target of shape {} differ; they must be equal", op,
                    a.sizes().str(), b.sizes().str());
}

}  // namespace ops
}  // namespace torchlite::inline TORCHLITE_ABI
