// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <algorithm>
#include <fstream>

namespace samples {
namespace {

using tl::autograd::Engine;

/// Derivatives of gradients are the same code on every device, so one tests them.
constexpr bool second_order = std::is_same_v<Device, tl::Cpu>;

/// Numbers in [-1, 1), the same in every run.
std::vector<double> direction(std::size_t n, std::uint64_t seed) {
  std::vector<double> v(n);
  for (std::size_t i = 0; i < n; ++i) v[i] = 2 * golden::uniform(seed, i) - 1;
  return v;
}
double product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}
std::vector<double> dense(const tl::ImplRef& ref) { return Real(tl::copy_gradient<double, Device>(ref)).to_vector(); }

/// A cotangent in the dtype of its result.
tl::ImplRef cotangent_of(const golden::Array& a) {
  if (a.dtype == "complex64") {
    const Complex wide = complex(a);
    const auto narrow = tl::empty<std::complex<float>, Device>(wide.sizes());
    tl::copy_elements(narrow, wide);
    return narrow.ref();
  }
  return a.complex() ? complex(a).ref() : real(a).ref();
}

/// The results that a cotangent was recorded for, with it.
std::vector<Engine::Root> roots_of(const golden::Sample& sample, const Values& outputs) {
  std::vector<Engine::Root> roots;
  for (std::size_t i = 0; i < outputs.size(); ++i)
    if (outputs[i].ref->requires_grad && sample.cotangent(i) != nullptr)
      roots.push_back({outputs[i].ref, cotangent_of(*sample.cotangent(i))});
  return roots;
}

/// Gradients of the recorded cotangents with respect to all inputs that have one; empty references where there is no path.
std::vector<tl::ImplRef> gradients(const Call& call, const Run& run, bool create_graph) {
  const Values outputs = run(call);
  auto roots = roots_of(call.sample, outputs);
  std::vector<tl::ImplRef> wanted;
  for (const Real& x : call.inputs)
    if (x.defined() && x.requires_grad()) wanted.push_back(x.ref());
  if (roots.empty()) return std::vector<tl::ImplRef>(wanted.size());
  return Engine(create_graph, create_graph).gradients(roots, wanted);
}

/// The direction in which input i is moved.
std::vector<double> input_direction(const Call& call, std::size_t i, std::uint64_t seed, const ReplayOptions& options) {
  std::vector<double> v = direction(static_cast<std::size_t>(call.inputs[i].numel()), seed + i);
  if (options.project) options.project(call, i, v);
  return v;
}

/// The call with its inputs moved by step along v.
Call moved(const golden::Sample& sample, double step, std::uint64_t seed, const ReplayOptions& options) {
  Call call(sample);
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    Real& x = call.inputs[i];
    if (!x.defined() || !x.requires_grad()) continue;
    std::vector<double> values = x.to_vector();
    const std::vector<double> v = input_direction(call, i, seed, options);
    for (std::size_t j = 0; j < values.size(); ++j) values[j] += step * v[j];
    x = Real::from(values, x.sizes());
    x.requires_grad_();
  }
  return call;
}
/// A weighted sum of all gradients.
double weighted(const std::vector<tl::ImplRef>& list, std::uint64_t seed) {
  double sum = 0;
  for (std::size_t i = 0; i < list.size(); ++i)
    if (list[i]) {
      const std::vector<double> g = dense(list[i]);
      sum += product(g, direction(g.size(), seed + 100 + i));
    }
  return sum;
}

/// One directional derivative of the gradients, recorded and by differences.
void check_second(const golden::Sample& sample, const Run& run, const ReplayOptions& options) {
  const std::uint64_t seed = 7;
  const double tolerance = options.second_tolerance;
  const Call call(sample);
  std::vector<tl::ImplRef> first;
  {
    const tl::EnableGradGuard enable;
    first = gradients(call, run, true);
  }
  std::vector<Engine::Root> roots;
  for (std::size_t i = 0; i < first.size(); ++i)
    if (first[i] && first[i]->requires_grad) {
      const Real g(first[i]);
      roots.push_back({g.ref(), Real::from(direction(static_cast<std::size_t>(g.numel()), seed + 100 + i), g.sizes()).ref()});
    }
  double recorded = 0;
  if (!roots.empty()) {
    std::vector<tl::ImplRef> wanted;
    std::vector<std::size_t> number;
    for (std::size_t i = 0; i < call.inputs.size(); ++i)
      if (call.inputs[i].defined() && call.inputs[i].requires_grad()) {
        wanted.push_back(call.inputs[i].ref());
        number.push_back(i);
      }
    const std::vector<tl::ImplRef> second = Engine(false, false).gradients(roots, wanted);
    for (std::size_t i = 0; i < second.size(); ++i)
      if (second[i]) {
        const std::vector<double> g = dense(second[i]);
        recorded += product(g, input_direction(call, number[i], seed, options));
      }
  }
  double best = std::numeric_limits<double>::infinity(), differences = 0;
  for (const double step : {1e-6, 1e-5, 1e-4}) {  // the smaller ones round off, the larger ones truncate
    const double d = (weighted(gradients(moved(sample, step, seed, options), run, false), seed) -
                      weighted(gradients(moved(sample, -step, seed, options), run, false), seed)) /
                     (2 * step);
    if (!std::isfinite(d)) return;
    const double apart = std::fabs(d - recorded) / (1 + std::fabs(d));
    if (apart < best) best = apart, differences = d;
    if (best < tolerance) break;
  }
  INFO("a derivative of the gradients: recorded " << recorded << ", by differences " << differences);
  CHECK(best < tolerance);
}

