// What helps to use, check and understand gradients: derivatives of functions, batches, graphs, NaNs, memory, time.
#include <torchlite/torchlite.hpp>

#include <cmath>
#include <cstdio>
#include <string>

namespace tl = torchlite;
namespace fn = torchlite::autograd::functional;

#define CHECK(condition) \
  if (!(condition)) return std::printf("line %d: %s\n", __LINE__, #condition), 1

using Double = tl::Tensor<double>;

int main() {
  using std::abs;
  const Double x({3}, {1, 2, 3});
  const auto cubes = [](const Double& t) { return t * t * t; };
  const auto total = [](const Double& t) { return tl::sum(t * t * t); };

  // Derivatives of functions: nothing has to require a gradient.
  const Double jacobian = fn::jacobian(cubes, x);  // diag(3 x^2)
  CHECK(jacobian.sizes() == (tl::Shape{3, 3}) && abs(jacobian[1][1].item() - 12) < 1e-12 && jacobian[0][1].item() == 0);
  const Double hessian = fn::hessian(total, x);  // diag(6 x)
  CHECK(abs(hessian[2][2].item() - 18) < 1e-12);
  const auto [value, product] = fn::hvp(total, x, tl::ones<double>({3}));  // the Hessian times a vector, without the Hessian
  CHECK(abs(value.item() - 36) < 1e-12 && abs(product[0].item() - 6) < 1e-12);

  // Functions of examples as functions of batches; one gradient for each example.
  const Double batch({2, 3}, {1, 2, 3, 4, 5, 6});
  const Double each = tl::func::vmap(tl::func::grad(total))(batch);
  CHECK(each.sizes() == batch.sizes() && abs(each[1][0].item() - 48) < 1e-12);

  // The graph, to walk and to draw.
  const Double w = Double({3}, {1, 2, 3}).requires_grad_();
  const Double loss = tl::sum(tl::exp(w) * 2.0);
  CHECK(!tl::autograd::node_of(loss).next_functions().empty());
  CHECK(tl::autograd::to_dot(loss).find("leaf") != std::string::npos);  // dot -Tsvg draws it

  // Where did the NaN come from?
  try {
    const tl::DetectAnomalyGuard anomaly;
    const Double bad = Double({1}, {-1}).requires_grad_();
    tl::sum(tl::sqrt(bad)).backward();
    return 1;
  } catch (const tl::Error& error) {
    CHECK(std::string(error.what()).find("NaN") != std::string::npos);
  }

  // Gradients in the middle of the graph.
  const Double h = w * 2.0;
  h.retain_grad();
  tl::sum(h * h).backward();
  CHECK(abs(h.grad()[0].item() - 4) < 1e-12);
  w.zero_grad();

  // What is saved for backward can be kept in another form: here as float, in half the memory.
  Double squares;
  {
    const tl::autograd::SavedTensorsHooksGuard narrow([](const tl::AnyTensor& t) { return tl::to<float>(t.get<double>()).eval(); },
                                                      [](const tl::Tensor<float>& t) { return tl::to<double>(t).eval(); });
    squares = tl::sum(w * w);
  }
  squares.backward();
  CHECK(abs(w.grad()[2].item() - 6) < 1e-6);

  // In place, into given memory, and in inference mode.
  const Double y = x * 1.0, destination = tl::empty<double>({3});
  tl::pow_(y, 2.0);
  tl::out(destination) = y + x;
  CHECK(destination.to_vector() == (std::vector<double>{2, 6, 12}));
  {
    const tl::InferenceModeGuard inference;
    CHECK(!Double(w * 2.0).requires_grad());
  }

  // Random numbers from a generator of one's own; the global one is not touched.
  tl::Generator generator(7);
  const Double gamma = tl::standard_gamma(tl::full<double>({1000}, 4.0), generator);
  CHECK(abs(tl::mean(gamma).eval().item() - 4) < 0.3);

  // Where does the time go? export_chrome_trace("trace.json") shows it in chrome://tracing.
  tl::profiler::Profile profile;
  {
    const tl::profiler::RecordFunction range("my step");
    tl::sum(tl::exp(w)).backward();
  }
  profile.stop();
  CHECK(!profile.events().empty() && profile.chrome_trace().find("my step") != std::string::npos);
  return 0;
}
