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
  const auto count = static_cast<std::size_t>(shape.numel());
  std::vector<double> found(count, -1), same(count);
  std::int64_t places = 1;
  for (int d = 0; d < dims; ++d) places *= lattice;
  for (std::int64_t k = 0; k < places; ++k) {
    double u[3];
    for (std::int64_t d = 0, rest = k; d < dims; ++d, rest /= lattice)
      u[d] = (static_cast<double>(rest % lattice) + 0.5) / static_cast<double>(lattice);
    for (std::size_t i = 0; i < count; ++i) same[i] = u[i % static_cast<std::size_t>(dims)];
    const std::vector<double> y = Real(pool(Real::from(same, shape))).to_vector();
    for (std::int64_t p = 0; p < planes; ++p)
      if (found[static_cast<std::size_t>(p * dims)] < 0 &&
          std::equal(y.begin() + p * per_plane, y.begin() + (p + 1) * per_plane,
                     c.sample.out(0).values.begin() + static_cast<std::ptrdiff_t>(p * per_plane)))
        std::copy_n(u, dims, found.begin() + p * dims);
  }
  for (const double u : found) REQUIRE(u >= 0);
  return Real::from(found, shape);
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
