// SPDX-License-Identifier: BSD-3-Clause
// Recurrent networks over whole sequences.
#pragma once
#include <torchlite/nn/parameter_dict.hpp>
#include <torchlite/nn/rnn_cell.hpp>
#include <torchlite/ops/random/dropout.hpp>
#include <torchlite/ops/shape/cat.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/squeeze.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct RNNOptions {
  std::int64_t input_size = 0;
  std::int64_t hidden_size = 0;
  std::int64_t num_layers = 1;
  RnnNonlinearity nonlinearity = RnnNonlinearity::tanh;  ///< of RNN
  bool bias = true;
  bool batch_first = false;  ///< sequences are [N, L, ...] instead of [L, N, ...]
  double dropout = 0;        ///< of what goes from layer to layer, in training
  bool bidirectional = false;
  std::int64_t proj_size = 0;  ///< of LSTM: if not 0, what it shows is projected to this size
};

/// All outputs of the last layer, and the last state of every layer and direction.
template <class T, class D>
struct RNNResult {
  Tensor<T, D> output;  ///< [L, N, directions * hidden]
  Tensor<T, D> h_n;     ///< [layers * directions, N, hidden]
};
template <class T, class D>
struct LSTMResult {
  Tensor<T, D> output;
  LstmState<T, D> state;  ///< h and c, each [layers * directions, N, ...]
};

/// What RNN, LSTM and GRU share. Parameters have PyTorch's names, weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, ... with _reverse for the
/// second direction, and start uniform in +-1 / sqrt(hidden_size).
template <class Self, class T, class D, int gates>
struct RNNBase : Module<Self> {
  using Y = Tensor<T, D>;

  RNNBase() = default;
  RNNBase(const RNNOptions& o) : options(o) {
    check<Error>(o.hidden_size > 0 && o.num_layers > 0 && o.input_size >= 0,
                 "{}: input_size {}, hidden_size {} and num_layers {}; sizes must be positive", reflect::class_name<Self>(), o.input_size,
                 o.hidden_size, o.num_layers);
    check<Error>(o.dropout >= 0 && o.dropout <= 1, "{}: dropout is {}; it must be in [0, 1]", reflect::class_name<Self>(), o.dropout);
    check<Error>(o.proj_size >= 0 && o.proj_size < o.hidden_size && (o.proj_size == 0 || gates == 4),
                 "{}: proj_size is {}; only LSTM projects, to less than hidden_size {}", reflect::class_name<Self>(), o.proj_size,
                 o.hidden_size);
    for (std::int64_t layer = 0; layer < o.num_layers; ++layer)
      for (int direction = 0; direction < directions(); ++direction) {
        const std::string name = suffix(layer, direction);
        const std::int64_t in = layer == 0 ? o.input_size : directions() * shown_size();
        parameters_by_name.emplace("weight_ih" + name, empty<T, D>({gates * o.hidden_size, in}));
        parameters_by_name.emplace("weight_hh" + name, empty<T, D>({gates * o.hidden_size, shown_size()}));
        if (o.bias) {
          parameters_by_name.emplace("bias_ih" + name, empty<T, D>({gates * o.hidden_size}));
          parameters_by_name.emplace("bias_hh" + name, empty<T, D>({gates * o.hidden_size}));
        }
        if (o.proj_size > 0) parameters_by_name.emplace("weight_hr" + name, empty<T, D>({o.proj_size, o.hidden_size}));
      }
    reset_parameters();
  }

  void reset_parameters() {
    const double bound = 1 / std::sqrt(static_cast<double>(options.hidden_size));
    for (auto& [name, parameter] : parameters_by_name) init::uniform_(parameter, -bound, bound);
  }

  std::string extra_repr() const {
    std::string text = format_text("{}, {}", options.input_size, options.hidden_size);
    if (options.proj_size != 0) text += format_text(", proj_size={}", options.proj_size);
    if (options.num_layers != 1) text += format_text(", num_layers={}", options.num_layers);
    if (!options.bias) text += ", bias=False";
    if (options.batch_first) text += ", batch_first=True";
    if (options.dropout != 0) text += ", dropout=" + repr(options.dropout);
    if (options.bidirectional) text += ", bidirectional=True";
    return text;
  }
  auto fields() { return nn::fields("", parameters_by_name, "options", options, "training", training); }

  RNNOptions options;
  ParameterDict<T, D> parameters_by_name;
  bool training = true;

