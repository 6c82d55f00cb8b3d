// SPDX-License-Identifier: BSD-3-Clause
// PyTorch's recorded calls of orthogonal polynomials.
#include <ops/samples.hpp>

#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/special/orthogonal_polynomial.hpp>

using samples::Call, samples::replay;
namespace special = torchlite::special;

TEST_CASE("orthogonal polynomials are PyTorch's", "[ops][samples]") {
  const auto check = [](const char* variant, auto function) {
    replay(variant, [function](const Call& c) { return function(c.x(), c.tensor(0, "n")); });
  };
  check("special_chebyshev_polynomial_t", special::chebyshev_polynomial_t);
  check("special_chebyshev_polynomial_u", special::chebyshev_polynomial_u);
  check("special_chebyshev_polynomial_v", special::chebyshev_polynomial_v);
  check("special_chebyshev_polynomial_w", special::chebyshev_polynomial_w);
  check("special_shifted_chebyshev_polynomial_t", special::shifted_chebyshev_polynomial_t);
  check("special_shifted_chebyshev_polynomial_u", special::shifted_chebyshev_polynomial_u);
  check("special_shifted_chebyshev_polynomial_v", special::shifted_chebyshev_polynomial_v);
  check("special_shifted_chebyshev_polynomial_w", special::shifted_chebyshev_polynomial_w);
  check("special_hermite_polynomial_h", special::hermite_polynomial_h);
  check("special_hermite_polynomial_he", special::hermite_polynomial_he);
  check("special_laguerre_polynomial_l", special::laguerre_polynomial_l);
  check("special_legendre_polynomial_p", special::legendre_polynomial_p);
}
