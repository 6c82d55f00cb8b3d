// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <functional>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/index/embedding.hpp>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/index/index_select.hpp>
#include <torchlite/ops/index/sort.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/ops/random/rand.hpp>

namespace tl = torchlite;
using Real = tl::Tensor<double>;
using Index = tl::Tensor<std::int64_t>;
using Numbers = std::vector<double>;

namespace {
Real counted(const tl::Shape& sizes) { return tl::view(tl::arange<double>(sizes.numel()), sizes); }
}  // namespace

TEST_CASE("an integer selects a view, and a negative one counts from the end", "[ops][index]") {
  const Real a = counted({2, 3});
  CHECK(a[1].to_vector() == Numbers{3, 4, 5});
  CHECK(a[-1][-2].item() == 4);
  a[0].fill_(7);
  CHECK(a.to_vector() == Numbers{7, 7, 7, 3, 4, 5});
}

TEST_CASE("an index out of range names the index, the dimension and the shape", "[ops][index]") {
  const Real a = counted({2, 3});
  CHECK_THROWS_WITH(a[2], "index 2 is out of range for dimension 0 of a tensor of shape [2, 3]");
  CHECK_THROWS_AS(a[-3], tl::IndexError);
  CHECK_THROWS_WITH(a(0, 5), "index 5 is out of range for dimension 1 of a tensor of shape [2, 3]");
  CHECK_THROWS_WITH(a(0, 0, 0), ContainsSubstring("3 dimensions are indexed of a tensor of shape [2, 3]"));
  CHECK_THROWS_WITH(tl::full<double>({}, 1)[0], ContainsSubstring("item()"));
  CHECK_THROWS_WITH(a(Index({1}, {4})), "index: index 4 is out of range for dimension 0 of a tensor of shape [2, 3]");
}

TEST_CASE("slices, None and Ellipsis select as in NumPy", "[ops][index]") {
  const Real a = counted({2, 3, 4});
  const Real b = a(tl::Ellipsis, tl::Slice(1, tl::None, 2));
  CHECK(b.sizes() == tl::Shape{2, 3, 2});
  CHECK(b(1, 2, 1).item() == 23);
  CHECK(a(tl::None, 1).sizes() == tl::Shape{1, 3, 4});
  CHECK(a(tl::Slice(), tl::None, tl::Slice(-2, tl::None), 0).sizes() == tl::Shape{2, 1, 2});
  CHECK(a(0, tl::Ellipsis, -1).to_vector() == Numbers{3, 7, 11});
  CHECK(a(tl::Slice(5, 9)).numel() == 0);
  CHECK(a(1, 2, 3).item() == 23);
}

TEST_CASE("assigning to an indexed view writes into the tensor", "[ops][index]") {
  const Real a = tl::zeros<double>({2, 3});
  a[1] = 3.0;
  a(tl::Slice(), 0) = Real({2}, {8, 9});
  CHECK(a.to_vector() == Numbers{8, 0, 0, 9, 3, 3});
}

TEST_CASE("an index tensor gathers slices, several are broadcast together", "[ops][index]") {
  const Real a = counted({3, 4});
  CHECK(a(Index({2}, {2, -3})).to_vector() == Numbers{8, 9, 10, 11, 0, 1, 2, 3});
  const Index rows = tl::view(Index({2}, {0, 2}), {2, 1}), columns({3}, {1, 3, 0});
  const Real picked = a(rows, columns);
  CHECK(picked.sizes() == tl::Shape{2, 3});
  CHECK(picked.to_vector() == Numbers{1, 3, 0, 9, 11, 8});
  CHECK(a(tl::Slice(), Index({2}, {3, 0})).to_vector() == Numbers{3, 0, 7, 4, 11, 8});
}

TEST_CASE("the dimensions of separated index tensors come first, of neighbouring ones stay in place", "[ops][index]") {
  const Real a = counted({2, 3, 4, 5});
  const Index i({2}, {0, 1}), j({2}, {2, 1});
  CHECK(a(tl::Slice(), j, i).sizes() == tl::Shape{2, 2, 5});
  const Real apart = a(tl::Slice(), j, tl::Slice(), i);
  CHECK(apart.sizes() == tl::Shape{2, 2, 4});
  CHECK(apart(1, 0, 3).item() == a(0, 1, 3, 1).item());
}

