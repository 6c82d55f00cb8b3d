// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/core/shape.hpp>

#include <sstream>

namespace tl = torchlite;

TEST_CASE("sizes in text compare, join and print like the string they stand for", "[core][error]") {
  const tl::Shape shape{2, 3};
  CHECK(shape.str() == "[2, 3]");
  CHECK(shape.str() == std::string("[2, 3]"));
  CHECK(shape.str() == tl::Shape{2, 3}.str());
  CHECK(std::string(shape.str()) + " and " + shape.str() == "[2, 3] and [2, 3]");
  std::ostringstream stream;
  stream << shape.str();
  CHECK(stream.str() == "[2, 3]");
  CHECK(fmt::format("{}", shape.str()) == "[2, 3]");
}

TEST_CASE("a message has its facts in place of the braces", "[core][error]") {
  const tl::Shape shape{4};
  const std::string it = "it";
  CHECK_THROWS_WITH(tl::fail<tl::ShapeError>("op: {} and {}, {} of {}", shape.str(), -3, true, it), "op: [4] and -3, true of it");
  CHECK_THROWS_WITH(tl::fail<tl::ShapeError>("{{{}}} {:.2f} {:>4}|", 'c', 1.0 / 3, 7u), "{c} 0.33    7|");
  CHECK_NOTHROW(tl::check<tl::Error>(true, "{}", 1));
  CHECK_THROWS_AS(tl::check<tl::IndexError>(false, "index: {}", 1), tl::IndexError);
}
