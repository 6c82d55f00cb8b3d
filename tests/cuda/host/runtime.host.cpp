// SPDX-License-Identifier: BSD-3-Clause
// Memory, streams, copies and graphs of Cuda on a runtime without a device (fake_runtime.hpp).
#include "fake_kernels.hpp"

#include <support/catch.hpp>

#include <torchlite/backend/cuda/graph.cuh>
#include <torchlite/nn/linear.hpp>
#include <torchlite/ops/loss/mse_loss.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/ops/shape/cat.hpp>
#include <torchlite/optim/adamw.hpp>
#include <torchlite/optim/sgd.hpp>

#include <vector>

namespace {
using namespace torchlite;
namespace cuda = backend::cuda;

Tensor<float, Cpu> numbers(std::int64_t n) {
  Tensor<float, Cpu> x = empty<float>({n});
  for (std::int64_t i = 0; i < n; ++i) x.data()[i] = static_cast<float>(i);
  return x;
}
/// y = x + 1 as a kernel's launch would do it.
void add_one(const Tensor<float, Cuda>& x, const Tensor<float, Cuda>& y) {
  fake::launch(cuda::current_stream(), [from = x.data(), to = y.data(), n = x.numel()] {
    for (std::int64_t i = 0; i < n; ++i) to[i] = from[i] + 1;
  });
}
struct SyncMode {
  explicit SyncMode(std::string_view mode) { cuda::set_sync_debug_mode(mode); }
  ~SyncMode() { cuda::set_sync_debug_mode("default"); }
};
}  // namespace

TEST_CASE("what goes to the device comes back, in the order of the stream", "[cuda][memory]") {
  const auto x = numbers(5);
  const auto dx = x.to<Cuda>();
  const auto dy = empty<float, Cuda>({5});
  add_one(dx, dy);
  CHECK(dy.to_vector() == std::vector<float>{1, 2, 3, 4, 5});
  CHECK(dx.to<Cpu>().to_vector() == x.to_vector());
  CHECK(dy.select(0, 3).item() == 4);
}

TEST_CASE("statistics count the bytes that tensors hold", "[cuda][memory]") {
  const std::int64_t before = cuda::memory_allocated();
  cuda::reset_peak_memory_stats();
  CHECK(cuda::max_memory_allocated() == before);
  {
    const auto a = empty<float, Cuda>({1000});
    CHECK(cuda::memory_allocated() == before + 4000);
    const auto view = a.narrow(0, 10, 20);
    const auto b = empty<double, Cuda>({10});
    CHECK(cuda::memory_allocated() == before + 4080);
  }
  CHECK(cuda::memory_allocated() == before);
  CHECK(cuda::max_memory_allocated() == before + 4080);
  CHECK(cuda::memory_reserved() >= 4080);
  CHECK(cuda::max_memory_reserved() >= cuda::memory_reserved());
  cuda::reset_peak_memory_stats();
  CHECK(cuda::max_memory_allocated() == before);
  fake::run_all();
  cuda::empty_cache();
  CHECK(cuda::memory_reserved() == static_cast<std::int64_t>(fake::live_bytes()));
}

TEST_CASE("too large a tensor is an error with the call, the bytes and what there is", "[cuda][memory]") {
  const auto held = empty<float, Cuda>({100});
  try {
    empty<float, Cuda>({std::int64_t{1} << 40});
    FAIL("2^42 bytes were handed out");
  } catch (const Error& e) {
    const std::string text = e.what();
    CHECK_THAT(text, ContainsSubstring("cudaMallocFromPoolAsync: out of memory; 4398046511104 bytes were asked for on cuda:0"));
    CHECK_THAT(text, ContainsSubstring("of 1073741824 are free"));
  }
  CHECK(cudaGetLastError() == cudaSuccess);
}

