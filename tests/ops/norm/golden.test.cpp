// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>
#include <torchlite/ops/norm/batch_norm.hpp>
#include <torchlite/ops/norm/group_norm.hpp>
#include <torchlite/ops/norm/instance_norm.hpp>
#include <torchlite/ops/norm/layer_norm.hpp>
#include <torchlite/ops/norm/local_response_norm.hpp>
#include <torchlite/ops/norm/normalize.hpp>
#include <torchlite/ops/norm/rms_norm.hpp>

using namespace samples;
namespace F = tl::nn::functional;

namespace {
/// A floating or integer number.
double number(const Call& c, std::size_t position) { return golden::number(c.argument(position, "")); }
template <class Result>
Values list(const Result& r) {
  return {r.output, r.save_mean, r.save_invstd};
}
}  // namespace

TEST_CASE("layer_norm is PyTorch's, with its statistics", "[ops][norm]") {
  replay("layer_norm", [](const Call& c) {
    return F::layer_norm(c.x(), c.shape(0, "normalized_shape"), c.tensor(1, "weight"), c.tensor(2, "bias"), c.number(3, "eps", 1e-5));
  });
  replay("native_layer_norm", [](const Call& c) {
    const auto r = tl::native_layer_norm(c.x(), c.shape(0, ""), c.tensor(1, "weight"), c.tensor(2, "bias"), number(c, 3));
    return Values{r.output, r.mean, r.rstd};
  });
}

TEST_CASE("batch_norm is PyTorch's, in training and in evaluation", "[ops][norm]") {
  replay("batch_norm", [](const Call& c) {
    // The call without options shared its statistics with the next one, which changed them before they were stored.
    if (!c.has(4, "training")) throw NotOffered{"its statistics were not recorded"};
    return F::batch_norm(c.x(), c.tensor(0, "running_mean"), c.tensor(1, "running_var"), c.tensor(2, "weight"), c.tensor(3, "bias"),
                         c.flag(4, "training"), c.number(5, "momentum", 0.1), c.number(6, "eps", 1e-5));
  });
}

TEST_CASE("the forms of batch_norm that return its statistics are PyTorch's", "[ops][norm]") {
  const auto native = [](const Call& c) {
    return list(tl::native_batch_norm(c.x(), c.tensor(0, "weight"), c.tensor(1, "bias"), c.tensor(2, "running_mean"),
                                      c.tensor(3, "running_var"), number(c, 4) != 0, number(c, 5), number(c, 6)));
  };
  replay("native_batch_norm", native);
  replay("_native_batch_norm_legit", [&](const Call& c) {
    if (c.has(6, "")) return native(c);
    return list(
        tl::native_batch_norm(c.x(), c.tensor(0, "weight"), c.tensor(1, "bias"), {}, {}, number(c, 2) != 0, number(c, 3), number(c, 4)));
  });
  replay("_batch_norm_with_update", [](const Call& c) {
    return list(tl::native_batch_norm(c.x(), c.tensor(0, "weight"), c.tensor(1, "bias"), c.tensor(2, "running_mean"),
                                      c.tensor(3, "running_var"), true, number(c, 4), number(c, 5)));
  });
}

TEST_CASE("group_norm, instance_norm and rms_norm are PyTorch's", "[ops][norm]") {
  replay("group_norm", [](const Call& c) {
    return F::group_norm(c.x(), c.integer(0, "num_groups"), c.tensor(1, "weight"), c.tensor(2, "bias"), c.number(3, "eps", 1e-5));
  });
  replay("instance_norm", [](const Call& c) {
    return F::instance_norm(c.x(), c.tensor(0, "running_mean"), c.tensor(1, "running_var"), c.tensor(2, "weight"), c.tensor(3, "bias"),
                            c.flag(4, "use_input_stats", true), c.number(5, "momentum", 0.1), c.number(6, "eps", 1e-5));
  });
  replay("rms_norm", [](const Call& c) {
    return F::rms_norm(c.x(), c.shape(0, "normalized_shape"), c.tensor(1, "weight"),
                       c.has(2, "eps") ? std::optional<double>(c.number(2, "eps", 0)) : std::nullopt);
  });
}

TEST_CASE("local_response_norm and normalize are PyTorch's", "[ops][norm]") {
  replay("local_response_norm", [](const Call& c) {
    return F::local_response_norm(c.x(), c.integer(0, "size"), c.number(1, "alpha", 1e-4), c.number(2, "beta", 0.75), c.number(3, "k", 1));
  });
  replay("normalize",
         [](const Call& c) { return F::normalize(c.x(), c.number(0, "p", 2), c.integer(1, "dim", 1), c.number(2, "eps", 1e-12)); });
}
