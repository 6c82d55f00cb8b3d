// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/index/embedding.hpp>
#include <torchlite/ops/index/gather.hpp>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/index/index_select.hpp>
#include <torchlite/ops/index/indexing.hpp>
#include <torchlite/ops/index/masked.hpp>
#include <torchlite/ops/index/sort.hpp>