TEST_CASE("memory is given back on the stream that it was taken on", "[cuda][memory][stream]") {
  fake::run_all();
  const std::size_t before = fake::live_bytes();
  const cuda::Stream side;
  Tensor<float, Cuda> x;
  {
    const cuda::StreamGuard guard(side);
    x = empty<float, Cuda>({4});
    fake::launch(side.get(), [p = x.data()] { p[3] = 7; });
  }
  x = {};  // the current stream is another one now; the work on the side stream still needs the memory
  cuda::wait_for_current_stream();
  CHECK(fake::live_bytes() == before + 16);
  side.synchronize();
  CHECK(fake::live_bytes() == before);
}

TEST_CASE("record_stream keeps memory until another stream has used it", "[cuda][memory][stream]") {
  fake::run_all();
  const std::size_t before = fake::live_bytes();
  const cuda::Stream side;
  float seen = 0;
  {
    const auto x = numbers(4).to<Cuda>();
    side.wait(cuda::current_stream());
    fake::launch(side.get(), [p = x.data(), &seen] { seen = p[2]; });
    cuda::record_stream(x, side);
  }
  cuda::wait_for_current_stream();
  CHECK(seen == 2);  // the default stream waited for the side stream before it freed
  CHECK(fake::live_bytes() == before);
}

TEST_CASE("guards put back what was", "[cuda][stream]") {
  fake::set_devices(2);
  CHECK(cuda::device_count() == 2);
  CHECK(cuda::is_available());
  CHECK(cuda::get_device_name() == "Fake GPU");
  CHECK(cuda::get_device_name(Cuda{1}) == "Another fake GPU");
  CHECK(cuda::get_device_capability().first == 9);
  {
    const cuda::DeviceGuard guard(Cuda{1});
    CHECK(cuda::current_device() == 1);
    const cuda::Stream side;
    CHECK(side.device() == 1);
    {
      const cuda::DeviceGuard back(0);
      const cuda::StreamGuard on_side(side);
      CHECK(cuda::current_device() == 1);
      CHECK(cuda::current_stream() == side.get());
      CHECK(cuda::current_stream(Cuda{0}) == nullptr);
    }
    CHECK(cuda::current_stream() == nullptr);
    const cuda::DeviceGuard unchanged(Cuda{});
    CHECK(cuda::current_device() == 1);
  }
  CHECK(cuda::current_device() == 0);
  CHECK_THROWS_WITH(cuda::set_device(2), ContainsSubstring("there is no cuda:2; this machine has 2"));
  fake::set_devices(1);
}

TEST_CASE("a stream that is let go of is used again", "[cuda][stream]") {
  cudaStream_t first = nullptr;
  {
    const cuda::Stream s;
    first = s.get();
  }
  const int made = fake::streams_made();
  const cuda::Stream again;
  CHECK(again.get() == first);
  CHECK(fake::streams_made() == made);
  cuda::Stream other;
  CHECK(other.get() != first);
  cuda::Stream moved = std::move(other);
  CHECK(other.get() == nullptr);
  CHECK(moved.query());
}

TEST_CASE("events tie streams together", "[cuda][stream]") {
  const cuda::Stream a, b;
  std::vector<int> order;
  cuda::Event done;
  CHECK(done.query());
  fake::launch(a.get(), [&] { order.push_back(1); });
  done.record(a);
  CHECK_FALSE(done.query());
  CHECK_FALSE(a.query());
  b.wait(done);
  fake::launch(b.get(), [&] { order.push_back(2); });
  b.synchronize();
  CHECK(order == std::vector<int>{1, 2});
  CHECK(done.query());
  done.synchronize();
}

