// SPDX-License-Identifier: BSD-3-Clause
// Writes the small data set that the example of the main job is tested with.
#include "small_mnist.hpp"

int main(int argc, char** argv) {
  small_mnist::write(argc > 1 ? argv[1] : "small_mnist");
  return 0;
}
