// SPDX-License-Identifier: BSD-3-Clause
// examples/fashion_mnist.cpp on the device, on a small data set of the same format.
#include "expect.hpp"

#include <support/small_mnist.hpp>

#include <filesystem>

// Not at global scope: the toolkit's headers call sqrt and the like there.
namespace cuda_tests::api {
namespace tl = torchlite;
namespace nn = tl::nn;

namespace {
template <class T = float, class D = tl::Cpu>
struct Classifier : nn::Module<Classifier<T, D>> {
  std::int64_t width = 32;
  nn::Conv2d<T, D> conv1{{.in_channels = 1, .out_channels = width, .kernel_size = 3}};
  nn::Conv2d<T, D> conv2{{.in_channels = width, .out_channels = 2 * width, .kernel_size = 3}};
  nn::Dropout dropout{0.25};
  nn::Linear<T, D> fc1{2 * width * 12 * 12, 128};
  nn::Linear<T, D> fc2{128, 10};

  auto forward(const tl::Tensor<T, D>& images) {
    tl::Tensor x = tl::relu(conv1(images));
    x = tl::max_pool2d(tl::relu(conv2(x)), 2);
    return fc2(dropout(tl::relu(fc1(tl::flatten(x, 1)))));
  }
};

template <class D>
int fashion_mnist(const std::string& root, const std::string& file) {
  tl::manual_seed(1);
  auto train = tl::data::FashionMNIST({.root = root, .train = true});
  auto test = tl::data::FashionMNIST({.root = root, .train = false});

  auto net = Classifier<>{.width = 8}.template to<D>();
  EXPECT(!fmt::format("{}", net).empty());
  tl::optim::AdamW optimizer(net.parameters(), {.lr = 1e-3});
  tl::data::DataLoader loader(train, {.batch_size = 64, .shuffle = true, .num_workers = 1});
  for (int epoch = 1; epoch <= 2; ++epoch) {
    net.train();
    for (auto [images, labels] : loader) {
      optimizer.zero_grad();
      auto loss = nn::functional::cross_entropy(net(images.template to<D>()), labels.template to<D>());
      loss.backward();
      optimizer.step();
    }
  }

  auto accuracy = [&](auto& model) {
    model.eval();
    tl::NoGradGuard no_grad;
    std::int64_t correct = 0;
    for (auto [images, labels] : tl::data::DataLoader(test, {.batch_size = 500}))
      correct += tl::sum(tl::eq(tl::argmax(model(images.template to<D>()), 1), labels.template to<D>())).item();
    return static_cast<double>(correct) / static_cast<double>(test.size());
  };
  const double trained = accuracy(net);
  EXPECT(trained > 0.85);

  tl::save_safetensors(file, net.state_dict());
  Classifier<float, D> copy{.width = 8};
  copy.load_state_dict(tl::load_safetensors(file));
  EXPECT(accuracy(copy) == trained);
  return 0;
}
}  // namespace

TEST_CASE("the image classifier learns on the device, and its file is read back", "[cuda][api]") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "torchlite_cuda_small_mnist";
  small_mnist::write(folder);
  CHECK(fashion_mnist<tl::Cuda>(folder.string(), (folder / "net.safetensors").string()) == 0);
  std::filesystem::remove_all(folder);
}

}  // namespace cuda_tests::api
