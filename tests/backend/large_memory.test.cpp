// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/backend/cpu/memory.hpp>
#include <torchlite/backend/cpu/scratch.hpp>

#include <cstring>
#include <map>
#include <random>
#include <thread>
#include <vector>

namespace tl = torchlite;
using tl::backend::LargePool;

#if defined(MAP_ANONYMOUS)
namespace {
constexpr std::size_t page = 4096, mega = std::size_t{1} << 20;
std::byte* take(LargePool& pool, std::size_t bytes) { return static_cast<std::byte*>(pool.allocate(bytes)); }
}  // namespace

TEST_CASE("large blocks lie one after the other, rounded to pages", "[backend][memory]") {
  LargePool pool;
  std::byte *const a = take(pool, 3 * mega + 64), *const b = take(pool, 2 * mega), *const c = take(pool, mega);
  CHECK(b == a + 3 * mega + page);
  CHECK(c == b + 2 * mega);
  CHECK(reinterpret_cast<std::uintptr_t>(a) % page == 0);
}

TEST_CASE("a freed block goes to the request that it fits best, not to the first one", "[backend][memory]") {
  LargePool pool;
  std::byte *const wide = take(pool, 8 * mega), *const wall = take(pool, 2 * mega), *const narrow = take(pool, 3 * mega);
  const std::byte* const end = take(pool, mega);
  pool.deallocate(wide, 8 * mega);
  pool.deallocate(narrow, 3 * mega);
  CHECK(take(pool, 3 * mega) == narrow);
  CHECK(take(pool, 5 * mega) == wide);
  CHECK(take(pool, 3 * mega) == wide + 5 * mega);  // the rest of it
  CHECK(take(pool, mega) == end + mega);           // nothing is left between them
  CHECK(wall < end);
}

TEST_CASE("neighbours that are free become one block, in whatever order they were freed", "[backend][memory]") {
  int order[] = {0, 1, 2};
  do {
    LargePool pool;
    std::byte* blocks[3];
    for (auto& b : blocks) b = take(pool, 2 * mega);
    const std::byte* const wall = take(pool, mega);
    for (const int i : order) pool.deallocate(blocks[i], 2 * mega);
    CHECK(take(pool, 6 * mega) == blocks[0]);
    CHECK(take(pool, 2 * mega) == wall + mega);
  } while (std::next_permutation(order, order + 3));
}

TEST_CASE("blocks never overlap and keep what is written to them, whatever is taken and freed", "[backend][memory]") {
  LargePool pool;
  std::mt19937 random(7);
  std::map<std::byte*, std::size_t> taken;
  for (int i = 0; i < 3000; ++i) {
    if (taken.size() < 40 && random() % 2 == 0) {
      const std::size_t bytes = 1 + random() % (64 * page);
      std::byte* const p = take(pool, bytes);
      const auto after = taken.lower_bound(p);
      REQUIRE((after == taken.end() || p + bytes <= after->first));
      REQUIRE((after == taken.begin() || std::prev(after)->first + std::prev(after)->second <= p));
      std::memset(p, static_cast<int>(bytes % 251), bytes);
      taken[p] = bytes;
    } else if (!taken.empty()) {
      const auto at = std::next(taken.begin(), static_cast<std::ptrdiff_t>(random() % taken.size()));
      REQUIRE(at->first[0] == static_cast<std::byte>(at->second % 251));
      REQUIRE(at->first[at->second - 1] == static_cast<std::byte>(at->second % 251));
      pool.deallocate(at->first, at->second);
      taken.erase(at);
    }
  }
  for (const auto& [p, bytes] : taken) pool.deallocate(p, bytes);
  const std::byte* const whole = take(pool, 512 * mega);
  CHECK((taken.empty() || whole <= taken.begin()->first));
}

TEST_CASE("memory that was given back to the system can be used again", "[backend][memory]") {
  LargePool pool;
  std::byte* const a = take(pool, 4 * mega);
  std::byte* const wall = take(pool, mega);
  std::memset(a, 1, 4 * mega);
  std::memset(wall, 2, mega);
  pool.deallocate(a, 4 * mega);
  pool.release();
  std::byte* const again = take(pool, 4 * mega);
  CHECK(again == a);
  CHECK(again[3 * mega] == std::byte{0});  // a fresh page
  CHECK(wall[mega - 1] == std::byte{2});
}

TEST_CASE("large blocks may be taken and freed by several threads", "[backend][memory]") {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (std::size_t t = 0; t < wrong.size(); ++t)
    threads.emplace_back([&wrong, t] {
      for (std::size_t i = 0; i < 200; ++i) {
        const tl::backend::Workspace<int> w(static_cast<std::int64_t>(300000 + i % 7 * 10000));
        w.data()[0] = w.data()[299999] = static_cast<int>(t);
        std::this_thread::yield();
        wrong[t] += w.data()[0] != static_cast<int>(t) || w.data()[299999] != static_cast<int>(t);
      }
    });
  for (auto& t : threads) t.join();
  CHECK(wrong == std::vector<int>(4));
}
#endif

TEST_CASE("more memory than there can be is an error that says how much was asked for", "[backend][memory]") {
  CHECK_THROWS_WITH(tl::backend::allocate(tl::Cpu{}, std::size_t{1} << 46), ContainsSubstring("out of memory: 70368744177"));
}
