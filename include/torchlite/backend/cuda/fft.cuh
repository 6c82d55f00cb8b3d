// SPDX-License-Identifier: BSD-3-Clause
// Fourier transforms through cuFFT, in float and double, of any length.
#pragma once
#include <torchlite/backend/cuda/fft_element.hpp>
#include <torchlite/backend/cuda/map_element.hpp>
#include <torchlite/backend/cuda/memory.cuh>
#include <torchlite/backend/cuda/plan_cache.hpp>
#include <torchlite/backend/cuda/sync_debug.hpp>
#include <torchlite/backend/cuda/team.cuh>
#include <torchlite/backend/kernel_count.hpp>

#if defined(TORCHLITE_WITH_CUFFT)
#include <cufft.h>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

inline void check_status(cufftResult status, const char* call) {
  if (status == CUFFT_SUCCESS) [[likely]]
    return;
  if (status == CUFFT_ALLOC_FAILED) fail<Error>("{}: out of memory on the CUDA device", call);
  fail<DeviceError>("{}: cuFFT reports status {}", call, static_cast<int>(status));
}

/// What a plan depends on.
struct FourierKey {
  std::int64_t n, lines, in_element, in_line, out_element, out_line;
  cufftType type;

  friend bool operator==(const FourierKey&, const FourierKey&) = default;
};

class CufftHandle {
 public:
  CufftHandle() { check_status(cufftCreate(&plan_), "cufftCreate"); }
  ~CufftHandle() { cufftDestroy(plan_); }
  CufftHandle(const CufftHandle&) = delete;
  CufftHandle& operator=(const CufftHandle&) = delete;
  cufftHandle get() const { return plan_; }

 private:
  cufftHandle plan_ = 0;
};
/// A plan of cuFFT, without work space of its own.
class CufftPlan {
 public:
  explicit CufftPlan(const FourierKey& key) {
    check_status(cufftSetAutoAllocation(plan_.get(), 0), "cufftSetAutoAllocation");
    long long n = key.n;  // given as the memory's size as well, so that the steps count
    check_status(cufftMakePlanMany64(plan_.get(), 1, &n, &n, key.in_element, key.in_line, &n, key.out_element, key.out_line, key.type,
                                     key.lines, &work_size_),
                 "cufftMakePlanMany64");
  }
  cufftHandle handle() const { return plan_.get(); }
  std::size_t work_size() const { return work_size_; }

 private:
  CufftHandle plan_;
  std::size_t work_size_ = 0;
};

/// The calling thread's plan for the current device; the last 32 are kept. A new one takes memory and waits, so that none is made while
/// a graph is captured.
inline const CufftPlan& fourier_plan(const FourierKey& key) {
  using Plans = PlanCache<FourierKey, CufftPlan>;
  static thread_local std::unique_ptr<Plans> caches[max_devices];
  const int device = current_device();
  check<DeviceError>(device < max_devices, "cufft: device {} is beyond the {} that are supported", device, max_devices);
  if (!caches[device]) caches[device] = std::make_unique<Plans>(32);
  if (const CufftPlan* found = caches[device]->find(key, capturing)) return *found;
  check<DeviceError>(!capturing,
                     "cufftMakePlanMany64: the plan of a new transform (length {}, {} lines) cannot be made while a graph is captured; "
                     "capture with warmup, or transform once before",
                     key.n, key.lines);
  return *caches[device]->insert(key, std::make_unique<CufftPlan>(key));
}

template <class R>
struct FourierCalls;
template <>
struct FourierCalls<float> {
  static constexpr cufftType complex = CUFFT_C2C, real = CUFFT_R2C, to_real = CUFFT_C2R;
  static cufftResult run(cufftHandle p, cufftComplex* x, cufftComplex* y, int direction) { return cufftExecC2C(p, x, y, direction); }
  static cufftResult run(cufftHandle p, cufftReal* x, cufftComplex* y, int) { return cufftExecR2C(p, x, y); }
  static cufftResult run(cufftHandle p, cufftComplex* x, cufftReal* y, int) { return cufftExecC2R(p, x, y); }
};
template <>
struct FourierCalls<double> {
  static constexpr cufftType complex = CUFFT_Z2Z, real = CUFFT_D2Z, to_real = CUFFT_Z2D;
  static cufftResult run(cufftHandle p, cufftDoubleComplex* x, cufftDoubleComplex* y, int direction) {
    return cufftExecZ2Z(p, x, y, direction);
  }
  static cufftResult run(cufftHandle p, cufftDoubleReal* x, cufftDoubleComplex* y, int) { return cufftExecD2Z(p, x, y); }
  static cufftResult run(cufftHandle p, cufftDoubleComplex* x, cufftDoubleReal* y, int) { return cufftExecZ2D(p, x, y); }
};
/// cuFFT's name for a dtype.
template <class T>
using cufft_t =
    std::conditional_t<std::is_floating_point_v<T>, T,
                       std::conditional_t<std::is_same_v<T, math::DeviceComplex<double>>, cufftDoubleComplex,
                                          std::conditional_t<std::is_same_v<T, math::DeviceComplex<float>>, cufftComplex, void>>>;

