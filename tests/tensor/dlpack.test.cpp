// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/ops/methods.hpp>
#include <torchlite/tensor/dlpack.hpp>

#include <complex>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace {
using namespace torchlite;

// The structures as the specification's C header lays them out, written down once more with its names.
enum DLDeviceType : std::int32_t { kDLCPU = 1, kDLCUDA = 2, kDLCUDAHost = 3 };
struct DLTensor {
  void* data;
  struct {
    DLDeviceType device_type;
    std::int32_t device_id;
  } device;
  std::int32_t ndim;
  struct {
    std::uint8_t code, bits;
    std::uint16_t lanes;
  } dtype;
  std::int64_t* shape;
  std::int64_t* strides;
  std::uint64_t byte_offset;
};
struct DLManagedTensor {
  DLTensor dl_tensor;
  void* manager_ctx;
  void (*deleter)(DLManagedTensor*);
};
struct DLManagedTensorVersioned {
  struct {
    std::uint32_t major, minor;
  } version;
  void* manager_ctx;
  void (*deleter)(DLManagedTensorVersioned*);
  std::uint64_t flags;
  DLTensor dl_tensor;
};
static_assert(sizeof(DLTensor) == 48 && sizeof(dlpack::View) == 48);
static_assert(sizeof(dlpack::Managed) == 64 && offsetof(dlpack::Managed, manager_ctx) == 48);
static_assert(sizeof(dlpack::ManagedVersioned) == 80 && offsetof(dlpack::ManagedVersioned, flags) == 24 &&
              offsetof(dlpack::ManagedVersioned, dl_tensor) == 32);
static_assert(offsetof(dlpack::View, ndim) == 16 && offsetof(dlpack::View, dtype) == 20 && offsetof(dlpack::View, shape) == 24 &&
              offsetof(dlpack::View, byte_offset) == 40);

/// Another library's tensor: counts how often its deleter is called.
template <class M>
struct Foreign {
  std::vector<float> values{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  std::int64_t sizes[10] = {3, 4}, strides[10] = {4, 1};
  int deleted = 0;
  M managed{};

  Foreign() {
    auto& v = managed.dl_tensor;
    v.data = values.data();
    v.device.device_type = static_cast<decltype(v.device.device_type)>(1);
    v.ndim = 2;
    v.dtype.code = 2, v.dtype.bits = 32, v.dtype.lanes = 1;
    v.shape = sizes, v.strides = strides;
    if constexpr (requires { managed.version; }) managed.version.major = 1;
    managed.manager_ctx = this;
    managed.deleter = [](M* m) { ++static_cast<Foreign*>(m->manager_ctx)->deleted; };
  }
};
}  // namespace

