// SPDX-License-Identifier: BSD-3-Clause
// What helps to find out what autograd does: anomaly mode, inference mode, hooks for saved tensors, graphs to look at.
#include <support/catch.hpp>

#include <torchlite/autograd/checkpoint.hpp>
#include <torchlite/autograd/function.hpp>
#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/autograd/graph.hpp>
#include <torchlite/autograd/saved_tensors_hooks.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/sqrt.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/shape/split.hpp>
#include <torchlite/tensor/create.hpp>

#include <cmath>

namespace tl = torchlite;
namespace ag = torchlite::autograd;
using Double = tl::Tensor<double>;

namespace {
Double leaf(std::initializer_list<double> values) { return Double({static_cast<std::int64_t>(values.size())}, values).requires_grad_(); }

struct Square : ag::Function<Square> {
  template <class T, class D>
  static tl::Tensor<T, D> forward(ag::Context& context, const tl::Tensor<T, D>& x) {
    context.save_for_backward(x);
    return x * x;
  }
  template <class T, class D>
  static tl::Tensor<T, D> backward(ag::Context& context, const tl::Tensor<T, D>& g) {
    return context.saved<T, D>(0) * g * 2.0;
  }
};
}  // namespace

TEST_CASE("anomaly mode names the operation and the line that made a NaN in backward", "[autograd][anomaly]") {
  const Double x = leaf({-1, 4});
  const auto run = [&] {
    const Double s = tl::sqrt(x);  // this line
    tl::sum(s * 2.0).backward();
  };
  const int line = __LINE__ - 3;
  run();  // without the mode NaN comes out
  CHECK(std::isnan(x.grad().to_vector()[0]));
  CHECK_FALSE(tl::is_anomaly_enabled());
  {
    const tl::DetectAnomalyGuard anomaly;
    CHECK(tl::is_anomaly_enabled());
    CHECK_THROWS_WITH(run(), ContainsSubstring("sqrt") && ContainsSubstring("NaN") && ContainsSubstring("input 0") &&
                                 ContainsSubstring("tools.test.cpp:" + std::to_string(line)));
    const Double fine = leaf({1, 4});
    tl::sum(tl::sqrt(fine)).backward();
    CHECK(fine.grad().to_vector() == std::vector<double>{0.5, 0.25});
    {
      const tl::DetectAnomalyGuard off(false);
      CHECK_NOTHROW(run());
    }
    CHECK(tl::is_anomaly_enabled());
  }
  CHECK_NOTHROW(run());
  tl::set_detect_anomaly(true);
  CHECK_THROWS_AS(run(), tl::Error);
  tl::set_detect_anomaly(false);
}

TEST_CASE("in inference mode nothing is recorded, whatever guards stand inside", "[autograd][inference]") {
  const Double x = leaf({1, 2});
  {
    const tl::InferenceModeGuard inference;
    CHECK(tl::is_inference_mode_enabled());
    CHECK_FALSE(tl::is_grad_enabled());
    const tl::EnableGradGuard enable;
    CHECK_FALSE(Double(x * 2.0).requires_grad());
    const tl::InferenceModeGuard out(false);
    CHECK_FALSE(tl::is_inference_mode_enabled());
    CHECK(Double(x * 2.0).requires_grad());
  }
  CHECK_FALSE(tl::is_inference_mode_enabled());
  CHECK(tl::is_grad_enabled());
  CHECK(Double(x * 2.0).requires_grad());
}

