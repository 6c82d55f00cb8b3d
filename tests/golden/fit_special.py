#!/usr/bin/env python3
"""Fits the tables of include/torchlite/core/math/special_tables.hpp: python3 fit_special.py > special_tables.hpp (needs mpmath).

Each is a Chebyshev series through the values, at Chebyshev's nodes with 50 digits, of a function from which the part that
varies fast has been divided out; Temme's coefficients come from their recurrence (DLMF 8.12).
"""
from mpmath import mp, mpf, cos, sin, pi, sqrt, exp, besseli, besselk, airyai, airybi, erfc, factorial

mp.dps = 50


def chebyshev(f, low, high, digits=17.3):
    """The coefficients of f on [low, high], cut where they fall below the precision of a double."""
    n = 64
    nodes = [cos(pi * (k + mpf(1) / 2) / n) for k in range(n)]
    values = [f((low + high) / 2 + (high - low) / 2 * t) for t in nodes]
    c = [2 / mpf(n) * sum(values[k] * cos(pi * j * (k + mpf(1) / 2) / n) for k in range(n)) for j in range(n)]
    c[0] /= 2
    scale = max(abs(x) for x in values)
    while abs(c[-1]) < scale * mpf(10) ** -digits:
        c.pop()
    return c


def table(name, comment, c):
    print(f"/// {comment}")
    print(f"TORCHLITE_HOST_DEVICE inline double {name}(double t) {{")
    print("  static constexpr double c[] = {" + ", ".join(mp.nstr(x, 17) for x in c) + "};")
    print("  return chebyshev(t, c);\n}")



def scaled_i(n):
    return lambda u: (lambda x: sqrt(x) * exp(-x) * besseli(n, x))(8 / u)


def scaled_k(n, unit):
    return lambda u: (lambda x: sqrt(x) * exp(x) * besselk(n, x))(unit / u)


def zeta_of(x):
    return 2 * x * sqrt(x) / 3


def airy_far(derivative):
    """2 sqrt(pi) x^(1/4) e^z Ai(x), or -2 sqrt(pi) x^(-1/4) e^z Ai'(x), as a function of 1/z."""
    def f(u):
        x = (mpf(3) / (2 * u)) ** (mpf(2) / 3)
        power = x ** (mpf(-1) / 4) if derivative else x ** (mpf(1) / 4)
        return (-1 if derivative else 1) * 2 * sqrt(pi) * power * exp(1 / u) * airyai(x, derivative=derivative)
    return f


def airy_wave(part, derivative):
    """The slow factors of Ai(-x) = x^(-1/4) / sqrt(pi) (P cos t + Q / z sin t), t = z - pi/4, as functions of 1/z^2; of
    Ai'(-x) = x^(1/4) / sqrt(pi) (P sin t - Q / z cos t) likewise."""
    def f(v):
        z = 1 / sqrt(v)
        x = (3 * z / 2) ** (mpf(2) / 3)
        t = z - pi / 4
        a, b = airyai(-x, derivative=derivative), airybi(-x, derivative=derivative)
        if derivative:
            s = sqrt(pi) * x ** (mpf(-1) / 4)
            return s * (a * sin(t) + b * cos(t)) if part == "p" else -z * s * (a * cos(t) - b * sin(t))
        s = sqrt(pi) * x ** (mpf(1) / 4)
        return s * (a * cos(t) - b * sin(t)) if part == "p" else z * s * (a * sin(t) + b * cos(t))
    return f


def erfcx(t):
    """(1 + 2 x) e^(x^2) erfc(x), t = (x - 2) / (x + 2)."""
    x = 2 * (1 + t) / (1 - t)
    return (1 + 2 * x) * exp(x * x) * erfc(x)


