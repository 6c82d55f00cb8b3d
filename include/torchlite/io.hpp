// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/io/file.hpp>
#include <torchlite/io/json.hpp>
#include <torchlite/io/loaded.hpp>
#include <torchlite/io/npy.hpp>
#include <torchlite/io/npz.hpp>
#include <torchlite/io/safetensors.hpp>
#include <torchlite/io/zip.hpp>
#include <torchlite/io/zlib.hpp>
