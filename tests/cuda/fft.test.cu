// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/backend/cuda/fft.cuh>
#include <torchlite/backend/cuda/graph.cuh>
#include <torchlite/backend/cuda/index.cuh>
#include <torchlite/ops/fft/fft.hpp>
#include <torchlite/ops/fft/frequencies.hpp>
#include <torchlite/ops/fft/stft.hpp>
#include <torchlite/ops/signal/window_functions.hpp>

namespace cuda_tests {
namespace cuda = backend::cuda;

namespace {
template <class R>
Tensor<std::complex<R>, Cpu> complex_numbers(const Shape& sizes, std::uint32_t seed) {
  return Tensor<std::complex<R>, Cpu>(complex(numbers<R>(sizes, seed), numbers<R>(sizes, seed + 100)));
}
/// The largest difference, of complex numbers as of their parts.
template <class T>
double apart(const Tensor<T, Cuda>& got, const Tensor<T, Cpu>& expected) {
  if constexpr (complex_number<T>) return difference(view_as_real(got), view_as_real(expected));
  else return difference(got, expected);
}
/// f(x) and the gradient of x on both devices; f takes a tensor on either.
template <class T, class F>
void check_alike(F f, const Tensor<T, Cpu>& x, double tolerance) {
  x.requires_grad_();
  const auto dx = leaf_on_device(x);
  const auto y = f(x);
  const auto dy = f(dx);
  INFO(x.sizes().str());
  CHECK(apart(dy, y) <= tolerance);
  y.backward(y.detach());
  dy.backward(to_device<Cuda>(y.detach()));
  CHECK(apart(dx.grad(), x.grad()) <= tolerance);
}
}  // namespace

TEST_CASE("Fourier transforms of any length and along any dimension agree with the Cpu, gradients too", "[cuda][fft]") {
  using R = float;  // the recorded calls are made in double
  const double tolerance = 1e-5;
  for (const std::int64_t n : {1, 2, 15, 64, 97, 210})
    for (const auto& [sizes, dim] :
         {std::pair(Shape{n}, 0), std::pair(Shape{5, n}, 1), std::pair(Shape{n, 4}, 0), std::pair(Shape{3, n, 4}, 1)}) {
      INFO("length " << n);
      const std::int64_t axis = dim;
      Shape half = sizes;
      half[dim] = n / 2 + 1;
      check_alike([&](const auto& t) { return fft::fft(t, {}, axis, "ortho"); }, complex_numbers<R>(sizes, 1), tolerance);
      check_alike([&](const auto& t) { return fft::ifft(t, {}, axis); }, complex_numbers<R>(sizes, 2), tolerance);
      check_alike([&](const auto& t) { return fft::rfft(t, {}, axis); }, numbers<R>(sizes, 3), tolerance);
      check_alike([&](const auto& t) { return fft::ihfft(t, {}, axis); }, numbers<R>(sizes, 4), tolerance);
      // Imaginary parts that do not count are in there.
      check_alike([&](const auto& t) { return fft::irfft(t, n, axis); }, complex_numbers<R>(half, 5), tolerance);
      check_alike([&](const auto& t) { return fft::hfft(t, n, axis); }, complex_numbers<R>(half, 6), tolerance);
    }
}

TEST_CASE("transforms along several dimensions, cut or filled up, agree with the Cpu", "[cuda][fft]") {
  const auto x = numbers<double>({3, 10, 7}, 1);
  check_alike([](const auto& t) { return fft::fftn(t); }, complex_numbers<double>({3, 10, 7}, 2), 1e-13);
  check_alike([](const auto& t) { return fft::rfft2(t, Shape{8, 12}); }, x, 1e-13);
  check_alike([](const auto& t) { return fft::irfftn(t, Shape{6, 12}, Shape{0, 2}); }, complex_numbers<double>({3, 10, 7}, 3), 1e-13);
  check_alike([](const auto& t) { return fft::fft(transpose(t, 0, 2)); }, x, 1e-13);  // real numbers, made complex
  const auto dx = to_device<Cuda>(x);
  CHECK(difference(fft::fftshift(dx), fft::fftshift(x)) == 0);
  CHECK(difference(fft::ifftshift(dx), fft::ifftshift(x)) == 0);
  CHECK(difference(fft::fftfreq<double, Cuda>(9, 0.5), fft::fftfreq<double>(9, 0.5)) == 0);
  CHECK(difference(fft::rfftfreq<double, Cuda>(9, 0.5), fft::rfftfreq<double>(9, 0.5)) == 0);
  // Memory of real numbers that does not begin on a pair.
  const auto long_x = numbers<float>({65}, 4);
  CHECK(apart(fft::rfft(to_device<Cuda>(long_x).narrow(0, 1, 64)), fft::rfft(long_x.narrow(0, 1, 64))) <= 1e-5);
}

TEST_CASE("short-time transforms and the signals from them agree with the Cpu", "[cuda][fft]") {
  const auto signal = numbers<double>({2, 200}, 1);
  const StftOptions options{.hop_length = 8};
  check_alike([&]<class D>(const Tensor<double, D>& t) { return stft(t, 32, hann_window<double, D>(32), options); }, signal, 1e-12);
  check_alike(
      [&]<class D>(const Tensor<double, D>& t) {
        const auto window = hann_window<double, D>(32);
        return istft(stft(t, 32, window, options), 32, window, {.hop_length = 8, .length = 200});
      },
      signal, 1e-12);
}

TEST_CASE("a transform is captured if it has run before", "[cuda][fft][graph]") {
  const auto x = numbers<float>({4, 96}, 1), other = numbers<float>({4, 96}, 2);
  const auto dx = to_device<Cuda>(x);
  Tensor<float, Cuda> y;
  auto graph = cuda::capture([&] { y = fft::irfft(fft::rfft(dx) * 2.0f, 96); });
  copy_from_host(Cuda{}, dx.data(), other.data(), static_cast<std::size_t>(other.numel()) * sizeof(float));
  for (std::int64_t n = 100; n < 140; ++n) fft::fft(zeros<float, Cuda>({n}));  // more plans than are kept
  graph.replay();
  CHECK(difference(y, Tensor<float, Cpu>(other * 2.0f)) <= 1e-5);
  CHECK_THROWS_WITH(cuda::capture([&] { fft::rfft(dx.narrow(1, 0, 77)); }, {.warmup = 0}), ContainsSubstring("capture with warmup"));
}

}  // namespace cuda_tests
