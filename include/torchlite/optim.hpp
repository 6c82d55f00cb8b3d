// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/optim/adam.hpp>
#include <torchlite/optim/adamw.hpp>
#include <torchlite/optim/grad_scaler.hpp>
#include <torchlite/optim/lr_scheduler/cosine_annealing_lr.hpp>
#include <torchlite/optim/lr_scheduler/exponential_lr.hpp>
#include <torchlite/optim/lr_scheduler/lambda_lr.hpp>
#include <torchlite/optim/lr_scheduler/linear_lr.hpp>
#include <torchlite/optim/lr_scheduler/lr_scheduler.hpp>
#include <torchlite/optim/lr_scheduler/multi_step_lr.hpp>
#include <torchlite/optim/lr_scheduler/one_cycle_lr.hpp>
#include <torchlite/optim/lr_scheduler/reduce_lr_on_plateau.hpp>
#include <torchlite/optim/lr_scheduler/step_lr.hpp>
#include <torchlite/optim/optimizer.hpp>
#include <torchlite/optim/rmsprop.hpp>
#include <torchlite/optim/sgd.hpp>
