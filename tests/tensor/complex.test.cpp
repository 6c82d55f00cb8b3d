// SPDX-License-Identifier: BSD-3-Clause
// Complex tensors: dtypes, creation, printing, casts, views, in-place forms, files.
#include <io/temporary_folder.hpp>
#include <support/catch.hpp>

#include <torchlite/io/npy.hpp>
#include <torchlite/io/safetensors.hpp>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/pointwise/complex.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/random/rand.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/shape/view_as_real.hpp>
#include <torchlite/tensor/format.hpp>

namespace {
namespace tl = torchlite;
using C = std::complex<double>;
using F = std::complex<float>;

tl::Tensor<C> sample() { return tl::Tensor<C>::from(std::vector<C>{{1, 2}, {-0.5, 0.25}, {3, -1}}, {3}); }
}  // namespace

TEST_CASE("complex dtypes are promoted by PyTorch's table") {
  STATIC_REQUIRE(std::is_same_v<tl::promote_t<F, float>, F>);
  STATIC_REQUIRE(std::is_same_v<tl::promote_t<F, double>, C>);
  STATIC_REQUIRE(std::is_same_v<tl::promote_t<C, F>, C>);
  STATIC_REQUIRE(std::is_same_v<tl::promote_t<std::int64_t, F>, F>);
  STATIC_REQUIRE(std::is_same_v<tl::promote_t<tl::half, F>, F>);
  STATIC_REQUIRE(std::is_same_v<tl::promote_t<bool, C>, C>);
  // A number raises the kind, not the width.
  STATIC_REQUIRE(std::is_same_v<tl::promote_scalar_t<float, C>, F>);
  STATIC_REQUIRE(std::is_same_v<tl::promote_scalar_t<double, F>, C>);
  STATIC_REQUIRE(std::is_same_v<tl::promote_scalar_t<F, double>, F>);
  STATIC_REQUIRE(std::is_same_v<tl::promote_scalar_t<F, C>, F>);
  STATIC_REQUIRE(std::is_same_v<tl::sum_t<F>, F>);
  STATIC_REQUIRE(std::is_same_v<tl::floating_t<C>, C>);
  STATIC_REQUIRE(std::is_same_v<tl::real_t<F>, float>);
  STATIC_REQUIRE(std::is_same_v<tl::complex_t<std::int64_t>, F>);
  STATIC_REQUIRE(tl::dtype_v<F> == tl::Dtype::complex64);
  STATIC_REQUIRE(tl::size_of(tl::Dtype::complex128) == 16);
  CHECK(tl::to_string(tl::Dtype::complex64) == "complex64");
}

TEST_CASE("complex tensors are made like others") {
  CHECK(tl::zeros<C>({2}).to_vector() == std::vector<C>{0, 0});
  CHECK(tl::full<C>({1}, C(1, -1)).item() == C(1, -1));
  CHECK(tl::full<F>({1}, 2).item() == F(2, 0));
  CHECK(tl::ones<F>({3}).to_vector() == std::vector<F>{1, 1, 1});
  tl::manual_seed(1);
  const std::vector<C> z = tl::randn<C>({20000}).to_vector();
  double square = 0;
  C mean = 0;
  for (const C v : z) square += std::norm(v), mean += v;
  CHECK(std::fabs(square / 20000 - 1) < 0.05);  // the variance of |z|^2 is 1, so this is seven standard deviations
  CHECK(std::abs(mean) / 20000 < 0.05);
}

TEST_CASE("complex tensors print as PyTorch prints them") {
  CHECK(tl::to_string(tl::Tensor<F>::from(std::vector<F>{{1, 2}, {-1, -2}}, {2})) == "tensor([ 1.+2.j, -1.-2.j])");
  CHECK(tl::to_string(sample()) == "tensor([ 1.0000+2.0000j, -0.5000+0.2500j,  3.0000-1.0000j], dtype=complex128)");
  CHECK(tl::to_string(tl::full<F>({}, F(0.5f, 10))) == "tensor(0.5000+10.j)");
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  CHECK(tl::to_string(tl::Tensor<F>::from(std::vector<F>{{nan, -inf}, {1e10f, 1}}, {2})) == "tensor([       nan-infj, 1.0000e+10+1.j])");
}

TEST_CASE("complex numbers become real ones only when asked, and lose their imaginary part then") {
  CHECK(tl::Tensor<double>(tl::to<double>(sample())).to_vector() == std::vector<double>{1, -0.5, 3});
  CHECK(tl::Tensor<std::int32_t>(tl::to<std::int32_t>(sample())).to_vector() == std::vector<std::int32_t>{1, 0, 3});
  CHECK(tl::Tensor<bool>(tl::to<bool>(tl::Tensor<C>::from(std::vector<C>{{0, 1}, {0, 0}}, {2}))).to_vector() ==
        std::vector<bool>{true, false});
  const tl::Tensor<C> wide = tl::Tensor<float>({2}, {1, 2});  // this way nothing is lost
  CHECK(wide.to_vector() == std::vector<C>{1, 2});
  STATIC_REQUIRE(!tl::converts_implicitly<C, double>);
  STATIC_REQUIRE(!tl::converts_implicitly<C, F>);
  STATIC_REQUIRE(tl::converts_implicitly<std::int64_t, F>);
}

