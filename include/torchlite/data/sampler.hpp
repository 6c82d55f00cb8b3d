// SPDX-License-Identifier: BSD-3-Clause
// In which order examples are visited. sample() gives the indices of one epoch; the random ones give other indices each time.
// `template <class = void>`: what a program does not call is not compiled.
#pragma once
#include <torchlite/core/error.hpp>
#include <torchlite/core/math/logarithm.hpp>
#include <torchlite/core/random.hpp>
#include <torchlite/data/dataset.hpp>

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::data {

/// What a loader takes its order from.
template <class S>
concept sampler = requires(S& s) {
  { std::as_const(s).size() } -> std::convertible_to<std::int64_t>;
  { s.sample() } -> std::convertible_to<std::vector<std::int64_t>>;
};

/// Where a sampler's randomness comes from: its own seed, or else the default generator, which manual_seed seeds.
class SamplerRandom {
 public:
  explicit SamplerRandom(std::optional<std::uint64_t> seed) : seed_(seed) {}

  RandomStream draw(std::int64_t n) {
    const auto words = 2 * static_cast<std::uint64_t>(n);
    if (!seed_) return default_generator().draw(words);
    return {*seed_, std::exchange(offset_, offset_ + (words + 3) / 4)};
  }
  /// 0 to n - 1 in random order, by Fisher and Yates.
  std::vector<std::int64_t> permutation(std::int64_t n) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    const RandomStream stream = draw(n);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[static_cast<std::size_t>(stream.integer(i - 1, i))]);
    return order;
  }

 private:
  std::optional<std::uint64_t> seed_;
  std::uint64_t offset_ = 0;
};

/// 0, 1, ..., n - 1.
class SequentialSampler {
 public:
  explicit SequentialSampler(std::int64_t n) : size_(n) {}
  std::int64_t size() const { return size_; }
  std::vector<std::int64_t> sample() const {
    std::vector<std::int64_t> order(static_cast<std::size_t>(size_));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    return order;
  }

 private:
  std::int64_t size_;
};

struct RandomSamplerOptions {
  bool replacement = false;
  std::int64_t num_samples = -1;           ///< -1: as many as there are examples
  std::optional<std::uint64_t> seed = {};  ///< none: the default generator
};

/// A random order; with replacement, indices drawn one by one. Throws Error if more are asked for than there are, without replacement.
template <class = void>
class BasicRandomSampler {
 public:
  explicit BasicRandomSampler(std::int64_t n, RandomSamplerOptions options = {})
      : n_(n), samples_(options.num_samples < 0 ? n : options.num_samples), replacement_(options.replacement), random_(options.seed) {
    check<Error>(replacement_ || samples_ <= n, "RandomSampler: {} samples of {} examples need .replacement = true", samples_, n);
    check<Error>(n > 0 || samples_ == 0, "RandomSampler: there is nothing to draw {} samples from", samples_);
  }
  std::int64_t size() const { return samples_; }
  std::vector<std::int64_t> sample() {
    if (!replacement_) {
      std::vector<std::int64_t> order = random_.permutation(n_);
      order.resize(static_cast<std::size_t>(samples_));
      return order;
    }
    std::vector<std::int64_t> order(static_cast<std::size_t>(samples_));
    const RandomStream stream = random_.draw(samples_);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int64_t>(stream.integer(i, static_cast<std::uint64_t>(n_)));
    return order;
  }

 private:
  std::int64_t n_, samples_;
  bool replacement_;
  SamplerRandom random_;
};
using RandomSampler = BasicRandomSampler<>;

/// The given indices in random order.
template <class = void>
class BasicSubsetRandomSampler {
 public:
  explicit BasicSubsetRandomSampler(std::vector<std::int64_t> indices, std::optional<std::uint64_t> seed = {})
      : indices_(std::move(indices)), random_(seed) {}
  std::int64_t size() const { return static_cast<std::int64_t>(indices_.size()); }
  std::vector<std::int64_t> sample() {
    std::vector<std::int64_t> order = random_.permutation(size());
    for (std::int64_t& i : order) i = indices_[static_cast<std::size_t>(i)];
    return order;
  }

 private:
  std::vector<std::int64_t> indices_;
  SamplerRandom random_;
};
using SubsetRandomSampler = BasicSubsetRandomSampler<>;

struct WeightedRandomSamplerOptions {
  bool replacement = true;
  std::optional<std::uint64_t> seed = {};
};

