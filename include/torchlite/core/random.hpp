// SPDX-License-Identifier: BSD-3-Clause
// Counter-based random numbers. Element i of a draw is a function of (seed, offset, i) and of nothing else: any number of threads,
// any order and any device give the same numbers, and nothing has to be stored to give them again.
#pragma once
#include <torchlite/core/config.hpp>
#include <torchlite/core/math/compare.hpp>
#include <torchlite/core/math/logarithm.hpp>
#include <torchlite/core/math/trigonometric.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <time.h>  // clock_gettime, which <ctime> does not name

namespace torchlite::inline TORCHLITE_ABI {

struct Uint4 {
  std::uint32_t x, y, z, w;
};

/// Philox4x32-10: a bijection of 128-bit counters under a 64-bit key that passes BigCrush.
/// Source: Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC 2011.
struct Philox {
  /// Four random words for key `seed` and counter (offset, subsequence), low words first.
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static constexpr Uint4 block(std::uint64_t seed, std::uint64_t subsequence, std::uint64_t offset) {
    return rounds<10>({low(offset), high(offset), low(subsequence), high(subsequence)}, low(seed), high(seed));
  }

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static constexpr std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static constexpr std::uint32_t high(std::uint64_t x) { return low(x >> 32); }

  // Recursion rather than a loop, which g++ -O2 would not unroll before it looks for loops to vectorise.
  template <int Left>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static constexpr Uint4 rounds(Uint4 c, std::uint32_t k0, std::uint32_t k1) {
    if constexpr (Left == 0) {
      return c;
    } else {
      const std::uint64_t a = std::uint64_t(0xd2511f53u) * c.x, b = std::uint64_t(0xcd9e8d57u) * c.z;
      return rounds<Left - 1>({high(b) ^ c.y ^ k0, low(b), high(a) ^ c.w ^ k1, low(a)}, k0 + 0x9e3779b9u, k1 + 0xbb67ae85u);
    }
  }
};

// ---- from random words to numbers

/// Uniform in [0, 1): a multiple of 2^-24, from one word.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr float uniform_float(std::uint32_t a) {
  return static_cast<float>(static_cast<std::int32_t>(a >> 8)) * 0x1p-24f;
}

/// Uniform in [0, 1): a multiple of 2^-53, from two words.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr double uniform_double(std::uint32_t a, std::uint32_t b) {
  const double upper = static_cast<std::int32_t>(a >> 5), lower = static_cast<std::int32_t>(b >> 6);
  return (upper * 0x1p26 + lower) * 0x1p-53;
}

template <class T>
struct NormalPair {
  T first, second;
};

/// Two independent standard normal numbers from two words, by Box and Muller: |x| <= 6.7. The same code on every device.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE NormalPair<float> normal_pair(std::uint32_t a, std::uint32_t b) {
  const float u = (static_cast<float>(static_cast<std::int32_t>(a >> 1)) + 0.5f) * 0x1p-31f;  // in (0, 1]
  const float radius = __builtin_sqrtf(math::magnitude(-2.0f * math::portable::log(u)));
  const auto turn = math::portable::sincos_turn(uniform_float(b));
  return {radius * turn.cos, radius * turn.sin};
}

/// Two independent standard normal doubles from four words: |x| <= 8.6.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE NormalPair<double> normal_pair(Uint4 r) {
  const double u = 1.0 - uniform_double(r.x, r.y);
  const double radius = __builtin_sqrt(math::magnitude(-2.0 * math::portable::log(u)));
  const auto turn = math::portable::sincos_turn(uniform_double(r.z, r.w));
  return {radius * turn.cos, radius * turn.sin};
}

/// Uniform in [0, count), from two words: the upper half of the 128-bit product. The bias is below count / 2^64.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr std::uint64_t bounded(std::uint32_t a, std::uint32_t b, std::uint64_t count) {
  const std::uint64_t count_low = count & 0xffffffffu, count_high = count >> 32;
  const std::uint64_t mid = a * count_low + ((b * count_low) >> 32);
  const std::uint64_t cross = (mid & 0xffffffffu) + b * count_high;
  return a * count_high + (mid >> 32) + (cross >> 32);
}

/// A word succeeds with probability p if (word >> 1) < bernoulli_threshold(p): exactly never for 0 and always for 1.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr std::uint32_t bernoulli_threshold(double p) {
  return p >= 1.0 ? 0x80000000u : (p > 0.0 ? static_cast<std::uint32_t>(p * 0x1p31 + 0.5) : 0u);
}
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr bool bernoulli(std::uint32_t word, std::uint32_t threshold) {
  return (word >> 1) < threshold;
}

