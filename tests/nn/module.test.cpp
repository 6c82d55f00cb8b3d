// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/nn/activations.hpp>
#include <torchlite/nn/batch_norm.hpp>
#include <torchlite/nn/dropout.hpp>
#include <torchlite/nn/embedding.hpp>
#include <torchlite/nn/linear.hpp>
#include <torchlite/nn/module_list.hpp>
#include <torchlite/nn/sequential.hpp>
#include <torchlite/nn/summary.hpp>
#include <torchlite/ops/methods.hpp>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <tuple>

namespace tl = torchlite;
namespace nn = tl::nn;

namespace {
template <class T = float, class D = tl::Cpu>
struct Net : nn::Module<Net<T, D>> {
  std::int64_t width = 3;
  double rate = 0.5;
  std::string title = "net";
  std::function<int(int)> hook = nullptr;
  nn::Linear<T, D> first{2, width};
  nn::BatchNorm1d<T, D> norm{width};
  nn::Dropout dropout{0.25};
  nn::Sequential<nn::Linear<T, D>, nn::ReLU, nn::Linear<T, D>> mlp{{width, 4}, {}, {4, width}};
  nn::ModuleList<nn::Linear<T, D>> list{2, [this](auto) { return nn::Linear<T, D>{width, width}; }};
  nn::Parameter<T, D> scale{tl::Tensor<T, D>({1}, {T(2)})};
  tl::Tensor<T, D> not_registered = {};

  auto forward(const tl::Tensor<T, D>& x) {
    tl::Tensor h = mlp(dropout(norm(first(x))));
    for (auto& linear : list) h = linear(h);
    return tl::Tensor(h * scale);
  }
};

template <class T = float, class D = tl::Cpu>
struct Containers : nn::Module<Containers<T, D>> {
  std::vector<nn::Linear<T, D>> list{{1, 2}, {2, 3}};
  std::array<nn::Linear<T, D>, 1> array{{{1, 1}}};
  std::optional<nn::Linear<T, D>> some = nn::Linear<T, D>{1, 1}, none = std::nullopt;
  std::tuple<nn::ReLU, nn::Linear<T, D>> pair{nn::ReLU{}, nn::Linear<T, D>{1, 1}};
  std::map<std::string, nn::Linear<T, D>> by_name{{"left", {1, 1}}};
  std::unique_ptr<nn::Linear<T, D>> owned = std::make_unique<nn::Linear<T, D>>(1, 1);
  std::vector<nn::Parameter<T, D>> loose{nn::Parameter<T, D>(tl::empty<T, D>({7}))};
  std::vector<int> numbers{1, 2, 3};
};

std::vector<std::string> names(const tl::StateDict& dict) {
  std::vector<std::string> list;
  for (const auto& [name, tensor] : dict) list.push_back(name);
  return list;
}
}  // namespace

TEST_CASE("a plain struct's fields are its parameters, named as in PyTorch", "[nn][module]") {
  Net<> net;
  CHECK(names(net.state_dict()) == std::vector<std::string>{"scale", "first.weight", "first.bias", "norm.weight", "norm.bias",
                                                            "norm.running_mean", "norm.running_var", "norm.num_batches_tracked",
                                                            "mlp.0.weight", "mlp.0.bias", "mlp.2.weight", "mlp.2.bias", "list.0.weight",
                                                            "list.0.bias", "list.1.weight", "list.1.bias"});
  CHECK(net.parameters().size() == 13);
  CHECK(net.buffers().size() == 3);
  CHECK(net.num_parameters() == 1 + 9 + 6 + 16 + 15 + 24);
  for (const auto& p : net.parameters()) CHECK(p.requires_grad());
  net.requires_grad_(false);
  CHECK_FALSE(net.first.weight.requires_grad());
}

TEST_CASE("fields can be given by name, and later fields follow", "[nn][module]") {
  Net<> net{.width = 5};
  CHECK(net.first.weight.sizes() == tl::Shape{5, 2});
  CHECK(net.list[1].weight.sizes() == tl::Shape{5, 5});
}

TEST_CASE("containers of modules and parameters are entered, by index or key", "[nn][module]") {
  Containers<> c;
  CHECK(names(c.state_dict()) == std::vector<std::string>{"list.0.weight", "list.0.bias", "list.1.weight", "list.1.bias", "array.0.weight",
                                                          "array.0.bias", "some.weight", "some.bias", "pair.1.weight", "pair.1.bias",
                                                          "by_name.left.weight", "by_name.left.bias", "owned.weight", "owned.bias",
                                                          "loose.0"});
  const auto copy = c.clone();
  CHECK(copy.num_parameters() == c.num_parameters());
  CHECK(copy.owned->weight.data() != c.owned->weight.data());
  CHECK(copy.loose[0].sizes() == tl::Shape{7});
  CHECK_FALSE(copy.none.has_value());
}

TEST_CASE("train and eval reach every flag", "[nn][module]") {
  Net<> net;
  CHECK(net.is_training());
  net.eval();
  CHECK_FALSE(net.dropout.training);
  CHECK_FALSE(net.norm.training);
  CHECK_FALSE(net.is_training());
  net.train();
  CHECK(net.norm.training);
}

TEST_CASE("copies share memory, clones do not", "[nn][module]") {
  Net<> net;
  const Net<> shared = net;
  Net<> deep = net.clone();
  CHECK(shared.first.weight.data() == net.first.weight.data());
  CHECK(deep.first.weight.data() != net.first.weight.data());
  CHECK(deep.first.weight.to_vector() == net.first.weight.to_vector());
  CHECK(deep.first.weight.requires_grad());
  CHECK(deep.title == "net");
}