/// The transforms of all lines, x having `in` and y `out` elements of each.
template <class X, class Y>
void transform_lines(cufftType type, const LineLayout& layout, std::int64_t n, std::int64_t in, std::int64_t out, int direction, const X* x,
                     Y* y) {
  const CufftPlan& plan =
      fourier_plan({n, layout.count, layout.element_step(), layout.line_step(in), layout.element_step(), layout.line_step(out), type});
  const Scratch work(plan.work_size() > 0 ? plan.work_size() : 1);
  check_status(cufftSetStream(plan.handle(), current_stream()), "cufftSetStream");
  check_status(cufftSetWorkArea(plan.handle(), work.data()), "cufftSetWorkArea");
  check_status(FourierCalls<real_t<Y>>::run(plan.handle(), reinterpret_cast<cufft_t<X>*>(const_cast<X*>(x)),
                                            reinterpret_cast<cufft_t<Y>*>(y), direction),
               "cufftExec");
}

/// Lines of one dtype.
template <class T>
class Lines {
 public:
  /// In memory of their own, or in what is given.
  Lines(bool own, T* memory, std::int64_t n) : own_(own ? static_cast<std::size_t>(n) * sizeof(T) : 0), data_(memory) {
    if (own) data_ = static_cast<T*>(own_.data());
  }
  /// x, or a copy where cuFFT needs it: pairs of numbers have to lie on multiples of their size.
  Lines(const LineLayout& layout, std::int64_t length, const T* x)
      : Lines(layout.moved || !is_aligned(x, 2 * static_cast<std::int64_t>(sizeof(real_t<T>))), const_cast<T*>(x), layout.count * length) {
    if (data_ != x) launch_each("fourier", LoadLines<T>{layout, length, x, data_}, layout.count * length);
  }
  T* data() const { return data_; }

 private:
  Scratch own_;
  T* data_;
};

}  // namespace cuda

/// y = scale * sum over j of x_j e^(-+ 2 pi i jk / n) along the middle of [outer, n, inner]; x may be y.
template <class R>
void fourier(Cuda, const FourierLines& lines, std::int64_t n, bool forward, R scale, const std::complex<R>* x, std::complex<R>* y) {
  using C = math::DeviceComplex<R>;
  count_kernel("fourier");
  const cuda::LineLayout layout(lines);
  if (layout.count == 0 || n == 0) return;
  const cuda::Lines<C> from(layout, n, reinterpret_cast<const C*>(x));
  C* const to = layout.moved ? from.data() : reinterpret_cast<C*>(y);
  cuda::transform_lines(cuda::FourierCalls<R>::complex, layout, n, n, n, forward ? CUFFT_FORWARD : CUFFT_INVERSE, from.data(), to);
  if (layout.moved || scale != R(1))
    cuda::launch_each("fourier", cuda::StoreLines<C, R>{layout, n, scale, to, reinterpret_cast<C*>(y)}, layout.count * n);
}

/// The first n / 2 + 1 numbers of the transform of real lines; the others are their conjugates.
///   x [outer, n, inner], y [outer, n / 2 + 1, inner]
template <class R>
void fourier_real(Cuda, const FourierLines& lines, std::int64_t n, bool forward, R scale, const R* x, std::complex<R>* y) {
  using C = math::DeviceComplex<R>;
  count_kernel("fourier_real");
  const cuda::LineLayout layout(lines);
  if (layout.count == 0 || n == 0) return;
  const std::int64_t half = n / 2 + 1, numbers = layout.count * half;
  const cuda::Lines<R> from(layout, n, x);
  const cuda::Lines<C> to(layout.moved, reinterpret_cast<C*>(y), numbers);
  cuda::transform_lines(cuda::FourierCalls<R>::real, layout, n, n, half, CUFFT_FORWARD, static_cast<const R*>(from.data()), to.data());
  if (layout.moved || scale != R(1) || !forward)
    cuda::launch_each("fourier_real", cuda::StoreHalfLines<R>{layout, n, scale, forward ? R(1) : R(-1), to.data(), reinterpret_cast<C*>(y)},
                      numbers);
}

/// Real lines from the first n / 2 + 1 numbers of a transform whose others are their conjugates; the imaginary parts of number 0, and of
/// number n / 2 of an even n, do not count.
///   x [outer, n / 2 + 1, inner], y [outer, n, inner]
template <class R>
void fourier_to_real(Cuda, const FourierLines& lines, std::int64_t n, bool forward, R scale, const std::complex<R>* x, R* y) {
  using C = math::DeviceComplex<R>;
  count_kernel("fourier_to_real");
  const cuda::LineLayout layout(lines);
  if (layout.count == 0 || n == 0) return;
  const std::int64_t half = n / 2 + 1, numbers = layout.count * half;
  // Always a copy: cuFFT overwrites what it transforms, and reads the imaginary parts that do not count.
  const cuda::Lines<C> from(true, nullptr, numbers);
  cuda::launch_each("fourier_to_real",
                    cuda::LoadHalfLines<R>{layout, n, scale, forward ? R(-1) : R(1), reinterpret_cast<const C*>(x), from.data()}, numbers);
  const cuda::Lines<R> to(layout.moved, y, layout.count * n);
  cuda::transform_lines(cuda::FourierCalls<R>::to_real, layout, n, half, n, CUFFT_INVERSE, static_cast<const C*>(from.data()), to.data());
  if (layout.moved) cuda::launch_each("fourier_to_real", cuda::StoreLines<R, R>{layout, n, R(1), to.data(), y}, layout.count * n);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
#endif
