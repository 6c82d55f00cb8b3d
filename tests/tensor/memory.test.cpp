// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/shape/contiguous.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/slice.hpp>

#include <set>
#include <thread>

namespace tl = torchlite;
using tl::backend::SizeClass;
using Float = tl::Tensor<float>;

TEST_CASE("every size has a class that holds it and wastes at most a quarter", "[tensor][memory]") {
  const auto check = [](std::size_t bytes) {
    const int c = SizeClass::of(bytes);
    CAPTURE(bytes, c);
    REQUIRE(c >= 0);
    REQUIRE(c < SizeClass::count);
    REQUIRE(SizeClass::bytes(c) >= bytes);
    REQUIRE((c == 0 || SizeClass::bytes(c - 1) < bytes));
    REQUIRE((bytes < 64 || bytes > 1024 || SizeClass::bytes(c) - bytes < 64));
    REQUIRE((bytes <= 1024 || (SizeClass::bytes(c) - bytes) * 4 <= bytes));
    REQUIRE(SizeClass::bytes(c) % 64 == 0);
  };
  for (std::size_t bytes = 1; bytes < 5000; ++bytes) check(bytes);
  for (int log = 12; log < 46; ++log)
    for (const std::int64_t off : {-1, 0, 1}) {
      check((std::size_t{1} << log) + static_cast<std::size_t>(off));
      check((std::size_t{3} << (log - 1)) + static_cast<std::size_t>(off));
    }
  CHECK(SizeClass::of(0) == 0);
}

TEST_CASE("memory is aligned to 64 bytes, whatever the size and dtype", "[tensor][memory]") {
  for (const std::int64_t n : {0, 1, 3, 17, 100, 1000, 5000, 300000}) {
    CHECK(reinterpret_cast<std::uintptr_t>(tl::empty<float>({n}).data()) % 64 == 0);
    CHECK(reinterpret_cast<std::uintptr_t>(tl::empty<bool>({n}).data()) % 64 == 0);
  }
}

TEST_CASE("what is freed is handed out again", "[tensor][memory]") {
  if (TORCHLITE_ASAN) return;  // nothing is kept there, so that every use after free is seen
  for (const std::int64_t n : {1, 100, 5000, 2000000}) {
    const void* first = nullptr;
    {
      const Float t = tl::empty<float>({n});
      first = t.data();
    }
    const Float again = tl::empty<float>({n - n / 100});
    CHECK(static_cast<const void*>(again.data()) == first);
  }
}

TEST_CASE("a training step asks for the same memory every time", "[tensor][memory]") {
  if (TORCHLITE_ASAN) return;
  const Float w = tl::Tensor<float>::from(std::vector<float>(5000, 0.5f)).requires_grad_();
  const auto step = [&] {
    std::set<const void*> used;
    const Float a = tl::exp(w * 0.1f), b = a * w, loss = tl::sum(b * b);
    loss.backward();
    for (const Float& t : {a, b, loss, w.grad()}) used.insert(t.data());
    w.zero_grad();
    return used;
  };
  std::set<const void*> seen;
  for (int i = 0; i < 3; ++i)
    for (const void* p : step()) seen.insert(p);
  const std::size_t known = seen.size();
  for (int i = 0; i < 50; ++i)
    for (const void* p : step()) seen.insert(p);
  CHECK(seen.size() == known);
}

TEST_CASE("memory may be freed on another thread than it came from", "[tensor][memory]") {
  std::vector<Float> tensors;
  for (int i = 0; i < 600; ++i) tensors.push_back(tl::empty<float>({10}));
  std::thread other([&] {
    tensors.clear();
    for (int i = 0; i < 100; ++i) tensors.push_back(tl::empty<float>({20}));
  });
  other.join();
  for (const Float& t : tensors) t.fill_(1.0f);
  tensors.clear();
  tl::backend::empty_cache(tl::Cpu{});
  const Float t = tl::empty<float>({100});
  t.fill_(2.0f);
  CHECK(t.data()[99] == 2.0f);
}

TEST_CASE("memory of the caller is used as it is and handed back once, after the last view", "[tensor][memory]") {
  float values[] = {1, 2, 3, 4, 5, 6};
  int deleted = 0;
  {
    Float view;
    {
      const Float t = Float::from_blob(values, {2, 3}, [&](float* p) { deleted += p == values ? 1 : 100; });
      CHECK(t.data() == values);
      t.mul_(2.0f);
      view = tl::select(t, 0, 1);
    }
    CHECK(deleted == 0);
    CHECK(view.data() == values + 3);
    CHECK(view.data()[0] == 8);
  }
  CHECK(deleted == 1);
  CHECK(values[5] == 12);
  const Float plain = Float::from_blob(values, {6});
  plain.fill_(0);
  CHECK(values[0] == 0);
  CHECK_THROWS_AS(Float::from_blob(nullptr, {1}), tl::Error);
  CHECK(Float::from_blob(nullptr, {0}).numel() == 0);
}

TEST_CASE("a copy of a handle shares memory, a clone does not", "[tensor][memory]") {
  const Float t = Float::from({1, 2, 3, 4}, {2, 2});
  const Float handle = t, copy = tl::clone(t), turned = tl::clone(tl::transpose(t, 0, 1));
  t.fill_(9);
  CHECK(handle.data() == t.data());
  CHECK(copy.to_vector() == std::vector<float>{1, 2, 3, 4});
  CHECK(turned.to_vector() == std::vector<float>{1, 3, 2, 4});
  CHECK(copy.version() == 0);
  std::vector<float> source{1, 2};
  const Float from = Float::from(source);
  source[0] = 7;
  CHECK(from.data()[0] == 1);
}

TEST_CASE("each change in place counts one version, each read none", "[tensor][memory]") {
  const Float t = Float::from({1, 2, 3, 4});
  CHECK(t.version() == 0);
  t.add_(1.0f);
  t.fill_(2);
  t.copy_(Float::from({1, 2, 3, 4}));
  tl::slice(t, 0, 1, 2).mul_(2.0f);
  CHECK(t.version() == 4);
  const Float u = t + t;
  t.to_vector();
  CHECK(t.version() == 4);
  CHECK(u.version() == 0);
}

TEST_CASE("sizes that no memory can hold are refused before anything is taken", "[tensor][memory]") {
  CHECK_THROWS_AS(tl::empty<double>({std::int64_t{1} << 40, std::int64_t{1} << 40}), tl::Error);
  CHECK_THROWS_AS(tl::empty<float>({-2, 3}), tl::ShapeError);
  CHECK_THROWS_AS(Float::from({1, 2, 3}, {2, 2}), tl::ShapeError);
  CHECK_THROWS_AS(Float().numel(), tl::Error);
  CHECK_THROWS_WITH(Float::from({1, 2}).item(), ContainsSubstring("item") && ContainsSubstring("2"));
}

TEST_CASE("typed element access is by index, checked where assertions are", "[tensor][memory]") {
  const Float t = tl::transpose(Float::from({1, 2, 3, 4, 5, 6}, {2, 3}), 0, 1);
  const auto a = t.accessor<2>();
  CHECK(a(2, 0) == 3);
  CHECK(a(0, 1) == 4);
  a(2, 1) = 60;
  CHECK(t.to_vector() == std::vector<float>{1, 4, 2, 5, 3, 60});
  CHECK_THROWS_AS(t.accessor<1>(), tl::ShapeError);
}
