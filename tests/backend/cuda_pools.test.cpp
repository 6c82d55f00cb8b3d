// SPDX-License-Identifier: BSD-3-Clause
// The bookkeeping of memory and replays on Cuda, which needs no device.
#include <support/catch.hpp>

#include <torchlite/backend/cuda/block_pool.hpp>
#include <torchlite/backend/cuda/memory_counter.hpp>
#include <torchlite/backend/cuda/pinned_pool.hpp>
#include <torchlite/backend/cuda/replay.hpp>

#include <cstring>
#include <memory>
#include <set>
#include <thread>
#include <vector>

namespace {
using namespace torchlite;
using namespace torchlite::backend::cuda;

int chunks = 0;
void* take_chunk(std::size_t bytes) {
  ++chunks;
  return std::aligned_alloc(512, bytes);
}
void give_chunk_back(void* p) {
  --chunks;
  std::free(p);
}
}  // namespace

TEST_CASE("blocks of a pool never overlap, whatever is taken and freed", "[backend][cuda]") {
  struct Block {
    unsigned char* p;
    std::size_t bytes;
    unsigned char mark;
  };
  std::uint32_t state = 1;
  const auto next = [&] { return state = state * 1664525u + 1013904223u, state >> 8; };
  {
    BlockPool pool(take_chunk, give_chunk_back);
    std::vector<Block> blocks;
    const int queues[2] = {};
    for (int i = 0; i < 3000; ++i) {
      if (blocks.empty() || next() % 100 < (i < 2000 ? 55u : 20u)) {
        const std::size_t bytes = next() % (next() % 20 == 0 ? 5000000 : 20000);
        Block b{static_cast<unsigned char*>(pool.allocate(bytes, &queues[next() % 2])), bytes, static_cast<unsigned char>(i)};
        REQUIRE(reinterpret_cast<std::uintptr_t>(b.p) % 512 == 0);
        std::memset(b.p, b.mark, b.bytes);
        blocks.push_back(b);
      } else {
        const std::size_t k = next() % blocks.size();
        const Block b = blocks[k];
        for (std::size_t j = 0; j < b.bytes; j += 97) REQUIRE(b.p[j] == b.mark);
        REQUIRE(pool.deallocate(b.p));
        REQUIRE_FALSE(pool.deallocate(b.p));
        blocks[k] = blocks.back();
        blocks.pop_back();
      }
      REQUIRE(pool.used_bytes() <= pool.reserved_bytes());
    }
    for (const Block& b : blocks) {
      CHECK(pool.contains(b.p));
      pool.deallocate(b.p);
    }
    CHECK(pool.used_bytes() == 0);
    // With everything freed, neighbours are one again: all that is reserved can be taken without another chunk.
    const int before = chunks;
    for (int i = 0; i < before; ++i) pool.allocate(BlockPool::smallest_chunk, &queues[i % 2]);
    CHECK(chunks <= before + 3);  // a queue may have one chunk fewer than it now asks for
    int local = 0;
    CHECK_FALSE(pool.contains(&local));
    CHECK_FALSE(pool.deallocate(&local));
  }
  CHECK(chunks == 0);
}

TEST_CASE("a freed block goes to its own queue only", "[backend][cuda]") {
  BlockPool pool(take_chunk, give_chunk_back);
  const int a = 0, b = 0;
  void* const first = pool.allocate(1000, &a);
  pool.deallocate(first);
  CHECK(pool.allocate(1000, &b) != first);
  CHECK(pool.allocate(900, &a) == first);
}

TEST_CASE("the smallest block that fits is taken", "[backend][cuda]") {
  BlockPool pool(take_chunk, give_chunk_back);
  const int q = 0;
  void* const large = pool.allocate(8192, &q);
  void* const wall = pool.allocate(512, &q);
  void* const small = pool.allocate(1024, &q);
  void* const end = pool.allocate(512, &q);
  pool.deallocate(large);
  pool.deallocate(small);
  CHECK(pool.allocate(1000, &q) == small);
  CHECK(pool.allocate(1000, &q) == large);
  pool.deallocate(wall);
  pool.deallocate(end);
}

