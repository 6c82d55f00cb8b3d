// SPDX-License-Identifier: BSD-3-Clause
// Operations whose tensors lie on two devices, or on another than the current one, are refused before their kernels are reached.
#define TORCHLITE_WITH_CUFFT 1  // kernels of a library that is not asked
#define TORCHLITE_WITH_CUSOLVER 1
#include "fake_kernels.hpp"

#include <support/catch.hpp>

#include <torchlite/ops/fft/fft.hpp>
#include <torchlite/ops/index/embedding_bag.hpp>
#include <torchlite/ops/linalg/cdist.hpp>
#include <torchlite/ops/linalg/eig.hpp>
#include <torchlite/ops/linalg/ldl.hpp>
#include <torchlite/ops/linalg/matrix_exp.hpp>
#include <torchlite/ops/linalg/solve.hpp>
#include <torchlite/ops/linalg/solve_triangular.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/ops/pool/max_unpool.hpp>
#include <torchlite/ops/resample/grid_sample.hpp>
#include <torchlite/ops/resample/interpolate.hpp>
#include <torchlite/ops/scan/cummax.hpp>
#include <torchlite/ops/scan/cumprod.hpp>
#include <torchlite/ops/scan/logcumsumexp.hpp>
#include <torchlite/ops/sort/kthvalue.hpp>
#include <torchlite/ops/sort/searchsorted.hpp>
#include <torchlite/ops/sort/unique.hpp>
#include <torchlite/ops/statistics/bincount.hpp>

#include <concepts>

