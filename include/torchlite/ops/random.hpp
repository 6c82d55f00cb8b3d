// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/random/bernoulli.hpp>
#include <torchlite/ops/random/rand.hpp>
#include <torchlite/ops/random/randint.hpp>