TEST_CASE("a mask selects where it is true", "[ops][index]") {
  const Real a = counted({2, 3});
  CHECK(a(a > 2.0).to_vector() == Numbers{3, 4, 5});
  const tl::Tensor<bool> rows({2}, {false, true});
  CHECK(a(rows).sizes() == tl::Shape{1, 3});
  CHECK(a(tl::Slice(), tl::Tensor<bool>({3}, {true, false, true})).to_vector() == Numbers{0, 2, 3, 5});
  CHECK(a(a > 100.0).numel() == 0);
  CHECK_THROWS_AS(a(tl::Tensor<bool>({3}, {true, false, true})), tl::IndexError);
}

TEST_CASE("index_put_ writes or adds where index tensors point", "[ops][index]") {
  const Real a = tl::zeros<double>({3, 2});
  const Index i({3}, {0, 2, 0});
  tl::index_put_(a, {i}, Real({3, 2}, {1, 2, 3, 4, 5, 6}), true);
  CHECK(a.to_vector() == Numbers{6, 8, 0, 0, 3, 4});
  tl::index_put_(a, {i, Index({1}, {1})}, -1.0);
  CHECK(a.to_vector() == Numbers{6, -1, 0, 0, 3, -1});
  const auto before = a.version();
  a.masked_fill_(a < 0.0, 9.0);
  CHECK(a.to_vector() == Numbers{6, 9, 0, 0, 3, 9});
  CHECK(a.version() > before);
  const Real t = a.t();
  tl::index_put_(t, {Index({1}, {1})}, Real({3}, {1, 2, 3}));
  CHECK(a.to_vector() == Numbers{6, 1, 0, 2, 3, 3});
}

TEST_CASE("index tensors of int32 and views of index tensors work", "[ops][index]") {
  const Real a = counted({4});
  CHECK(tl::gather(a, 0, tl::Tensor<std::int32_t>({2}, {3, 1})).to_vector() == Numbers{3, 1});
  const Index pairs({2, 2}, {3, 0, 2, 0});
  CHECK(a(pairs.select(1, 0)).to_vector() == Numbers{3, 2});
}

TEST_CASE("embedding names the index that is no row", "[ops][index]") {
  const Real table = counted({10, 4});
  CHECK(tl::embedding(Index({2}, {9, 0}), table)(0, 3).item() == 39);
  CHECK_THROWS_WITH(tl::embedding(Index({1}, {10}), table),
                    ContainsSubstring("index 10 is out of range for dimension 0 of a tensor of shape [10, 4]"));
  CHECK_THROWS_AS(tl::embedding(Index({1}, {-1}), table), tl::IndexError);
}

TEST_CASE("the gradient of embedding counts each use, and none of the padding row", "[ops][index]") {
  const Real table = counted({4, 2}).requires_grad_();
  const Index ids({2, 3}, {1, 3, 1, 0, 1, 3});
  tl::embedding(ids, table).backward(tl::ones<double>({2, 3, 2}));
  CHECK(table.grad().to_vector() == Numbers{1, 1, 3, 3, 0, 0, 2, 2});
  table.zero_grad();
  tl::embedding(ids, table, 1).backward(tl::ones<double>({2, 3, 2}));
  CHECK(table.grad().to_vector() == Numbers{1, 1, 0, 0, 0, 0, 2, 2});
}

TEST_CASE("one_hot marks each label", "[ops][index]") {
  CHECK(tl::one_hot(Index({2}, {2, 0})).to_vector() == std::vector<std::int64_t>{0, 0, 1, 1, 0, 0});
  CHECK(tl::one_hot(Index({1}, {1}), 4).sizes() == tl::Shape{1, 4});
  CHECK_THROWS_AS(tl::one_hot(Index({1}, {4}), 4), tl::IndexError);
}