// Whoever gets here has not been refused.
namespace torchlite::inline TORCHLITE_ABI::backend {
#define UNREACHED(name)                              \
  template <std::same_as<Cuda> D, class... A>        \
  std::int64_t name(D, const A&...) {                \
    fail<Error>("the kernel {} was reached", #name); \
  }
UNREACHED(adaptive_avg_pool2d_backward)
UNREACHED(adaptive_avg_pool2d_forward)
UNREACHED(bincount)
UNREACHED(cumulative_logsumexp)
UNREACHED(cumulative_product)
UNREACHED(eig)
UNREACHED(fourier)
UNREACHED(fourier_real)
UNREACHED(fourier_to_real)
UNREACHED(grid_indices)
UNREACHED(grid_places)
UNREACHED(group_slices)
UNREACHED(invert_matrices)
UNREACHED(largest_in_bags)
UNREACHED(ldl_factor)
UNREACHED(ldl_solve)
UNREACHED(linear_recurrence)
UNREACHED(lu_factor)
UNREACHED(lu_solve)
UNREACHED(map_axes)
UNREACHED(matrix_exp)
UNREACHED(mode_position)
UNREACHED(pair_distance_gradient)
UNREACHED(pair_distances)
UNREACHED(plane_get)
UNREACHED(plane_index_outside)
UNREACHED(plane_put)
UNREACHED(ranked_position)
UNREACHED(search_sorted)
UNREACHED(solve_triangles)
UNREACHED(sum_bags)
UNREACHED(weighted_taps_backward_input)
UNREACHED(weighted_taps_backward_weight)
UNREACHED(weighted_taps_forward)
#undef UNREACHED
template <std::same_as<Cuda> D, class... A>
RangeCheck check_range(D, const A&...) {
  fail<Error>("the kernel check_range was reached");
}
template <bool Largest, std::same_as<Cuda> D, class... A>
void cumulative_extreme(D, const A&...) {
  fail<Error>("the kernel cumulative_extreme was reached");
}
template <class T>
void index_get(Cuda, const IndexArguments&) {
  fail<Error>("the kernel index_get was reached");
}
template <class T>
void index_put(Cuda, const IndexArguments&) {
  fail<Error>("the kernel index_put was reached");
}
template <class T>
void index_accumulate(Cuda, const IndexArguments&) {
  fail<Error>("the kernel index_accumulate was reached");
}
}  // namespace torchlite::inline TORCHLITE_ABI::backend

namespace {
using namespace torchlite;

template <class F>
std::string message(F f) {
  try {
    f();
  } catch (const DeviceError& e) {
    return e.what();
  }
  return "nothing thrown";
}
void refuses_two(const char* op, auto f) {
  CHECK_THAT(message(f),
             ContainsSubstring(std::string(op) + ": expected all tensors to be on the same device, but found cuda:0 and cuda:1"));
}
void refuses_elsewhere(const char* op, auto f) {
  CHECK_THAT(message(f), ContainsSubstring(std::string(op) + ": the tensors are on cuda:1, but this thread works on cuda:0"));
}
}  // namespace

TEST_CASE("operations name themselves where their tensors are on two devices, or elsewhere", "[cuda][memory]") {
  fake::set_devices(2);
  {
    const auto here = ones<float>({2, 2}).to(Cuda{0}), there = ones<float>({2, 2}).to(Cuda{1});
    const auto row = ones<float>({4}).to(Cuda{0}), row_there = ones<float>({4}).to(Cuda{1});
    const auto numbers = zeros<std::int64_t>({2, 2}).to(Cuda{0}), numbers_there = zeros<std::int64_t>({2, 2}).to(Cuda{1});
    const auto image = ones<float>({1, 1, 2, 2}).to(Cuda{0}), image_there = ones<float>({1, 1, 2, 2}).to(Cuda{1});
    const auto grid_there = ones<float>({1, 3, 3, 2}).to(Cuda{1});
    const auto pivots_there = ones<std::int32_t>({2}).to(Cuda{1});

    refuses_two("grid_sample", [&] { grid_sample(image, grid_there); });
    refuses_two("searchsorted", [&] { searchsorted(row, row_there); });
    refuses_two("cdist", [&] { cdist(here, there); });
    refuses_two("linalg.solve", [&] { linalg::solve(here, there); });
    refuses_two("linalg.solve_triangular", [&] { linalg::solve_triangular(here, there, true); });
    refuses_two("linalg.ldl_solve", [&] { linalg::ldl_solve(here, pivots_there, here); });
    refuses_two("embedding_bag", [&] { embedding_bag(numbers, here, {}, {.per_sample_weights = there}); });
    refuses_two("bincount", [&] { bincount(numbers.flatten(), row_there); });
    refuses_two("recurrence", [&] { ops::recurrence(here, there, 0, false); });
    refuses_two("max_unpool2d", [&] { max_unpool2d(image, zeros<std::int64_t>({1, 1, 2, 2}).to(Cuda{1}), 2); });

    refuses_elsewhere("interpolate", [&] { upsample_nearest(image_there, {4, 4}); });
    refuses_elsewhere("cumprod", [&] { cumprod(there, 0); });
    refuses_elsewhere("cummax", [&] { cummax(there, 0); });
    refuses_elsewhere("logcumsumexp", [&] { logcumsumexp(there, 0); });
    refuses_elsewhere("unique", [&] { unique(there); });
    refuses_elsewhere("kthvalue", [&] { kthvalue(there, 1); });
    refuses_elsewhere("mode", [&] { mode(there); });
    refuses_elsewhere("embedding_bag", [&] { embedding_bag(numbers_there, there); });
    refuses_elsewhere("fft::rfft", [&] { fft::rfft(there); });
    refuses_elsewhere("linalg.eigvals", [&] { linalg::eigvals(there); });
    refuses_elsewhere("linalg.matrix_exp", [&] { linalg::matrix_exp(there); });
    refuses_elsewhere("linalg.ldl_factor_ex", [&] { linalg::ldl_factor_ex(there); });
    // Where they belong they do reach the kernels.
    CHECK_THROWS_WITH(linalg::matrix_exp(here), ContainsSubstring("the kernel matrix_exp was reached"));
    CHECK_THROWS_WITH(grid_sample(image, grid_there.to(Cuda{0})), ContainsSubstring("was reached"));
  }
  fake::set_devices(1);
}
