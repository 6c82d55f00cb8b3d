// SPDX-License-Identifier: BSD-3-Clause
// The kernels of Cuda, computed by the Cpu's when the fake stream comes to them.
#pragma once
#include "fake_runtime.hpp"

#include <torchlite/backend/cpu/gemm.hpp>
#include <torchlite/backend/cpu/map.hpp>
#include <torchlite/backend/cpu/optimizer.hpp>
#include <torchlite/backend/cpu/random.hpp>
#include <torchlite/backend/cpu/reduce.hpp>
#include <torchlite/backend/cuda/memory.cuh>

#include <deque>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Memory operands whose shapes live as long as the launch.
class FakeOperands {
 public:
  StridedMemory keep(const StridedMemory& m) { return {m.data, keep(m.sizes), keep(m.strides), m.element_size}; }
  const Shape* keep(const Shape* s) {
    if (s == nullptr) return nullptr;
    shapes_.push_back(*s);
    return &shapes_.back();
  }
  std::vector<StridedMemory> leaves;
  std::vector<GradientTarget> targets;
  std::vector<Scalar> scalars;

  template <class F, class A>
  void take(A& a) {
    for (int i = 0; i < a.leaf_count; ++i) leaves.push_back(a.leaves[i].sizes ? keep(a.leaves[i]) : a.leaves[i]);
    if (a.scalars) scalars.assign(a.scalars, a.scalars + FormulaTraits<F>::scalars);
    a.leaves = leaves.data();
    a.scalars = scalars.data();
  }

 private:
  std::deque<Shape> shapes_;
};

template <class F, class Out>
void map(Cuda, const MapArguments& a) {
  auto kept = std::make_shared<FakeOperands>();
  MapArguments copy = a;
  copy.out = kept->keep(a.out);
  kept->take<F>(copy);
  fake::launch(cuda::current_stream(), [kept, copy] { map<F, Out>(Cpu{}, copy); });
}
template <class F, class Out>
void map_backward(Cuda, const MapBackwardArguments& a) {
  auto kept = std::make_shared<FakeOperands>();
  MapBackwardArguments copy = a;
  copy.grad_out = kept->keep(a.grad_out);
  for (int i = 0; i < a.leaf_count; ++i) {
    kept->targets.push_back(a.targets[i]);
    if (a.targets[i].memory.sizes) kept->targets.back().memory = kept->keep(a.targets[i].memory);
  }
  kept->take<F>(copy);
  copy.targets = kept->targets.data();
  fake::launch(cuda::current_stream(), [kept, copy] { map_backward<F, Out>(Cpu{}, copy); });
}
template <class R, class F, class Out, class Element>
void reduce(Cuda, const ReduceArguments& a) {
  auto kept = std::make_shared<FakeOperands>();
  ReduceArguments copy = a;
  copy.sizes = kept->keep(a.sizes), copy.out_strides = kept->keep(a.out_strides), copy.index_strides = kept->keep(a.index_strides);
  kept->take<F>(copy);
  fake::launch(cuda::current_stream(), [kept, copy] { reduce<R, F, Out, Element>(Cpu{}, copy); });
}
template <class T>
void gemm(Cuda, const GemmArguments<T>& a) {
  fake::launch(cuda::current_stream(), [a] { gemm(Cpu{}, a); });
}
template <class F, class T>
void update_parameters(Cuda, const F& formula, std::int64_t n, T* p, const T* g, T* a, T* b, T* c) {
  fake::launch(cuda::current_stream(), [=] { update_parameters(Cpu{}, formula, n, p, g, a, b, c); });
}
template <class F, class T>
void queue_update(Cuda, const F& formula, std::int64_t n, T* p, const T* g, T* a, T* b, T* c) {
  update_parameters(Cuda{}, formula, n, p, g, a, b, c);
}
inline void flush_updates(Cuda) {}
template <class T>
void fill_uniform(Cuda, RandomStream stream, T* out, std::int64_t n, double low, double high) {
  fake::launch(cuda::current_stream(), [=] { fill_uniform(Cpu{}, stream, out, n, low, high); });
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
