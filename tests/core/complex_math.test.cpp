// SPDX-License-Identifier: BSD-3-Clause
// Functions of complex numbers that are not the C++ library's own, against long double.
#include <support/catch.hpp>

#include <torchlite/core/math.hpp>

#include <limits>

namespace {
namespace math = torchlite::math;
using C = std::complex<double>;
using Wide = std::complex<long double>;

double apart(C got, Wide want) { return static_cast<double>(std::abs(Wide(got) - want) / std::abs(want)); }
constexpr double inf = std::numeric_limits<double>::infinity(), no_number = std::numeric_limits<double>::quiet_NaN();
}  // namespace

TEST_CASE("expm1 and log1p of complex numbers do not cancel near 0") {
  for (const double size : {1e-12, 1e-8, 1e-3, 0.1, 0.7, 3.0, 50.0})
    for (const C direction : {C(1, 0), C(0, 1), C(0.6, 0.8), C(-0.6, 0.8), C(0.8, -0.6)}) {
      const C z = size * direction;
      CAPTURE(z);
      // The series where long double would cancel, too.
      const Wide w = z, grown = size < 1e-2 ? w * (1.0L + w / 2.0L * (1.0L + w / 3.0L * (1.0L + w / 4.0L * (1.0L + w / 5.0L))))
                                            : std::exp(w) - 1.0L;
      const Wide logarithm = size < 1e-2
                                 ? w * (1.0L - w / 2.0L + w * w / 3.0L - w * w * w / 4.0L + w * w * w * w / 5.0L - w * w * w * w * w / 6.0L)
                                 : std::log(1.0L + w);
      CHECK(apart(math::expm1(z), grown) < 1e-14);
      CHECK(apart(math::log1p(z), logarithm) < 1e-14);
    }
}

TEST_CASE("powers, roots and logarithms to other bases are consistent") {
  const C z(1.5, -0.7);
  CHECK(apart(math::exp2(z), std::exp(Wide(z) * std::log(2.0L))) < 1e-15);
  CHECK(apart(math::log2(z), std::log(Wide(z)) / std::log(2.0L)) < 1e-15);
  CHECK(apart(math::sigmoid(z), 1.0L / (1.0L + std::exp(-Wide(z)))) < 1e-15);
  CHECK(apart(math::rsqrt(z), 1.0L / std::sqrt(Wide(z))) < 1e-15);
  CHECK(math::pow(C(0), C(0)) == C(1));
  CHECK(math::pow(C(0), C(2, 1)) == C(0));
  CHECK(math::pow(z, C(2)) == z * z);
}

TEST_CASE("parts of complex numbers follow PyTorch at 0, infinity and NaN") {
  CHECK(math::sgn(C(0)) == C(0));
  CHECK(math::sgn(C(0, -3)) == C(0, -1));
  CHECK(std::fabs(math::abs(C(3e200, 4e200)) / 5e200 - 1) < 1e-15);  // without overflow, to the last place
  CHECK(math::abs(C(inf, no_number)) == inf);
  CHECK(math::angle(C(-1, 0)) == 3.14159265358979323846);
  CHECK(math::angle(-2.0) == 3.14159265358979323846);
  CHECK(math::angle(2.0) == 0);
  CHECK(std::isnan(math::angle(no_number)));
  CHECK(math::conj(C(1, 2)) == C(1, -2));
  CHECK(math::times_i(C(1, 2)) == C(-2, 1));
  CHECK(math::isnan(C(0, no_number)));
  CHECK(math::isinf(C(no_number, -inf)));
  CHECK_FALSE(math::isfinite(C(0, inf)));
  CHECK(math::isfinite(C(1, 2)));
}
