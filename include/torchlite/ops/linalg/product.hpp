// SPDX-License-Identifier: BSD-3-Clause
// Matrix products of tensors without a graph: strides go to the kernel as they are, nothing is copied.
#pragma once
#include <torchlite/backend/cpu/gemm_complex.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/tensor/check_devices.hpp>
#include <torchlite/tensor/tensor.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Which of two matrices takes part in their product as its transpose; no tensor is made for that.
enum class Transposed { none, a, b };

/// c = epilogue(a b + bias) for the last two dimensions of each, a or b transposed if asked for; the dimensions before them broadcast.
/// c is written, bias [n] is added. before_gelu, of the layout of matrices c, gets what gelu is applied to.
template <class T, class D>
void product_into(const Tensor<T, D>& c, const Tensor<T, D>& a, const Tensor<T, D>& b, const Tensor<T, D>& bias = {},
                  backend::Epilogue epilogue = backend::Epilogue::none, const Tensor<T, D>& before_gelu = {},
                  Transposed which = Transposed::none) {
  backend::GemmArguments<T> g;
  g.epilogue = epilogue;
  if (before_gelu.defined()) g.before_gelu = before_gelu.data();
  const int ra = a.dim(), rb = b.dim(), rc = c.dim(), batch_rank = rc - 2;
  g.m = c.sizes()[rc - 2], g.n = c.sizes()[rc - 1], g.k = a.sizes()[ra - 1];
  g.a_row = a.strides()[ra - 2], g.a_col = a.strides()[ra - 1];
  g.b_row = b.strides()[rb - 2], g.b_col = b.strides()[rb - 1];
  g.c_row = c.strides()[rc - 2], g.c_col = c.strides()[rc - 1];
  if (which == Transposed::a) g.k = a.sizes()[ra - 2], std::swap(g.a_row, g.a_col);
  if (which == Transposed::b) std::swap(g.b_row, g.b_col);
  if (bias.defined()) g.column_bias = bias.data(), g.column_bias_step = bias.strides()[0];
  if (c.numel() == 0) return;
  backend::count_kernel("gemm");
  if (batch_rank == 0) {
    g.a = a.data(), g.b = b.data(), g.c = c.data();
    return gemm(D{}, g);
  }

  // The batch dimensions as nested loops, merged where the strides allow; the innermost one is the kernel's.
  const Shape batch(c.sizes().begin(), c.sizes().begin() + batch_rank);
  const auto part = [&](const Tensor<T, D>& t, Shape& sizes, Shape& strides) {
    sizes = Shape(t.sizes().begin(), t.sizes().end() - 2);
    strides = Shape(t.strides().begin(), t.strides().end() - 2);
  };
  Shape sizes_a, sizes_b, sizes_c, strides_a, strides_b, strides_c;
  part(a, sizes_a, strides_a), part(b, sizes_b, strides_b), part(c, sizes_c, strides_c);
  backend::LoopPlan plan(batch);
  plan.add({nullptr, &sizes_a, &strides_a, 1});
  plan.add({nullptr, &sizes_b, &strides_b, 1});
  plan.add({nullptr, &sizes_c, &strides_c, 1});
  plan.merge();
  const int inner = plan.rank - 1;
  g.batch = plan.sizes[inner];
  g.a_batch = plan.strides[0][inner], g.b_batch = plan.strides[1][inner], g.c_batch = plan.strides[2][inner];
  const std::int64_t outer = plan.numel / g.batch;
  for (std::int64_t i = 0; i < outer; ++i) {
    const backend::LoopPosition at(plan, i * g.batch);
    g.a = a.data() + at.offset(plan, 0);
    g.b = b.data() + at.offset(plan, 1);
    g.c = c.data() + at.offset(plan, 2);
    gemm(D{}, g);
  }
}

/// a b, a [..., m, k] and b [..., k, n], in fresh memory.
template <class T, class D>
Tensor<T, D> product(const Tensor<T, D>& a, const Tensor<T, D>& b, const Tensor<T, D>& bias = {}, Transposed which = Transposed::none) {
  const std::int64_t m = a.sizes()[a.dim() - (which == Transposed::a ? 1 : 2)], n = b.sizes()[b.dim() - (which == Transposed::b ? 2 : 1)];
  if (a.dim() == 2 && b.dim() == 2) {
    Tensor<T, D> c = empty<T, D>(Shape{m, n});
    product_into(c, a, b, bias, backend::Epilogue::none, {}, which);
    return c;
  }
  const auto batch_of = [](const Tensor<T, D>& t) { return Shape(t.sizes().begin(), t.sizes().end() - 2); };
  Shape sizes = broadcast_shapes("matmul", batch_of(a), batch_of(b));
  sizes.push_back(m);
  sizes.push_back(n);
  Tensor<T, D> c = empty<T, D>(sizes);
  product_into(c, a, b, bias, backend::Epilogue::none, {}, which);
  return c;
}

/// The last two dimensions exchanged; no graph.
template <class T, class D>
Tensor<T, D> transposed(const Tensor<T, D>& t) {
  Shape sizes = t.sizes(), strides = t.strides();
  const int r = t.dim();
  std::swap(sizes[r - 1], sizes[r - 2]);
  std::swap(strides[r - 1], strides[r - 2]);
  return alias(t, sizes, strides, t.storage_offset());
}

}  // namespace torchlite::inline TORCHLITE_ABI