bool all_finite(const golden::Sample& sample) {
  return std::all_of(sample.tensors.begin(), sample.tensors.end(), [](const auto& t) {
    return std::all_of(t.second.values.begin(), t.second.values.end(), [](double v) { return std::isfinite(v); });
  });
}

/// The calls that PyTorch refuses must be refused here too, by an error of the same kind whose message names an operation.
void check_refusals(const std::string& variant, const Run& run) {
  if (!golden::errors().contains(variant)) return;
  for (const golden::Sample& sample : golden::errors().samples(variant)) {
    const auto text = [&](const char* key) { return sample.info.at(key).get<std::string>(); };
    INFO(variant << " must refuse: " << sample.info.at("call").dump() << ", since PyTorch says " << text("error") << ": "
                 << text("message"));
    for (const auto& [name, array] : sample.tensors) UNSCOPED_INFO(name << " has shape " << golden::Json(array.shape).dump());
    try {
      const Call call(sample);
      run(call);
      FAIL_CHECK("it was computed");
    } catch (const NotOffered&) {
    } catch (const tl::Error& e) {
      const std::string message = e.what();
      INFO("the message here: " << message);
      CHECK(message.find(": ") != std::string::npos);
      CHECK(message.find("tensor: this tensor is undefined") == std::string::npos);
      if (text("error") == "IndexError") CHECK(dynamic_cast<const tl::IndexError*>(&e) != nullptr);
    } catch (const std::exception& e) {
      FAIL_CHECK("the test itself cannot make the call: " << e.what());
    }
  }
}

}  // namespace

std::size_t replay_calls(const std::string& variant, const Run& run, const ReplayOptions& options) {
#if defined(TORCHLITE_TEST_CUDA)
  tl::backend::cuda::index_checks() = true;  // a wrong index shall throw, and not stop the device
#endif
  std::size_t made = 0, at = 0;
  bool differentiated = false;
  const std::vector<golden::Sample> recorded = golden::ops().samples(variant);
  for (const golden::Sample& sample : recorded) {
    INFO(variant << " sample " << at++ << ": " << sample.input.dump() << ' ' << sample.args.dump() << ' ' << sample.kwargs.dump());
    const Call call(sample);
    Values outputs;
    try {
      outputs = run(call);
    } catch (const NotOffered&) {
      continue;
    } catch (const tl::Error& e) {
      FAIL_CHECK(e.what());
      continue;
    }
    ++made;
    REQUIRE(!outputs.empty());
    REQUIRE(outputs.size() <= sample.num_outputs());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      INFO("result " << i);
      const auto& sizes = outputs[i].ref->sizes;
      CHECK(std::vector<std::int64_t>(sizes.begin(), sizes.end()) == sample.out(i).shape);
      if (!options.compare_values) CHECK(to_string(outputs[i].ref->type->dtype) == sample.out(i).dtype);
      else CHECK(golden::difference(outputs[i].values, sample.out(i).values) < options.tolerance);
    }
    auto roots = roots_of(sample, outputs);
    if (roots.empty()) {
      bool has_gradient = false;  // of any input: PyTorch takes a cotangent for norm(x, 0), too, and gives nothing for it
      for (std::size_t i = 0; i < sample.num_inputs(); ++i) has_gradient = has_gradient || sample.grad(i) != nullptr;
      CHECK_FALSE(has_gradient);
      continue;
    }
    differentiated = true;
    Engine(false, false).accumulate(roots);
    for (std::size_t i = 0; i < sample.num_inputs(); ++i) {
      if (sample.grad(i) == nullptr || !call.inputs[i].defined()) continue;
      INFO("gradient of input " << i);
      const Real g = call.inputs[i].grad();
      const bool none = !g.defined();  // no path: PyTorch recorded zeros
      CHECK((none || std::vector<std::int64_t>(g.sizes()) == sample.grad(i)->shape));
      CHECK(golden::difference(none ? std::vector<double>(sample.grad(i)->values.size()) : dense(g.ref()), sample.grad(i)->values) <
            options.tolerance);
    }
    if (second_order && options.order > 1 && all_finite(sample)) {
      try {
        check_second(sample, run, options);
      } catch (const tl::Error& e) {
        FAIL_CHECK(e.what());
      }
    }
  }
  check_refusals(variant, run);
  INFO(variant);
  CHECK(made > 0);
  if (const char* table = std::getenv("TORCHLITE_OPERATOR_TABLE"))
    std::ofstream(table, std::ios::app) << variant << '\t' << made << '\t' << recorded.size() << '\t'
                                        << (differentiated ? options.order : 0) << '\n';
  return made;
}

}  // namespace samples
