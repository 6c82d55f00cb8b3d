// SPDX-License-Identifier: BSD-3-Clause
#include "golden.hpp"

#include <torchlite/nn/rnn.hpp>
#include <torchlite/ops/methods.hpp>

namespace nn = torchlite::nn;
using namespace replay;
using Real = tl::Tensor<double>;

namespace {
Real numbers(const tl::Shape& sizes, std::uint64_t seed) {
  Real x = tl::empty<double>(sizes);
  for (std::int64_t i = 0; i < x.numel(); ++i) x.data()[i] = 2 * golden::uniform(seed, static_cast<std::uint64_t>(i)) - 1;
  return x;
}
}  // namespace

TEST_CASE("a recurrent layer gives what its cell gives step by step, for a batch and batch first", "[nn]") {
  nn::LSTM<double> lstm({.input_size = 3, .hidden_size = 4, .batch_first = true});
  nn::LSTMCell<double> cell(3, 4);
  tl::NoGradGuard guard;
  cell.weight_ih.copy_(lstm.parameters_by_name["weight_ih_l0"]);
  cell.weight_hh.copy_(lstm.parameters_by_name["weight_hh_l0"]);
  cell.bias_ih.copy_(lstm.parameters_by_name["bias_ih_l0"]);
  cell.bias_hh.copy_(lstm.parameters_by_name["bias_hh_l0"]);
  const Real x = numbers({2, 5, 3}, 1);
  const auto [output, state] = lstm(x);
  CHECK(output.sizes() == tl::Shape{2, 5, 4});
  CHECK(state.h.sizes() == tl::Shape{1, 2, 4});
  tl::LstmState<double, tl::Cpu> s;
  for (int t = 0; t < 5; ++t) {
    s = cell(Real(tl::select(x, 1, t)), s);
    CHECK(golden::difference(s.h.to_vector(), Real(tl::select(output, 1, t)).to_vector()) < 1e-14);
  }
  CHECK(golden::difference(s.c.to_vector(), state.c.to_vector()) < 1e-14);
  // One sequence of the batch, alone.
  CHECK(golden::difference(lstm(Real(tl::select(x, 0, 1))).output.to_vector(), Real(tl::select(output, 0, 1)).to_vector()) < 1e-14);
}

TEST_CASE("dropout between layers acts in training only; copies of a network have memory of their own", "[nn]") {
  nn::GRU<float> gru({.input_size = 2, .hidden_size = 3, .num_layers = 2, .dropout = 0.5});
  const tl::Tensor<float> x = tl::ones<float>({4, 1, 2});
  tl::manual_seed(1);
  const auto a = gru(x).output.to_vector();
  CHECK(a != gru(x).output.to_vector());
  gru.eval();
  CHECK(gru(x).output.to_vector() == gru(x).output.to_vector());
  const nn::GRU<float> copy = gru.clone();
  CHECK(copy(x).output.to_vector() == gru(x).output.to_vector());
  CHECK(copy.parameters_by_name["weight_ih_l1"].data() != gru.parameters_by_name["weight_ih_l1"].data());
  const nn::GRU<double> wide = gru.to<double>();
  CHECK(wide(tl::ones<double>({4, 1, 2})).output.to_vector()[0] == Approx(static_cast<double>(gru(x).output.to_vector()[0])));
  CHECK(gru.str() == "GRU(2, 3, num_layers=2, dropout=0.5)");
  CHECK(gru.state_dict().size() == 8);
}

TEST_CASE("recurrent layers refuse what does not fit", "[nn]") {
  nn::RNN<float> rnn(2, 3);
  CHECK_THROWS_WITH(rnn(tl::ones<float>({4, 1, 5})), ContainsSubstring("[4, 1, 5]") && ContainsSubstring("[L, N, 2]"));
  CHECK_THROWS_WITH(rnn(tl::ones<float>({4, 1, 2}), tl::ones<float>({2, 1, 3})), ContainsSubstring("[2, 1, 3]"));
  CHECK_THROWS_WITH(rnn(tl::ones<float>({0, 1, 2})), ContainsSubstring("at least one step"));
  CHECK_THROWS_WITH(nn::GRU<float>({.input_size = 2, .hidden_size = 3, .proj_size = 2}), ContainsSubstring("only LSTM projects"));
  CHECK_THROWS_WITH((nn::GRUCell<float>(2, 3)(tl::ones<float>({4, 5}))), ContainsSubstring("[4, 5]"));
}

namespace {
/// Results and gradients of a layer, fused or composed of operations.
template <class Cell, class T>
struct LayerRun {
  using Y = tl::Tensor<T>;
  std::vector<Y> inputs;  // x, h_0, c_0, w_ih, w_hh, b_ih, b_hh
  bool reversed;

