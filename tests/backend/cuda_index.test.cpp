// SPDX-License-Identifier: BSD-3-Clause
// Index arithmetic and the order of writes on Cuda, played on the host and compared with the Cpu's kernels.
#include <support/catch.hpp>

#include <torchlite/backend/cpu/index.hpp>
#include <torchlite/backend/cuda/index_element.hpp>
#include <torchlite/backend/cuda/team.hpp>
#include <torchlite/backend/reducer.hpp>

#include <algorithm>
#include <vector>

namespace {
using namespace torchlite;
using namespace torchlite::backend;

/// A loop with its operands: values of the loop's sizes, data, and an index along one dimension of the data.
template <class T>
struct Case {
  Shape sizes, data_sizes, value_strides, data_strides, index_loop_strides;
  std::int64_t index_size = 0, index_step = 0;
  std::vector<T> values, data;
  std::vector<std::int64_t> index;
  StridedMemory index_memory;

  /// index_select and its kin: position (i, j ...) of the loop is element (index[i], j ...) of the data.
  Case(std::int64_t rows, std::int64_t picked, Shape block) {
    sizes = block, data_sizes = block;
    sizes.insert(0, picked), data_sizes.insert(0, rows);
    value_strides = contiguous_strides(sizes);
    data_strides = contiguous_strides(data_sizes);
    index_size = rows, index_step = data_strides[0];
    data_strides[0] = 0;
    index_loop_strides = Shape::filled(sizes.rank(), 0);
    index_loop_strides[0] = 1;
    fill(picked);
  }
  /// gather along the first dimension: position (i, j) is element (index[i, j], j).
  Case(std::int64_t rows, std::int64_t picked, std::int64_t columns) : Case(rows, picked, Shape{columns}) {
    index_loop_strides = contiguous_strides(sizes);
    fill(picked * columns);
  }
  void fill(std::int64_t indices) {
    values.resize(static_cast<std::size_t>(sizes.numel()));
    data.resize(static_cast<std::size_t>(data_sizes.numel()));
    index.resize(static_cast<std::size_t>(indices));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<T>(static_cast<int>(i * 37 % 101));
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<T>(static_cast<int>(i * 53 % 97));
    for (std::size_t i = 0; i < index.size(); ++i)
      index[i] = static_cast<std::int64_t>(i * i * 7 + i) % index_size - (i % 3 == 0 ? index_size : 0);
  }
  IndexArguments arguments() {
    index_memory = {index.data(), &sizes, &index_loop_strides, 8};
    IndexArguments a;
    a.values = {values.data(), &sizes, &value_strides, static_cast<int>(sizeof(T))};
    a.data = {data.data(), &sizes, &data_strides, static_cast<int>(sizeof(T))};
    a.indices = &index_memory;
    a.index_count = 1;
    a.index_sizes = &index_size;
    a.index_strides = &index_step;
    return a;
  }
};

template <class T>
void play_get(const IndexArguments& a) {
  const LoopPlan plan = cuda::index_plan(a);
  const cuda::IndexLoops loops(a, plan, 0, plan.rank);
  constexpr int most = 16 / static_cast<int>(sizeof(T));
  if (cuda::elements_at_a_time(a, plan, static_cast<int>(sizeof(T))) == most) {
    using Unit = cuda::Packet<T, most>;
    const cuda::IndexLoops units = cuda::in_units(loops, most);
    cuda::play_each(cuda::IndexGet<Unit>{units, static_cast<Unit*>(a.values.data), static_cast<const Unit*>(a.data.data)}, units.numel);
  } else {
    cuda::play_each(cuda::IndexGet<T>{loops, static_cast<T*>(a.values.data), static_cast<const T*>(a.data.data)}, loops.numel);
  }
}

template <class T, class Operation>
void play_writes(const IndexArguments& a, const Operation& operation) {
  const LoopPlan plan = cuda::index_plan(a);
  const int inner = cuda::block_dimensions(plan);
  const cuda::IndexLoops blocks(a, plan, 0, plan.rank - inner), elements(a, plan, plan.rank - inner, plan.rank);
  const cuda::KeyRange range(blocks);
  std::vector<std::uint64_t> keys(static_cast<std::size_t>(blocks.numel));
  std::vector<std::int64_t> numbers(keys.size());
  cuda::play_each(cuda::BlockKeys{blocks, keys.data(), numbers.data(), range.lowest}, blocks.numel);
  std::vector<std::pair<std::uint64_t, std::int64_t>> pairs;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    CHECK(keys[i] < std::uint64_t{1} << cuda::bits_for(range.count));
    pairs.emplace_back(keys[i], numbers[i]);
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = pairs[i].first, numbers[i] = pairs[i].second;
  cuda::play_each(cuda::SortedWrites<T, Operation>{blocks, elements, keys.data(), numbers.data(), range.lowest,
                                                   static_cast<T*>(a.values.data), static_cast<T*>(a.data.data), operation},
                  blocks.numel * elements.numel);
}

template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](T x, T y) { return x == y; });
}

