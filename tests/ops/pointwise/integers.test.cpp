// SPDX-License-Identifier: BSD-3-Clause
// Operations on integers and bool, against the C++ operators, and PyTorch where C++ leaves a result undefined.
#include <support/catch.hpp>
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/ops/pointwise/bitwise.hpp>
#include <torchlite/ops/pointwise/div.hpp>
#include <torchlite/ops/pointwise/gcd.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/sgn.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

#include <limits>
#include <numeric>

namespace tl = torchlite;
using Int = tl::Tensor<std::int32_t>;
using Byte = tl::Tensor<std::int8_t>;
using Long = tl::Tensor<std::int64_t>;
using Bool = tl::Tensor<bool>;

namespace {
const std::vector<std::int32_t> left{12, -7, 0, 255, -128, 1 << 30, 5}, right{10, 3, 9, -1, 7, 12, 0};
template <class Op, class Reference>
bool agrees(Op op, Reference reference) {
  const std::vector<std::int32_t> got = Int(op(Int::from(left), Int::from(right))).to_vector();
  for (std::size_t i = 0; i < left.size(); ++i)
    if (got[i] != reference(left[i], right[i])) return false;
  return true;
}
}  // namespace

TEST_CASE("bit operators on integer tensors are those of C++", "[ops][pointwise]") {
  CHECK(agrees([](auto a, auto b) { return a & b; }, [](int a, int b) { return a & b; }));
  CHECK(agrees([](auto a, auto b) { return a | b; }, [](int a, int b) { return a | b; }));
  CHECK(agrees([](auto a, auto b) { return a ^ b; }, [](int a, int b) { return a ^ b; }));
  CHECK(agrees([](auto a, auto) { return ~a; }, [](int a, int) { return ~a; }));
  CHECK(Int(Int::from(left) & 15).to_vector() == std::vector<std::int32_t>{12, 9, 0, 15, 0, 0, 5});
  CHECK(Int(6 ^ Int::from({1, 2})).to_vector() == std::vector<std::int32_t>{7, 4});
}

TEST_CASE("bit operators on bool are the logical ones and dtypes promote", "[ops][pointwise]") {
  const Bool a = Bool::from({true, true, false, false}), b = Bool::from({true, false, true, false});
  CHECK(Bool(a & b).to_vector() == std::vector<bool>{true, false, false, false});
  CHECK(Bool(a | b).to_vector() == std::vector<bool>{true, true, true, false});
  CHECK(Bool(a ^ b).to_vector() == std::vector<bool>{false, true, true, false});
  CHECK(Bool(~a).to_vector() == std::vector<bool>{false, false, true, true});
  const Long wide = Byte::from({-1, 3}) & Long::from({1LL << 40, 2});
  CHECK(wide.to_vector() == std::vector<std::int64_t>{1LL << 40, 2});
}

TEST_CASE("shifts beyond the width leave nothing, or the sign", "[ops][pointwise]") {
  // PyTorch 2.6: torch.bitwise_left_shift and _right_shift of int8
  const Byte x = Byte::from({1, -1, -128, 5, 7}), n = Byte::from({1, 7, 8, -1, 9});
  CHECK(Byte(x << n).to_vector() == std::vector<std::int8_t>{2, -128, 0, 0, 0});
  CHECK(Byte(x >> n).to_vector() == std::vector<std::int8_t>{0, -1, -1, 0, 0});
  CHECK(Long(Long::from({3, -9}) << 33).to_vector() == std::vector<std::int64_t>{3LL << 33, -9LL * (1LL << 33)});
}

TEST_CASE("gcd and lcm are those of the standard library", "[ops][pointwise]") {
  CHECK(agrees(tl::gcd, [](int a, int b) { return std::gcd(a, b); }));
  CHECK(Long(tl::lcm(Long::from({4, -6, 0, 21}), Long::from({6, 4, 5, -14}))).to_vector() == std::vector<std::int64_t>{12, 12, 0, 42});
  // PyTorch 2.6: the smallest integer has no absolute value, and lcm wraps round
  CHECK(Byte(tl::gcd(Byte::from({-128, 0}), Byte::from({-128, 0}))).to_vector() == std::vector<std::int8_t>{-128, 0});
  CHECK(Byte(tl::lcm(Byte::from({100, 0}), Byte::from({99, 0}))).to_vector() == std::vector<std::int8_t>{-84, 0});
}

TEST_CASE("integer division rounds as it is told and stays integer", "[ops][pointwise]") {
  const Int a = Int::from({7, -7, 7, -7, 6}), b = Int::from({2, 2, -2, -2, 3});
  CHECK(Int(tl::div(a, b, tl::trunc)).to_vector() == std::vector<std::int32_t>{3, -3, -3, 3, 2});
  CHECK(Int(tl::div(a, b, tl::floor)).to_vector() == std::vector<std::int32_t>{3, -4, -4, 3, 2});
  CHECK(tl::Tensor<float>(tl::div(a, b)).to_vector() == std::vector<float>{3.5f, -3.5f, -3.5f, 3.5f, 2.0f});
  const Int least = Int::from({std::numeric_limits<std::int32_t>::min()});
  CHECK(Int(tl::div(least, -1, tl::trunc)).to_vector() == least.to_vector());  // wraps round instead of ending the program
  CHECK(Int(tl::square(a)).to_vector() == std::vector<std::int32_t>{49, 49, 49, 49, 36});
  CHECK(Int(tl::sgn(a)).to_vector() == std::vector<std::int32_t>{1, -1, 1, -1, 1});
}