def temme(orders=8, powers=18):
    count = powers + 2 * orders + 4
    alpha = [mpf(0), mpf(1), mpf(1) / 3]
    for n in range(3, count + 2):
        alpha.append((alpha[n - 1] - sum(k * alpha[k] * alpha[n - k + 1] for k in range(2, n))) / (n + 1))
    d = [[mpf(-1) / 3] + [(n + 2) * alpha[n + 2] for n in range(1, count - 2)]]
    # gamma(a) = sqrt(2 pi / a) (a / e)^a (1 + g1 / a + g2 / a^2 + ...): g_k = (2 k + 1)!! alpha_(2 k + 1)
    double_factorial = mpf(1)
    for k in range(1, orders):
        double_factorial *= 2 * k + 1
        g = double_factorial * alpha[2 * k + 1]
        d.append([(-1) ** k * g * d[0][n] + (n + 2) * d[k - 1][n + 2] for n in range(len(d[k - 1]) - 2)])
    print("/// The sum of C_k(eta) a^-k in Temme's uniform expansion of the incomplete gamma functions.")
    print("TORCHLITE_HOST_DEVICE inline double temme(double a, double eta) {")
    print(f"  static constexpr double c[{orders}][{powers}] = {{")
    print(",\n".join("    {" + ", ".join(mp.nstr(x, 17) for x in row[:powers]) + "}" for row in d) + "};")
    print("""  double sum = 0.0;
  for (int k = %d; k >= 0; --k) {
    double order = 0.0;
    for (int m = %d; m >= 0; --m) order = order * eta + c[k][m];
    sum = sum / a + order;
  }
  return sum;\n}""" % (orders - 1, powers - 1))


print("// SPDX-License-Identifier: BSD-3-Clause")
print("// Coefficients of special functions, written by tests/golden/fit_special.py. Series are Chebyshev's, lowest order first.")
print("#pragma once")
print("#include <torchlite/core/config.hpp>")
print()
print("namespace torchlite::inline TORCHLITE_ABI::math::tables {")
print("""
/// c0 + c1 T1(t) + c2 T2(t) + ... by Clenshaw's recurrence.
template <int N>
TORCHLITE_HOST_DEVICE inline double chebyshev(double t, const double (&c)[N]) {
  double after = 0.0, sum = 0.0;
  for (int i = N - 1; i > 0; --i) {
    const double next = 2.0 * t * sum - after + c[i];
    after = sum;
    sum = next;
  }
  return t * sum - after + c[0];
}
""")
for n in (0, 1):
    table(f"i{n}_far", f"sqrt(x) e^-x I{n}(x) for x >= 8, in 16 / x - 1", chebyshev(scaled_i(n), mpf(0), mpf(1)))
for n in (0, 1):
    table(f"k{n}_middle", f"sqrt(x) e^x K{n}(x) for 1 <= x <= 4, in (8 / x - 5) / 3", chebyshev(scaled_k(n, 1), mpf(1) / 4, mpf(1)))
    table(f"k{n}_far", f"sqrt(x) e^x K{n}(x) for x >= 4, in 8 / x - 1", chebyshev(scaled_k(n, 4), mpf(0), mpf(1)))
for d, name in ((0, "airy"), (1, "airy_prime")):
    what = "Ai'" if d else "Ai"
    table(f"{name}_below", f"{what}(x) for -5 <= x <= -2, in (2 x + 7) / 3", chebyshev(lambda x: airyai(x, derivative=d), mpf(-5), mpf(-2)))
    table(f"{name}_near", f"{what}(x) for -2 <= x <= 1.5, in (2 x + 0.5) / 3.5",
          chebyshev(lambda x: airyai(x, derivative=d), mpf(-2), mpf("1.5")))
    table(f"{name}_middle", f"the slow factor of {what}(x) for 1.2 <= z <= 4, in u = 1 / z: (2 u - 13/12) / (7/12)",
          chebyshev(airy_far(d), mpf(1) / 4, mpf(5) / 6))
    table(f"{name}_far", f"the same for z >= 4, in 8 / z - 1", chebyshev(airy_far(d), mpf(0), mpf(1) / 4))
    for part in "pq":
        table(f"{name}_wave_{part}", f"{part.upper()} of {what}(-x) for z >= 7, in 98 / z^2 - 1",
              chebyshev(airy_wave(part, d), mpf(0), mpf(1) / 49))
table("erfcx", "(1 + 2 x) e^(x^2) erfc(x) for x >= 0, in (x - 2) / (x + 2)", chebyshev(erfcx, mpf(-1), mpf(1)))
temme()
print()
print("}  // namespace torchlite::inline TORCHLITE_ABI::math::tables")
