// SPDX-License-Identifier: BSD-3-Clause
#include <torchlite/data/loader.hpp>
#include <torchlite/data/progress.hpp>
#include <torchlite/data/tensor_dataset.hpp>

#include <support/catch.hpp>

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace tl = torchlite;
using tl::data::DataLoader;
using tl::data::Indices;
using Order = std::vector<std::int64_t>;

namespace {

/// The example is its own index; get_batch counts its calls and throws at a chosen index.
struct Numbers {
  std::int64_t n = 0;
  std::int64_t poison = -1;
  std::atomic<int>* calls = nullptr;

  std::int64_t size() const { return n; }
  tl::Tensor<std::int64_t> get_batch(Indices indices) const {
    if (calls) ++*calls;
    for (const std::int64_t i : indices)
      if (i == poison) throw std::runtime_error("poison");
    return tl::Tensor<std::int64_t>::from(std::span<const std::int64_t>(indices));
  }
};

template <class Loader>
Order epoch(Loader&& loader) {
  Order order;
  for (auto& batch : loader) order.insert(order.end(), batch.data(), batch.data() + batch.numel());
  return order;
}
Order counting(std::int64_t n) { return tl::data::SequentialSampler(n).sample(); }
Order sorted(Order order) {
  std::sort(order.begin(), order.end());
  return order;
}

/// Knows single examples only.
struct Pairs {
  std::int64_t size() const { return 5; }
  std::pair<tl::Tensor<float>, int> get(std::int64_t i) const {
    const auto v = static_cast<float>(i);
    return {tl::Tensor<float>({2}, {v, v + 0.5f}), static_cast<int>(10 * i)};
  }
};

struct Ragged {
  std::int64_t size() const { return 3; }
  tl::Tensor<float> get(std::int64_t i) const { return tl::empty<float>({i + 1}); }
};

}  // namespace

TEST_CASE("a loader gives all examples in order, in batches", "[data][loader]") {
  for (const int workers : {0, 1, 3}) {
    const Numbers set{10};
    DataLoader loader(set, {.batch_size = 4, .num_workers = workers});
    CHECK(loader.size() == 3);
    std::vector<std::int64_t> sizes;
    for (const auto& batch : loader) sizes.push_back(batch.size(0));
    CHECK(sizes == std::vector<std::int64_t>{4, 4, 2});
    CHECK(epoch(loader) == counting(10));
    CHECK(epoch(loader) == counting(10));
  }
}

TEST_CASE("drop_last leaves out the batch that is not full", "[data][loader]") {
  for (const int workers : {0, 2}) {
    DataLoader loader(Numbers{10}, {.batch_size = 4, .num_workers = workers, .drop_last = true});
    CHECK(loader.size() == 2);
    CHECK(epoch(loader) == counting(8));
  }
}

TEST_CASE("the shuffled order depends on the seed and not on the workers", "[data][loader]") {
  std::vector<Order> epochs[3];
  int k = 0;
  for (const int workers : {0, 1, 4}) {
    DataLoader loader(Numbers{101}, {.batch_size = 3, .shuffle = true, .num_workers = workers, .seed = 42});
    for (int i = 0; i < 3; ++i) epochs[k].push_back(epoch(loader));
    ++k;
  }
  CHECK(epochs[0] == epochs[1]);
  CHECK(epochs[0] == epochs[2]);
  CHECK(epochs[0][0] != epochs[0][1]);
  CHECK(sorted(epochs[0][2]) == counting(101));
  tl::manual_seed(3);
  const Order first = epoch(DataLoader(Numbers{50}, {.batch_size = 7, .shuffle = true}));
  tl::manual_seed(3);
  CHECK(epoch(DataLoader(Numbers{50}, {.batch_size = 7, .shuffle = true, .num_workers = 2})) == first);
}

TEST_CASE("an exception in the dataset reaches the loop at its batch", "[data][loader]") {
  for (const int workers : {0, 1, 4}) {
    DataLoader loader(Numbers{40, 21}, {.batch_size = 4, .num_workers = workers});
    int batches = 0;
    CHECK_THROWS_AS(
        [&] {
          for (const auto& batch : loader) batches += batch.defined();
        }(),
        std::runtime_error);
    CHECK(batches == 5);
    // An iterator that threw is at its end, and the loader can begin again.
    auto at = loader.begin();
    CHECK_THROWS_AS(
        [&] {
          while (at != loader.end()) ++at;
        }(),
        std::runtime_error);
    CHECK(at == loader.end());
  }
}

TEST_CASE("leaving a loop early joins the workers", "[data][loader]") {
  std::atomic<int> calls{0};
  {
    DataLoader loader(Numbers{1000, -1, &calls}, {.batch_size = 1, .num_workers = 3, .prefetch_factor = 2});
    for (int k = 0; k < 20; ++k)
      for (const auto& batch : loader) {
        if (batch.data()[0] == 4) break;
      }
  }
  const int after = calls;
  CHECK(after >= 20 * 5);
  // Never more than the five taken and 3 * 2 ahead.
  CHECK(after <= 20 * (5 + 6));
}

