// SPDX-License-Identifier: BSD-3-Clause
// The seam of autocast: products of floats ask here whether they shall be computed in another dtype. It costs programs that have no Autocast one
// look at a pointer, and none of its code.
#pragma once
#include <torchlite/tensor/tensor.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct Pair;
struct Conv2dOptions;
struct Conv2dGeometry;
struct AttentionOptions;

namespace amp {

/// Computes products of floats on D in another dtype, in place of the operations that ask; see Autocast.
template <class D>
class ProductCaster {
 public:
  using Floats = Tensor<float, D>;

  virtual Floats linear(const Floats& x, const Floats& weight, const Floats& bias, Site site) = 0;
  virtual Floats matmul(const Floats& a, const Floats& b, Site site) = 0;
  virtual Floats conv2d(const char* op, Site site, const Floats& x, const Floats& weight, const Floats& bias, const Conv2dOptions& o) = 0;
  virtual Floats conv_transpose2d(const char* op, Site site, const Floats& x, const Floats& weight, Pair size, Pair extra,
                                  const Conv2dGeometry& g) = 0;
  virtual Floats attention(const Floats& q, const Floats& k, const Floats& v, const AttentionOptions& o, Site site) = 0;

  /// The one at work on the calling thread; null where products stay what they are.
  static ProductCaster*& current() {
    static thread_local ProductCaster* caster = nullptr;
    return caster;
  }

 protected:
  ProductCaster() = default;
  ~ProductCaster() = default;
};

}  // namespace amp
}  // namespace torchlite::inline TORCHLITE_ABI
