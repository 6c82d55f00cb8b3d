// SPDX-License-Identifier: BSD-3-Clause
// MNIST and the sets that come in its format.
// `template <class = void>`: what a program does not call is not compiled.
#pragma once
#include <torchlite/data/collate.hpp>
#include <torchlite/data/idx.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::data {

struct MnistOptions {
  std::string root = {};  ///< the folder of the four files, or one that holds it as torchvision does; "": where the system keeps them
  bool train = true;      ///< the 60,000 training images, or the 10,000 test images
};

/// What tells one set from another.
struct MnistKind {
  const char* name;
  const char* torchvision_folder;  ///< under the root given by the user
  const char* system_folders[3];   ///< where packages put it
  const char* how_to_get;
};

/// Grey images and their classes, kept as bytes: example i is the image as float in [0, 1], [1, 28, 28], and its class.
/// A batch is (images [B, 1, 28, 28] float, labels [B] int64).
template <class = void>
class MnistFormat {
 public:
  std::int64_t size() const { return labels_.size(0); }
  /// The images as they are in the file: [N, 28, 28], 0 to 255.
  const Tensor<std::uint8_t>& images() const { return images_; }
  /// The classes: [N].
  const Tensor<std::int64_t>& labels() const { return labels_; }

  std::pair<Tensor<float>, std::int64_t> get(std::int64_t i) const {
    const auto [image, label] = get_batch(Indices(&i, 1));
    const Shape sizes{1, images_.size(1), images_.size(2)};
    return {alias(image, sizes, contiguous_strides(sizes), 0), label.item()};
  }
  std::pair<Tensor<float>, Tensor<std::int64_t>> get_batch(Indices indices) const {
    const auto count = static_cast<std::int64_t>(indices.size());
    const std::int64_t pixels = images_.size(1) * images_.size(2);
    const Tensor<float> images = empty<float>({count, 1, images_.size(1), images_.size(2)});
    const Tensor<std::int64_t> labels = empty<std::int64_t>({count});
    for (std::int64_t k = 0; k < count; ++k) {
      const std::int64_t i = indices[static_cast<std::size_t>(k)];
      check_index(name_, i, size());
      labels.data()[k] = labels_.data()[i];
      convert(images_.data() + i * pixels, images.data() + k * pixels, pixels);
    }
    return {images, labels};
  }

 protected:
  MnistFormat(const MnistKind& kind, const MnistOptions& options) : name_(kind.name) {
    const std::string stem = options.train ? "train" : "t10k";
    images_ = load_idx(find(kind, options.root, stem + "-images", "idx3-ubyte"));
    const std::string labels_path = find(kind, options.root, stem + "-labels", "idx1-ubyte");
    const Tensor<std::uint8_t> labels = load_idx(labels_path);
    check<IoError>(images_.dim() == 3 && labels.dim() == 1 && images_.size(0) == labels.size(0),
                   "{}: {}: images of shape {} and labels of shape {} do not belong together; they must be [N, rows, columns] and [N]",
                   name_, labels_path, images_.sizes().str(), labels.sizes().str());
    labels_ = empty<std::int64_t>(labels.sizes());
    for (std::int64_t i = 0; i < labels.numel(); ++i) {
      check<IoError>(labels.data()[i] < 10, "{}: {}: label {} is {}; there are ten classes, 0 to 9", name_, labels_path, i,
                     labels.data()[i]);
      labels_.data()[i] = labels.data()[i];
    }
  }

 private:
  // One division for each of the 256 values; as x / 255 gives it.
  static void convert(const std::uint8_t* TORCHLITE_RESTRICT from, float* TORCHLITE_RESTRICT to, std::int64_t n) {
    TORCHLITE_VECTORIZE
    for (std::int64_t i = 0; i < n; ++i) to[i] = static_cast<float>(from[i]) / 255.0f;
  }

  static std::string find(const MnistKind& kind, const std::string& root, const std::string& stem, const char* ending) {
    std::vector<std::string> folders;
    if (root.empty()) {
      for (const char* folder : kind.system_folders)
        if (folder) folders.emplace_back(folder);
      folders.push_back(std::string("data/") + kind.torchvision_folder);
    } else {
      folders = {root, root + "/" + kind.torchvision_folder};
    }
    std::string tried;
    for (const std::string& folder : folders) {
      for (const char* separator : {"-", "."})  // some mirrors write train-images.idx3-ubyte
        for (const char* suffix : {"", ".gz"}) {
          std::string path = folder + "/" + stem + separator + ending + suffix;
          if (::access(path.c_str(), F_OK) == 0) return path;
        }
      tried += (tried.empty() ? "" : ", ") + folder;
    }
    fail<IoError>("{}: there is no {}-{}, plain or .gz, in {}; {}, or give their folder as .root", kind.name, stem, ending, tried,
                  kind.how_to_get);
  }

  const char* name_;
  Tensor<std::uint8_t> images_;
  Tensor<std::int64_t> labels_;
};

/// Ten kinds of clothing, 28 x 28 pixels. Throws IoError that says what to install if the files are not there.
/// Source: Xiao et al., Fashion-MNIST, 2017.
class FashionMNIST : public MnistFormat<> {
 public:
  template <class = void>
  explicit FashionMNIST(const MnistOptions& options = {})
      : MnistFormat<>({"FashionMNIST",
                       "FashionMNIST/raw",
                       {"/usr/share/datasets/fashion-mnist", "/usr/local/share/datasets/fashion-mnist", "/usr/share/fashion-mnist"},
                       "install the files (Debian: apt-get install dataset-fashion-mnist)"},
                      options) {}
};

/// Ten handwritten digits, 28 x 28 pixels. Throws IoError if the files are not there.
/// Source: LeCun et al., 1998.
class MNIST : public MnistFormat<> {
 public:
  template <class = void>
  explicit MNIST(const MnistOptions& options = {})
      : MnistFormat<>({"MNIST",
                       "MNIST/raw",
                       {"/usr/share/datasets/mnist", "/usr/local/share/datasets/mnist", "/usr/share/mnist"},
                       "download the four files (torchvision.datasets.MNIST does)"},
                      options) {}
};

}  // namespace torchlite::inline TORCHLITE_ABI::data
