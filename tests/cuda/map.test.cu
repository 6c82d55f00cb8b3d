// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/autograd/backward.hpp>

namespace cuda_tests {
namespace {
/// y = formula(a, b, c) and the gradients of sum(y * w), on both devices.
template <class T, class Formula>
void check_formula(Formula formula, const Tensor<T, Cpu>& a, const Tensor<T, Cpu>& b, const Tensor<T, Cpu>& c) {
  for (const auto& t : {a, b, c}) t.requires_grad_();
  const auto da = leaf_on_device(a), db = leaf_on_device(b), dc = leaf_on_device(c);
  const Tensor<T, Cpu> y = formula(a, b, c);
  const std::uint64_t kernels = kernel_count();
  const Tensor<T, Cuda> dy = formula(da, db, dc);
  CHECK(kernel_count() == kernels + 1);
  CHECK(difference(dy, y) <= 4 * tolerance<T>);
  const auto w = numbers<T>(y.sizes(), 9);
  y.backward(w);
  dy.backward(to_device<Cuda>(w));
  CHECK(difference(da.grad(), a.grad()) <= 8 * tolerance<T>);
  CHECK(difference(db.grad(), b.grad()) <= 8 * tolerance<T>);
  CHECK(difference(dc.grad(), c.grad()) <= 8 * tolerance<T>);
}

void check_fused(const Tensor<float, Cpu>& x, const Tensor<float, Cpu>& y, const Tensor<float, Cpu>& z) {
  check_formula<float>([](const auto& a, const auto& b, const auto& c) { return torchlite::tanh(a * b + c) / (1.0f + torchlite::exp(-a)); },
                       x, y, z);
}
void check_short(const Tensor<torchlite::half, Cpu>& x, const Tensor<torchlite::half, Cpu>& y, const Tensor<torchlite::half, Cpu>& z) {
  check_formula<torchlite::half>([](const auto& a, const auto& b, const auto& c) { return a * b + c; }, x, y, z);
}
}  // namespace

TEST_CASE("a fused formula and its gradients agree with the Cpu", "[cuda][map]") {
  for (const std::int64_t n : {1, 7, 256, 1000003}) {
    check_fused(numbers<float>({n}, 1), numbers<float>({n}, 2), numbers<float>({n}, 3));
    check_short(numbers<torchlite::half>({n}, 1), numbers<torchlite::half>({n}, 2), numbers<torchlite::half>({n}, 3));
  }
}

TEST_CASE("broadcast operands get the sums of their gradients", "[cuda][map]") {
  check_fused(numbers<float>({64, 32}, 1), numbers<float>({32}, 2), numbers<float>({64, 1}, 3));
  check_fused(numbers<float>({5, 1, 7}, 1), numbers<float>({3, 1}, 2), numbers<float>({}, 3));
  check_fused(numbers<float>({1}, 1), numbers<float>({300, 1001}, 2), numbers<float>({1001}, 3));
  check_short(numbers<torchlite::half>({64, 32}, 1), numbers<torchlite::half>({32}, 2), numbers<torchlite::half>({64, 1}, 3));
}

TEST_CASE("double and bfloat16 are computed in their own register types", "[cuda][map]") {
  const auto x = numbers<double>({1001}, 1);
  CHECK(difference(Tensor<double, Cuda>(torchlite::exp(to_device<Cuda>(x))), Tensor<double, Cpu>(torchlite::exp(x))) <= tolerance<double>);
  const auto y = numbers<bfloat16>({1001}, 1);
  CHECK(difference(Tensor<bfloat16, Cuda>(to_device<Cuda>(y) * 3.0f), Tensor<bfloat16, Cpu>(y * 3.0f)) == 0);
}

TEST_CASE("views are read where they are", "[cuda][map]") {
  check_fused(numbers<float>({33, 65}, 1).t(), numbers<float>({65, 33}, 2), numbers<float>({65, 66}, 3).narrow(1, 0, 33));
}

TEST_CASE("an in-place form writes through a view", "[cuda][map]") {
  const auto x = numbers<float>({6, 8}, 1);
  const auto dx = to_device<Cuda>(x);
  x.t().mul_(2.0f);
  dx.t().mul_(2.0f);
  x.narrow(1, 1, 3).add_(numbers<float>({3}, 2));
  dx.narrow(1, 1, 3).add_(to_device<Cuda>(numbers<float>({3}, 2)));
  CHECK(difference(dx, x) == 0);
}

TEST_CASE("comparisons, where and integers run on the device", "[cuda][map]") {
  const auto x = numbers<float>({1000}, 1);
  const auto dx = to_device<Cuda>(x);
  const Tensor<bool, Cuda> positive = dx > 0.0f;
  CHECK(positive.to_vector() == Tensor<bool, Cpu>(x > 0.0f).to_vector());
  const Tensor<float, Cuda> y = where(positive, dx, dx * 0.5f);
  CHECK(difference(y, Tensor<float, Cpu>(where(x > 0.0f, x, x * 0.5f))) == 0);
  const Tensor<std::int64_t, Cpu> i({4}, {1, -2, 3, 1000000007});
  CHECK(Tensor<std::int64_t, Cuda>(to_device<Cuda>(i) * 3 + 1).to_vector() == std::vector<std::int64_t>{4, -5, 10, 3000000022});
}

TEST_CASE("second derivatives run on the device", "[cuda][map]") {
  auto x = numbers<float>({64}, 1);
  x.requires_grad_();
  const auto dx = leaf_on_device(x);
  const auto ones = Tensor<float, Cpu>(x.detach() * 0.0f + 1.0f);
  const auto cube = [](const auto& v, const auto& w) {
    auto y = v * v * v;
    y.eval().backward(w, true, true);
    auto g = v.grad();
    v.zero_grad();
    g.backward(w);
    return v.grad();
  };
  CHECK(difference(cube(dx, to_device<Cuda>(ones)), Tensor<float, Cpu>(x.detach() * 6.0f)) <= 1e-6);
}

}  // namespace cuda_tests