TEST_CASE("tensors move between devices and know where they are", "[cuda][memory]") {
  fake::set_devices(2);
  const auto x = numbers(6);
  const auto a = x.to(Cuda{0});
  const auto b = a.to(Cuda{1});
  CHECK(device_of(a).index == 0);
  CHECK(device_of(b).index == 1);
  CHECK(cuda::current_device() == 0);
  CHECK(b.data() != a.data());
  CHECK(b.to(Cuda{1}).data() == b.data());
  CHECK(b.to<Cuda>().data() == b.data());
  CHECK(b.to<Cpu>().to_vector() == x.to_vector());  // from a device that is not the current one
  CHECK(cuda::memory_allocated(Cuda{1}) == 24);
  CHECK(x.to(Cuda{1}).to<Cpu>().to_vector() == x.to_vector());
  CHECK_THROWS_AS(x.to(Cuda{5}), DeviceError);
  auto leaf = numbers(3).requires_grad_();
  leaf.to(Cuda{0}).to(Cuda{1}).to<Cpu>().backward(numbers(3));
  CHECK(leaf.grad().to_vector() == std::vector<float>{0, 1, 2});
  fake::set_devices(1);
}

TEST_CASE("operands on two devices, or on another than the current one, are refused", "[cuda][memory]") {
  fake::set_devices(2);
  const auto message = [](auto&& f) -> std::string {
    try {
      f();
    } catch (const DeviceError& e) {
      return e.what();
    }
    return "nothing thrown";
  };
  {
    const auto x = numbers(4), table = x.reshape({2, 2});
    const auto a = x.to(Cuda{0}), b = x.to(Cuda{1}), m = table.to(Cuda{0}), n = table.to(Cuda{1});
    const char* const two = ": expected all tensors to be on the same device, but found cuda:0 and cuda:1";
    CHECK_THAT(message([&] { Tensor<float, Cuda> c = a + b; }), ContainsSubstring(std::string("add") + two));
    CHECK_THAT(message([&] { Tensor<float, Cuda> c = torchlite::tanh(a) * (b - 1.0f); }), ContainsSubstring(std::string("mul") + two));
    CHECK_THAT(message([&] { sum(a * b); }), ContainsSubstring(two));
    CHECK_THAT(message([&] { matmul(m, n); }), ContainsSubstring(std::string("matmul") + two));
    CHECK_THAT(message([&] { linear(m, m, b.narrow(0, 0, 2)); }), ContainsSubstring(std::string("linear") + two));
    CHECK_THAT(message([&] { cat({a, b}); }), ContainsSubstring(std::string("cat") + two));
    CHECK_THAT(message([&] { a.add_(b); }), ContainsSubstring(std::string("add_") + two));
    CHECK(a.to<Cpu>().to_vector() == x.to_vector());

    const char* const elsewhere = ": the tensors are on cuda:1, but this thread works on cuda:0; put a DeviceGuard around";
    CHECK_THAT(message([&] { Tensor<float, Cuda> c = b + 1.0f; }), ContainsSubstring(std::string("add") + elsewhere));
    CHECK_THAT(message([&] { matmul(n, n); }), ContainsSubstring(std::string("matmul") + elsewhere));
    CHECK_THAT(message([&] { sum(b); }), ContainsSubstring(std::string("sum") + elsewhere));
    const auto p = b.detach().requires_grad_();
    {
      const cuda::DeviceGuard there(Cuda{1});
      sum(p * b).backward();
    }
    optim::SGD optimizer(std::vector{p}, {.lr = 1});
    CHECK_THAT(message([&] { optimizer.step(); }), ContainsSubstring(std::string("SGD") + elsewhere));
    CHECK_THAT(message([&] { b.copy_(a); }), ContainsSubstring("copy_: the tensors are on cuda:1"));
    CHECK(b.to<Cpu>().to_vector() == x.to_vector());

    const cuda::DeviceGuard guard(Cuda{1});
    const Tensor<float, Cuda> c = b + 1.0f, of_memory = Tensor<float, Cuda>::from_blob(b.data(), {4}) + 1.0f;
    CHECK(device_of(c).index == 1);
    CHECK(c.to<Cpu>().to_vector() == std::vector<float>{1, 2, 3, 4});
    CHECK(of_memory.to<Cpu>().to_vector() == std::vector<float>{1, 2, 3, 4});
    CHECK(matmul(n, n).to<Cpu>().to_vector() == std::vector<float>{2, 3, 6, 11});
    CHECK_THAT(message([&] { Tensor<float, Cuda> d = a * 2.0f; }),
               ContainsSubstring("mul: the tensors are on cuda:0, but this thread works on cuda:1"));
  }
  fake::set_devices(1);
}

