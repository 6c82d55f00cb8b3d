// SPDX-License-Identifier: BSD-3-Clause
// One layer of a recurrent network, in one direction, over whole sequences.
#pragma once
#include <torchlite/autograd/replay.hpp>
#include <torchlite/backend/cpu/recurrent.hpp>
#include <torchlite/ops/recurrent/cells.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/shape/cat.hpp>

namespace torchlite::inline TORCHLITE_ABI::ops {

/// What a layer computes with; undefined states are zeros, undefined biases none.
template <class T, class D>
struct RecurrentWeights {
  Tensor<T, D> w_ih, w_hh, b_ih, b_hh;
  Tensor<T, D> w_hr = {};  ///< of LSTM: what h is projected with
};

/// What a layer gives: h of all steps [L, N, hidden], and the states after the last one [N, hidden]; c is undefined but for LSTM.
template <class T, class D>
struct RecurrentResult {
  Tensor<T, D> y, h, c;
};

/// The layer step by step: step(x's share of the gates, state) gives the next state.
template <class T, class D, class Step>
RecurrentResult<T, D> recurrent_steps(const Tensor<T, D>& x, LstmState<T, D> state, const RecurrentWeights<T, D>& w, bool reversed,
                                      Step step) {
  const std::int64_t length = x.size(0);
  const Tensor<T, D> gates = linear(x, w.w_ih, w.b_ih);
  std::vector<Tensor<T, D>> shown(static_cast<std::size_t>(length));
  for (std::int64_t i = 0; i < length; ++i) {
    const std::int64_t t = reversed ? length - 1 - i : i;
    state = step(select(gates, 0, t), state);
    shown[static_cast<std::size_t>(t)] = state.h;
  }
  return {stack(shown, 0), state.h, state.c};
}

/// The layer as composed of operations, for any device, dtype and order of derivatives.
template <class Cell, class T, class D>
RecurrentResult<T, D> composed_layer(const Tensor<T, D>& x, const LstmState<T, D>& given, const RecurrentWeights<T, D>& w, bool reversed) {
  using Y = Tensor<T, D>;
  const auto start = [&](const Y& s, std::int64_t width) { return s.defined() ? s : zeros<T, D>({x.size(1), width}); };
  LstmState<T, D> state{start(given.h, w.w_hh.size(1)), {}};
  if constexpr (std::is_same_v<Cell, backend::LstmCell>) {
    state.c = start(given.c, w.w_hh.size(0) / 4);
    return recurrent_steps(x, state, w, reversed, [&](const Y& from_x, const LstmState<T, D>& s) {
      LstmState<T, D> next = lstm_step(from_x, s, w.w_hh, w.b_hh, Site{});
      if (w.w_hr.defined()) next.h = linear(next.h, w.w_hr);
      return next;
    });
  } else if constexpr (std::is_same_v<Cell, backend::GruCell>) {
    return recurrent_steps(x, state, w, reversed, [&](const Y& from_x, const LstmState<T, D>& s) {
      return LstmState<T, D>{gru_step(from_x, s.h, w.w_hh, w.b_hh, Site{}), {}};
    });
  } else {
    constexpr bool rectified = std::is_same_v<Cell, backend::ElmanCell<true>>;
    return recurrent_steps(x, state, w, reversed, [&](const Y& from_x, const LstmState<T, D>& s) {
      return LstmState<T, D>{rnn_step(from_x, s.h, w.w_hh, w.b_hh, rectified, Site{}), {}};
    });
  }
}

/// Rows of a dense matrix [..., n], from `first` on.
template <class T, class D>
Tensor<T, D> matrix_rows(const Tensor<T, D>& x, std::int64_t first, std::int64_t count) {
  const std::int64_t n = x.sizes().back();
  return alias(x, {count, n}, {n, 1}, x.storage_offset() + first * n);
}

/// The layer as one kernel and one node of the graph, with the products that concern all steps made at once.
template <class Cell, class T, class D>
class FusedLayer {
 public:
  using Y = Tensor<T, D>;