  LayerRun(std::int64_t length, std::int64_t batch, std::int64_t in, std::int64_t hidden, bool backwards, bool with_state, bool bias)
      : inputs(7), reversed(backwards) {
    const std::int64_t all = Cell::gates * hidden;
    const auto fill = [](const tl::Shape& sizes, std::uint64_t seed) { return Y(numbers(sizes, seed).template to<T>()).requires_grad_(); };
    inputs[0] = fill({length, batch, in}, 1);
    if (with_state) inputs[1] = fill({batch, hidden}, 2);
    if (with_state && Cell::gates == 4) inputs[2] = fill({batch, hidden}, 3);
    inputs[3] = fill({all, in}, 4), inputs[4] = fill({all, hidden}, 5);
    if (bias) inputs[5] = fill({all}, 6), inputs[6] = fill({all}, 7);
  }
  Y loss(bool fused) const {
    const tl::LstmState<T, tl::Cpu> state{inputs[1], inputs[2]};
    const tl::ops::RecurrentWeights<T, tl::Cpu> w{inputs[3], inputs[4], inputs[5], inputs[6]};
    const auto r = fused ? tl::ops::recurrent_layer<Cell>("layer", inputs[0], state, w, reversed)
                         : tl::ops::composed_layer<Cell>(inputs[0], state, w, reversed);
    const auto weights = [](const Y& y) { return Y(numbers(y.sizes(), 9).template to<T>()); };
    Y total = tl::sum(Y(r.y * weights(r.y))) + tl::sum(Y(r.h * r.h));
    if (r.c.defined()) total = total + tl::sum(Y(r.c * weights(r.c)));
    return total;
  }
  /// The loss, the gradients of all inputs, and those of the sum of the gradients' squares.
  std::vector<std::vector<double>> numbers_of(bool fused, bool second) const {
    std::vector<Y> wanted;
    for (const Y& x : inputs)
      if (x.defined()) wanted.push_back(x);
    const std::vector<Y> none;
    const Y y = loss(fused);
    const auto list = [](const Y& t) { return t.template to<double>().eval().to_vector(); };
    std::vector<std::vector<double>> out{list(y)};
    const std::vector<Y> outputs{y};
    const auto first = tl::autograd::grad<T, tl::Cpu, T>(outputs, wanted, none, {.create_graph = second});
    for (const Y& g : first) out.push_back(list(g));
    if (!second) return out;
    Y squares = tl::zeros<T>({});
    for (const Y& g : first) squares = squares + tl::sum(Y(g * g));
    const std::vector<Y> again{squares};
    for (const Y& g : tl::autograd::grad<T, tl::Cpu, T>(again, wanted, none)) out.push_back(list(g));
    return out;
  }
};
template <class Cell, class T>
void compare_fused(double tolerance) {
  struct Size {
    std::int64_t length, batch, in, hidden;
  };
  for (const Size& s : {Size{1, 1, 1, 1}, Size{3, 2, 4, 3}, Size{2, 27, 5, 17}, Size{4, 3, 2, 70}, Size{2, 9, 33, 32}})
    for (const int variant : {0, 1, 2, 3}) {
      const LayerRun<Cell, T> run(s.length, s.batch, s.in, s.hidden, variant % 2 == 1, variant >= 2, variant != 1);
      CAPTURE(s.length, s.batch, s.hidden, variant);
      const bool second = s.hidden < 20 && sizeof(T) == 8;
      const auto got = run.numbers_of(true, second), want = run.numbers_of(false, second);
      REQUIRE(got.size() == want.size());
      for (std::size_t i = 0; i < got.size(); ++i) {
        CAPTURE(i);
        double largest = 0;
        for (const double v : want[i]) largest = std::max(largest, std::fabs(v));
        CHECK(golden::difference(got[i], want[i]) <= tolerance * (1 + largest));
      }
    }
}
}  // namespace

TEST_CASE("a layer in one kernel gives the numbers of its steps, to the second derivative, for all sizes and directions", "[nn]") {
  compare_fused<tl::backend::LstmCell, double>(1e-13);
  compare_fused<tl::backend::GruCell, double>(1e-13);
  compare_fused<tl::backend::ElmanCell<false>, double>(1e-13);
  compare_fused<tl::backend::ElmanCell<true>, double>(1e-13);
  compare_fused<tl::backend::LstmCell, float>(1e-5);
  compare_fused<tl::backend::GruCell, float>(1e-5);
}

TEST_CASE("a recurrent layer's numbers do not depend on the number of threads", "[nn]") {
  const int before = tl::get_num_threads();
  // Batches that leave one sequence over, gates that leave one column over, more gates than one block of a product.
  for (const auto& [batch, hidden] : {std::pair<std::int64_t, std::int64_t>{37, 48}, {25, 33}, {50, 65}, {25, 160}}) {
    const LayerRun<tl::backend::LstmCell, float> run(3, batch, 20, hidden, false, true, true);
    tl::set_num_threads(1);
    const auto one = run.numbers_of(true, false);
    for (const int threads : {2, 3, 5}) {
      CAPTURE(batch, hidden, threads);
      tl::set_num_threads(threads);
      CHECK(run.numbers_of(true, false) == one);
    }
  }
  tl::set_num_threads(before);
}

TEST_CASE("a recurrent layer notices that its result was modified before backward, and carries NaNs", "[nn]") {
  nn::LSTM<float> lstm(3, 4);
  const auto y = lstm(tl::ones<float>({2, 1, 3})).output;
  {
    const tl::NoGradGuard guard;
    y.detach().fill_(0);
  }
  CHECK_THROWS_WITH(tl::sum(y).backward(), ContainsSubstring("modified in place"));
  const auto bad = tl::full<float>({2, 2, 3}, 1);
  bad.data()[0] = std::numeric_limits<float>::quiet_NaN();
  const auto out = lstm(bad).output.to_vector();
  for (std::size_t i = 0; i < 16; ++i) CHECK(std::isnan(out[i]) == (i < 4 || (i >= 8 && i < 12)));
}

TEST_CASE("without a graph a layer gives the same states", "[nn]") {
  nn::LSTM<float> lstm({.input_size = 3, .hidden_size = 5, .num_layers = 2, .bidirectional = true});
  const tl::Tensor<float> x = numbers({6, 3, 3}, 3).to<float>();
  const auto recorded = lstm(x);
  const tl::NoGradGuard guard;
  const auto plain = lstm(x);
  CHECK(plain.output.to_vector() == recorded.output.to_vector());
  CHECK(plain.state.h.to_vector() == recorded.state.h.to_vector());
  CHECK(plain.state.c.to_vector() == recorded.state.c.to_vector());
}