TEST_CASE("hooks keep what is saved for backward, and give it back", "[autograd][saved]") {
  int packed = 0, unpacked = 0;
  const auto pack = [&](const tl::AnyTensor& t) {
    ++packed;
    return t.get<double>().to_vector();
  };
  tl::Shape sizes{2};
  const auto unpack = [&](const std::vector<double>& values) {
    ++unpacked;
    return Double::from(values, sizes);
  };
  const Double x = leaf({1, 2}), y = leaf({3, 5});
  Double z;
  SECTION("of pointwise operations") {
    {
      const ag::SavedTensorsHooksGuard guard(pack, unpack);
      z = tl::sum(Double(x * y));
    }
    CHECK(packed == 2);
    CHECK(unpacked == 0);
    z.backward({}, true);
    CHECK(unpacked == 2);
    CHECK(x.grad().to_vector() == std::vector<double>{3, 5});
    CHECK(y.grad().to_vector() == std::vector<double>{1, 2});
    z.backward();
    CHECK(unpacked == 4);
    CHECK(x.grad().to_vector() == std::vector<double>{6, 10});
  }
  SECTION("of results that are saved") {
    {
      const ag::SavedTensorsHooksGuard guard(pack, unpack);
      z = tl::sum(Double(tl::exp(x)));
    }
    CHECK(packed == 1);
    z.backward();
    CHECK(x.grad().to_vector()[1] == Approx(std::exp(2.0)));
  }
  SECTION("of other operations and custom functions") {
    sizes = {1, 2};
    const Double a = Double({1, 2}, {1, 2}).requires_grad_();
    {
      const ag::SavedTensorsHooksGuard guard(pack, unpack);
      z = tl::sum(Square::apply(a));
    }
    CHECK(packed == 1);
    z.backward();
    CHECK(a.grad().to_vector() == std::vector<double>{2, 4});
    const Double b = Double({1, 1}, {7}).requires_grad_();
    {
      const ag::SavedTensorsHooksGuard guard([](const tl::AnyTensor& t) { return t.get<double>().to_vector(); },
                                             [](const std::vector<double>& v) {
                                               return Double::from(v, {1, static_cast<std::int64_t>(v.size())});
                                             });
      z = tl::sum(tl::matmul(b, a));
    }
    z.backward();
    CHECK(b.grad().to_vector() == std::vector<double>{3});
    CHECK(a.grad().to_vector() == std::vector<double>{2 + 7, 4 + 7});
  }
  SECTION("and derivatives of second order go through what was unpacked") {
    const ag::SavedTensorsHooksGuard guard(pack, unpack);
    const Double u = x * 1.0;
    const auto [first] = ag::grad({tl::sum(Double(u * u * u))}, {x}, {.create_graph = true});
    CHECK(first.to_vector() == std::vector<double>{3, 12});
    const auto [second] = ag::grad({tl::sum(first)}, {x});
    CHECK(second.to_vector() == std::vector<double>{6, 12});
    const auto [leaf_first] = ag::grad({tl::sum(Double(x * x * y))}, {x}, {.create_graph = true});
    const auto [leaf_second] = ag::grad({tl::sum(leaf_first)}, {x});
    CHECK(leaf_second.to_vector() == std::vector<double>{6, 10});
    sizes = {2};
    CHECK(tl::gradgradcheck([](const Double& t) { return tl::exp(t) * t; }, x));
  }
}

TEST_CASE("hooks that break the rules are errors", "[autograd][saved]") {
  const Double x = leaf({1, 2}), y = leaf({3, 4});
  Double z;
  {
    const ag::SavedTensorsHooksGuard wrong([](const tl::AnyTensor&) { return 0; }, [](int) { return tl::ones<double>({3}); });
    z = tl::sum(Double(x * y));
  }
  CHECK_THROWS_WITH(z.backward(), ContainsSubstring("saved_tensors_hooks") && ContainsSubstring("[2]") && ContainsSubstring("[3]"));
  {
    const ag::SavedTensorsHooksGuard rude(
        [](const tl::AnyTensor& t) {
          t.get<double>().add_(1.0);
          return t;
        },
        [](const tl::AnyTensor& t) { return t; });
    CHECK_THROWS_WITH(Double(x * y), ContainsSubstring("pack hook modified"));
  }
  const Double u = x * 1.0;
  {
    const ag::SavedTensorsHooksGuard keep([](const tl::AnyTensor& t) { return t; }, [](const tl::AnyTensor& t) { return t; });
    z = tl::sum(Double(u * u));
  }
  u.add_(1.0);
  CHECK_THROWS_WITH(z.backward(), ContainsSubstring("modified in place"));
  CHECK_NOTHROW(tl::sum(Double(x * y)).backward());  // no hooks are left behind
}