/// Where a draw's numbers come from: what Generator::draw hands out, and all that a kernel needs.
struct RandomStream {
  std::uint64_t seed = 0;
  std::uint64_t offset = 0;  // in blocks of four words

  /// Words 4 i to 4 i + 3.
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr Uint4 block(std::uint64_t i) const { return Philox::block(seed, 0, offset + i); }

  /// Word i. Neighbours share a block, so that taking them together is four times cheaper.
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr std::uint32_t word(std::uint64_t i) const {
    const Uint4 r = block(i / 4);
    const std::uint32_t even = (i & 2) != 0 ? r.z : r.x, odd = (i & 2) != 0 ? r.w : r.y;
    return (i & 1) != 0 ? odd : even;
  }

  /// Element i of a uniform draw: one word for float, two for double.
  template <class T>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr T uniform(std::uint64_t i) const {
    if constexpr (sizeof(T) == 4) return uniform_float(word(i));
    else return uniform_double(word(2 * i), word(2 * i + 1));
  }

  /// Element i of a standard normal draw: float pairs share two words, double pairs four.
  template <class T>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T normal(std::uint64_t i) const {
    if constexpr (sizeof(T) == 4) {
      const Uint4 r = block(i / 4);
      const auto pair = (i & 2) != 0 ? normal_pair(r.z, r.w) : normal_pair(r.x, r.y);
      return (i & 1) != 0 ? pair.second : pair.first;
    } else {
      const auto pair = normal_pair(block(i / 2));
      return (i & 1) != 0 ? pair.second : pair.first;
    }
  }

  /// Element i of a draw of integers in [0, count): two words.
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr std::uint64_t integer(std::uint64_t i, std::uint64_t count) const {
    return torchlite::bounded(word(2 * i), word(2 * i + 1), count);
  }
};

/// The endless words of one element of a draw, for methods that do not know beforehand how many they need. Its counters lie
/// beside those of RandomStream: the element and the number of the block make up the upper half, which RandomStream leaves 0.
class ElementStream {
 public:
  ElementStream(RandomStream stream, std::uint64_t element) : stream_(stream), element_(element + 1) {}

  /// Uniform in (0, 1): an odd multiple of 2^-54.
  double uniform() {
    const std::uint32_t a = word();
    return uniform_double(a, word()) + 0x1p-54;
  }
  /// Standard normal.
  double normal() {
    if (kept_) {
      kept_ = false;
      return second_;
    }
    const std::uint32_t a = word(), b = word(), c = word(), d = word();
    const auto pair = normal_pair(Uint4{a, b, c, d});
    kept_ = true;
    second_ = pair.second;
    return pair.first;
  }
  std::uint32_t word() {
    if (left_ == 0) {
      words_ = Philox::block(stream_.seed, element_ | block_++ << 40, stream_.offset);
      left_ = 4;
    }
    switch (left_--) {
      case 4: return words_.x;
      case 3: return words_.y;
      case 2: return words_.z;
      default: return words_.w;
    }
  }

 private:
  RandomStream stream_;
  std::uint64_t element_, block_ = 0;
  Uint4 words_{};
  int left_ = 0;
  bool kept_ = false;
  double second_ = 0;
};

// ---- blocks of elements on the CPU
// Whole tiles with a constant trip count: g++ -O2 vectorises no other loop.

inline constexpr std::size_t random_tile = 256;

/// Words 256 t to 256 t + 255 of a stream.
inline void random_bits_tile(RandomStream stream, std::uint64_t t, std::uint32_t* TORCHLITE_RESTRICT out) {
  constexpr std::uint32_t blocks = random_tile / 4;
  const std::uint32_t k0 = Philox::low(stream.seed), k1 = Philox::high(stream.seed);
  const std::uint64_t counter = stream.offset + t * blocks;
  const std::uint32_t c0 = Philox::low(counter), c1 = Philox::high(counter);
  TORCHLITE_VECTORIZE
  for (std::uint32_t b = 0; b < blocks; ++b) {
    const std::uint32_t lower = c0 + b;
    const Uint4 r = Philox::rounds<10>({lower, c1 + static_cast<std::uint32_t>(lower < c0), 0, 0}, k0, k1);
    out[4 * b] = r.x;
    out[4 * b + 1] = r.y;
    out[4 * b + 2] = r.z;
    out[4 * b + 3] = r.w;
  }
}