TEST_CASE("an exported tensor shows its memory, sizes and strides, and comes back without a copy", "[tensor][dlpack]") {
  const Tensor<float> x({3, 4}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  const Tensor<float> view = x.t().narrow(0, 1, 2);  // [2, 3], strides 1, 4, offset 1
  auto capsule = to_dlpack(view);
  CHECK(capsule->version.major == 1);
  CHECK(capsule->flags == 0);
  const dlpack::View& v = capsule->dl_tensor;
  CHECK(static_cast<float*>(v.data) + v.byte_offset / 4 == x.data() + 1);
  CHECK(v.ndim == 2);
  CHECK(v.shape[0] == 2);
  CHECK(v.shape[1] == 3);
  CHECK(v.strides[0] == 1);
  CHECK(v.strides[1] == 4);
  CHECK(v.device.device_type == 1);
  CHECK(v.dtype.code == 2);
  CHECK(v.dtype.bits == 32);
  CHECK(v.dtype.lanes == 1);
  const auto back = from_dlpack<float>(std::move(capsule));
  CHECK(capsule.get() == nullptr);
  CHECK(back.data() == view.data());
  CHECK(back.strides() == view.strides());
  CHECK(back.to_vector() == std::vector<float>{1, 5, 9, 2, 6, 10});
  back.fill_(7.0f);
  CHECK(x[2][1].item() == 7);
}

TEST_CASE("the memory lives as long as any side needs it", "[tensor][dlpack]") {
  auto capsule = [] {
    const auto x = full<double>({1000}, 3.5);
    return to_dlpack(x);
  }();
  Tensor<double> back = from_dlpack<double>(std::move(capsule));
  capsule = {};
  const Tensor<double> element = back[999];
  back = {};
  CHECK(element.item() == 3.5);
}

TEST_CASE("a capsule that nobody takes calls the deleter, and only then", "[tensor][dlpack]") {
  Foreign<dlpack::ManagedVersioned> f;
  { const dlpack::Capsule<dlpack::ManagedVersioned> unused(&f.managed); }
  CHECK(f.deleted == 1);
  {
    dlpack::Capsule<dlpack::ManagedVersioned> c(&f.managed), moved(std::move(c));
    const auto x = from_dlpack<float>(std::move(moved));
    const auto y = x[1];
    CHECK(f.deleted == 1);
  }
  CHECK(f.deleted == 2);
  { dlpack::Capsule<dlpack::ManagedVersioned>(&f.managed).release(); }
  CHECK(f.deleted == 2);
  f.managed.deleter = nullptr;  // allowed: the memory is static
  { const auto x = from_dlpack<float>(&f.managed); }
}

TEST_CASE("structures of other headers are taken and made", "[tensor][dlpack]") {
  Foreign<DLManagedTensor> old;
  Foreign<DLManagedTensorVersioned> versioned;
  {
    const auto a = from_dlpack<float>(&old.managed);
    const auto b = from_dlpack<float>(&versioned.managed);
    CHECK(a.to_vector() == old.values);
    CHECK(b[2][3].item() == 11);
  }
  CHECK(old.deleted == 1);
  CHECK(versioned.deleted == 1);
  DLManagedTensor* const raw = to_dlpack<DLManagedTensor>(full<std::int32_t>({2}, 5)).release();
  CHECK(raw->dl_tensor.device.device_type == kDLCPU);
  CHECK(static_cast<std::int32_t*>(raw->dl_tensor.data)[1] == 5);
  raw->deleter(raw);
  const auto legacy = from_dlpack<std::int32_t>(to_dlpack<dlpack::Managed>(full<std::int32_t>({2}, 6)));
  CHECK(legacy[0].item() == 6);
}

TEST_CASE("strides may be missing, and the first element may be further on", "[tensor][dlpack]") {
  Foreign<DLManagedTensor> f;
  f.managed.dl_tensor.strides = nullptr;
  f.managed.dl_tensor.byte_offset = 16;
  f.sizes[0] = 2;
  {
    const auto x = from_dlpack<float>(&f.managed);
    CHECK(x.is_contiguous());
    CHECK(x.to_vector() == std::vector<float>{4, 5, 6, 7, 8, 9, 10, 11});
  }
  f.managed.dl_tensor.ndim = 0;
  f.managed.dl_tensor.shape = nullptr;
  const auto scalar = from_dlpack<float>(&f.managed);
  CHECK(scalar.item() == 4);
}

TEST_CASE("every dtype goes out and comes back", "[tensor][dlpack]") {
  const auto check_type = []<class T>(T, int code, int bits) {
    const auto x = full<T>({3}, 1);
    auto capsule = to_dlpack(x);
    CHECK(capsule->dl_tensor.dtype.code == code);
    CHECK(capsule->dl_tensor.dtype.bits == bits);
    CHECK(from_dlpack<T>(std::move(capsule)).data() == x.data());
  };
  check_type(std::int8_t{}, 0, 8);
  check_type(std::int16_t{}, 0, 16);
  check_type(std::int32_t{}, 0, 32);
  check_type(std::int64_t{}, 0, 64);
  check_type(std::uint8_t{}, 1, 8);
  check_type(torchlite::half{}, 2, 16);
  check_type(float{}, 2, 32);
  check_type(double{}, 2, 64);
  check_type(bfloat16{}, 4, 16);
  check_type(std::complex<float>{}, 5, 64);
  check_type(std::complex<double>{}, 5, 128);
  check_type(bool{}, 6, 8);
}

TEST_CASE("empty tensors need no memory", "[tensor][dlpack]") {
  Foreign<DLManagedTensor> f;
  f.sizes[0] = 0;
  f.managed.dl_tensor.data = nullptr;
  {
    const auto x = from_dlpack<float>(&f.managed);
    CHECK(x.sizes() == Shape{0, 4});
    CHECK(x.to_vector().empty());
  }
  CHECK(f.deleted == 1);
  CHECK(from_dlpack<float>(to_dlpack(zeros<float>({2, 0}))).sizes() == Shape{2, 0});
}

TEST_CASE("what is no such tensor is refused, and stays the caller's", "[tensor][dlpack]") {
  Foreign<dlpack::ManagedVersioned> f;
  auto& v = f.managed.dl_tensor;
  const dlpack::View good = v;
  const auto refuses = [&](const char* why) {
    CHECK_THROWS_WITH(from_dlpack<float>(&f.managed), ContainsSubstring(why));
    v = good;
    f.managed.flags = 0;
    f.managed.version.major = 1;
    f.sizes[0] = 3, f.strides[0] = 4, f.strides[1] = 1;
  };
  f.managed.version.major = 2;
  refuses("version 2.0; this library knows version 1");
  f.managed.flags = 1;
  refuses("read-only");
  v.device.device_type = 2;
  refuses("device type 2, which is not cpu");
  v.dtype.bits = 64;
  refuses("64 bits and 1 lanes; a tensor of float32 needs code 2, 32 bits");
  v.dtype.code = 0;
  refuses("code 0");
  v.dtype.lanes = 4;
  refuses("4 lanes");
  v.ndim = 9;
  refuses("9 dimensions");
  v.ndim = -1;
  refuses("-1 dimensions");
  v.shape = nullptr;
  refuses("without sizes");
  f.sizes[0] = -3;
  refuses("-3");
  f.strides[1] = -1;
  refuses("stride -1 of dimension 1 is negative");
  f.sizes[0] = 3, f.strides[0] = INT64_MAX / 2;
  refuses("further than 63 bits count");
  v.data = nullptr;
  refuses("data is null");
  v.byte_offset = 2;
  refuses("no multiple of 4");
  CHECK_THROWS_AS(from_dlpack<double>(&f.managed), DtypeError);
  CHECK_THROWS_AS(from_dlpack<float>(static_cast<dlpack::Managed*>(nullptr)), Error);
  CHECK_THROWS_WITH(to_dlpack(zeros<float>({2}).requires_grad_()), ContainsSubstring("export x.detach()"));
  dlpack::Capsule<dlpack::ManagedVersioned> c(&f.managed);
  CHECK_THROWS_AS(from_dlpack<double>(std::move(c)), DtypeError);
  CHECK(f.deleted == 0);
  CHECK(c.release() == &f.managed);
}