TEST_CASE("to<double>() gives the same network in double", "[nn][module]") {
  Net<> net{.width = 4};
  net.eval();
  Net<double> wide = net.to<double>();
  CHECK(wide.width == 4);
  CHECK_FALSE(wide.norm.training);
  CHECK(wide.norm.num_batches_tracked.item() == 0);
  const auto x = tl::Tensor<float>({3, 2}, {1, 2, 3, 4, 5, 6});
  const auto y = net(x).to_vector();
  const auto z = wide(tl::Tensor<double>({3, 2}, {1, 2, 3, 4, 5, 6})).to_vector();
  for (std::size_t i = 0; i < y.size(); ++i) CHECK(y[i] == Approx(z[i]).margin(1e-5));
}

TEST_CASE("tied parameters are listed once, saved twice and stay tied in a clone", "[nn][module]") {
  struct Tied : nn::Module<Tied> {
    nn::Linear<> in{2, 2}, out{2, 2};
  };
  Tied tied;
  tied.out.weight = tied.in.weight;
  CHECK(tied.parameters().size() == 3);
  CHECK(tied.state_dict().size() == 4);
  const auto copy = tied.clone();
  CHECK(copy.out.weight.ref() == copy.in.weight.ref());
  CHECK_FALSE(copy.out.weight.ref() == tied.in.weight.ref());
}

TEST_CASE("a state dict that does not fit is refused whole, with names and shapes", "[nn][state_dict]") {
  Net<> net, other{.width = 4};
  const auto before = other.norm.weight.to_vector();
  CHECK_THROWS_WITH(other.load_state_dict(net.state_dict()),
                    ContainsSubstring("first.weight") && ContainsSubstring("[3, 2]") && ContainsSubstring("[4, 2]"));
  CHECK(other.norm.weight.to_vector() == before);

  tl::StateDict dict = net.state_dict();
  dict["surplus"] = tl::Tensor<float>({1}, {1.0f});
  CHECK_THROWS_WITH(net.load_state_dict(dict), ContainsSubstring("surplus"));
  const nn::LoadResult result = net.load_state_dict(dict, false);
  CHECK(result.unexpected_keys == std::vector<std::string>{"surplus"});
  CHECK(result.missing_keys.empty());
  CHECK_THROWS_WITH(net.load_state_dict({}), ContainsSubstring("mlp.2.bias: missing"));
}

TEST_CASE("loading converts dtypes", "[nn][state_dict]") {
  nn::Linear<double> wide{2, 2};
  nn::Linear<float> narrow{2, 2};
  narrow.load_state_dict(wide.state_dict());
  CHECK(narrow.weight.data()[3] == static_cast<float>(wide.weight.data()[3]));
}

TEST_CASE("apply calls a function for the modules it takes", "[nn][module]") {
  Net<> net;
  int linears = 0;
  net.apply([&](nn::Linear<>& linear) {
    nn::init::zeros_(linear.bias);
    ++linears;
  });
  CHECK(linears == 5);
  CHECK(net.mlp.get<2>().bias.data()[0] == 0);
}

TEST_CASE("modules print as PyTorch's do", "[nn][module]") {
  struct Small : nn::Module<Small> {
    nn::Linear<> fc{4, 2};
    nn::Sequential<nn::BatchNorm1d<>, nn::GELU, nn::Softmax> tail{{2}, {}, {1}};
  };
  CHECK(fmt::format("{}", Small()) ==
        "Small(\n"
        "  (fc): Linear(in_features=4, out_features=2, bias=True)\n"
        "  (tail): Sequential(\n"
        "    (0): BatchNorm1d(2, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)\n"
        "    (1): GELU(approximate='none')\n"
        "    (2): Softmax(dim=1)\n"
        "  )\n"
        ")");
}

TEST_CASE("the summary shows output shapes and parameters and leaves the network as it was", "[nn][summary]") {
  Net<> net;
  const std::string table = nn::summary(net, {5, 2});
  CHECK_THAT(table, ContainsSubstring("Linear (mlp.0)") && ContainsSubstring("[5, 4]") && ContainsSubstring("parameters: 71"));
  CHECK(net.is_training());
  CHECK(net.norm.num_batches_tracked.item() == 0);
  CHECK_THROWS_AS(nn::summary(net, {5, 9}), tl::ShapeError);
  CHECK(net.is_training());
  CHECK(nn::forward_observer() == nullptr);
}

TEST_CASE("zero_grad forgets all gradients", "[nn][module]") {
  nn::Linear<> linear{2, 1};
  linear(tl::Tensor<float>({1, 2}, {1, 2})).backward();
  CHECK(linear.weight.grad().to_vector() == std::vector<float>{1, 2});
  linear.zero_grad();
  CHECK_FALSE(linear.weight.grad().defined());
}

TEST_CASE("Embedding refuses numbers beyond its rows", "[nn][embedding]") {
  nn::Embedding<float> table{10, 4};
  CHECK_THROWS_AS(table(tl::Tensor<std::int64_t>({2}, {9, 10})), tl::IndexError);
  nn::Embedding<float> padded{{.num_embeddings = 3, .embedding_dim = 2, .padding_idx = -1}};
  CHECK(padded(tl::Tensor<std::int64_t>({1}, {2})).to_vector() == std::vector<float>{0, 0});
}
