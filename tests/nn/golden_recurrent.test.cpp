// SPDX-License-Identifier: BSD-3-Clause
#include "golden.hpp"

#include <torchlite/nn/rnn.hpp>
#include <torchlite/ops/methods.hpp>

namespace nn = torchlite::nn;
using namespace replay;
using Real = Tensor<double>;

namespace {
/// Several results: their gradients are those of the sum of all, each times its cotangent.
template <class M>
void compare_all(M& m, const Sample& s, const std::vector<Real>& results, const std::vector<Real>& inputs) {
  REQUIRE(results.size() == s.num_outputs());
  Real total = tl::zeros<double, Device>({});
  for (std::size_t i = 0; i < results.size(); ++i) {
    CAPTURE(i);
    CHECK(matches(results[i], s.out(i)));
    total = total + tl::sum(Real(results[i] * tensor<double>(*s.cotangent(i))));
  }
  total.backward();
  for (std::size_t i = 0; i < inputs.size(); ++i) CHECK(matches(inputs[i].grad(), *s.grad_of_module_input(i)));
  std::size_t parameters = 0;
  for (const auto& [name, parameter] : m.named_parameters()) {
    CAPTURE(name);
    CHECK(matches(parameter.grad(), s.at("gparam." + name)));
    ++parameters;
  }
  CHECK(parameters > 0);
}
std::vector<Real> inputs_of(const Sample& s) {
  std::vector<Real> list;
  for (std::size_t i = 0; i < s.num_inputs(); ++i) list.push_back(Real(tensor<double>(s.in(i)).requires_grad_()));
  return list;
}
nn::RnnNonlinearity nonlinearity(const Sample& s, std::size_t position) {
  const Json* j = s.ctor_argument(position, "nonlinearity");
  return j != nullptr && j->get<std::string>() == "relu" ? nn::RnnNonlinearity::relu : nn::RnnNonlinearity::tanh;
}
nn::RNNOptions options(const Sample& s) {
  return {.input_size = integer(s, 0, "input_size", 0),
          .hidden_size = integer(s, 1, "hidden_size", 0),
          .num_layers = integer(s, 2, "num_layers", 1),
          .nonlinearity = nonlinearity(s, 99),
          .bias = flag(s, 99, "bias", true),
          .batch_first = flag(s, 99, "batch_first", false),
          .dropout = number(s, 99, "dropout", 0),
          .bidirectional = flag(s, 99, "bidirectional", false),
          .proj_size = integer(s, 99, "proj_size", 0)};
}
nn::RNNCellOptions cell_options(const Sample& s) {
  return {integer(s, 0, "input_size", 0), integer(s, 1, "hidden_size", 0), flag(s, 2, "bias", true), nonlinearity(s, 3)};
}
template <class M, class Forward, class Options>
void replay_all(const char* name, Options make_options, Forward forward) {
  int compared = 0;
  for (const Sample& s : golden::modules().samples(name)) {
    CAPTURE(name, s.info.dump());
    M m(make_options(s));
    load_state(m, s);
    const std::vector<Real> inputs = inputs_of(s);
    compare_all(m, s, forward(m, inputs), inputs);
    ++compared;
  }
  CHECK(compared > 0);
}
const auto simple = [](auto& m, const std::vector<Real>& in) {
  const auto [output, h_n] = m(in[0], in.size() > 1 ? in[1] : Real());
  return std::vector<Real>{output, h_n};
};
}  // namespace

TEST_CASE("RNN and GRU are PyTorch's: layers, directions, biases, with and without a state", "[nn][golden]") {
  replay_all<nn::RNN<double, Device>>("RNN", options, simple);
  replay_all<nn::GRU<double, Device>>("GRU", options, simple);
}

TEST_CASE("LSTM is PyTorch's, projections included", "[nn][golden]") {
  replay_all<nn::LSTM<double, Device>>("LSTM", options, [](auto& m, const std::vector<Real>& in) {
    const auto [output, state] = in.size() > 1 ? m(in[0], {in[1], in[2]}) : m(in[0]);
    return std::vector<Real>{output, state.h, state.c};
  });
}

TEST_CASE("recurrent cells are PyTorch's", "[nn][golden]") {
  const auto one = [](auto& m, const std::vector<Real>& in) { return std::vector<Real>{m(in[0], in.size() > 1 ? in[1] : Real())}; };
  replay_all<nn::RNNCell<double, Device>>("RNNCell", cell_options, one);
  replay_all<nn::GRUCell<double, Device>>("GRUCell", cell_options, one);
  replay_all<nn::LSTMCell<double, Device>>("LSTMCell", cell_options, [](auto& m, const std::vector<Real>& in) {
    const auto [h, c] = in.size() > 1 ? m(in[0], {in[1], in[2]}) : m(in[0]);
    return std::vector<Real>{h, c};
  });
}
