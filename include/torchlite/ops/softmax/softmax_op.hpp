// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/backward.hpp>
#include <torchlite/backend/cpu/softmax.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/reduce/sum.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

template <bool Log, class T, class D>
Tensor<T, D> softmax(const char* op, const Tensor<T, D>& x, std::int64_t dim, Site site) {
  const int axis = normalize_axis(op, dim, x.dim());
  check_devices(op, x);
  const backend::RowLayout rows = rows_around(x.sizes(), axis);
  Tensor<T, D> out = empty<T, D>(x.sizes());
  const Tensor<T, D> from = dense(x);
  if (out.numel() > 0) softmax_forward<Log>(D{}, rows, static_cast<const T*>(from.data()), out.data());
  if (!autograd::needed(x)) return out;
  return autograd::record(op, site, out, autograd::inputs(x),
                          [rows, axis, out = autograd::save_output(out)](const autograd::Pass& pass, const Tensor<T, D>& g) {
                            if (pass.create_graph()) {
                              const Tensor<T, D> y = pass.output(out);
                              if constexpr (Log) return Tensor<T, D>(g - exp(y) * sum(g, axis, true));
                              else return Tensor<T, D>(y * (g - sum(g * y, axis, true)));
                            }
                            const Tensor<T, D> dx = empty<T, D>(g.sizes()), from_g = dense(g);
                            if (dx.numel() > 0)
                              softmax_backward<Log>(D{}, rows, static_cast<const T*>(out.get().data()),
                                                    static_cast<const T*>(from_g.data()), dx.data());
                            return dx;
                          });
}

}  // namespace ops
}  // namespace torchlite::inline TORCHLITE_ABI
