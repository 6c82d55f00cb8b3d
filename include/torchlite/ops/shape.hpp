// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/shape/cat.hpp>
#include <torchlite/ops/shape/contiguous.hpp>
#include <torchlite/ops/shape/diagonal.hpp>
#include <torchlite/ops/shape/expand.hpp>
#include <torchlite/ops/shape/flip.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/record_view.hpp>
#include <torchlite/ops/shape/repeat.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/ops/shape/split.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/ops/shape/to_device.hpp>
#include <torchlite/ops/shape/tril.hpp>
#include <torchlite/ops/shape/unfold.hpp>
#include <torchlite/ops/shape/view.hpp>
