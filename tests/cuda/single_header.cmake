# SPDX-License-Identifier: BSD-3-Clause
# Writes the single header, compiles the smallest program as CUDA code against it with nothing but nvcc, and runs it: it is for any
# device and computes on Cpu.
#   cmake -D ROOT=repository -D NVCC=nvcc -D ARCHITECTURE=80 -D FMT_INCLUDES=... -D BINARY_DIR=folder -P single_header.cmake
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${BINARY_DIR})
execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${ROOT}/include -D OUTPUT=${BINARY_DIR}/torchlite/torchlite.hpp
  -P ${ROOT}/cmake/Amalgamate.cmake COMMAND_ERROR_IS_FATAL ANY)
list(TRANSFORM FMT_INCLUDES PREPEND "-I")
execute_process(COMMAND ${NVCC} -std=c++20 -arch=sm_${ARCHITECTURE} --extended-lambda -diag-suppress=20011,20013,20014,20015 -Werror all-warnings
  -DFMT_USE_CONSTEXPR=1 -I${BINARY_DIR} ${FMT_INCLUDES} -x cu ${ROOT}/tests/package/main.cpp -lcublas -lcublasLt -o ${BINARY_DIR}/program COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${BINARY_DIR}/program COMMAND_ERROR_IS_FATAL ANY)
