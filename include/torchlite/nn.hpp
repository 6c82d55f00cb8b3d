// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/adaptive_avg_pool2d.hpp>
#include <torchlite/nn/avg_pool2d.hpp>
#include <torchlite/nn/conv2d.hpp>
#include <torchlite/nn/convert.hpp>
#include <torchlite/nn/embedding.hpp>
#include <torchlite/nn/fields.hpp>
#include <torchlite/nn/flatten.hpp>
#include <torchlite/nn/init.hpp>
#include <torchlite/nn/linear.hpp>
#include <torchlite/nn/max_pool2d.hpp>
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/module_list.hpp>
#include <torchlite/nn/reflect.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/nn/sequential.hpp>
#include <torchlite/nn/visitors.hpp>
