// SPDX-License-Identifier: BSD-3-Clause
// What including the whole library costs.
#include <torchlite/torchlite.hpp>

int main() {}
