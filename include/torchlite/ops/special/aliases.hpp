// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/exp2.hpp>
#include <torchlite/ops/pointwise/expm1.hpp>
#include <torchlite/ops/pointwise/log1p.hpp>
#include <torchlite/ops/pointwise/round.hpp>
#include <torchlite/ops/reduce/logsumexp.hpp>
#include <torchlite/ops/softmax/log_softmax.hpp>
#include <torchlite/ops/softmax/softmax.hpp>

namespace torchlite::inline TORCHLITE_ABI {
// PyTorch offers these under both names.
namespace special {
using torchlite::exp2, torchlite::expm1, torchlite::log1p, torchlite::round;
using torchlite::log_softmax, torchlite::logsumexp, torchlite::softmax;
}  // namespace special

}  // namespace torchlite::inline TORCHLITE_ABI