  FusedLayer(const Y& x, const LstmState<T, D>& state, const RecurrentWeights<T, D>& w, bool reversed) : reversed_(reversed) {
    check_devices("recurrent layer", x, state.h, state.c, w.w_ih, w.w_hh, w.b_ih, w.b_hh);
    const std::int64_t length = x.size(0), batch = x.size(1), hidden = w.w_hh.size(1);
    const bool recorded = autograd::needed(x, state.h, state.c, w.w_ih, w.w_hh, w.b_ih, w.b_hh);
    // Both biases go in with x, unless the cell treats the share of h in its own way.
    Y bias = w.b_ih;
    if (!Cell::apart && w.b_hh.defined()) {
      const NoGradGuard no_grad;
      bias = bias.defined() ? Y(bias + w.b_hh) : w.b_hh;
    }
    x_ = dense(x);
    gates_ = product(matrix_rows(x_, 0, length * batch), transposed(w.w_ih), bias);
    y_ = empty<T, D>({length, batch, hidden});
    if (Cell::keeps) kept_ = empty<T, D>(recorded ? Shape{length, batch, hidden} : Shape{1, batch, hidden});
    w_hh_ = dense(w.w_hh);
    if (state.h.defined()) h_0_ = dense(state.h);
    if (state.c.defined()) c_0_ = dense(state.c);
    auto a = arguments();
    const Y b_hh = Cell::apart && w.b_hh.defined() ? dense(w.b_hh) : Y();
    a.bias_h = pointer(b_hh);
    recurrent_forward<Cell>(D{}, a);
  }

  const Y& y() const { return y_; }
  /// What the last step kept: [N, hidden].
  Y last_kept() const { return matrix_rows(kept_, kept_.size(0) == 1 || reversed_ ? 0 : (y_.size(0) - 1) * y_.size(1), y_.size(1)); }
  /// Has the results not held by the graph that holds this.
  void forget_graph() { y_ = alias(y_, y_.sizes(), y_.strides(), y_.storage_offset()); }

  /// The gradients of x, h_0, c_0 and the weights and biases, as far as they are needed.
  std::vector<Y> backward(const autograd::Pass& pass, const Y& dy, const Y& dc_n, const Y& w_ih) const {
    const std::int64_t length = y_.size(0), batch = y_.size(1), hidden = y_.size(2), rows = length * batch, all = Cell::gates * hidden;
    const Y of_y = dy.defined() ? dense(dy) : Y(), of_c = dc_n.defined() ? dense(dc_n) : Y();
    const Y dgates = empty<T, D>({rows, all}), dfrom_h = Cell::apart ? empty<T, D>({rows, all}) : dgates;
    std::vector<Y> out(7);
    const Shape state{batch, hidden};
    if (pass.needs(1)) out[1] = empty<T, D>(state);
    if (pass.needs(2)) out[2] = empty<T, D>(state);
    backend::RecurrentGradients<T> d;
    d.dy = pointer(of_y), d.dkept_n = pointer(of_c);
    d.dgates = dgates.data(), d.dfrom_h = dfrom_h.data();
    d.dh_0 = pointer(out[1]), d.dkept_0 = pointer(out[2]);
    recurrent_backward<Cell>(D{}, arguments(), d);

    if (pass.needs(0)) out[0] = reshaped(product(dgates, w_ih), x_.sizes());
    if (pass.needs(3)) out[3] = product(transposed(dgates), matrix_rows(x_, 0, rows));
    if (pass.needs(4)) out[4] = weight_gradient(dfrom_h);
    const NoGradGuard no_grad;
    if (pass.needs(5)) out[5] = sum(dgates, Shape{0});
    if (pass.needs(6)) out[6] = Cell::apart || !out[5].defined() ? sum(dfrom_h, Shape{0}) : Y(copy_gradient<T, D>(out[5].ref()));
    return out;
  }

 private:
  static Y reshaped(const Y& t, const Shape& sizes) { return alias(t, sizes, contiguous_strides(sizes), 0); }
  static T* pointer(const Y& t) { return t.defined() ? t.data() : nullptr; }