TEST_CASE("pinned memory is copied while the host goes on", "[cuda][pinned]") {
  const auto x = numbers(1000).pin_memory();
  CHECK(x.is_pinned());
  CHECK_FALSE(numbers(3).is_pinned());
  CHECK(x.pin_memory().data() == x.data());
  const int waits = fake::waits();
  const std::uint64_t hidden = cuda::hidden_synchronization_count();
  const auto dx = x.to<Cuda>(true);
  const auto back = dx.to<Cpu>(true);
  CHECK(back.is_pinned());
  CHECK(fake::waits() == waits);
  CHECK(cuda::hidden_synchronization_count() == hidden);
  cuda::synchronize();
  CHECK(back.to_vector() == x.to_vector());
  CHECK(numbers(5).t().pin_memory().to_vector() == numbers(5).to_vector());
  CHECK(empty<float>({0, 3}).pin_memory().numel() == 0);
}

TEST_CASE("a pinned block is handed out again only after the copy that reads it", "[cuda][pinned]") {
  fake::run_all();
  auto x = numbers(1000).pin_memory();
  const float* const block = x.data();
  const auto dx = x.to<Cuda>(true);
  x = {};
  CHECK(empty_pinned<float>({1000}).data() != block);
  cuda::synchronize();
  CHECK(dx.to_vector() == numbers(1000).to_vector());
  CHECK(empty_pinned<float>({900}).data() == block);  // of the same size class
  cuda::empty_cache();
  CHECK(fake::live_pinned_bytes() == 0);
}

TEST_CASE("a blocking copy from pinned memory waits, since the memory may change then", "[cuda][pinned]") {
  const auto x = numbers(10).pin_memory();
  const auto dx = x.to<Cuda>();
  x.data()[0] = 100;
  CHECK(dx.to_vector() == numbers(10).to_vector());
}

TEST_CASE("hidden waits are counted, and forbidden on request", "[cuda][sync]") {
  const auto dx = numbers(4).to<Cuda>();
  const std::uint64_t before = cuda::hidden_synchronization_count();
  CHECK(dx.select(0, 1).item() == 1);
  CHECK(cuda::hidden_synchronization_count() == before + 1);
  {
    const SyncMode strict("error");
    CHECK(cuda::get_sync_debug_mode() == cuda::SyncDebugMode::error);
    CHECK_THROWS_WITH(dx.select(0, 1).item(), ContainsSubstring("copy to the host: the host waits for the device"));
    CHECK_THROWS_AS(dx.to_vector(), DeviceError);
    CHECK_THROWS_AS(numbers(4).to<Cuda>(), DeviceError);
    CHECK_THROWS_AS(numbers(4).to<Cuda>(true), DeviceError);  // ordinary memory cannot be copied in the background
    CHECK_NOTHROW(numbers(4).pin_memory().to<Cuda>(true));
    CHECK_NOTHROW(cuda::synchronize());  // that is what it says
  }
  const SyncMode loud("warn");
  CHECK(dx.select(0, 2).item() == 2);
  CHECK_THROWS_WITH(cuda::set_sync_debug_mode("strict"), ContainsSubstring("there is no mode 'strict'"));
}

