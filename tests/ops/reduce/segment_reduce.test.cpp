// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/reduce/segment_reduce.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

using namespace samples;

TEST_CASE("segments without elements give the initial value, a mean of nothing is NaN", "[ops][reduce]") {
  const Real x({3}, {1, 2, 6});
  const Index lengths({3}, {0, 2, 1});
  const auto reduced = [&](const char* how, std::optional<double> initial = {}) {
    return elements(tl::segment_reduce(x, how, {.lengths = lengths, .initial = initial}));
  };
  const double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(reduced("sum") == std::vector<double>{0, 3, 6});
  CHECK(reduced("prod") == std::vector<double>{1, 2, 6});
  CHECK(reduced("max") == std::vector<double>{-infinity, 2, 6});
  CHECK(reduced("min") == std::vector<double>{infinity, 1, 6});
  CHECK(golden::difference(reduced("mean"), {nan, 1.5, 6}) == 0);
  CHECK(reduced("mean", 5) == std::vector<double>{5, 4, 11});
  CHECK(reduced("prod", 2) == std::vector<double>{2, 4, 12});
  CHECK(elements(tl::segment_reduce(x, "sum", {.offsets = Index({3}, {1, 2, 2})})) == std::vector<double>{2, 0});
}

TEST_CASE("the gradient of a segment's product is that of the other factors, zeros included", "[ops][reduce]") {
  const Real x({2, 5}, {0, 2, 3, 0, 5, 1, 2, 0, 4, 0.5});
  x.requires_grad_();
  const Index lengths({2, 2}, {3, 2, 1, 4});
  const auto products = [&](const Real& t) { return tl::segment_reduce(t, "prod", {.lengths = lengths, .axis = 1}); };
  tl::sum(products(x)).backward();
  CHECK(golden::difference(elements(x.grad()), {6, 0, 0, 5, 0, 1, 0, 4, 0, 0}) < 1e-14);
  CHECK(tl::gradgradcheck(products, x));
}

TEST_CASE("segments are checked before anything is reduced", "[ops][reduce]") {
  const Real x({3}, {1, 2, 6});
  using Options = tl::SegmentReduceOptions<tl::Cpu>;
  const auto reduce = [&](const char* how, const Options& o) { return tl::segment_reduce(x, how, o); };
  CHECK_THROWS_WITH(reduce("mode", Options{.lengths = Index({1}, {3})}), ContainsSubstring("mode"));
  CHECK_THROWS_WITH(reduce("sum", Options{.lengths = Index({2}, {1, 1})}), ContainsSubstring("add up to 2"));
  CHECK_THROWS_AS(reduce("sum", Options{.lengths = Index({2}, {-1, 4})}), tl::Error);
  CHECK_THROWS_AS((reduce("sum", Options{.lengths = Index({2}, {1, 4}), .unsafe = true})), tl::IndexError);
  CHECK_THROWS_AS(reduce("sum", Options{.offsets = Index({2}, {1, 4})}), tl::IndexError);
  CHECK_THROWS_AS(reduce("sum", Options{}), tl::Error);
  CHECK_THROWS_AS(reduce("sum", Options{.lengths = Index({1, 1}, {3})}), tl::ShapeError);
}