TEST_CASE("a memory counter counts from several threads and keeps the peak", "[backend][cuda]") {
  MemoryCounter counter;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 10000; ++i) counter.add(8), counter.remove(8);
      counter.add(100);
    });
  for (auto& t : threads) t.join();
  CHECK(counter.current() == 400);
  CHECK(counter.peak() >= 400);
  CHECK(counter.peak() <= 432);
  counter.add(50);
  counter.remove(60);
  CHECK(counter.peak() >= 450);
  counter.reset_peak();
  CHECK(counter.peak() == 390);
}

TEST_CASE("pinned blocks wait for the copies that use them", "[backend][cuda]") {
  struct FakeEvent {
    std::shared_ptr<bool> done;
    bool query() const { return *done; }
  };
  static int live = 0;
  PinnedPool<FakeEvent> pool([](std::size_t n) { return ++live, std::malloc(n); }, [](void* p) { --live, std::free(p); });
  auto* const a = static_cast<char*>(pool.allocate(1000));
  const auto first = std::make_shared<bool>(false), second = std::make_shared<bool>(false);
  CHECK(pool.used_until(a + 500, {first}));
  CHECK(pool.used_until(a, {second}));
  CHECK_FALSE(pool.used_until(&live, {first}));
  pool.deallocate(a);
  auto* const b = pool.allocate(1000);
  CHECK(b != a);
  *first = true;
  CHECK(pool.hold(a));
  *second = true;
  auto* const c = pool.allocate(1000);
  CHECK(c != a);  // held
  pool.release(a);
  CHECK(pool.allocate(1024) == a);
  pool.deallocate(a);
  pool.trim();
  CHECK(live == 2);
  pool.deallocate(b);
  pool.deallocate(c);
  pool.trim();
  CHECK(live == 0);
}

TEST_CASE("a table of replay values is computed anew each time and sent in pieces", "[backend][cuda]") {
  ReplayTable table;
  struct Large {
    unsigned char bytes[3000];
  };
  int step = 0;
  const std::size_t a = table.add<float>([&] { return static_cast<float>(++step); });
  const std::size_t b = table.add<Large>([&] {
    Large l{};
    std::memset(l.bytes, step, sizeof l.bytes);
    return l;
  });
  const std::size_t c = table.add<double>([&] { return step * 0.5; });
  CHECK(a % 16 == 0);
  CHECK(b % 16 == 0);
  CHECK(c % 16 == 0);
  std::vector<unsigned char> device(table.size());
  for (int i = 1; i <= 2; ++i) {
    int pieces = 0;
    table.update([&](std::size_t at, const ReplayBytes& values, std::size_t count) {
      ++pieces;
      REQUIRE(at + count <= device.size());
      std::memcpy(device.data() + at, values.bytes, count);
    });
    CHECK(pieces == 2);
    float x = 0;
    double y = 0;
    std::memcpy(&x, device.data() + a, sizeof x);
    std::memcpy(&y, device.data() + c, sizeof y);
    CHECK(x == static_cast<float>(i));
    CHECK(y == i * 0.5);
    CHECK(device[b] == i);
    CHECK(device[b + 2999] == i);
  }
}

TEST_CASE("replays continue a generator's numbers", "[backend][cuda]") {
  Generator generator(7), reference(7);
  generator.draw(10);
  reference.draw(10);
  CapturedGenerator captured(generator);
  const RandomStream s1 = generator.draw(100), s2 = generator.draw(3);
  CHECK(captured.is_drawn_again(s1));
  CHECK(captured.is_drawn_again(s2));
  CHECK_FALSE(captured.is_drawn_again({7, 0}));
  CHECK_THROWS_AS(captured.is_drawn_again({8, 4}), DeviceError);
  CHECK_THROWS_AS(captured.is_drawn_again({7, 1000}), DeviceError);
  captured.finish();
  CHECK(captured.blocks() == 26);
  for (int replay = 0; replay < 3; ++replay) {
    const RandomStream moved = captured.advance();
    for (const RandomStream s : {s1, s2}) {
      const RandomStream now = RandomSource{s, &moved}.stream(), expected = reference.draw(s.offset == s1.offset ? 100 : 3);
      CHECK(now.seed == expected.seed);
      CHECK(now.offset == expected.offset);
    }
  }
  generator.manual_seed(3);  // also back, and another seed
  reference.manual_seed(3);
  const RandomStream moved = captured.advance();
  CHECK(RandomSource{s1, &moved}.stream().word(5) == reference.draw(100).word(5));
  CHECK(RandomSource{s1}.stream().word(5) == s1.word(5));
}
