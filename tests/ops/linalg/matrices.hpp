// SPDX-License-Identifier: BSD-3-Clause
// Matrices to test with, and how far they are apart.
#pragma once
#include <ops/samples.hpp>

#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/tensor/create.hpp>

#include <algorithm>

namespace samples {

/// A matrix of numbers in [-1, 1), the same in every run.
template <class T = double>
tl::Tensor<T> numbers(const tl::Shape& sizes, std::uint64_t seed) {
  const tl::Tensor<T> t = tl::empty<T>(sizes);
  for (std::int64_t i = 0; i < t.numel(); ++i) t.data()[i] = static_cast<T>(golden::uniform(seed, static_cast<std::uint64_t>(i)) * 2 - 1);
  return t;
}

/// The largest |a - b|, infinite where shapes differ or something is NaN.
template <class T>
double apart(const tl::Tensor<T>& a, const tl::Tensor<T>& b) {
  if (a.sizes() != b.sizes()) return std::numeric_limits<double>::infinity();
  const std::vector<T> x = a.to_vector(), y = b.to_vector();
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double d = std::fabs(static_cast<double>(x[i]) - static_cast<double>(y[i]));
    if (!(d <= worst)) worst = std::isnan(d) ? std::numeric_limits<double>::infinity() : d;
  }
  return worst;
}

template <class T>
tl::Tensor<T> mT(const tl::Tensor<T>& x) {
  return tl::transpose(x, -1, -2);
}
/// How far a matrix with orthonormal columns is from being one.
template <class T>
double skew(const tl::Tensor<T>& q) {
  return apart(tl::Tensor<T>(tl::matmul(mT(q), q)), tl::eye<T>(q.size(-1)));
}
/// a diag(s) b.
template <class T>
tl::Tensor<T> product(const tl::Tensor<T>& a, const tl::Tensor<T>& s, const tl::Tensor<T>& b) {
  return tl::matmul(tl::Tensor<T>(a * tl::unsqueeze(s, -2)), b);
}
template <class T>
bool sorted(const tl::Tensor<T>& x, bool ascending) {
  const std::vector<T> v = x.to_vector();
  return ascending ? std::is_sorted(v.begin(), v.end()) : std::is_sorted(v.rbegin(), v.rend());
}

}  // namespace samples
