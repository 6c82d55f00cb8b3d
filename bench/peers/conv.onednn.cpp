// SPDX-License-Identifier: BSD-3-Clause
// oneDNN with the layouts it likes best; data come and go as plain NCHW, so its reorders are part of the time. The weights of a layer
// change at each training step, so their reorder counts as well.
#include <oneapi/dnnl/dnnl.hpp>

#include "support/serve.hpp"
#include "support/shapes.hpp"

namespace {

using dnnl::memory;
using Tag = memory::format_tag;

struct Layer : bench::ConvCase {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  memory::dims xd, wd, yd, one{1, 1}, padding;
  std::vector<float> x, w, b, y;
  memory plain_x, plain_w, plain_b, plain_y;

  explicit Layer(const benchmark::State& s)
      : ConvCase(s), x(bench::numbers(x_numel())), w(bench::numbers(w_numel())), b(bench::numbers(out)), y(bench::numbers(y_numel())) {
    xd = {batch, in, size, size};
    wd = groups == 1 ? memory::dims{out, in, kernel, kernel} : memory::dims{groups, out / groups, in / groups, kernel, kernel};
    yd = {batch, out, out_size, out_size};
    padding = {pad, pad};
    plain_x = memory({xd, memory::data_type::f32, Tag::nchw}, engine, x.data());
    plain_w = memory({wd, memory::data_type::f32, groups == 1 ? Tag::oihw : Tag::goihw}, engine, w.data());
    plain_b = memory({{out}, memory::data_type::f32, Tag::a}, engine, b.data());
    plain_y = memory({yd, memory::data_type::f32, Tag::nchw}, engine, y.data());
  }
  memory::desc any(const memory::dims& d) const { return {d, memory::data_type::f32, Tag::any}; }
  dnnl::convolution_forward::primitive_desc forward() const {
    return {{dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, any(xd), any(wd),
             memory::desc({out}, memory::data_type::f32, Tag::a), any(yd), one, padding, padding},
            engine};
  }
  /// The memory itself if its layout is wanted, else other memory, filled by move().
  memory like(const memory& plain, const memory::desc& wanted) const { return plain.get_desc() == wanted ? plain : memory(wanted, engine); }
  void move(memory& from, memory& to) {
    if (from.get_data_handle() != to.get_data_handle()) dnnl::reorder(from, to).execute(stream, from, to);
  }
};

void conv_forward(benchmark::State& state) {
  Layer l(state);
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
void conv_backward_data(benchmark::State& state) {
  Layer l(state);
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
void conv_backward_weight(benchmark::State& state) {
  Layer l(state);
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

}  // namespace

BENCHMARK(conv_forward)->Apply(bench::conv_shapes);
BENCHMARK(conv_backward_data)->Apply(bench::conv_shapes);
BENCHMARK(conv_backward_weight)->Apply(bench::conv_shapes);

BENCH_MAIN()