template <class T>
void check_case(const Case<T>& original) {
  Case<T> got = original, expected = original;
  play_get<T>(got.arguments());
  index_get<T>(Cpu{}, expected.arguments());
  CHECK(same(got.values, expected.values));
  const auto compare = [&](const auto& operation, const auto& cpu) {
    got = original, expected = original;
    play_writes<T>(got.arguments(), operation);
    cpu(expected.arguments());
    CHECK(same(got.data, expected.data));
    CHECK(same(got.values, expected.values));
  };
  compare(cuda::PutLast<T>{}, [](const IndexArguments& a) { index_put<T>(Cpu{}, a); });
  compare(cuda::AddInOrder<T>{}, [](const IndexArguments& a) { index_accumulate<T>(Cpu{}, a); });
  using Largest = MaxReducer<torchlite::register_t<T>>;
  compare(cuda::CombineInOrder<T, Largest>{}, [](const IndexArguments& a) { index_combine<T, Largest>(Cpu{}, a); });
  if constexpr (std::is_same_v<T, std::int64_t>) compare(cuda::RankInOrder{}, [](const IndexArguments& a) { index_rank(Cpu{}, a); });
}
}  // namespace

TEST_CASE("blocks that an index names are read and written as on the Cpu", "[backend][cuda]") {
  for (const Shape& block : {Shape{}, Shape{1}, Shape{3}, Shape{8}, Shape{4, 5}, Shape{2, 16}}) {
    check_case(Case<float>(7, 20, block));
    check_case(Case<double>(1, 5, block));
    check_case(Case<std::int64_t>(100, 9, block));
    check_case(Case<half>(5, 3, block));
  }
}

TEST_CASE("elements that an index names one by one are read and written as on the Cpu", "[backend][cuda]") {
  check_case(Case<float>(7, 20, std::int64_t{6}));
  check_case(Case<std::int64_t>(3, 50, std::int64_t{4}));
  check_case(Case<double>(40, 1, std::int64_t{1}));
}

TEST_CASE("a transposed table is read by its rows", "[backend][cuda]") {
  Case<float> got(6, 9, Shape{4});
  got.data_strides = {0, 6}, got.index_step = 1;
  Case<float> expected = got;
  play_get<float>(got.arguments());
  index_get<float>(Cpu{}, expected.arguments());
  CHECK(got.values == expected.values);
  play_writes<float>(got.arguments(), cuda::AddInOrder<float>{});
  index_accumulate<float>(Cpu{}, expected.arguments());
  CHECK(got.data == expected.data);
}

TEST_CASE("loops too large for 32 bits find their elements by division", "[backend][cuda]") {
  Case<float> c(7, 20, Shape{4, 5});
  const IndexArguments a = c.arguments();
  const LoopPlan plan = cuda::index_plan(a);
  cuda::IndexLoops fast(a, plan, 0, plan.rank), slow = fast;
  CHECK(fast.narrow);
  slow.narrow = false;
  for (std::int64_t i = 0; i < fast.numel; ++i) {
    std::int64_t v0, d0, v1, d1;
    fast.locate(i, true, v0, d0);
    slow.locate(i, true, v1, d1);
    CHECK((v0 == v1 && d0 == d1));
  }
}

TEST_CASE("numbers out of range are told apart in any layout", "[backend][cuda]") {
  std::vector<std::int64_t> v{0, 3, -1, 7, 2, -100};
  const Shape sizes{3, 2}, strides{1, 3};
  const cuda::StridedNumbers strided({v.data(), &sizes, &strides, 8}, 0, 3);
  const std::vector<std::int64_t> order{0, 7, 3, 2, -1, -100};
  for (std::size_t i = 0; i < order.size(); ++i) {
    CHECK(strided.at(static_cast<std::int64_t>(i)) == order[i]);
    CHECK(strided.fits(static_cast<std::int64_t>(i)) == (order[i] >= 0 && order[i] <= 3));
  }
  const cuda::NumbersOf<std::int64_t> dense{v.data(), 0, 3, -100, true};
  CHECK(dense.fits(1));
  CHECK_FALSE(dense.fits(2));
  CHECK(dense.fits(5));
}

TEST_CASE("keys take as many bits as their range needs", "[backend][cuda]") {
  CHECK(cuda::bits_for(1) == 1);
  CHECK(cuda::bits_for(2) == 1);
  CHECK(cuda::bits_for(3) == 2);
  CHECK(cuda::bits_for(256) == 8);
  CHECK(cuda::bits_for(257) == 9);
}
