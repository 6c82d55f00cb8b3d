// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/nn/reflect.hpp>

#include <any>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace reflect = torchlite::nn::reflect;

namespace {
template <class Self>
struct Base {
  using module_type = Self;
};
struct NoDefault {
  explicit NoDefault(int) {}
};
template <class T>
struct Many : Base<Many<T>> {
  std::int64_t width = 32;
  NoDefault part{1};
  std::optional<T> some = std::nullopt;
  std::function<T(T)> function = nullptr;
  std::vector<std::vector<T>> list = {};
  std::unique_ptr<T> owned = nullptr;
  std::variant<int, T> either = 0;
  std::any any = {};
  bool last_one = true;
};
struct Nothing : Base<Nothing> {};
struct Alone {
  int x_1;
};
struct Full : Base<Full> {
  int a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0, a7 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0, b6 = 0, b7 = 0,
      c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, c6 = 0, c7 = 0, d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, d5 = 0, d6 = 0, d7 = 0,
      e0 = 0, e1 = 0, e2 = 0, e3 = 0, e4 = 0, e5 = 0, e6 = 0, e7 = 0, f0 = 0, f1 = 0, f2 = 0, f3 = 0, f4 = 0, f5 = 0, f6 = 0, f7 = 0,
      g0 = 0, g1 = 0, g2 = 0, g3 = 0, g4 = 0, g5 = 0, g6 = 0, g7 = 0, h0 = 0, h1 = 0, h2 = 0, h3 = 0, h4 = 0, h5 = 0, h6 = 0, h7 = 0;
};
}  // namespace

TEST_CASE("the fields of an aggregate are counted, whatever they are", "[nn][reflect]") {
  STATIC_REQUIRE(reflect::field_count<Many<float>> == 9);
  STATIC_REQUIRE(reflect::field_count<Nothing> == 0);
  STATIC_REQUIRE(reflect::field_count<Alone> == 1);
  STATIC_REQUIRE(reflect::field_count<Full> == 64);
}

TEST_CASE("fields have the names they have in the program", "[nn][reflect]") {
  CHECK(reflect::field_name<Many<float>, 0> == "width");
  CHECK(reflect::field_name<Many<float>, 1> == "part");
  CHECK(reflect::field_name<Many<double>, 8> == "last_one");
  CHECK(reflect::field_name<Alone, 0> == "x_1");
  CHECK(reflect::field_name<Full, 63> == "h7");
  struct Local {
    int inside;
  };
  CHECK(reflect::field_name<Local, 0> == "inside");
}

TEST_CASE("classes have the names they have in the program, without what stands around them", "[nn][reflect]") {
  CHECK(reflect::class_name<Many<std::vector<float>>>() == "Many");
  CHECK(reflect::class_name<Nothing>() == "Nothing");
  struct Local {};
  CHECK(reflect::class_name<Local>() == "Local");
  CHECK(reflect::class_name<std::string>() != "");
}

TEST_CASE("fields can be written through their addresses", "[nn][reflect]") {
  Many<float> many;
  reflect::with_fields(many, [](auto* width, auto*... rest) {
    *width = 7;
    static_assert(sizeof...(rest) == 8);
  });
  CHECK(many.width == 7);
}
