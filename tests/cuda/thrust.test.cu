// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/tensor/dlpack.hpp>
#include <torchlite/tensor/thrust.cuh>

#include <thrust/device_vector.h>
#include <thrust/sort.h>
#include <thrust/transform.h>

#include <algorithm>

namespace cuda_tests {
namespace cuda = backend::cuda;

namespace {
struct Twice {
  TORCHLITE_HOST_DEVICE float operator()(float x) const { return 2 * x; }
};
}  // namespace

TEST_CASE("Thrust's algorithms run over tensors, on the current stream", "[cuda][thrust]") {
  const auto x = numbers<float>({1000}, 1);
  const auto dx = x.to<Cuda>();
  const cuda::Stream side;
  side.wait(cuda::current_stream());
  {
    const cuda::StreamGuard guard(side);
    thrust::sort(cuda::thrust_policy(), cuda::begin(dx), cuda::end(dx));
    thrust::transform(cuda::thrust_policy(), cuda::begin(dx), cuda::end(dx), cuda::begin(dx), Twice{});
  }
  side.synchronize();
  auto expected = x.to_vector();
  std::sort(expected.begin(), expected.end());
  for (float& v : expected) v *= 2;
  CHECK(dx.to_vector() == expected);
  CHECK_THROWS_AS(cuda::begin(numbers<float>({3, 5}, 1).to<Cuda>().t()), ShapeError);
}

TEST_CASE("a device_vector becomes a tensor, lent or given", "[cuda][thrust]") {
  thrust::device_vector<float> v(6, 1.5f);
  const auto lent = cuda::view_of_vector(v, {2, 3});
  lent.mul_(2.0f);
  cuda::synchronize();
  CHECK(v[5] == 3.0f);
  CHECK_THROWS_AS(cuda::view_of_vector(v, {7}), ShapeError);
  const float* const data = thrust::raw_pointer_cast(v.data());
  const auto given = cuda::from_vector(std::move(v));
  CHECK(given.data() == data);
  CHECK(given.to_vector() == std::vector<float>(6, 3.0f));
}

TEST_CASE("tensors on the device travel by DLPack", "[cuda][dlpack]") {
  const auto x = numbers<float>({4, 5}, 1).to<Cuda>();
  auto capsule = to_dlpack(x.t());
  CHECK(capsule->dl_tensor.device.device_type == dlpack::cuda_device);
  CHECK(capsule->dl_tensor.device.device_id == cuda::current_device());
  CHECK_THROWS_AS((from_dlpack<float, Cpu>(capsule.get())), DeviceError);
  const auto back = from_dlpack<float, Cuda>(std::move(capsule));
  CHECK(back.data() == x.data());
  CHECK(back.strides() == x.t().strides());
  CHECK(device_of(back).index == cuda::current_device());
}

}  // namespace cuda_tests