/// num_samples indices, each i drawn with a probability proportional to weights[i]. Throws Error if a weight is negative or not
/// finite, if all are zero, or if fewer than num_samples are positive, without replacement.
template <class = void>
class BasicWeightedRandomSampler {
 public:
  BasicWeightedRandomSampler(std::vector<double> weights, std::int64_t num_samples, WeightedRandomSamplerOptions options = {})
      : weights_(std::move(weights)), samples_(num_samples), replacement_(options.replacement), random_(options.seed) {
    std::int64_t positive = 0;
    double sum = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      check<Error>(weights_[i] >= 0 && weights_[i] <= std::numeric_limits<double>::max(),
                   "WeightedRandomSampler: weight {} is {}; weights must be finite and not negative", i, weights_[i]);
      positive += weights_[i] > 0;
      sum += weights_[i];
    }
    check<Error>(num_samples >= 0, "WeightedRandomSampler: num_samples is {}; it must not be negative", num_samples);
    check<Error>(num_samples == 0 || (replacement_ ? positive > 0 : positive >= num_samples),
                 "WeightedRandomSampler: {} samples from {} positive weights {}", num_samples, positive,
                 replacement_ ? "are not possible" : "need .replacement = true");
    check<Error>(sum <= std::numeric_limits<double>::max(), "WeightedRandomSampler: the sum of the weights is not finite");
  }
  std::int64_t size() const { return samples_; }
  std::vector<std::int64_t> sample() { return replacement_ ? with_replacement() : without_replacement(); }

 private:
  std::vector<std::int64_t> with_replacement() {
    std::vector<double> sums(weights_.size());
    std::partial_sum(weights_.begin(), weights_.end(), sums.begin());
    const RandomStream stream = random_.draw(samples_);
    std::vector<std::int64_t> order(static_cast<std::size_t>(samples_));
    for (std::size_t i = 0; i < order.size(); ++i) {
      const double at = stream.uniform<double>(i) * sums.back();
      order[i] = std::upper_bound(sums.begin(), sums.end(), at) - sums.begin();
      // Rounding can reach the sum itself: then it is the last index that can be drawn.
      if (order[i] == static_cast<std::int64_t>(sums.size()))
        order[i] = std::lower_bound(sums.begin(), sums.end(), sums.back()) - sums.begin();
    }
    return order;
  }

  // The largest of u^(1/w), here as log(u) / w. Source: Efraimidis and Spirakis, 2006.
  std::vector<std::int64_t> without_replacement() {
    const RandomStream stream = random_.draw(static_cast<std::int64_t>(weights_.size()));
    std::vector<std::pair<double, std::int64_t>> keys;
    for (std::size_t i = 0; i < weights_.size(); ++i)
      if (weights_[i] > 0)
        keys.emplace_back(-math::portable::log(1.0 - stream.uniform<double>(i)) / weights_[i], static_cast<std::int64_t>(i));
    std::sort(keys.begin(), keys.end());
    std::vector<std::int64_t> order;
    for (std::int64_t i = 0; i < samples_; ++i) order.push_back(keys[static_cast<std::size_t>(i)].second);
    return order;
  }

  std::vector<double> weights_;
  std::int64_t samples_;
  bool replacement_;
  SamplerRandom random_;
};
using WeightedRandomSampler = BasicWeightedRandomSampler<>;

/// Another sampler's indices, batch_size at a time; the last batch is shorter, or left out with drop_last.
template <sampler S>
class BatchSampler {
 public:
  BatchSampler(S samples, std::int64_t batch_size, bool drop_last = false)
      : sampler_(std::move(samples)), batch_size_(batch_size), drop_last_(drop_last) {
    check<Error>(batch_size > 0, "BatchSampler: batch_size is {}; it must be at least 1", batch_size);
  }
  std::int64_t size() const { return (sampler_.size() + (drop_last_ ? 0 : batch_size_ - 1)) / batch_size_; }
  std::vector<std::vector<std::int64_t>> sample() {
    const std::vector<std::int64_t> order = sampler_.sample();
    std::vector<std::vector<std::int64_t>> batches;
    const auto n = static_cast<std::int64_t>(order.size());
    for (std::int64_t at = 0; at < n && (!drop_last_ || n - at >= batch_size_); at += batch_size_)
      batches.emplace_back(order.begin() + at, order.begin() + std::min(n, at + batch_size_));
    return batches;
  }

 private:
  S sampler_;
  std::int64_t batch_size_;
  bool drop_last_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::data