TEST_CASE("a captured step runs at each replay and not before", "[cuda][graph]") {
  const auto x = numbers(4).to<Cuda>();
  Tensor<float, Cuda> y;
  int runs = 0;
  auto graph = cuda::capture([&] {
    ++runs;
    y = empty<float, Cuda>({4});
    const auto between = empty<float, Cuda>({4});
    add_one(x, between);
    add_one(between, y);
  });
  CHECK(runs == 2);  // the warm-up and the recording
  CHECK(graph.defined());
  graph.replay();
  CHECK(y.to_vector() == std::vector<float>{2, 3, 4, 5});
  copy_from_host(Cuda{}, x.data(), std::vector<float>{10, 20, 30, 40}.data(), 16);
  graph.replay();
  CHECK(y.to_vector() == std::vector<float>{12, 22, 32, 42});
  CHECK(runs == 2);
  CHECK(cuda::current_stream() == nullptr);
}

TEST_CASE("a graph has memory of its own, which lives as long as it and its tensors", "[cuda][graph]") {
  fake::run_all();
  const std::size_t before = fake::live_bytes();
  const std::int64_t allocated = cuda::memory_allocated();
  Tensor<float, Cuda> y;
  {
    auto graph = cuda::capture(
        [&] {
          y = empty<float, Cuda>({1 << 20});
          for (int i = 0; i < 5; ++i) {
            const auto temporary = empty<float, Cuda>({1 << 20});
            fake::launch(cuda::current_stream(), [p = temporary.data(), q = y.data(), i] { p[5] = q[i] = static_cast<float>(i); });
          }
        },
        {.warmup = 0});
    // Five temporaries one after the other take the place of one.
    CHECK(graph.reserved_bytes() == (std::size_t{4} << 20) * 2 + (std::size_t{2} << 20));
    graph.replay();
    CHECK(y.select(0, 4).item() == 4);
    CHECK(cuda::memory_allocated() == allocated + (4 << 20));
    auto moved = std::move(graph);
    CHECK_FALSE(graph.defined());
    moved.replay();
  }
  CHECK(y.select(0, 3).item() == 3);  // the graph is gone, its tensor is not
  y = {};
  fake::run_all();
  CHECK(fake::live_bytes() == before);
  CHECK(cuda::memory_allocated() == allocated);
}

TEST_CASE("what was freed while a graph was captured stays for its replays", "[cuda][graph]") {
  fake::run_all();
  const std::size_t before = fake::live_bytes();
  {
    auto x = numbers(4).to<Cuda>();
    Tensor<float, Cuda> y;
    auto graph = cuda::capture(
        [&] {
          y = empty<float, Cuda>({4});
          add_one(x, y);
          x = {};
        },
        {.warmup = 0});
    graph.replay();
    CHECK(y.to_vector() == std::vector<float>{1, 2, 3, 4});
  }
  fake::run_all();
  CHECK(fake::live_bytes() == before);
}

TEST_CASE("a wait inside a capture is an error, and everything is as before", "[cuda][graph]") {
  const auto x = numbers(4).to<Cuda>();
  const auto state = default_generator().get_state();
  const auto wrong = [&] {
    default_generator().draw(100);
    return x.select(0, 0).item();
  };
  CHECK_THROWS_WITH(cuda::capture(wrong, {.warmup = 0}),
                    ContainsSubstring("copy to the host: the host would have to wait for the device, which cannot be captured"));
  CHECK(default_generator().get_state() == state);
  CHECK_FALSE(cuda::is_current_stream_capturing());
  CHECK(x.select(0, 1).item() == 1);
  CHECK_THROWS_WITH(cuda::capture([&] { cuda::synchronize(); }, {.warmup = 0}),
                    ContainsSubstring("synchronize: a graph is being captured"));
  // The runtime's own refusal, of a call that this library does not see.
  CHECK_THROWS_WITH(cuda::capture([&] { cudaStreamSynchronize(cuda::current_stream()); }, {.warmup = 0}),
                    ContainsSubstring("the step did something that a graph cannot hold"));
  CHECK_THROWS_WITH(cuda::capture([&] { cuda::capture([] {}); }, {.warmup = 0}), ContainsSubstring("this thread is capturing already"));
  CHECK_THROWS_WITH(cuda::Graph().replay(), ContainsSubstring("this graph is empty"));
  Tensor<float, Cuda> y = empty<float, Cuda>({4});
  auto graph = cuda::capture([&] { add_one(x, y); });
  graph.replay();
  CHECK(y.to_vector() == std::vector<float>{1, 2, 3, 4});
}

