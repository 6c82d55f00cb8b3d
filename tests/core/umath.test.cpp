// SPDX-License-Identifier: BSD-3-Clause
// The scalar functions against NumPy's accuracy tables: results rounded correctly from a higher precision, for the arguments that
// are known to be hard. A row may be off by NumPy's own bound or by the error that core/math states, whichever is larger.
#include <support/catch.hpp>
#include <support/golden.hpp>

#include <torchlite/core/math.hpp>

namespace math = torchlite::math;

namespace {

/// Numbers of one sign are as far apart as their patterns are.
template <class T>
std::int64_t position(T x) {
  const auto magnitude = static_cast<std::int64_t>(math::bits(math::magnitude(x)));
  return math::signbit(x) ? -magnitude : magnitude;
}
template <class T>
std::int64_t steps_between(T a, T b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b) ? 0 : std::numeric_limits<std::int64_t>::max();
  const std::int64_t d = position(a) - position(b);
  return d < 0 ? -d : d;
}

struct Function {
  const char* name;
  int float_bound, double_bound;  // what core/math states, rounded up
  void (*run_float)(const float* x, float* y, std::int64_t n);
  void (*run_double)(const double* x, double* y, std::int64_t n);
};

// In loops like the kernels', so that what is tested is the code that vectorises.
#define TL_UMATH(name, float_bound, double_bound)                                                                          \
  Function {                                                                                                               \
#name, float_bound, double_bound,                                                                                        \
        [](const float* x, float* y, std::int64_t n) { TORCHLITE_VECTORIZE for (std::int64_t i = 0; i < n; ++i) y[i] = math::name(x[i]); }, \
        [](const double* x, double* y, std::int64_t n) { TORCHLITE_VECTORIZE for (std::int64_t i = 0; i < n; ++i) y[i] = math::name(x[i]); } \
  }

const Function functions[] = {
    TL_UMATH(acos, 2, 1),  TL_UMATH(acosh, 2, 2), TL_UMATH(asin, 3, 1),  TL_UMATH(asinh, 2, 2), TL_UMATH(atan, 2, 1),
    TL_UMATH(atanh, 2, 2), TL_UMATH(cos, 2, 2),   TL_UMATH(cosh, 2, 2),  TL_UMATH(exp, 1, 1),   TL_UMATH(exp2, 1, 1),
    TL_UMATH(expm1, 2, 1), TL_UMATH(log, 1, 1),   TL_UMATH(log10, 2, 2), TL_UMATH(log1p, 2, 2), TL_UMATH(log2, 2, 1),
    TL_UMATH(sin, 2, 2),   TL_UMATH(sinh, 2, 2),  TL_UMATH(tan, 4, 1),   TL_UMATH(tanh, 2, 2),
};
#undef TL_UMATH

template <class T>
void check_rows(const Function& f, std::int64_t bound, const char* at, std::size_t n) {
  std::vector<T> x(n), want(n), got(n);
  std::memcpy(x.data(), at, n * sizeof(T));
  std::memcpy(want.data(), at + n * sizeof(T), n * sizeof(T));
  if constexpr (std::is_same_v<T, float>) f.run_float(x.data(), got.data(), static_cast<std::int64_t>(n));
  else f.run_double(x.data(), got.data(), static_cast<std::int64_t>(n));
  std::size_t worst = 0, beyond = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (steps_between(got[i], want[i]) > steps_between(got[worst], want[worst])) worst = i;
    if (steps_between(got[i], want[i]) > bound) ++beyond;
  }
  INFO(f.name << " of " << x[worst] << " is " << want[worst] << ", not " << got[worst] << ": " << steps_between(got[worst], want[worst])
              << " steps apart, where " << bound << " are allowed; rows beyond that: " << beyond << " of " << n);
  CHECK(beyond == 0);
}

}  // namespace

TEST_CASE("functions of floats and doubles keep to NumPy's bounds and their own on NumPy's hard arguments", "[core][math]") {
  std::ifstream stream(golden::folder() + "/umath.golden", std::ios::binary);
  REQUIRE(stream.good());
  std::string line;
  std::getline(stream, line);
  const std::string body((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  std::size_t at = 0, tables = 0;
  for (const golden::Json& table : golden::Json::parse(line)) {
    const std::string name = table[0].get<std::string>();
    const bool single = table[1].get<std::string>() == "float32";
    const std::size_t rows = table[3].get<std::size_t>(), bytes = 2 * rows * (single ? 4 : 8);
    REQUIRE(at + bytes <= body.size());
    for (const Function& f : functions) {
      if (name != f.name) continue;
      ++tables;
      const auto bound = std::max<std::int64_t>(table[2].get<std::int64_t>(), single ? f.float_bound : f.double_bound);
      if (single) check_rows<float>(f, bound, body.data() + at, rows);
      else check_rows<double>(f, bound, body.data() + at, rows);
    }
    at += bytes;
  }
  CHECK(tables == 38);
}
