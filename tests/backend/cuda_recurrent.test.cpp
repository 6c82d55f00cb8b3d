// SPDX-License-Identifier: BSD-3-Clause
// Recurrent layers on Cuda, step by step, played on the host and compared with the Cpu's kernels.
#include <support/catch.hpp>

#include <torchlite/backend/cpu/recurrent.hpp>
#include <torchlite/backend/cuda/recurrent_element.hpp>
#include <torchlite/backend/cuda/team.hpp>

#include <cmath>
#include <vector>

namespace {
using namespace torchlite;
using namespace torchlite::backend;
using Numbers = std::vector<double>;

Numbers numbers(std::int64_t n, int seed) {
  Numbers v(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < v.size(); ++i)
    v[i] = static_cast<double>((i * 7919 + static_cast<std::size_t>(seed) * 131) % 2003) / 1001 - 1;
  return v;
}
void check_near(const Numbers& a, const Numbers& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) REQUIRE(std::abs(a[i] - b[i]) <= 1e-13);
}
/// c [m, n] = beta c + a b, b's element (p, j) at b[p * row + j * col].
void multiply(std::int64_t m, std::int64_t n, std::int64_t k, const double* a, const double* b, std::int64_t row, std::int64_t col,
              double beta, double* c) {
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      double sum = 0;
      for (std::int64_t p = 0; p < k; ++p) sum += a[i * k + p] * b[p * row + j * col];
      c[i * n + j] = (beta == 0 ? 0 : beta * c[i * n + j]) + sum;
    }
}

constexpr std::int64_t length = 4, batch = 3, hidden = 5, size = batch * hidden;

/// A layer's memory, and what it computes on either device.
template <class Cell>
struct Layer {
  static constexpr std::int64_t all = Cell::gates * hidden;
  Numbers weight = numbers(all * hidden, 1), bias = numbers(all, 2), h_0 = numbers(size, 3), kept_0 = numbers(size, 4);
  Numbers gates = numbers(length * batch * all, 5), kept = Numbers(length * size), y = Numbers(length * size);
  Numbers dy = numbers(length * size, 6), dkept_n = numbers(size, 7);
  Numbers dgates = Numbers(length * batch * all), dfrom_h = Numbers(length * batch * all), dh_0 = Numbers(size), dkept_0 = Numbers(size);
  RecurrentArguments<double> a;
  RecurrentGradients<double> d;

  Layer(bool reversed, bool given) {
    constexpr bool lstm = std::is_same_v<Cell, LstmCell>;
    a.length = length, a.batch = batch, a.hidden = hidden, a.reversed = reversed;
    a.gates = gates.data(), a.weight = weight.data(), a.y = y.data();
    if (Cell::apart) a.bias_h = bias.data();
    if (Cell::keeps) a.kept = kept.data(), a.kept_step = size;
    if (given) a.h_0 = h_0.data(), d.dh_0 = dh_0.data();
    if (given && lstm) a.kept_0 = kept_0.data(), d.dkept_0 = dkept_0.data(), d.dkept_n = dkept_n.data();
    d.dy = dy.data(), d.dgates = dgates.data();
    if (Cell::apart) d.dfrom_h = dfrom_h.data();
  }
  void on_cpu() {
    recurrent_forward<Cell>(Cpu{}, a);
    recurrent_backward<Cell>(Cpu{}, a, d);
  }
  void as_on_cuda() {
    Numbers from_h(static_cast<std::size_t>(batch * all)), dh(size), dkept = d.dkept_n != nullptr ? dkept_n : Numbers(size);
    cuda::recurrent_steps<Cell>(
        a, static_cast<const double*>(from_h.data()),
        [&](std::int64_t t, const double* h) {
          if (h != nullptr)
            multiply(batch, all, hidden, h, weight.data(), 1, hidden, Cell::apart ? 0 : 1,
                     Cell::apart ? from_h.data() : gates.data() + t * batch * all);
        },
        [](const auto& step) { cuda::play_each(step, step.count()); });
    cuda::recurrent_steps_backward<Cell>(
        a, d, dh.data(), dkept.data(),
        [&](std::int64_t t) {
          multiply(batch, hidden, all, (Cell::apart ? dfrom_h : dgates).data() + t * batch * all, weight.data(), hidden, 1,
                   Cell::apart ? 1 : 0, dh.data());
        },
        [](const auto& step) { cuda::play_each(step, size); });
    if (d.dh_0 != nullptr) dh_0 = dh;
    if (d.dkept_0 != nullptr) dkept_0 = dkept;
  }
};

template <class Cell>
void check_cell() {
  for (const bool reversed : {false, true})
    for (const bool given : {false, true}) {
      Layer<Cell> cpu(reversed, given), cuda(reversed, given);
      cpu.on_cpu();
      cuda.as_on_cuda();
      check_near(cuda.y, cpu.y);
      check_near(cuda.kept, cpu.kept);
      check_near(cuda.dgates, cpu.dgates);
      check_near(cuda.dfrom_h, cpu.dfrom_h);
      check_near(cuda.dh_0, cpu.dh_0);
      check_near(cuda.dkept_0, cpu.dkept_0);
    }
}
}  // namespace

TEST_CASE("recurrent layers on Cuda give the Cpu's values and gradients, in both directions", "[backend][cuda]") {
  check_cell<LstmCell>();
  check_cell<GruCell>();
  check_cell<ElmanCell<false>>();
  check_cell<ElmanCell<true>>();
}