TEST_CASE("each replay draws the numbers that the step would have drawn", "[cuda][graph][random]") {
  struct Draw {
    std::uint32_t word = 0;
  };
  Draw* const drawn = static_cast<Draw*>(allocate(Cuda{}, 2 * sizeof(Draw)));
  const auto step = [&] {
    for (int i = 0; i < 2; ++i) {
      const auto source = cuda::random_source(default_generator().draw(37));
      fake::launch(cuda::current_stream(), [source, drawn, i] { drawn[i].word = source.stream().word(11); });
    }
  };
  const auto words = [&] {
    Draw values[2];
    copy_to_host(Cuda{}, values, drawn, sizeof values);
    return std::pair(values[0].word, values[1].word);
  };
  std::vector<std::pair<std::uint32_t, std::uint32_t>> expected, got;
  manual_seed(5);
  for (int i = 0; i < 4; ++i) step(), expected.push_back(words());
  manual_seed(5);
  auto graph = cuda::capture(step);
  got.push_back(words());
  for (int i = 0; i < 3; ++i) graph.replay(), got.push_back(words());
  CHECK(got == expected);
  CHECK(expected[1] != expected[0]);

  // Replays that follow each other without a wait, on different streams, with other draws and another seed between them.
  manual_seed(9);
  default_generator().draw(1000);
  step();
  const auto want = words();
  manual_seed(9);
  const cuda::Stream side;
  graph.replay();
  default_generator().set_state({9, 250});
  {
    side.wait(cuda::current_stream());
    const cuda::StreamGuard guard(side);
    graph.replay();
  }
  side.synchronize();
  CHECK(words() == want);
  CHECK(default_generator().get_state().offset == 250 + 20);

  Generator own(3);
  CHECK_THROWS_WITH(cuda::capture([&] { cuda::random_source(own.draw(4)); }, {.warmup = 0}), ContainsSubstring("another generator"));
  auto with_own = cuda::capture([&] { cuda::random_source(own.draw(4)); }, {.warmup = 0, .generator = &own});
  with_own.replay();
  CHECK(own.get_state().offset == 2);  // one draw before, one in the replay
  // A mask that was drawn before stays what it was.
  const RandomStream before = default_generator().draw(4);
  auto constant = cuda::capture([&] { CHECK(cuda::random_source(before).replayed == nullptr); }, {.warmup = 0});
  deallocate(Cuda{}, drawn, 2 * sizeof(Draw));
}

namespace {
/// Weights and loss after six steps, of which five are replays if captured; the learning rate falls.
template <class Optimizer>
std::pair<std::vector<float>, float> train(bool captured, auto options) {
  manual_seed(1);
  nn::Linear<float, Cpu> on_host(6, 3);
  auto layer = on_host.to<Cuda>();
  Optimizer optimizer(layer.parameters(), options);
  const auto x = numbers(24).view({4, 6}).to<Cuda>() * 0.1f, y = numbers(12).view({4, 3}).to<Cuda>() * 0.01f;
  Tensor<float, Cuda> loss;
  const auto step = [&] {
    optimizer.zero_grad();
    loss = mse_loss(torchlite::tanh(layer(x)), y);
    loss.backward();
    optimizer.step();
  };
  cuda::Graph graph;
  for (int i = 0; i < 6; ++i) {
    if (captured && i == 0) graph = cuda::capture(step);
    else if (captured) graph.replay();
    else step();
    optimizer.lr() *= 0.9;
  }
  return {layer.weight.to_vector(), loss.item()};
}
}  // namespace

