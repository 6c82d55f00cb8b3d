// SPDX-License-Identifier: BSD-3-Clause
// One step of recurrent networks.
#pragma once
#include <torchlite/ops/linalg/linear.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/relu.hpp>
#include <torchlite/ops/pointwise/sigmoid.hpp>
#include <torchlite/ops/pointwise/tanh.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/ops/shape/split.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The state of an LSTM: what it shows and what it keeps.
template <class T, class D>
struct LstmState {
  Tensor<T, D> h, c;
};

namespace ops {

// The steps take x's share of the gates, so that a layer computes that of all steps at once.
template <class T, class D>
Tensor<T, D> rnn_step(const Tensor<T, D>& from_x, const Tensor<T, D>& h, const Tensor<T, D>& w_hh, const Tensor<T, D>& b_hh, bool rectified,
                      Site site) {
  const Tensor<T, D> from_h = linear(h, w_hh, b_hh, site);
  if (rectified) return relu(from_x + from_h);
  return tanh(from_x + from_h);
}
template <class T, class D>
LstmState<T, D> lstm_step(const Tensor<T, D>& from_x, const LstmState<T, D>& state, const Tensor<T, D>& w_hh, const Tensor<T, D>& b_hh,
                          Site site) {
  const std::int64_t size = w_hh.size(0) / 4;
  const auto gates = split(from_x + linear(state.h, w_hh, b_hh, site), std::vector(4, size), -1, site);
  const Tensor<T, D> c = sigmoid(gates[1]) * state.c + sigmoid(gates[0]) * tanh(gates[2]);
  const Tensor<T, D> h = sigmoid(gates[3]) * tanh(c);
  return {h, c};
}
template <class T, class D>
Tensor<T, D> gru_step(const Tensor<T, D>& from_x, const Tensor<T, D>& h, const Tensor<T, D>& w_hh, const Tensor<T, D>& b_hh, Site site) {
  const std::int64_t size = w_hh.size(0) / 3;
  const std::vector parts(3, size);
  const auto of_x = split(from_x, parts, -1, site), of_h = split(linear(h, w_hh, b_hh, site), parts, -1, site);
  const Tensor<T, D> z = sigmoid(of_x[1] + of_h[1]);
  const Tensor<T, D> n = tanh(of_x[2] + sigmoid(of_x[0] + of_h[0]) * of_h[2]);
  return n + z * (h - n);
}

template <class T, class D>
void check_cell(const char* op, const Tensor<T, D>& x, const Tensor<T, D>& h, const Tensor<T, D>& w_ih, const Tensor<T, D>& w_hh,
                std::int64_t gates) {
  check<ShapeError>(w_ih.dim() == 2 && w_hh.dim() == 2 && w_ih.size(0) == w_hh.size(0) && w_hh.size(0) % gates == 0,
                    "{}: weights of shapes {} and {}; they must be [{} hidden, input] and [{} hidden, hidden]", op, w_ih.sizes().str(),
                    w_hh.sizes().str(), gates, gates);
  check<ShapeError>((x.dim() == 1 || x.dim() == 2) && h.dim() == x.dim() && x.size(-1) == w_ih.size(1) && h.size(-1) == w_hh.size(1) &&
                        (x.dim() == 1 || x.size(0) == h.size(0)),
                    "{}: an input of shape {} and a state of shape {}; they must be [N, {}] and [N, {}], or both without N", op,
                    x.sizes().str(), h.sizes().str(), w_ih.size(1), w_hh.size(1));
}

}  // namespace ops

/// tanh(w_ih x + b_ih + w_hh h + b_hh).
///   x [N, input] or [input], h [N, hidden] or [hidden], w_ih [hidden, input], w_hh [hidden, hidden], biases [hidden] or undefined -> h's sizes
/// Source: Elman, Finding structure in time, 1990.
template <class T, class D>
Tensor<T, D> rnn_tanh_cell(const Tensor<T, D>& x, const Tensor<T, D>& h, const Tensor<T, D>& w_ih, const Tensor<T, D>& w_hh,
                           const Tensor<T, D>& b_ih = {}, const Tensor<T, D>& b_hh = {}, Site site = Site::current()) {
  ops::check_cell("rnn_tanh_cell", x, h, w_ih, w_hh, 1);
  return ops::rnn_step(linear(x, w_ih, b_ih, site), h, w_hh, b_hh, false, site);
}
/// The same with relu in place of tanh.
template <class T, class D>
Tensor<T, D> rnn_relu_cell(const Tensor<T, D>& x, const Tensor<T, D>& h, const Tensor<T, D>& w_ih, const Tensor<T, D>& w_hh,
                           const Tensor<T, D>& b_ih = {}, const Tensor<T, D>& b_hh = {}, Site site = Site::current()) {
  ops::check_cell("rnn_relu_cell", x, h, w_ih, w_hh, 1);
  return ops::rnn_step(linear(x, w_ih, b_ih, site), h, w_hh, b_hh, true, site);
}
/// c' = sigmoid(f) c + sigmoid(i) tanh(g) and h' = sigmoid(o) tanh(c'), the gates i, f, g, o being the parts of w_ih x + b_ih + w_hh h + b_hh.
///   x [N, input] or [input], state.h and state.c [N, hidden] or [hidden], weights [4 hidden, ...], biases [4 hidden] or undefined -> h, c
/// Source: Hochreiter and Schmidhuber, Long short-term memory, 1997.
template <class T, class D>
LstmState<T, D> lstm_cell(const Tensor<T, D>& x, const LstmState<T, D>& state, const Tensor<T, D>& w_ih, const Tensor<T, D>& w_hh,
                          const Tensor<T, D>& b_ih = {}, const Tensor<T, D>& b_hh = {}, Site site = Site::current()) {
  ops::check_cell("lstm_cell", x, state.h, w_ih, w_hh, 4);
  check<ShapeError>(state.c.sizes() == state.h.sizes(), "lstm_cell: h has shape {} and c has shape {}; they must be equal",
                    state.h.sizes().str(), state.c.sizes().str());
  return ops::lstm_step(linear(x, w_ih, b_ih, site), state, w_hh, b_hh, site);
}
/// h' = (1 - z) n + z h with z = sigmoid(z_x + z_h), n = tanh(n_x + sigmoid(r_x + r_h) n_h), the parts r, z, n of w_ih x + b_ih and w_hh h + b_hh.
///   x [N, input] or [input], h [N, hidden] or [hidden], weights [3 hidden, ...], biases [3 hidden] or undefined -> h's sizes
/// Source: Cho et al., Learning phrase representations using RNN encoder-decoder, EMNLP 2014.
template <class T, class D>
Tensor<T, D> gru_cell(const Tensor<T, D>& x, const Tensor<T, D>& h, const Tensor<T, D>& w_ih, const Tensor<T, D>& w_hh,
                      const Tensor<T, D>& b_ih = {}, const Tensor<T, D>& b_hh = {}, Site site = Site::current()) {
  ops::check_cell("gru_cell", x, h, w_ih, w_hh, 3);
  return ops::gru_step(linear(x, w_ih, b_ih, site), h, w_hh, b_hh, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
