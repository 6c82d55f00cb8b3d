// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/autograd/backward.hpp>

namespace cuda_tests {
namespace cuda = backend::cuda;

TEST_CASE("what goes to the device comes back the same", "[cuda][memory]") {
  const auto x = numbers<float>({3, 5}, 1);
  CHECK(to_device<Cpu>(to_device<Cuda>(x)).to_vector() == x.to_vector());
  const auto flags = Tensor<bool, Cpu>({3}, {true, false, true});
  CHECK(to_device<Cuda>(flags).to_vector() == flags.to_vector());
  const auto halves = numbers<torchlite::half>({7}, 2);
  const auto back = to_device<Cuda>(halves).to_vector();
  for (std::size_t i = 0; i < back.size(); ++i) CHECK(back[i].bits == halves.data()[i].bits);
  CHECK(to_device<Cuda>(numbers<float>({0, 4}, 1)).numel() == 0);
  CHECK(to_device<Cuda>(Tensor<double, Cpu>({}, {2.5})).item() == 2.5);
}

TEST_CASE("a tensor that is on the device already is not copied", "[cuda][memory]") {
  const auto x = to_device<Cuda>(numbers<float>({4}, 1));
  CHECK(to_device<Cuda>(x).data() == x.data());
}

TEST_CASE("a transposed tensor is copied row by row", "[cuda][memory]") {
  const auto x = numbers<float>({3, 5}, 1);
  CHECK(to_device<Cuda>(x.t()).to_vector() == x.t().contiguous().to_vector());
  CHECK(to_device<Cpu>(to_device<Cuda>(x).t()).to_vector() == x.t().contiguous().to_vector());
}

TEST_CASE("gradients go back through a copy", "[cuda][memory]") {
  auto x = numbers<float>({6}, 1);
  x.requires_grad_();
  const auto weights = numbers<float>({6}, 2);
  const Tensor<float, Cuda> y = to_device<Cuda>(x) * to_device<Cuda>(weights);
  to_device<Cpu>(y).backward(Tensor<float, Cpu>({6}, {1, 1, 1, 1, 1, 1}));
  CHECK(x.grad().to_vector() == weights.to_vector());
}

TEST_CASE("freed memory is kept and given back on request", "[cuda][memory]") {
  cuda::empty_cache();
  const auto before = cuda::memory_allocated(), reserved = cuda::memory_reserved();
  cuda::reset_peak_memory_stats();
  {
    const auto x = empty<float, Cuda>({1 << 20});
    CHECK(cuda::memory_allocated() == before + (4 << 20));
    CHECK(cuda::memory_reserved() >= cuda::memory_allocated());
  }
  CHECK(cuda::memory_allocated() == before);
  CHECK(cuda::max_memory_allocated() == before + (4 << 20));
  cuda::empty_cache();
  CHECK(cuda::memory_reserved() <= reserved);
}

TEST_CASE("an absurd size is an error that names the number of bytes", "[cuda][memory]") {
  CHECK_THROWS_WITH((empty<float, Cuda>({std::int64_t{1} << 50})), ContainsSubstring("4503599627370496 bytes"));
  CHECK(to_device<Cuda>(numbers<float>({4}, 1)).numel() == 4);  // and the device works on
}

TEST_CASE("streams have their own order and events tie them together", "[cuda][stream]") {
  const auto x = to_device<Cuda>(numbers<float>({1 << 16}, 1));
  cuda::synchronize();
  cuda::Stream side;
  cuda::Event done;
  Tensor<float, Cuda> y;
  {
    const cuda::StreamGuard guard(side);
    CHECK(cuda::current_stream() == side.get());
    y = x * 2.0f;
    done.record();
  }
  CHECK(cuda::current_stream() == nullptr);
  done.wait();
  const Tensor<float, Cuda> z = y - x;
  CHECK(z.to_vector() == x.to_vector());
}

TEST_CASE("pinned memory is read before a copy from it returns", "[cuda][memory]") {
  const auto host = numbers<float>({1024}, 1).pin_memory();
  CHECK(host.is_pinned());
  const auto expected = host.to_vector();
  const auto x = host.to<Cuda>();
  host.fill_(-1.0f);
  CHECK(x.to_vector() == expected);
}

TEST_CASE("copies of pinned memory run in the background", "[cuda][memory]") {
  cuda::set_sync_debug_mode("error");
  const auto host = numbers<float>({1 << 20}, 1).pin_memory();
  const auto back = Tensor<float, Cuda>(host.to<Cuda>(true) * 2.0f).to<Cpu>(true);
  cuda::set_sync_debug_mode("default");
  cuda::synchronize();
  CHECK(back.to_vector() == Tensor<float, Cpu>(host * 2.0f).to_vector());
}

TEST_CASE("tensors move between devices", "[cuda][memory]") {
  const auto x = numbers<float>({1000}, 1);
  const int last = cuda::device_count() - 1;
  const auto there = x.to(Cuda{0}).to(Cuda{last});
  CHECK(device_of(there).index == last);
  CHECK(there.to<Cpu>().to_vector() == x.to_vector());
  CHECK_THROWS_AS(x.to(Cuda{last + 1}), DeviceError);
}

TEST_CASE("a status that is no success becomes a DeviceError with the call's name", "[cuda][error]") {
  CHECK_THROWS_WITH(cuda::check_status(cudaErrorInvalidValue, "cudaFancy"), ContainsSubstring("cudaFancy"));
  CHECK_THROWS_AS(cuda::check_status(cudaErrorInvalidValue, "cudaFancy"), DeviceError);
  CHECK_THROWS_AS(cuda::check_status(cudaErrorMemoryAllocation, "cudaMalloc"), Error);
}

}  // namespace cuda_tests