 protected:
  int directions() const { return options.bidirectional ? 2 : 1; }
  std::int64_t shown_size() const { return options.proj_size > 0 ? options.proj_size : options.hidden_size; }
  static std::string suffix(std::int64_t layer, int direction) { return format_text("_l{}{}", layer, direction == 0 ? "" : "_reverse"); }
  Y find(const char* kind, const std::string& name) const {
    const std::string full = kind + name;
    return parameters_by_name.contains(full) ? Y(parameters_by_name[full]) : Y();
  }

  /// Input and states as [L, N, ...], whatever was given; checked. An undefined state becomes zeros.
  struct Sequence {
    Y x;
    bool batched;
  };
  Sequence sequence(const Y& given) const {
    const bool batched = given.dim() == 3;
    check<ShapeError>((batched || given.dim() == 2) && given.size(-1) == options.input_size,
                      "{}: input of shape {}; it must be {} (or [L, {}] without a batch)", reflect::class_name<Self>(), given.sizes().str(),
                      (options.batch_first ? "[N, L, " : "[L, N, ") + std::to_string(options.input_size) + "]", options.input_size);
    Y x = batched ? given : unsqueeze(given, 1);
    if (batched && options.batch_first) x = transpose(x, 0, 1);
    check<ShapeError>(x.size(0) > 0, "{}: input of shape {}; a sequence has at least one step", reflect::class_name<Self>(),
                      given.sizes().str());
    return {x, batched};
  }
  Y initial(const Y& state, const Sequence& s, std::int64_t size) const {
    const Shape wanted{options.num_layers * directions(), s.x.size(1), size};
    if (!state.defined()) return zeros<T, D>(wanted);
    const Y h = s.batched ? state : (state.dim() == 2 ? unsqueeze(state, 1) : state);
    check<ShapeError>(h.sizes() == wanted, "{}: a state of shape {}; it must be {}{}", reflect::class_name<Self>(), state.sizes().str(),
                      wanted.str(), s.batched ? "" : " without the 1");
    return h;
  }
  Y output_of(const Y& y, const Sequence& s) const {
    if (!s.batched) return squeeze(y, 1);
    return options.batch_first ? transpose(y, 0, 1) : y;
  }

  /// Goes through all layers and directions: step(x's share of the gates, suffix, state number) gives what is shown; begin and end are told
  /// when a direction of a layer starts and ends.
  template <class Begin, class Step, class End>
  Y run(Y x, Begin begin, Step step, End end) const {
    const std::int64_t length = x.size(0);
    for (std::int64_t layer = 0; layer < options.num_layers; ++layer) {
      std::vector<Y> sides;
      for (int direction = 0; direction < directions(); ++direction) {
        const std::string name = suffix(layer, direction);
        begin(layer * directions() + direction);
        const Y gates_of_x = torchlite::linear(x, find("weight_ih", name), find("bias_ih", name));
        const Y w_hh = find("weight_hh", name), b_hh = find("bias_hh", name), w_hr = find("weight_hr", name);
        std::vector<Y> shown(static_cast<std::size_t>(length));
        for (std::int64_t i = 0; i < length; ++i) {
          const std::int64_t t = direction == 0 ? i : length - 1 - i;
          shown[static_cast<std::size_t>(t)] = step(select(gates_of_x, 0, t), w_hh, b_hh, w_hr);
        }
        end();
        sides.push_back(stack(shown, 0));
      }
      x = sides.size() == 1 ? sides[0] : cat(sides, -1);
      if (options.dropout != 0 && layer + 1 < options.num_layers) x = torchlite::dropout(x, options.dropout, training);
    }
    return x;
  }

  /// Networks whose state is what they show.
  template <class Step>
  RNNResult<T, D> run_simple(const Y& input, const Y& h_0, Step step) const {
    const Sequence s = sequence(input);
    const Y before = initial(h_0, s, options.hidden_size);
    Y h;
    std::vector<Y> last;
    const Y y = run(
        s.x, [&](std::int64_t k) { h = select(before, 0, k); },
        [&](const Y& gates_of_x, const Y& w_hh, const Y& b_hh, const Y&) { return h = step(gates_of_x, h, w_hh, b_hh); },
        [&] { last.push_back(h); });
    const Y h_n = stack(last, 0);
    return {output_of(y, s), s.batched ? h_n : squeeze(h_n, 1)};
  }
};

