// SPDX-License-Identifier: BSD-3-Clause
// The programs of the API, templated on the device and otherwise as they are: each gives the number of the first line where something was
// not so, or 0.
#pragma once
#include <support/catch.hpp>

#include <torchlite/torchlite.hpp>

#define EXPECT(condition) \
  if (!(condition)) return __LINE__