TEST_CASE("an empty dataset has no batches, more workers than batches do no harm", "[data][loader]") {
  for (const int workers : {0, 2}) {
    CHECK(epoch(DataLoader(Numbers{0}, {.batch_size = 4, .num_workers = workers})).empty());
    CHECK(DataLoader(Numbers{0}, {.batch_size = 4}).size() == 0);
  }
  CHECK(epoch(DataLoader(Numbers{3}, {.batch_size = 2, .num_workers = 16})) == counting(3));
}

TEST_CASE("options that make no sense are refused", "[data][loader]") {
  CHECK_THROWS_WITH(DataLoader(Numbers{3}, {.batch_size = 0}), "DataLoader: batch_size is 0; it must be at least 1");
  CHECK_THROWS_AS(DataLoader(Numbers{3}, {.num_workers = -1}), tl::Error);
  CHECK_THROWS_AS(DataLoader(Numbers{3}, {.prefetch_factor = 0}), tl::Error);
  CHECK_THROWS_AS(DataLoader(Numbers{3}, tl::data::SequentialSampler(3), {.shuffle = true}), tl::Error);
}

TEST_CASE("a loader takes its order from a sampler", "[data][loader]") {
  DataLoader loader(Numbers{10}, tl::data::SubsetRandomSampler({2, 4, 6}, 1), {.batch_size = 2, .num_workers = 1});
  CHECK(loader.size() == 2);
  CHECK(sorted(epoch(loader)) == Order{2, 4, 6});
}

TEST_CASE("a named dataset is not copied, a temporary one is kept", "[data][loader]") {
  Numbers set{4};
  DataLoader loader(set, {.batch_size = 2});
  CHECK(&loader.dataset() == &set);
  CHECK(epoch(DataLoader(Numbers{4}, {.batch_size = 2})) == counting(4));
}

TEST_CASE("batches of tensors are rows of them", "[data][loader]") {
  const auto x = tl::Tensor<float>({3, 2}, {0, 1, 10, 11, 20, 21});
  const auto y = tl::Tensor<std::int64_t>({3}, {5, 6, 7});
  const tl::data::TensorDataset set(x, y);
  const Order indices{2, 0};
  const auto [a, b] = set.get_batch(indices);
  CHECK(a.sizes() == tl::Shape{2, 2});
  CHECK(std::vector<float>(a.data(), a.data() + 4) == std::vector<float>{20, 21, 0, 1});
  CHECK(b.data()[0] == 7);
  const auto [row, label] = set.get(1);
  CHECK(row.sizes() == tl::Shape{2});
  CHECK(row.data()[1] == 11);
  CHECK(label.dim() == 0);
  CHECK(label.item() == 6);
  // A transposed tensor: its rows are not dense.
  const tl::data::TensorDataset strided(tl::alias(x, {2, 3}, {1, 2}, 0));
  const auto [columns] = strided.get_batch(Order{1});
  CHECK(std::vector<float>(columns.data(), columns.data() + 3) == std::vector<float>{1, 11, 21});
  for (auto [bx, by] : DataLoader(set, {.batch_size = 3})) CHECK((bx.sizes() == tl::Shape{3, 2} && by.sizes() == tl::Shape{3}));
  CHECK_THROWS_AS(set.get(3), tl::IndexError);
  CHECK_THROWS_WITH(tl::data::TensorDataset(x, tl::empty<float>({2})),
                    "TensorDataset: the tensors have 3 and 2 rows; their first sizes must be equal");
  CHECK_THROWS_AS(tl::data::TensorDataset(tl::empty<float>({})), tl::ShapeError);
}

TEST_CASE("a dataset of single examples is collated", "[data][loader]") {
  for (const int workers : {0, 2}) {
    int batches = 0;
    for (auto [values, numbers] : DataLoader(Pairs{}, {.batch_size = 3, .num_workers = workers})) {
      const std::int64_t n = batches == 0 ? 3 : 2;
      CHECK(values.sizes() == tl::Shape{n, 2});
      CHECK(numbers.sizes() == tl::Shape{n});
      CHECK(values.data()[1] == (batches == 0 ? 0.5f : 3.5f));
      CHECK(numbers.data()[1] == (batches == 0 ? 10 : 40));
      ++batches;
    }
    CHECK(batches == 2);
  }
  static_assert(std::is_same_v<DataLoader<Pairs>::Batch, std::pair<tl::Tensor<float>, tl::Tensor<std::int32_t>>>);
  CHECK_THROWS_WITH(epoch(DataLoader(Ragged{}, {.batch_size = 2})),
                    "collate: example 1 has shape [2], the first one [1]; the examples of a batch must have equal shapes");
}

TEST_CASE("progress passes a loader's batches through", "[data][progress]") {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  const tl::data::TensorDataset set(tl::Tensor<float>({3, 1}, {0, 1, 2}), tl::Tensor<std::int64_t>({3}, {5, 6, 7}));
  DataLoader loader(set, {.batch_size = 2, .num_workers = 1});
  int batches = 0;
  for (auto [x, y] : tl::progress(loader, "named", {.file = file})) batches += static_cast<int>(x.size(0) == y.size(0));
  for (auto [x, y] : tl::progress(DataLoader(set, {.batch_size = 2}), "temporary", {.file = file}))
    batches += static_cast<int>(x.size(0) == y.size(0));
  CHECK(batches == 4);
  std::fclose(file);
}
