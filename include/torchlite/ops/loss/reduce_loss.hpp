// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/loss.hpp>
#include <torchlite/ops/reduce/mean.hpp>
#include <torchlite/ops/reduce/sum.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace nn::functional {
using torchlite::Reduction;
}

namespace ops {

/// The losses of the elements, an expression that has not run, as the reduction wants them: with mean and sum in one pass.
template <expression E>
tensor_of<E> reduce_loss(E&& losses, Reduction reduction, Site site) {
  if (reduction == Reduction::mean) return mean(std::move(losses), {}, false, site);
  if (reduction == Reduction::sum) return sum(std::move(losses), {}, false, site);
  return losses.eval(site);
}

/// Losses that compare two tensors want them alike: a broadcast here is nearly always a mistake.
template <class A, class B>
void check_same_sizes(const char* op, const A& a, const B& b) {
  check<ShapeError>(a.sizes() == b.sizes(), "{}: the input of shape {} and the target of shape {} differ; they must be equal", op,
                    a.sizes().str(), b.sizes().str());
}

}  // namespace ops
}  // namespace torchlite::inline TORCHLITE_ABI