  backend::RecurrentArguments<T> arguments() const {
    backend::RecurrentArguments<T> a;
    a.length = y_.size(0), a.batch = y_.size(1), a.hidden = y_.size(2);
    a.reversed = reversed_;
    a.gates = gates_.data(), a.weight = w_hh_.data(), a.y = y_.data();
    a.h_0 = pointer(h_0_), a.kept_0 = pointer(c_0_), a.kept = pointer(kept_);
    if (kept_.defined() && kept_.size(0) == a.length) a.kept_step = a.batch * a.hidden;
    return a;
  }
  /// Of w_hh: each step's gradients times the h before it. All but the first step are one product, as they lie.
  Y weight_gradient(const Y& dgates) const {
    const std::int64_t length = y_.size(0), batch = y_.size(1), most = (length - 1) * batch, later = reversed_ ? 0 : batch;
    const Y out = product(transposed(matrix_rows(dgates, later, most)), matrix_rows(y_, batch - later, most));
    if (h_0_.defined()) {
      const std::int64_t hidden = y_.size(2), all = Cell::gates * hidden;
      auto g = backend::GemmArguments<T>::dense(all, hidden, batch, dgates.data() + (reversed_ ? most : 0) * all, h_0_.data(), out.data());
      g.a_row = 1, g.a_col = all, g.beta = 1;
      gemm(D{}, g);
    }
    return out;
  }

  Y x_, gates_, kept_, y_, w_hh_, h_0_, c_0_;
  bool reversed_;
};

/// A layer with Cell as its cell; x [L, N, input].
template <class Cell, class T, class D>
RecurrentResult<T, D> recurrent_layer(const char* op, const Tensor<T, D>& x, const LstmState<T, D>& state, const RecurrentWeights<T, D>& w,
                                      bool reversed, Site site = {}) {
  if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>) {
    if (w.w_hr.defined() || x.numel() == 0) return composed_layer<Cell>(x, state, w, reversed);
    using Y = Tensor<T, D>;
    FusedLayer<Cell, T, D> layer(x, state, w, reversed);
    std::vector<Y> results{layer.y()};
    if constexpr (std::is_same_v<Cell, backend::LstmCell>) results.push_back(layer.last_kept());
    if (autograd::needed(x, state.h, state.c, w.w_ih, w.w_hh, w.b_ih, w.b_hh)) {
      layer.forget_graph();
      std::array<autograd::Saved<T, D>, 8> saved{autograd::save(x),      autograd::save(state.h),         autograd::save(state.c),
                                                 autograd::save(w.w_ih), autograd::save(w.w_hh),          autograd::save(w.b_ih),
                                                 autograd::save(w.b_hh), autograd::save_output(layer.y())};
      results = autograd::record(op, site, std::move(results), autograd::inputs(x, state.h, state.c, w.w_ih, w.w_hh, w.b_ih, w.b_hh),
                                 [layer, saved, reversed](const autograd::Pass& pass, const std::vector<Y>& g) {
                                   std::vector<Y> in;
                                   for (const auto& s : saved) in.push_back(s.get());
                                   in.pop_back();  // the result, of which only the version counts
                                   if (!pass.create_graph()) return layer.backward(pass, g[0], g.size() > 1 ? g[1] : Y(), in[3]);
                                   return autograd::replay<T, D>(
                                       [reversed](const std::vector<Y>& i) {
                                         auto r = composed_layer<Cell>(i[0], LstmState<T, D>{i[1], i[2]},
                                                                       RecurrentWeights<T, D>{i[3], i[4], i[5], i[6]}, reversed);
                                         return std::vector<Y>{r.y, r.c};
                                       },
                                       in, g);
                                 });
    }
    return {results[0], select(results[0], 0, reversed ? 0 : x.size(0) - 1), results.size() > 1 ? results[1] : Y()};
  } else {
    return composed_layer<Cell>(x, state, w, reversed);
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI::ops
