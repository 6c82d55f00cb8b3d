// SPDX-License-Identifier: BSD-3-Clause
// oneDNN with the layouts it likes best; data come and go as plain NCHW, so its reorders are part of the time. The weights of a layer
// change at each training step, so their reorder counts as well.
#include <oneapi/dnnl/dnnl.hpp>

#include <algorithm>

#include "support/serve.hpp"
#include "support/shapes.hpp"

namespace {

using dnnl::memory;
using Tag = memory::format_tag;

template <memory::data_type Type>
struct Layer : bench::ConvCase {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  memory::dims xd, wd, yd, one{1, 1}, padding;
  memory plain_x, plain_w, plain_b, plain_y;

  explicit Layer(const benchmark::State& s) : ConvCase(s) {
    xd = {batch, in, size, size};
    wd = groups == 1 ? memory::dims{out, in, kernel, kernel} : memory::dims{groups, out / groups, in / groups, kernel, kernel};
    yd = {batch, out, out_size, out_size};
    padding = {pad, pad};
    plain_x = filled(xd, Tag::nchw, x_numel());
    plain_w = filled(wd, groups == 1 ? Tag::oihw : Tag::goihw, w_numel());
    plain_b = filled({out}, Tag::a, out);
    plain_y = filled(yd, Tag::nchw, y_numel());
  }
  memory filled(const memory::dims& d, Tag tag, std::int64_t count) const {
    memory m({d, Type, tag}, engine);
    if (Type == memory::data_type::bf16) {
      bench::fill_bfloat16(m.get_data_handle(), count);
    } else {
      const auto numbers = bench::numbers(count);
      std::copy(numbers.begin(), numbers.end(), static_cast<float*>(m.get_data_handle()));
    }
    return m;
  }
  memory::desc any(const memory::dims& d) const { return {d, Type, Tag::any}; }
  dnnl::convolution_forward::primitive_desc forward() const {
    return {{dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, any(xd), any(wd), memory::desc({out}, Type, Tag::a),
             any(yd), one, padding, padding},
            engine};
  }
  /// The memory itself if its layout is wanted, else other memory, filled by move().
  memory like(const memory& plain, const memory::desc& wanted) const { return plain.get_desc() == wanted ? plain : memory(wanted, engine); }
  void move(memory& from, memory& to) {
    if (from.get_data_handle() != to.get_data_handle()) dnnl::reorder(from, to).execute(stream, from, to);
  }
};

template <memory::data_type Type>
void conv_forward(benchmark::State& state) {
  Layer<Type> l(state);
  const auto d = l.forward();
  const dnnl::convolution_forward primitive(d);
  memory x = l.like(l.plain_x, d.src_desc()), w = l.like(l.plain_w, d.weights_desc()), y = l.like(l.plain_y, d.dst_desc());
  for (auto _ : state) {
    l.move(l.plain_x, x);
    l.move(l.plain_w, w);
    primitive.execute(l.stream, {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_BIAS, l.plain_b}, {DNNL_ARG_DST, y}});
    l.move(y, l.plain_y);
    l.stream.wait();
  }
}
template <memory::data_type Type>
void conv_backward_data(benchmark::State& state) {
  Layer<Type> l(state);
  const dnnl::convolution_backward_data::primitive_desc d(
      {dnnl::algorithm::convolution_direct, l.any(l.xd), l.any(l.wd), l.any(l.yd), l.one, l.padding, l.padding}, l.engine, l.forward());
  const dnnl::convolution_backward_data primitive(d);
  memory x = l.like(l.plain_x, d.diff_src_desc()), w = l.like(l.plain_w, d.weights_desc()), y = l.like(l.plain_y, d.diff_dst_desc());
  for (auto _ : state) {
    l.move(l.plain_y, y);
    l.move(l.plain_w, w);
    primitive.execute(l.stream, {{DNNL_ARG_DIFF_DST, y}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DIFF_SRC, x}});
    l.move(x, l.plain_x);
    l.stream.wait();
  }
}
template <memory::data_type Type>
void conv_backward_weight(benchmark::State& state) {
  Layer<Type> l(state);
  const dnnl::convolution_backward_weights::primitive_desc d(
      {dnnl::algorithm::convolution_direct, l.any(l.xd), l.any(l.wd), l.any(l.yd), l.one, l.padding, l.padding}, l.engine, l.forward());
  const dnnl::convolution_backward_weights primitive(d);
  memory x = l.like(l.plain_x, d.src_desc()), w = l.like(l.plain_w, d.diff_weights_desc()), y = l.like(l.plain_y, d.diff_dst_desc());
  for (auto _ : state) {
    l.move(l.plain_y, y);
    l.move(l.plain_x, x);
    primitive.execute(l.stream, {{DNNL_ARG_DIFF_DST, y}, {DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_WEIGHTS, w}});
    l.move(w, l.plain_w);
    l.stream.wait();
  }
}

constexpr auto f32 = memory::data_type::f32, bf16 = memory::data_type::bf16;
}  // namespace

BENCHMARK_TEMPLATE(conv_forward, f32)->Apply(bench::conv_shapes)->Name("conv_forward");
BENCHMARK_TEMPLATE(conv_backward_data, f32)->Apply(bench::conv_shapes)->Name("conv_backward_data");
BENCHMARK_TEMPLATE(conv_backward_weight, f32)->Apply(bench::conv_shapes)->Name("conv_backward_weight");
BENCHMARK_TEMPLATE(conv_forward, bf16)->Apply(bench::short_conv_shapes)->Name("bfloat16_conv_forward");
BENCHMARK_TEMPLATE(conv_backward_data, bf16)->Apply(bench::short_conv_shapes)->Name("bfloat16_conv_backward_data");
BENCHMARK_TEMPLATE(conv_backward_weight, bf16)->Apply(bench::short_conv_shapes)->Name("bfloat16_conv_backward_weight");

BENCH_MAIN()
