// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/ops/pool/fractional_max_pool.hpp>
#include <torchlite/tensor/create.hpp>

#include <map>

using namespace samples;

namespace {
/// The random numbers behind a recorded call, which was made without them: the first of a lattice, plane by plane, with which the
/// maxima are the recorded ones. pool(samples) makes the call.
template <class Pool>
Real drawn(const Call& c, int dims, std::int64_t lattice, Pool pool) {
  const tl::Shape& in = c.x().sizes();
  const tl::Shape shape{in.rank() == dims + 2 ? in[0] : 1, in[in.rank() - dims - 1], dims};
  const std::int64_t planes = shape[0] * shape[1], per_plane = static_cast<std::int64_t>(c.sample.out(0).size()) / planes;
  const Real found = tl::full<double>(shape, -1), same = tl::zeros<double>(shape);
  std::int64_t places = 1;
  for (int d = 0; d < dims; ++d) places *= lattice;
  for (std::int64_t k = 0; k < places; ++k) {
    double u[3];
    for (std::int64_t d = 0, rest = k; d < dims; ++d, rest /= lattice)
      u[d] = (static_cast<double>(rest % lattice) + 0.5) / static_cast<double>(lattice);
    for (std::int64_t i = 0; i < same.numel(); ++i) same.data()[i] = u[i % dims];
    const Real y = pool(same);
    for (std::int64_t p = 0; p < planes; ++p)
      if (found.data()[p * dims] < 0 && std::equal(y.data() + p * per_plane, y.data() + (p + 1) * per_plane,
                                                   c.sample.out(0).values.begin() + static_cast<std::ptrdiff_t>(p * per_plane)))
        std::copy_n(u, dims, found.data() + p * dims);
  }
  for (const double u : found.to_vector()) REQUIRE(u >= 0);
  return found;
}
template <class Pool>
Values pooled(const Call& c, int dims, std::int64_t lattice, std::map<const golden::Sample*, Real>& known, Pool pool) {
  Real samples;
  if (c.sample.has("out0")) {
    if (known.find(&c.sample) == known.end()) {
      const tl::NoGradGuard guard;
      known[&c.sample] = drawn(c, dims, lattice, [&](const Real& u) { return pool(u).values; });
    }
    samples = known[&c.sample];
  }
  const auto result = pool(samples);
  return c.flag(3, "return_indices") ? Values{result.values, result.indices} : Values{result.values};
}
double ratio(const Call& c, std::size_t axis) {
  const golden::Json& j = c.argument(2, "output_ratio");
  return j.is_array() ? golden::number(j.at(axis)) : golden::number(j);
}
}  // namespace

TEST_CASE("fractional_max_pool2d and fractional_max_pool3d are PyTorch's, with indices and gradients", "[ops][pool]") {
  std::map<const golden::Sample*, Real> known;
  replay("fractional_max_pool2d", [&](const Call& c) {
    tl::FractionalMaxPool2dOptions o{.output_size = pair(c, 1, "output_size", 0)};
    if (c.has(2, "output_ratio"))
      for (std::size_t d = 0; d < 2; ++d) o.output_ratio[d] = ratio(c, d);
    const tl::Pair kernel = pair(c, 0, "kernel_size", 0);
    const Real given = c.tensor(4, "_random_samples");
    return pooled(c, 2, 32, known,
                  [&](const Real& u) { return tl::fractional_max_pool2d_with_indices(c.x(), kernel, o, given.defined() ? given : u); });
  });
  known.clear();
  replay("fractional_max_pool3d", [&](const Call& c) {
    tl::FractionalMaxPool3dOptions o{.output_size = triple(c, 1, "output_size", 0)};
    if (c.has(2, "output_ratio"))
      for (std::size_t d = 0; d < 3; ++d) o.output_ratio[d] = ratio(c, d);
    const tl::Triple kernel = triple(c, 0, "kernel_size", 0);
    const Real given = c.tensor(4, "_random_samples");
    return pooled(c, 3, 12, known,
                  [&](const Real& u) { return tl::fractional_max_pool3d_with_indices(c.x(), kernel, o, given.defined() ? given : u); });
  });
}

TEST_CASE("fractional_max_pool2d and 3d with given random numbers are PyTorch's", "[ops][pool]") {
  // torch.nn.functional.fractional_max_pool2d(x, (2, 3), output_size=(4, 3), _random_samples=u, return_indices=True), and in 3d
  // kernel 2, output_size (2, 3, 4); x[i] = 37 i mod the number of elements.
  const auto ramp = [](const tl::Shape& shape) {
    const Real x = tl::empty<double>(shape);
    for (std::int64_t i = 0; i < x.numel(); ++i) x.data()[i] = static_cast<double>(37 * i % x.numel());
    return x;
  };
  const auto flat =
      tl::fractional_max_pool2d_with_indices(ramp({1, 2, 9, 10}), {2, 3}, {.output_size = {4, 3}}, Real({1, 2, 2}, {0.1, 0.8, 0.45, 0.3}));
  CHECK(flat.indices.to_vector() ==
        std::vector<std::int64_t>{12, 14, 19, 42, 34, 48, 62, 63, 68, 82, 85, 87, 12, 16, 17, 41, 46, 49, 51, 65, 69, 80, 85, 89});
  const auto deep =
      tl::fractional_max_pool3d_with_indices(ramp({1, 1, 5, 7, 9}), 2, {.output_size = {2, 3, 4}}, Real({1, 1, 3}, {0.9, 0.2, 0.65}));
  CHECK(deep.indices.to_vector() == std::vector<std::int64_t>{73,  75,  68,  17,  100, 102, 42,  34,  118, 119, 51,  125,
                                                              262, 255, 204, 269, 289, 228, 221, 296, 306, 246, 312, 314});
}

TEST_CASE("fractional pooling draws its windows from the generator, inside the input", "[ops][pool]") {
  tl::manual_seed(3);
  const Real x = numbers({2, 50, 9, 11}, 1);
  const auto first = tl::fractional_max_pool2d_with_indices(x, 3, {.output_ratio = {0.5, 0.4}});
  CHECK(first.values.sizes() == tl::Shape{2, 50, 4, 4});
  const auto second = tl::fractional_max_pool2d_with_indices(x, 3, {.output_ratio = {0.5, 0.4}});
  CHECK(first.indices.to_vector() != second.indices.to_vector());
  for (std::int64_t i = 0; i < first.values.numel(); ++i) CHECK(first.values.data()[i] == x.data()[i / 16 * 99 + first.indices.data()[i]]);
  tl::manual_seed(3);
  CHECK(tl::fractional_max_pool2d(x, 3, {.output_ratio = {0.5, 0.4}}).to_vector() == first.values.to_vector());
}

TEST_CASE("fractional poolings that do not fit are refused with all facts and the rule", "[ops][pool]") {
  const Real x = numbers({1, 2, 5, 5}, 1);
  CHECK_THROWS_WITH(tl::fractional_max_pool2d(x, 3, {}), ContainsSubstring("exactly one"));
  CHECK_THROWS_WITH(tl::fractional_max_pool2d(x, 3, {.output_size = 4}), ContainsSubstring("do not fit"));
  CHECK_THROWS_AS(tl::fractional_max_pool2d(x, 3, {.output_ratio = {1.5, 0.5}}), tl::Error);
  CHECK_THROWS_WITH(tl::fractional_max_pool2d(x, 3, {.output_size = 2}, numbers({1, 2, 3}, 1)), ContainsSubstring("[1, 2, 2]"));
}
