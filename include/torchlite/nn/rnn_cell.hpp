// SPDX-License-Identifier: BSD-3-Clause
// Recurrent networks, one step at a time.
#pragma once
#include <torchlite/nn/init.hpp>
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/recurrent/cells.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

enum class RnnNonlinearity { tanh, relu };

struct RNNCellOptions {
  std::int64_t input_size = 0;
  std::int64_t hidden_size = 0;
  bool bias = true;
  RnnNonlinearity nonlinearity = RnnNonlinearity::tanh;  ///< of RNNCell
};

/// What the cells share. All parameters start uniform in +-1 / sqrt(hidden_size).
template <class Self, class T, class D, int gates>
struct RNNCellBase : Module<Self> {
  RNNCellBase() = default;
  RNNCellBase(const RNNCellOptions& o)
      : options(o),
        weight_ih(empty<T, D>({gates * o.hidden_size, o.input_size})),
        weight_hh(empty<T, D>({gates * o.hidden_size, o.hidden_size})) {
    if (o.bias) bias_ih = empty<T, D>({gates * o.hidden_size}), bias_hh = empty<T, D>({gates * o.hidden_size});
    reset_parameters();
  }

  void reset_parameters() {
    const double bound = options.hidden_size > 0 ? 1 / std::sqrt(static_cast<double>(options.hidden_size)) : 0;
    for (Parameter<T, D>* p : {&weight_ih, &weight_hh, &bias_ih, &bias_hh})
      if (p->defined()) init::uniform_(*p, -bound, bound);
  }
  /// The state before the first step.
  Tensor<T, D> zero_state(const Tensor<T, D>& x) const {
    return x.dim() == 1 ? zeros<T, D>({options.hidden_size}) : zeros<T, D>({x.size(0), options.hidden_size});
  }

  std::string extra_repr() const {
    std::string text = format_text("{}, {}", options.input_size, options.hidden_size);
    if (!options.bias) text += ", bias=False";
    if (options.nonlinearity == RnnNonlinearity::relu) text += ", nonlinearity=relu";
    return text;
  }
  auto fields() {
    return nn::fields("weight_ih", weight_ih, "weight_hh", weight_hh, "bias_ih", bias_ih, "bias_hh", bias_hh, "options", options);
  }

  RNNCellOptions options;
  Parameter<T, D> weight_ih, weight_hh, bias_ih, bias_hh;
};

/// One step of an Elman network; no state means zeros.
///   x [N, input] or [input], h [N, hidden] or [hidden] -> h's sizes
template <class T = float, class D = Cpu>
struct RNNCell : RNNCellBase<RNNCell<T, D>, T, D, 1> {
  RNNCell() = default;
  RNNCell(std::int64_t input_size, std::int64_t hidden_size) : RNNCell(RNNCellOptions{input_size, hidden_size}) {}
  RNNCell(const RNNCellOptions& o) : RNNCellBase<RNNCell, T, D, 1>(o) {}

  Tensor<T, D> forward(const Tensor<T, D>& x, const Tensor<T, D>& h = {}) const {
    const Tensor<T, D> state = h.defined() ? h : this->zero_state(x);
    if (this->options.nonlinearity == RnnNonlinearity::relu)
      return rnn_relu_cell<T, D>(x, state, this->weight_ih, this->weight_hh, this->bias_ih, this->bias_hh);
    return rnn_tanh_cell<T, D>(x, state, this->weight_ih, this->weight_hh, this->bias_ih, this->bias_hh);
  }
};

/// One step of a long short-term memory; no state means zeros.
///   x [N, input] or [input], state.h and state.c [N, hidden] or [hidden] -> h, c
///   auto [h, c] = cell(x, {h, c});
template <class T = float, class D = Cpu>
struct LSTMCell : RNNCellBase<LSTMCell<T, D>, T, D, 4> {
  LSTMCell() = default;
  LSTMCell(std::int64_t input_size, std::int64_t hidden_size) : LSTMCell(RNNCellOptions{input_size, hidden_size}) {}
  LSTMCell(const RNNCellOptions& o) : RNNCellBase<LSTMCell, T, D, 4>(o) {}

  LstmState<T, D> operator()(const Tensor<T, D>& x, const LstmState<T, D>& state = {}) const { return forward(x, state); }
  LstmState<T, D> forward(const Tensor<T, D>& x, const LstmState<T, D>& state = {}) const {
    const LstmState<T, D> before = state.h.defined() ? state : LstmState<T, D>{this->zero_state(x), this->zero_state(x)};
    return lstm_cell<T, D>(x, before, this->weight_ih, this->weight_hh, this->bias_ih, this->bias_hh);
  }
};

/// One step of a gated recurrent unit; no state means zeros.
///   x [N, input] or [input], h [N, hidden] or [hidden] -> h's sizes
template <class T = float, class D = Cpu>
struct GRUCell : RNNCellBase<GRUCell<T, D>, T, D, 3> {
  GRUCell() = default;
  GRUCell(std::int64_t input_size, std::int64_t hidden_size) : GRUCell(RNNCellOptions{input_size, hidden_size}) {}
  GRUCell(const RNNCellOptions& o) : RNNCellBase<GRUCell, T, D, 3>(o) {}

  Tensor<T, D> forward(const Tensor<T, D>& x, const Tensor<T, D>& h = {}) const {
    return gru_cell<T, D>(x, h.defined() ? h : this->zero_state(x), this->weight_ih, this->weight_hh, this->bias_ih, this->bias_hh);
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