/// Elements 256 t to 256 t + 255 of a uniform draw.
inline void uniform_tile(RandomStream stream, std::uint64_t t, float* TORCHLITE_RESTRICT out) {
  std::uint32_t words[random_tile];
  random_bits_tile(stream, t, words);
  TORCHLITE_VECTORIZE
  for (std::size_t j = 0; j < random_tile; ++j) out[j] = uniform_float(words[j]);
}
inline void uniform_tile(RandomStream stream, std::uint64_t t, double* TORCHLITE_RESTRICT out) {
  std::uint32_t words[2 * random_tile];
  random_bits_tile(stream, 2 * t, words);
  random_bits_tile(stream, 2 * t + 1, words + random_tile);
  TORCHLITE_VECTORIZE
  for (std::size_t j = 0; j < random_tile; ++j) out[j] = uniform_double(words[2 * j], words[2 * j + 1]);
}

/// Elements 256 t to 256 t + 255 of a standard normal draw.
inline void normal_tile(RandomStream stream, std::uint64_t t, float* TORCHLITE_RESTRICT out) {
  std::uint32_t words[random_tile];
  random_bits_tile(stream, t, words);
  // Not TORCHLITE_VECTORIZE: without -fno-math-errno clang cannot obey because of sqrt, and would warn.
  for (std::size_t j = 0; j < random_tile / 2; ++j) {
    const auto pair = normal_pair(words[2 * j], words[2 * j + 1]);
    out[2 * j] = pair.first;
    out[2 * j + 1] = pair.second;
  }
}
inline void normal_tile(RandomStream stream, std::uint64_t t, double* TORCHLITE_RESTRICT out) {
  std::uint32_t words[2 * random_tile];
  random_bits_tile(stream, 2 * t, words);
  random_bits_tile(stream, 2 * t + 1, words + random_tile);
  for (std::size_t j = 0; j < random_tile / 2; ++j) {
    const auto pair = normal_pair(Uint4{words[4 * j], words[4 * j + 1], words[4 * j + 2], words[4 * j + 3]});
    out[2 * j] = pair.first;
    out[2 * j + 1] = pair.second;
  }
}

/// Elements first to first + n, from whole tiles and pieces of them; tile(t, pointer) writes 256 elements.
template <class T, class Tile>
inline void from_tiles(std::uint64_t first, T* out, std::size_t n, Tile tile) {
  while (n > 0) {
    const std::uint64_t t = first / random_tile;
    const std::size_t skip = static_cast<std::size_t>(first % random_tile), m = n < random_tile - skip ? n : random_tile - skip;
    if (m == random_tile) {
      tile(t, out);
    } else {
      T piece[random_tile];
      tile(t, piece);
      for (std::size_t j = 0; j < m; ++j) out[j] = piece[skip + j];
    }
    first += m;
    out += m;
    n -= m;
  }
}

/// Writes words first to first + n of the stream, 0.9 ns each (clang 0.65); cheapest where `first` is a multiple of 256.
inline void random_bits_block(RandomStream stream, std::uint64_t first, std::uint32_t* out, std::size_t n) {
  from_tiles(first, out, n, [stream](std::uint64_t t, std::uint32_t* to) { random_bits_tile(stream, t, to); });
}
inline void random_bits_block(std::uint64_t seed, std::uint64_t offset, std::uint64_t first, std::uint32_t* out, std::size_t n) {
  random_bits_block(RandomStream{seed, offset}, first, out, n);
}

/// Writes elements first to first + n of a uniform draw in [0, 1): what RandomStream::uniform gives one by one. Float 1 ns,
/// double 2 ns.
template <class T>
  requires(math::is_real<T>)
inline void uniform_block(RandomStream stream, std::uint64_t first, T* out, std::size_t n) {
  from_tiles(first, out, n, [stream](std::uint64_t t, T* to) { uniform_tile(stream, t, to); });
}

/// Writes elements first to first + n of a standard normal draw: what RandomStream::normal gives one by one, to the last bit but
/// one where the compiler fuses multiplications differently. Float 1.5 ns, double 3.3 ns.
template <class T>
  requires(math::is_real<T>)
inline void normal_block(RandomStream stream, std::uint64_t first, T* out, std::size_t n) {
  from_tiles(first, out, n, [stream](std::uint64_t t, T* to) { normal_tile(stream, t, to); });
}