/// Elman networks, one above the other: h_t = tanh(w_ih x_t + b_ih + w_hh h_(t-1) + b_hh).
///   x [L, N, input] ([N, L, input] with batch_first, [L, input] without a batch), h_0 [layers * directions, N, hidden] or undefined: zeros
///   -> output [L, N, directions * hidden], h_n as h_0
///   auto [output, h_n] = rnn(x);
template <class T = float, class D = Cpu>
struct RNN : RNNBase<RNN<T, D>, T, D, 1> {
  RNN() = default;
  RNN(std::int64_t input_size, std::int64_t hidden_size, std::int64_t num_layers = 1)
      : RNN(RNNOptions{.input_size = input_size, .hidden_size = hidden_size, .num_layers = num_layers}) {}
  RNN(const RNNOptions& o) : RNNBase<RNN, T, D, 1>(o) {}

  RNNResult<T, D> forward(const Tensor<T, D>& x, const Tensor<T, D>& h_0 = {}) const {
    const bool rectified = this->options.nonlinearity == RnnNonlinearity::relu;
    return this->run_simple(
        x, h_0, [&](const auto& g, const auto& h, const auto& w, const auto& b) { return ops::rnn_step(g, h, w, b, rectified, Site{}); });
  }
};

/// Gated recurrent units, one above the other; shapes as for RNN.
/// Source: Cho et al., EMNLP 2014.
template <class T = float, class D = Cpu>
struct GRU : RNNBase<GRU<T, D>, T, D, 3> {
  GRU() = default;
  GRU(std::int64_t input_size, std::int64_t hidden_size, std::int64_t num_layers = 1)
      : GRU(RNNOptions{.input_size = input_size, .hidden_size = hidden_size, .num_layers = num_layers}) {}
  GRU(const RNNOptions& o) : RNNBase<GRU, T, D, 3>(o) {}

  RNNResult<T, D> forward(const Tensor<T, D>& x, const Tensor<T, D>& h_0 = {}) const {
    return this->run_simple(x, h_0,
                            [](const auto& g, const auto& h, const auto& w, const auto& b) { return ops::gru_step(g, h, w, b, Site{}); });
  }
};

/// Long short-term memories, one above the other.
///   x as for RNN, state.h [layers * directions, N, hidden or proj_size], state.c [layers * directions, N, hidden], or none: zeros
///   -> output [L, N, directions * hidden (or proj_size)], state of the same sizes
///   auto [output, state] = lstm(x, {h, c});
/// Source: Hochreiter and Schmidhuber, 1997; Sak et al., 2014 (the projection).
template <class T = float, class D = Cpu>
struct LSTM : RNNBase<LSTM<T, D>, T, D, 4> {
  LSTM() = default;
  LSTM(std::int64_t input_size, std::int64_t hidden_size, std::int64_t num_layers = 1)
      : LSTM(RNNOptions{.input_size = input_size, .hidden_size = hidden_size, .num_layers = num_layers}) {}
  LSTM(const RNNOptions& o) : RNNBase<LSTM, T, D, 4>(o) {}

  LSTMResult<T, D> operator()(const Tensor<T, D>& x, const LstmState<T, D>& state = {}) const { return forward(x, state); }
  LSTMResult<T, D> forward(const Tensor<T, D>& x, const LstmState<T, D>& state = {}) const {
    using Z = Tensor<T, D>;
    const auto s = this->sequence(x);
    const Z h_0 = this->initial(state.h, s, this->shown_size()), c_0 = this->initial(state.c, s, this->options.hidden_size);
    LstmState<T, D> now;
    std::vector<Z> last_h, last_c;
    const Z y = this->run(
        s.x,
        [&](std::int64_t k) {
          now = {select(h_0, 0, k), select(c_0, 0, k)};
        },
        [&](const Z& gates_of_x, const Z& w_hh, const Z& b_hh, const Z& w_hr) {
          now = step(gates_of_x, now, w_hh, b_hh);
          if (w_hr.defined()) now.h = torchlite::linear(now.h, w_hr);
          return now.h;
        },
        [&] { last_h.push_back(now.h), last_c.push_back(now.c); });
    const Z h_n = stack(last_h, 0), c_n = stack(last_c, 0);
    if (s.batched) return {this->output_of(y, s), {h_n, c_n}};
    return {this->output_of(y, s), {squeeze(h_n, 1), squeeze(c_n, 1)}};
  }

 private:
  static LstmState<T, D> step(const Tensor<T, D>& gates_of_x, const LstmState<T, D>& state, const Tensor<T, D>& w_hh,
                              const Tensor<T, D>& b_hh) {
    return ops::lstm_step(gates_of_x, state, w_hh, b_hh, Site{});
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