TEST_CASE("a whole training step is captured: forward, backward and optimizer", "[cuda][graph]") {
  using Sgd = optim::SGD<float, Cuda>;
  const optim::SGDOptions momentum{.lr = 0.1, .momentum = 0.9, .dampening = 0.1};
  const auto plain = train<Sgd>(false, momentum), replayed = train<Sgd>(true, momentum);
  CHECK(replayed == plain);
  CHECK(plain.second > 0);
  // The corrections of Adam's averages depend on the number of the step.
  using AdamW = optim::AdamW<float, Cuda>;
  const optim::AdamWOptions adam{.lr = 0.05};
  CHECK(train<AdamW>(true, adam) == train<AdamW>(false, adam));
}

TEST_CASE("an optimizer's first step is not captured", "[cuda][graph]") {
  auto w = numbers(3).to<Cuda>().requires_grad_();
  w.set_grad(numbers(3).to<Cuda>());
  optim::SGD<float, Cuda> optimizer({w}, {.lr = 0.1, .momentum = 0.9});
  CHECK_THROWS_WITH(cuda::capture([&] { optimizer.step(); }, {.warmup = 0}), ContainsSubstring("capture with warmup"));
}

TEST_CASE("values of the host follow it from replay to replay", "[cuda][graph]") {
  const auto x = numbers(3).to<Cuda>();
  float rate = 0;
  auto graph = cuda::capture(
      [&] {
        const float* const scale = cuda::replay_value<float>([&rate] { return rate += 2; });
        REQUIRE(scale != nullptr);
        fake::launch(cuda::current_stream(), [p = x.data(), scale] {
          for (int i = 0; i < 3; ++i) p[i] += *scale;
        });
      },
      {.warmup = 0});
  CHECK(rate == 0);
  for (int i = 0; i < 3; ++i) graph.replay();
  CHECK(x.to_vector() == std::vector<float>{12, 13, 14});
  CHECK(cuda::replay_value<float>([] { return 1.0f; }) == nullptr);
}

TEST_CASE("a pinned tensor that a graph copies from lives as long as the graph", "[cuda][graph][pinned]") {
  cuda::empty_cache();
  const auto target = empty<float, Cuda>({4});
  float* block = nullptr;
  {
    auto x = numbers(4).pin_memory();
    block = x.data();
    auto graph = cuda::capture([&] { copy_from_host_async(Cuda{}, target.data(), x.data(), 16); }, {.warmup = 0});
    x = {};
    CHECK(empty_pinned<float>({4}).data() != block);
    block[0] = 42;
    graph.replay();
    CHECK(target.select(0, 0).item() == 42);
  }
  CHECK(fake::live_pinned_bytes() > 0);
  cuda::empty_cache();
  CHECK(fake::live_pinned_bytes() == 0);
}

TEST_CASE("a status that is no success becomes an error with the call's name", "[cuda][error]") {
  CHECK_THROWS_WITH(cuda::check_status(cudaErrorInvalidValue, "cudaFancy"), ContainsSubstring("cudaFancy: "));
  CHECK_THROWS_AS(cuda::check_status(cudaErrorInvalidValue, "cudaFancy"), DeviceError);
  CHECK_THROWS_WITH(cuda::check_status(cudaErrorMemoryAllocation, "cudaMalloc"), ContainsSubstring("cudaMalloc: out of memory"));
  CHECK_THROWS_WITH(cuda::check_status(cudaErrorNoDevice, "cudaSetDevice"), ContainsSubstring("there is no CUDA device"));
  CHECK_THROWS_WITH(cuda::check_status(cudaErrorStreamCaptureUnsupported, "cudaMalloc"), ContainsSubstring("cannot be captured"));
}
