// SPDX-License-Identifier: BSD-3-Clause
// A warm forward pass asks the system for nothing: every call of malloc and its relatives in this program is counted.
#include <support/catch.hpp>
#include <torchlite/nn.hpp>
#include <torchlite/ops.hpp>

#include <cstddef>

#if defined(__GLIBC__) && !TORCHLITE_ASAN
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
static thread_local long allocations = 0;
void* malloc(std::size_t bytes) {
  ++allocations;
  return __libc_malloc(bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  ++allocations;
  return __libc_memalign(alignment, bytes);
}
}

namespace tl = torchlite;
namespace nn = tl::nn;

namespace {
struct Small : nn::Module<Small> {
  nn::Conv2d<float> conv{1, 4, 3};
  nn::Linear<float> fc{4 * 3 * 3, 5};

  auto forward(const tl::Tensor<float>& x) {
    tl::Tensor h = tl::max_pool2d(tl::relu(conv(x)), 2);
    return fc(tl::flatten(h, 1));
  }
};
}  // namespace

TEST_CASE("a warm forward pass without gradients allocates nothing from the system", "[nn][module]") {
  Small net;
  tl::NoGradGuard no_grad;
  const auto x = tl::rand<float>({2, 1, 8, 8});
  tl::Tensor<float> y;
  for (int i = 0; i < 3; ++i) y = net(x);
  const long before = allocations;
  for (int i = 0; i < 5; ++i) y = net(x);
  const long after = allocations;
  REQUIRE(after == before);
  REQUIRE(y.size(1) == 5);

  // The counter counts.
  delete new int(1);
  void* p = malloc(8);
  REQUIRE(allocations > after);
  std::free(p);
}
#endif
