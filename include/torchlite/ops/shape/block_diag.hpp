// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/shape/atleast.hpp>
#include <torchlite/ops/shape/slice.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The matrices one after the other on the diagonal, zeros elsewhere; vectors count as rows, numbers as matrices of one element.
///   [a, b], [c, d] -> [a + c, b + d]
/// Throws ShapeError for tensors of three and more dimensions.
template <class T, class D>
Tensor<T, D> block_diag(const std::vector<Tensor<T, D>>& tensors, Site site = Site::current()) {
  Shape sizes{0, 0};
  for (const auto& x : tensors) {
    check<ShapeError>(x.dim() <= 2, "block_diag: a tensor of shape {} is no matrix; it may have at most 2 dimensions", x.sizes().str());
    sizes[0] += x.dim() == 2 ? x.sizes()[0] : 1;
    sizes[1] += x.dim() > 0 ? x.sizes().back() : 1;
  }
  Tensor<T, D> out = empty<T, D>(sizes);
  fill_elements(out, T{});
  const auto place = [](const Tensor<T, D>& all, std::int64_t row, std::int64_t column, const Shape& block) {
    const std::int64_t rows = block.rank() == 2 ? block[0] : 1, columns = block.rank() > 0 ? block.back() : 1;
    return narrow(narrow(all, 0, row, rows), 1, column, columns);
  };
  std::int64_t row = 0, column = 0;
  bool needed = false;
  for (const auto& x : tensors) {
    needed |= autograd::needed(x);
    copy_elements(place(out, row, column, x.sizes()), x);
    row += x.dim() == 2 ? x.sizes()[0] : 1;
    column += x.dim() > 0 ? x.sizes().back() : 1;
  }
  if constexpr (differentiable<T>) {
    if (needed) {
      std::vector<Shape> blocks;
      for (const auto& x : tensors) blocks.push_back(x.sizes());
      return autograd::record("block_diag", site, std::move(out), autograd::inputs(tensors),
                              [blocks, place](const autograd::Pass& pass, const Tensor<T, D>& g) {
                                std::vector<Tensor<T, D>> gradients(blocks.size());
                                std::int64_t r = 0, c = 0;
                                for (std::size_t i = 0; i < blocks.size(); ++i) {
                                  if (pass.needs(i)) gradients[i] = reshape(place(g, r, c, blocks[i]), blocks[i]);
                                  r += blocks[i].rank() == 2 ? blocks[i][0] : 1;
                                  c += blocks[i].rank() > 0 ? blocks[i].back() : 1;
                                }
                                return gradients;
                              });
    }
  }
  return out;
}
template <class T, class D>
Tensor<T, D> block_diag(std::initializer_list<Tensor<T, D>> tensors, Site site = Site::current()) {
  return block_diag(std::vector<Tensor<T, D>>(tensors), site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