TEST_CASE("retain_grad keeps the gradient of a tensor in the middle", "[autograd][retain]") {
  const Double x = leaf({1, 2});
  const Double y = x * 3.0;
  CHECK_FALSE(y.retains_grad());
  y.retain_grad();
  y.retain_grad();
  CHECK(y.retains_grad());
  y.register_hook([](const Double& g) { return Double(g * 10.0); });  // runs before what is retained
  const Double z = tl::sum(Double(y * y));
  z.backward({}, true);
  CHECK(y.grad().to_vector() == std::vector<double>{60, 120});
  CHECK(x.grad().to_vector() == std::vector<double>{180, 360});
  z.backward();
  CHECK(y.grad().to_vector() == std::vector<double>{120, 240});
  Double later;
  {
    const Double gone = x * 2.0;
    gone.retain_grad();
    later = tl::sum(gone);
  }
  CHECK_NOTHROW(later.backward());
  CHECK_FALSE(x.retains_grad());
  x.retain_grad();  // a leaf does anyway
  CHECK_THROWS_WITH(Double({1}, {1}).retain_grad(), ContainsSubstring("retain_grad"));
  const Double v = x * 2.0;
  v.retain_grad();
  v.mul_(5.0);
  tl::sum(v).backward();
  CHECK(v.grad().to_vector() == std::vector<double>{1, 1});
}

TEST_CASE("the graph is walked by names, lines and leaves", "[autograd][graph]") {
  const Double x = leaf({1, 2}), w = Double({2, 2}, {1, 2, 3, 4}).requires_grad_();
  const Double e = tl::exp(x);
  const Double y = tl::matmul(w, e);
  const ag::GraphNode top = ag::node_of(y);
  CHECK(std::string(top.name()) == std::string(y.grad_fn()));
  std::vector<ag::GraphNode> seen{top};
  bool found_exp = false, found_x = false, found_w = false;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const ag::GraphNode node = seen[i];
    if (node.name() == "exp") {
      found_exp = true;
      CHECK(std::string_view(node.site().file).find("tools.test.cpp") != std::string_view::npos);
      REQUIRE(node.next_functions().size() >= 1);
      CHECK(node.next_functions()[0].name() == "AccumulateGrad");
      REQUIRE(node.input_sizes(0) != nullptr);
      CHECK(*node.input_sizes(0) == tl::Shape{2});
    }
    if (node.is_leaf()) {
      found_x |= node.variable().ref() == x.ref();
      found_w |= node.variable().ref() == w.ref();
    }
    for (const ag::GraphNode& next : node.next_functions())
      if (next.defined()) seen.push_back(next);
  }
  CHECK((found_exp && found_x && found_w));
  CHECK(ag::node_of(x) == ag::node_of(e).next_functions()[0]);
  CHECK_FALSE(ag::node_of(Double({1}, {1})).defined());
  CHECK(ag::node_of(tl::chunk(x, 2)[1]).defined());
}

TEST_CASE("a graph is drawn once for each node, however often it is used", "[autograd][graph]") {
  const Double x = Double({2, 3}, {1, 2, 3, 4, 5, 6}).requires_grad_();
  const Double e = tl::exp(x);
  const std::string dot = ag::to_dot(tl::sum(Double(e * e)));
  const auto count = [&](const std::string& what) {
    std::size_t n = 0;
    for (std::size_t at = dot.find(what); at != std::string::npos; at = dot.find(what, at + 1)) ++n;
    return n;
  };
  CHECK(dot.rfind("digraph", 0) == 0);
  CHECK(dot.back() == '\n');
  CHECK(count("label = \"exp\"") == 1);
  CHECK(count("label = \"mul\"") == 1);
  CHECK(count("leaf\\nfloat64 [2, 3]") == 1);
  CHECK(count("[label = \"[2, 3]\"]") >= 3);  // e twice, x once
  CHECK(count("float64 []") == 1);
  CHECK(count("{") == count("}"));
  Double deep = x;
  for (int i = 0; i < 20000; ++i) deep = Double(deep + 1.0);
  CHECK(ag::to_dot(deep).size() > 20000);
}