TEST_CASE("index operations pass gradcheck and gradgradcheck", "[ops][index][gradcheck]") {
  tl::manual_seed(1);
  const Real x = tl::randn<double>({3, 4}).requires_grad_(), v = tl::randn<double>({2, 4}).requires_grad_();
  const Index twice({2}, {1, 1}), one({1}, {2}), grid({2, 3}, {0, 2, 1, 2, 2, 0});
  const tl::Tensor<bool> mask = tl::rand<double>({3, 4}) < 0.5;
  const auto each = [&](const std::function<Real(const Real&)>& f) {
    CHECK(tl::gradcheck(f, x));
    CHECK(tl::gradgradcheck(f, x));
  };
  each([&](const Real& a) { return Real(a[1] * a[-1]); });
  each([&](const Real& a) { return Real(tl::square(a(tl::Slice(0, 2), tl::None, tl::Slice(1, 4, 2)))); });
  each([&](const Real& a) { return Real(tl::square(a(twice, tl::Slice(1, 3)))); });
  each([&](const Real& a) { return Real(tl::square(tl::gather(a, 0, grid))); });
  each([&](const Real& a) { return Real(tl::square(tl::index_select(a, 1, twice))); });
  each([&](const Real& a) { return Real(tl::square(tl::masked_select(a, mask))); });
  each([&](const Real& a) { return Real(tl::square(tl::embedding(grid, a))); });
  each([&](const Real& a) { return Real(tl::square(tl::sort(a, 0).values)); });
  const auto put = [&](const Real& a, const Real& b) { return Real(tl::square(tl::index_put(a, {twice}, b, true)) * a); };
  CHECK(tl::gradcheck(put, x, v));
  CHECK(tl::gradgradcheck(put, x, v));
  const auto replace = [&](const Real& a, const Real& b) { return Real(tl::square(tl::index_copy(a, 0, Index({2}, {2, 0}), b))); };
  CHECK(tl::gradcheck(replace, x, v));
  CHECK(tl::gradgradcheck(replace, x, v));
}

TEST_CASE("the gradient of index_put_ reaches values and target", "[ops][index]") {
  const Real x = counted({3}).requires_grad_(), v = Real({2}, {5, 7}).requires_grad_();
  const Real y = x * 2.0;
  tl::index_put_(y, {Index({2}, {0, 2})}, v);
  (y * y).eval().backward(tl::ones<double>({3}));
  CHECK(x.grad().to_vector() == Numbers{0, 8, 0});  // d(2x)^2 = 8x
  CHECK(v.grad().to_vector() == Numbers{10, 14});
}

TEST_CASE("adding many rows gives the same sums with one thread and with several", "[ops][index]") {
  tl::manual_seed(2);
  const auto rows = tl::randn<float>({5000, 16});
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = 0; i < 5000; ++i) numbers.push_back((i * 7919) % 37);
  const Index ids = Index::from(numbers);
  const auto zero = tl::zeros<float>({37, 16});
  const int threads = tl::get_num_threads();
  tl::set_num_threads(1);
  const auto one = tl::index_add(zero, 0, ids, rows).to_vector();
  tl::set_num_threads(4);
  const auto four = tl::index_add(zero, 0, ids, rows).to_vector();
  tl::set_num_threads(threads);
  CHECK(one == four);
}

TEST_CASE("sort keeps the order of equal elements and puts NaN last", "[ops][index]") {
  const Real x({5}, {2, NAN, 1, 2, -1});
  const auto [values, indices] = tl::sort(x);
  CHECK(indices.to_vector() == std::vector<std::int64_t>{4, 2, 0, 3, 1});
  CHECK(values[0].item() == -1);
  CHECK(tl::argsort(x, 0, true).to_vector() == std::vector<std::int64_t>{1, 0, 3, 2, 4});
  CHECK(tl::topk(x, 2).indices.to_vector() == std::vector<std::int64_t>{1, 0});
  CHECK_THROWS_AS(tl::topk(x, 6), tl::IndexError);
}

TEST_CASE("empty tensors can be indexed", "[ops][index]") {
  const Real none = tl::zeros<double>({0, 3});
  CHECK(none(tl::Slice(), 1).sizes() == tl::Shape{0});
  CHECK(none(Index::from(std::vector<std::int64_t>{})).sizes() == tl::Shape{0, 3});
  CHECK(tl::index_select(none, 1, Index({2}, {2, 0})).sizes() == tl::Shape{0, 2});
  CHECK(tl::nonzero(none).sizes() == tl::Shape{0, 2});
  CHECK(tl::sort(none, 0).values.numel() == 0);
}
