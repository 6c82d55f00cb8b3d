// SPDX-License-Identifier: BSD-3-Clause
// The masks of recorded calls.
#pragma once
#include <ops/samples.hpp>

namespace samples {

inline Mask mask_of(const Call& c, const char* name = "mask") { return c.has(9, name) ? mask(c.array(9, name)) : Mask(); }

}  // namespace samples