/// out[i] = whether element first + i of a draw succeeds, each with probability p (to 2^-31).
inline void bernoulli_block(RandomStream stream, std::uint64_t first, double p, bool* out, std::size_t n) {
  const std::uint32_t threshold = bernoulli_threshold(p);
  from_tiles(first, out, n, [=](std::uint64_t t, bool* TORCHLITE_RESTRICT to) {
    std::uint32_t words[random_tile];
    random_bits_tile(stream, t, words);
    TORCHLITE_VECTORIZE
    for (std::size_t j = 0; j < random_tile; ++j) to[j] = bernoulli(words[j], threshold);
  });
}

// ---- the generator

/// 64 bits that differ from call to call and from run to run: the clock and a counter, mixed. Not for cryptography.
TORCHLITE_COLD inline std::uint64_t unpredictable_seed() {
  static std::atomic<std::uint64_t> calls{0};
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const std::uint64_t nanoseconds = static_cast<std::uint64_t>(now.tv_sec) * 1000000000u + static_cast<std::uint64_t>(now.tv_nsec);
  const std::uint64_t place = reinterpret_cast<std::uintptr_t>(&calls);  // moves where address spaces are randomised
  const Uint4 r = Philox::block(nanoseconds, place, calls.fetch_add(1, std::memory_order_relaxed));
  return std::uint64_t(r.x) << 32 | r.y;
}

/// Hands out streams: a seed, and the first block nobody has drawn from. Any thread may draw. No copies are made by accident;
/// clone() makes one that goes on with the same numbers.
class Generator {
 public:
  struct State {
    std::uint64_t seed = 0;
    std::uint64_t offset = 0;
    friend bool operator==(const State&, const State&) = default;
  };

  explicit Generator(std::uint64_t seed = 67280421310721u) : seed_(seed) {}
  explicit Generator(State state) : seed_(state.seed), offset_(state.offset) {}
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  /// Starts again from the given seed.
  void manual_seed(std::uint64_t seed) { set_state({seed, 0}); }
  /// The seed it was last given.
  std::uint64_t initial_seed() const { return seed_.load(std::memory_order_relaxed); }
  /// Starts again from a seed that differs from run to run, and returns it.
  std::uint64_t seed() {
    const std::uint64_t chosen = unpredictable_seed();
    manual_seed(chosen);
    return chosen;
  }

  /// Takes `words` words (rounded up to blocks of four) and returns the offset of the first block.
  std::uint64_t reserve(std::uint64_t words) { return offset_.fetch_add((words + 3) / 4, std::memory_order_relaxed); }

  /// Takes as many words as n elements of `words_per_element` need.
  RandomStream draw(std::uint64_t n, std::uint64_t words_per_element = 1) { return {initial_seed(), reserve(n * words_per_element)}; }
  /// Takes a draw whose elements use as many words as each of them needs, by ElementStream.
  RandomStream draw_elements() { return {initial_seed(), reserve(1)}; }

  State get_state() const { return {initial_seed(), offset_.load(std::memory_order_relaxed)}; }
  void set_state(State state) {
    seed_.store(state.seed, std::memory_order_relaxed);
    offset_.store(state.offset, std::memory_order_relaxed);
  }
  Generator clone() const { return Generator(get_state()); }

 private:
  std::atomic<std::uint64_t> seed_;
  std::atomic<std::uint64_t> offset_{0};
};

/// The generator used where none is given: one per process.
inline Generator& default_generator() {
  static Generator generator;
  return generator;
}

/// Seeds the default generator.
inline void manual_seed(std::uint64_t seed) { default_generator().manual_seed(seed); }
/// Seeds the default generator with a number that differs from run to run, and returns it.
inline std::uint64_t seed() { return default_generator().seed(); }
/// The seed that the default generator was last given.
inline std::uint64_t initial_seed() { return default_generator().initial_seed(); }
inline Generator::State get_rng_state() { return default_generator().get_state(); }
inline void set_rng_state(Generator::State state) { default_generator().set_state(state); }

/// What is drawn while it lives does not count: at its end the generator is where it was (PyTorch's fork_rng).
class ForkRngGuard {
 public:
  explicit ForkRngGuard(Generator& generator = default_generator()) : generator_(generator), before_(generator.get_state()) {}
  ~ForkRngGuard() { generator_.set_state(before_); }
  ForkRngGuard(const ForkRngGuard&) = delete;
  ForkRngGuard& operator=(const ForkRngGuard&) = delete;

 private:
  Generator& generator_;
  Generator::State before_;
};

}  // namespace torchlite::inline TORCHLITE_ABI
