// SPDX-License-Identifier: BSD-3-Clause
// What the libraries leave to do around factorisations on Cuda, played on the host.
#include <support/catch.hpp>

#include <torchlite/backend/cpu/linalg/lu.hpp>
#include <torchlite/backend/cuda/linalg_element.hpp>

#include <cmath>

namespace {
using namespace torchlite;
using namespace torchlite::backend;
}  // namespace

TEST_CASE("rows are exchanged on Cuda as on the Cpu, and back", "[backend][cuda]") {
  const std::vector<std::int32_t> pivots{3, 2, 4, 2, 2, 3};  // of two matrices
  std::vector<double> x;
  for (int i = 0; i < 2 * 4 * 3; ++i) x.push_back(i);
  const std::vector<double> given = x;
  std::vector<double> expected = x;
  for (const bool back : {false, true}) {
    cuda::play_each(ExchangeRows<double>{3, pivots.data(), back, 4, 3, x.data()}, 2 * 3);
    exchange_all_rows(Cpu{}, 2, ExchangeRows<double>{3, pivots.data(), back, 4, 3, expected.data()});
    CHECK(x == expected);
    CHECK((x == given) == back);
  }
}

TEST_CASE("determinants follow from the diagonal of U and the exchanges", "[backend][cuda]") {
  // U's diagonals 2, -3, 0.5 with one exchange; 4, 0, 1 with none.
  const std::vector<double> lu{2, 7, 7, 0.1, -3, 7, 0.1, 0.1, 0.5, 4, 1, 1, 0, 0, 1, 0, 0, 1};
  const std::vector<std::int32_t> pivots{2, 2, 3, 1, 2, 3};
  std::vector<double> det(2), sign(2), log_size(2);
  cuda::play_each(LuDeterminant<double>{3, lu.data(), pivots.data(), det.data()}, 2);
  cuda::play_each(LuLogDeterminant<double>{3, lu.data(), pivots.data(), sign.data(), log_size.data()}, 2);
  CHECK(det == std::vector<double>{3, 0});
  CHECK(sign == std::vector<double>{1, 0});
  CHECK(std::abs(log_size[0] - std::log(3.0)) <= 1e-15);
  CHECK(log_size[1] == -INFINITY);
}

TEST_CASE("triangles, identities, pivots and addresses are written where they belong", "[backend][cuda]") {
  std::vector<float> a(18, 1.0f);
  cuda::play_each(cuda::ClearUpper<float>{3, a.data()}, 18);
  CHECK(a == std::vector<float>{1, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 1, 1});
  std::vector<float> ones(12, 5.0f);
  cuda::play_each(cuda::WriteIdentities<float>{3, 2, ones.data()}, 12);
  CHECK(ones == std::vector<float>{1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0});
  std::vector<std::int32_t> narrow(4);
  cuda::play_each(cuda::NarrowPivots{nullptr, 2, narrow.data()}, 4);
  CHECK(narrow == std::vector<std::int32_t>{1, 2, 1, 2});
  std::vector<std::int64_t> wide(4);
  cuda::play_each(cuda::WidenPivots{narrow.data(), wide.data()}, 4);
  std::vector<std::int32_t> again(4);
  cuda::play_each(cuda::NarrowPivots{wide.data(), 2, again.data()}, 4);
  CHECK(again == narrow);
  std::vector<float*> addresses(3);
  cuda::play_each(cuda::WriteAddresses<float>{a.data(), 6, addresses.data()}, 3);
  CHECK(addresses == std::vector<float*>{a.data(), a.data() + 6, a.data() + 12});
}

TEST_CASE("matrices that are not finite are marked as failed, and so is what did not converge", "[backend][cuda]") {
  std::vector<double> a(4 * 50, 1.0);
  a[60] = INFINITY, a[61] = std::nan(""), a[199] = -INFINITY;
  std::vector<std::int32_t> counts(4), info{0, 0, 7, 0};
  cuda::play_rows<32, 1>(cuda::CountNotFinite<double>{50, a.data(), counts.data()}, 4);
  CHECK(counts == std::vector<std::int32_t>{0, 2, 0, 1});
  cuda::play_each(cuda::MarkFailed{counts.data(), info.data()}, 4);
  CHECK(info == std::vector<std::int32_t>{0, 1, 1, 1});
}
