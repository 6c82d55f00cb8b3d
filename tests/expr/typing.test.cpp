// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/isnan.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/pointwise/where.hpp>

namespace tl = torchlite;

namespace {

template <class... T>
struct Types {};
// In the order of the table below.
using All = Types<std::uint8_t, std::int8_t, std::int16_t, std::int32_t, std::int64_t, tl::half, tl::bfloat16, float, double, bool>;

constexpr auto u1 = tl::Dtype::uint8, i1 = tl::Dtype::int8, i2 = tl::Dtype::int16, i4 = tl::Dtype::int32, i8 = tl::Dtype::int64,
               f2 = tl::Dtype::float16, bf = tl::Dtype::bfloat16, f4 = tl::Dtype::float32, f8 = tl::Dtype::float64, b1 = tl::Dtype::boolean;

// torch.promote_types of all pairs.
constexpr tl::Dtype table[10][10] = {
    {u1, i2, i2, i4, i8, f2, bf, f4, f8, u1},  // uint8
    {i2, i1, i2, i4, i8, f2, bf, f4, f8, i1},  // int8
    {i2, i2, i2, i4, i8, f2, bf, f4, f8, i2},  // int16
    {i4, i4, i4, i4, i8, f2, bf, f4, f8, i4},  // int32
    {i8, i8, i8, i8, i8, f2, bf, f4, f8, i8},  // int64
    {f2, f2, f2, f2, f2, f2, f4, f4, f8, f2},  // float16
    {bf, bf, bf, bf, bf, f4, bf, f4, f8, bf},  // bfloat16
    {f4, f4, f4, f4, f4, f4, f4, f4, f8, f4},  // float32
    {f8, f8, f8, f8, f8, f8, f8, f8, f8, f8},  // float64
    {u1, i1, i2, i4, i8, f2, bf, f4, f8, b1},  // bool
};

template <class A, class... B>
void check_row(int row, Types<B...>) {
  int column = 0;
  (
      [&] {
        CAPTURE(row, column);
        CHECK(tl::dtype_v<tl::promote_t<A, B>> == table[row][column]);
        using Sum = tl::OpTyping<tl::pointwise::Add, tl::TensorKind<A>, tl::TensorKind<B>>;
        CHECK(tl::dtype_v<typename Sum::value_type> == table[row][column]);
        ++column;
      }(),
      ...);
}

template <class... A>
void check_table(Types<A...> all) {
  int row = 0;
  (check_row<A>(row++, all), ...);
}

template <class E>
using value_of = tl::value_t<E>;
template <class T>
using T_ = tl::Tensor<T>;

}  // namespace

TEST_CASE("two tensors promote as PyTorch's table says, for every pair of dtypes", "[expr][typing]") { check_table(All{}); }

TEST_CASE("a number raises a dtype only from one kind to the next", "[expr][typing]") {
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(std::declval<T_<float>>() * 2.0)>, float>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(std::declval<T_<tl::half>>() * 2.0)>, tl::half>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(std::declval<T_<tl::bfloat16>>() + 1)>, tl::bfloat16>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(std::declval<T_<std::int32_t>>() + std::int64_t(2))>, std::int32_t>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(std::declval<T_<std::uint8_t>>() * 3)>, std::uint8_t>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(std::declval<T_<std::int64_t>>() + 0.5)>, double>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(std::declval<T_<std::int64_t>>() + 0.5f)>, float>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(std::declval<T_<bool>>() + 1)>, std::int32_t>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(std::declval<T_<bool>>() + std::int64_t(1))>, std::int64_t>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(2.0 - std::declval<T_<float>>())>, float>);
}

TEST_CASE("what an operation gives follows from its kind of result", "[expr][typing]") {
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(tl::exp(std::declval<T_<std::int32_t>>()))>, float>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(tl::exp(std::declval<T_<bool>>()))>, float>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(tl::exp(std::declval<T_<double>>()))>, double>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(std::declval<T_<std::int64_t>>() / std::declval<T_<std::int64_t>>())>, float>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(std::declval<T_<double>>() < std::declval<T_<float>>())>, bool>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(std::declval<T_<std::int32_t>>() == 3)>, bool>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(tl::isnan(std::declval<T_<tl::half>>()))>, bool>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(std::declval<T_<float>>() && std::declval<T_<bool>>())>, bool>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(!std::declval<T_<std::int8_t>>())>, bool>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(tl::to<std::int8_t>(std::declval<T_<double>>()))>, std::int8_t>);
  STATIC_REQUIRE(std::is_same_v<
                 value_of<decltype(tl::where(std::declval<T_<bool>>(), std::declval<T_<std::int16_t>>(), std::declval<T_<tl::half>>()))>,
                 tl::half>);
  STATIC_REQUIRE(std::is_same_v<value_of<decltype(std::declval<T_<std::uint8_t>>() + std::declval<T_<std::int8_t>>())>, std::int16_t>);
}

TEST_CASE("only conversions that keep the kind happen without being asked for", "[expr][typing]") {
  STATIC_REQUIRE(tl::converts_implicitly<float, double> && !tl::converts_implicitly<double, float>);
  STATIC_REQUIRE(tl::converts_implicitly<tl::half, float> && !tl::converts_implicitly<float, tl::half>);
  STATIC_REQUIRE(!tl::converts_implicitly<tl::half, tl::bfloat16> && !tl::converts_implicitly<tl::bfloat16, tl::half>);
  STATIC_REQUIRE(tl::converts_implicitly<std::int32_t, std::int64_t> && !tl::converts_implicitly<std::int64_t, std::int32_t>);
  STATIC_REQUIRE(tl::converts_implicitly<std::uint8_t, std::int16_t> && !tl::converts_implicitly<std::uint8_t, std::int8_t>);
  STATIC_REQUIRE(tl::converts_implicitly<bool, std::uint8_t> && !tl::converts_implicitly<float, std::int64_t>);
}
