// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

namespace small_mnist {

inline void write_number(std::ofstream& file, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) file.put(static_cast<char>(value >> shift & 0xff));
}

inline void write_set(const std::filesystem::path& folder, const std::string& name, std::uint32_t count, std::uint32_t seed) {
  constexpr std::uint32_t side = 28;
  std::ofstream images(folder / (name + "-images-idx3-ubyte"), std::ios::binary);
  std::ofstream labels(folder / (name + "-labels-idx1-ubyte"), std::ios::binary);
  for (std::uint32_t value : {0x00000803u, count, side, side}) write_number(images, value);
  for (std::uint32_t value : {0x00000801u, count}) write_number(labels, value);
  std::mt19937 random(seed);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t label = random() % 10;
    std::array<unsigned char, side * side> image{};
    for (unsigned char& pixel : image) pixel = static_cast<unsigned char>(random() % 96);
    // Classes 0 to 4 are rows, 5 to 9 are columns.
    const std::uint32_t at = 3 + label % 5 * 5;
    for (std::uint32_t along = 4; along < 24; ++along)
      for (std::uint32_t across = at; across < at + 2; ++across) image[label < 5 ? across * side + along : along * side + across] = 255;
    images.write(reinterpret_cast<const char*>(image.data()), image.size());
    labels.put(static_cast<char>(label));
  }
}

/// Writes a data set of MNIST's format that a network learns in seconds: class k is a bright bar at its own place, in noise.
inline void write(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  write_set(folder, "train", 1280, 1);
  write_set(folder, "t10k", 500, 2);
}

}  // namespace small_mnist
