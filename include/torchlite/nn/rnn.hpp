// SPDX-License-Identifier: BSD-3-Clause
// Recurrent networks over whole sequences.
#pragma once
#include <torchlite/nn/parameter_dict.hpp>
#include <torchlite/nn/rnn_cell.hpp>
#include <torchlite/ops/random/dropout.hpp>
#include <torchlite/ops/recurrent/layer.hpp>
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

  /// Input and states as [L, N, ...], whatever was given; checked. An undefined state stays undefined.
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
    if (!state.defined()) return {};
    const Y h = s.batched ? state : (state.dim() == 2 ? unsqueeze(state, 1) : state);
    check<ShapeError>(h.sizes() == wanted, "{}: a state of shape {}; it must be {}{}", reflect::class_name<Self>(), state.sizes().str(),
                      wanted.str(), s.batched ? "" : " without the 1");
    return h;
  }
  Y output_of(const Y& y, const Sequence& s) const {
    if (!s.batched) return squeeze(y, 1);
    return options.batch_first ? transpose(y, 0, 1) : y;
  }

  /// What a run over all layers gives: h of all steps of the last one, and the last states of each layer and direction.
  struct Run {
    Y y, h, c;
  };
  /// Goes through all layers and directions, Cell being the cell of each. Undefined states are zeros.
  template <class Cell>
  Run run(const Sequence& s, const Y& h_0, const Y& c_0) const {
    Y x = s.x;
    std::vector<Y> last_h, last_c;
    for (std::int64_t layer = 0; layer < options.num_layers; ++layer) {
      std::vector<Y> sides;
      for (int direction = 0; direction < directions(); ++direction) {
        const std::string name = suffix(layer, direction);
        const std::int64_t k = layer * directions() + direction;
        const auto state_of = [k](const Y& all) { return all.defined() ? select(all, 0, k) : Y(); };
        const ops::RecurrentWeights<T, D> weights{find("weight_ih", name), find("weight_hh", name), find("bias_ih", name),
                                                  find("bias_hh", name), find("weight_hr", name)};
        auto result = ops::recurrent_layer<Cell, T, D>(Cell::name, x, {state_of(h_0), state_of(c_0)}, weights, direction == 1);
        sides.push_back(result.y);
        last_h.push_back(result.h);
        if (result.c.defined()) last_c.push_back(result.c);
      }
      x = sides.size() == 1 ? sides[0] : cat(sides, -1);
      if (options.dropout != 0 && layer + 1 < options.num_layers) x = torchlite::dropout(x, options.dropout, training);
    }
    const auto whole = [&](const std::vector<Y>& states) {
      const Y all = states.empty() ? Y() : stack(states, 0);
      return s.batched || !all.defined() ? all : squeeze(all, 1);
    };
    return {output_of(x, s), whole(last_h), whole(last_c)};
  }

  /// Networks whose state is what they show.
  template <class Cell>
  RNNResult<T, D> run_simple(const Y& input, const Y& h_0) const {
    const Sequence s = sequence(input);
    const Run r = run<Cell>(s, initial(h_0, s, options.hidden_size), {});
    return {r.y, r.h};
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
    if (this->options.nonlinearity == RnnNonlinearity::relu) return this->template run_simple<backend::ElmanCell<true>>(x, h_0);
    return this->template run_simple<backend::ElmanCell<false>>(x, h_0);
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
    return this->template run_simple<backend::GruCell>(x, h_0);
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
    const auto s = this->sequence(x);
    auto r = this->template run<backend::LstmCell>(s, this->initial(state.h, s, this->shown_size()),
                                                   this->initial(state.c, s, this->options.hidden_size));
    return {r.y, {r.h, r.c}};
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
