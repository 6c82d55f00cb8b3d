// SPDX-License-Identifier: BSD-3-Clause
// Losses with a margin, of distributions and of sequences: as PyTorch's modules compute them.
#include "golden.hpp"

#include <torchlite/nn/likelihood_losses.hpp>
#include <torchlite/nn/losses.hpp>
#include <torchlite/nn/margin_losses.hpp>
#include <torchlite/ops/methods.hpp>

namespace nn = torchlite::nn;
using namespace replay;

namespace {
tl::Reduction reduction(const Sample& s) {
  const Json* j = s.ctor_argument(99, "reduction");
  const std::string name = j == nullptr ? "mean" : j->get<std::string>();
  if (name == "batchmean") return tl::Reduction::batchmean;
  return name == "none" ? tl::Reduction::none : (name == "sum" ? tl::Reduction::sum : tl::Reduction::mean);
}
Tensor<double> weight(const Sample& s) {
  const Json* j = s.ctor_argument(99, "weight");
  return j == nullptr || !golden::is_tensor(*j) ? Tensor<double>() : tensor<double>(s.at(golden::tensor_name(*j)));
}
/// Losses of three tensors, all taken as numbers.
template <class Make>
void loss_of_three(const std::string& name, Make make) {
  int compared = 0;
  for (const Sample& s : golden::modules().samples(name)) {
    CAPTURE(name, s.info.dump());
    auto m = make(s);
    std::vector<Tensor<double>> inputs, floating;
    for (std::size_t i = 0; i < 3; ++i) {
      inputs.push_back(tensor<double>(s.in(i)));
      if (!s.in(i).floating()) continue;
      if (s.grad_of_module_input(floating.size()) != nullptr) inputs[i].requires_grad_();
      floating.push_back(inputs[i]);
    }
    compare(m, s, m(inputs[0], inputs[1], inputs[2]), {});
    ++compared;
  }
  CHECK(compared > 0);
}
}  // namespace

TEST_CASE("KLDivLoss is PyTorch's, batchmean included", "[nn][golden]") {
  int compared = 0;
  for (const Sample& s : golden::modules().samples("KLDivLoss")) {
    CAPTURE(s.info.dump());
    const nn::KLDivLoss m({.reduction = reduction(s), .log_target = flag(s, 99, "log_target", false)});
    const auto x = tensor<double>(s.in(0)).requires_grad_();
    // PyTorch's scalars were one tensor, given as input and as target.
    const bool same = s.info.at("desc").get<std::string>().rfind("scalar", 0) == 0;
    const auto y = same ? x : Tensor<double>(tensor<double>(s.in(1)).requires_grad_());
    compare(m, s, m(x, y), {x, y});
    ++compared;
  }
  CHECK(compared > 0);
}
TEST_CASE("losses of an input and a target with a margin are PyTorch's", "[nn][golden]") {
  loss<Target::numbers_of_any_dtype>("HingeEmbeddingLoss", [](const Sample& s) {
    return nn::HingeEmbeddingLoss({.margin = number(s, 99, "margin", 1), .reduction = reduction(s)});
  });
  loss<Target::numbers_of_any_dtype>("SoftMarginLoss", [](const Sample& s) { return nn::SoftMarginLoss({.reduction = reduction(s)}); });
  loss<Target::classes>("MultiMarginLoss", [](const Sample& s) {
    return nn::MultiMarginLoss<double, Device>({.p = static_cast<int>(integer(s, 99, "p", 1)),
                                                .margin = number(s, 99, "margin", 1),
                                                .weight = weight(s),
                                                .reduction = reduction(s)});
  });
  loss<Target::classes>("MultiLabelMarginLoss", [](const Sample& s) { return nn::MultiLabelMarginLoss({.reduction = reduction(s)}); });
  loss<Target::numbers_of_any_dtype>("MultiLabelSoftMarginLoss", [](const Sample& s) {
    return nn::MultiLabelSoftMarginLoss<double, Device>({.weight = weight(s), .reduction = reduction(s)});
  });
}
TEST_CASE("losses of three tensors are PyTorch's", "[nn][golden]") {
  loss_of_three("CosineEmbeddingLoss",
                [](const Sample& s) { return nn::CosineEmbeddingLoss({.margin = number(s, 99, "margin", 0), .reduction = reduction(s)}); });
  loss_of_three("MarginRankingLoss",
                [](const Sample& s) { return nn::MarginRankingLoss({.margin = number(s, 99, "margin", 0), .reduction = reduction(s)}); });
  loss_of_three("GaussianNLLLoss", [](const Sample& s) {
    return nn::GaussianNLLLoss({.full = flag(s, 99, "full", false), .eps = number(s, 99, "eps", 1e-6), .reduction = reduction(s)});
  });
}
TEST_CASE("PoissonNLLLoss is PyTorch's", "[nn][golden]") {
  loss("PoissonNLLLoss", [](const Sample& s) {
    return nn::PoissonNLLLoss({.log_input = flag(s, 0, "log_input", true),
                               .full = flag(s, 1, "full", false),
                               .eps = number(s, 99, "eps", 1e-8),
                               .reduction = reduction(s)});
  });
}
TEST_CASE("CTCLoss is PyTorch's, with lengths as tensors and as lists", "[nn][golden]") {
  for (const Sample& s : golden::modules().samples("CTCLoss")) {
    CAPTURE(s.info.dump());
    nn::CTCLoss m({.blank = integer(s, 99, "blank", 0), .reduction = reduction(s), .zero_infinity = flag(s, 99, "zero_infinity", false)});
    const auto x = tensor<double>(s.in(0)).requires_grad_();
    const auto targets = tensor<std::int64_t>(s.in(1));
    const Json &inputs = *s.argument(2, ""), &lengths = *s.argument(3, "");
    if (golden::is_tensor(inputs)) compare(m, s, m(x, targets, tensor<std::int64_t>(s.in(2)), tensor<std::int64_t>(s.in(3))), {x});
    else compare(m, s, m(x, targets, golden::integers(inputs), golden::integers(lengths)), {x});
  }
}