TEST_CASE("numbers of every kind combine with complex tensors") {
  CHECK((sample() * 2).eval().to_vector()[0] == C(2, 4));
  CHECK((1.0 - sample()).eval().to_vector()[0] == C(0, -2));
  const auto shifted = (tl::Tensor<float>({1}, {2}) + C(0, 1)).eval();
  STATIC_REQUIRE(std::is_same_v<tl::value_t<decltype(shifted)>, F>);
  CHECK(shifted.item() == F(2, 1));
  CHECK((sample() == tl::Tensor<double>({3}, {1, -0.5, 3})).eval().to_vector() == std::vector<bool>{false, false, false});
  CHECK((tl::Tensor<C>(tl::Tensor<double>({1}, {3})) == 3).eval().item());
}

TEST_CASE("complex tensors are changed in place") {
  const tl::Tensor<C> x = sample();
  x += 1;
  x *= C(0, 1);
  CHECK(x.to_vector()[0] == C(-2, 2));
  x[0] = C(5, 6);
  CHECK(x.to_vector()[0] == C(5, 6));
  x.copy_(tl::Tensor<float>({3}, {1, 2, 3}));
  CHECK(x.to_vector() == std::vector<C>{1, 2, 3});
  const tl::Tensor<C> broad = tl::zeros<C>({2, 3});
  broad.copy_(sample());
  CHECK(broad.to_vector()[4] == C(-0.5, 0.25));
}

TEST_CASE("parts of complex tensors share their memory") {
  const tl::Tensor<C> x = sample();
  tl::imag(x).fill_(7);
  tl::real(x).mul_(2);
  CHECK(x.to_vector() == std::vector<C>{{2, 7}, {-1, 7}, {6, 7}});
  const auto pairs = tl::view_as_real(x);
  CHECK(pairs.sizes() == tl::Shape{3, 2});
  CHECK(pairs.to_vector() == std::vector<double>{2, 7, -1, 7, 6, 7});
  CHECK(tl::view_as_complex(pairs).data() == x.data());
  CHECK_THROWS_AS(tl::view_as_complex(tl::ones<double>({2, 3})), tl::ShapeError);
  CHECK_THROWS_AS(tl::view_as_complex(tl::alias(tl::ones<double>({5}), {2, 2}, {2, 1}, 1)), tl::Error);
}

TEST_CASE("writing into a part of a complex tensor that gradients need is refused") {
  const tl::Tensor<C> x = sample().requires_grad_();
  const tl::Tensor<C> y = x * 2;
  CHECK_THROWS_AS(tl::real(y).fill_(1), tl::Error);
}

TEST_CASE("the gradient of a real loss is the derivative by the real part plus i times that by the imaginary part") {
  const tl::Tensor<C> z = sample().requires_grad_();
  const tl::Tensor<double> loss = tl::sum(tl::real(z) * 3 + tl::imag(z) * tl::imag(z));
  loss.backward();
  CHECK(z.grad().to_vector() == std::vector<C>{{3, 4}, {3, 0.5}, {3, -2}});
  CHECK_THROWS_AS(tl::sum(sample() * z).backward(), tl::Error);  // a complex loss has none
  // A real tensor in a complex formula gets the real part.
  const tl::Tensor<double> r = tl::Tensor<double>({3}, {1, 2, 3}).requires_grad_();
  tl::Tensor<double>(tl::real(tl::sum(r * sample()))).backward();
  CHECK(r.grad().to_vector() == std::vector<double>{1, -0.5, 3});
}

TEST_CASE("long complex tensors go through all loops") {
  const std::int64_t n = 100003;
  tl::manual_seed(7);
  const auto a = tl::randn<C>({n}), b = tl::randn<C>({n});
  const std::vector<C> x = a.to_vector(), y = b.to_vector(), z = (a * b + 1.5).eval().to_vector();
  double worst = 0;
  C sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) worst = std::fmax(worst, std::abs(z[i] - (x[i] * y[i] + 1.5))), sum += z[i];
  CHECK(worst < 1e-14);
  CHECK(std::abs(tl::sum(a * b + 1.5).item() - sum) < 1e-9);
  const auto grid = tl::alias(a, {7, 100}, {1, 7}, 0);
  const std::vector<C> rows = tl::sum(grid, 1).to_vector();
  C third = 0;
  for (std::size_t j = 0; j < 100; ++j) third += x[3 + 7 * j];
  CHECK(std::abs(rows[3] - third) < 1e-12);
}

TEST_CASE("complex tensors are written to files and read again") {
  const TemporaryFolder folder;
  const std::string npy = folder / "z.npy", safe = folder / "z.safetensors";
  tl::save_npy(npy, sample());
  CHECK(tl::load_npy<C>(npy).to_vector() == sample().to_vector());
  const tl::Tensor<F> narrow = tl::to<F>(sample());
  tl::save_safetensors(safe, {{"z", narrow}});
  CHECK(tl::load_safetensors(safe).at("z").get<F>().to_vector() == narrow.to_vector());
  CHECK_THROWS_AS(tl::save_safetensors(safe, {{"z", sample()}}), tl::DtypeError);
  // Between dtypes, without knowing them at compile time.
  const tl::Tensor<C> wide = tl::zeros<C>({3});
  tl::AnyTensor(wide).copy_from(narrow);
  CHECK(wide.to_vector() == sample().to_vector());
  const tl::Tensor<float> real = tl::zeros<float>({3});
  tl::AnyTensor(real).copy_from(narrow);
  CHECK(real.to_vector() == std::vector<float>{1, -0.5, 3});
  tl::AnyTensor(wide).copy_from(real);
  CHECK(wide.to_vector() == std::vector<C>{1, -0.5, 3});
}
