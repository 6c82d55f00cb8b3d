// SPDX-License-Identifier: BSD-3-Clause
// The only file that asks which compiler runs, and the only one that defines macros.
#pragma once

#define TORCHLITE_VERSION_MAJOR 0
#define TORCHLITE_VERSION_MINOR 1
#define TORCHLITE_VERSION_PATCH 0

// nvcc's front end cannot tell that fmt 9 may be constexpr.
#if defined(__CUDACC__) && !defined(FMT_USE_CONSTEXPR)
#define FMT_USE_CONSTEXPR 1
#endif

// fmt without a library to link; a program that links libfmt itself loses nothing by it.
#if !defined(FMT_HEADER_ONLY) && !defined(TORCHLITE_FMT_COMPILED)
#define FMT_HEADER_ONLY 1
#endif

// Whether the formats of error messages are checked at compile time.
#if !defined(TORCHLITE_CHECK_MESSAGES)
#define TORCHLITE_CHECK_MESSAGES 0
#endif

#if defined(__CUDACC__)
#define TORCHLITE_CUDA 1
#define TORCHLITE_HOST_DEVICE __host__ __device__
#else
#define TORCHLITE_CUDA 0
#define TORCHLITE_HOST_DEVICE
#endif

// True in the pass that compiles for the GPU itself.
#if defined(__CUDA_ARCH__)
#define TORCHLITE_DEVICE_PASS 1
#else
#define TORCHLITE_DEVICE_PASS 0
#endif

#define TORCHLITE_INLINE inline __attribute__((always_inline))
#define TORCHLITE_NOINLINE __attribute__((noinline))
// Not inlined, and everything that it calls inlined into it: a loop that calls a function does not vectorise.
#define TORCHLITE_FLATTEN __attribute__((noinline, flatten))
// A long function that no loop over it vectorises: always called, so that it is compiled once.
#define TORCHLITE_SCALAR inline __attribute__((noinline))
// Rarely run: compiled for size and not inlined, which keeps compile time down too.
#define TORCHLITE_COLD __attribute__((noinline, cold))
#define TORCHLITE_RESTRICT __restrict__

// Before a loop whose iterations do not depend on each other. g++ vectorises such a loop at -O2 only if it is also
// told that there is no aliasing to check at run time.
#if defined(__clang__)
#define TORCHLITE_VECTORIZE _Pragma("clang loop vectorize(assume_safety) interleave(enable)")
// Without -fno-math-errno a loop over sqrt stays scalar, and clang would say so at every use.
#pragma clang diagnostic ignored "-Wpass-failed"
#else
// g++ counts the empty base of a module as a field that Net{.width = 32} leaves out.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#define TORCHLITE_VECTORIZE _Pragma("GCC ivdep")
#endif

#if defined(_OPENMP)
#define TORCHLITE_OPENMP 1
#else
#define TORCHLITE_OPENMP 0
#endif

#if defined(__SANITIZE_ADDRESS__)
#define TORCHLITE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TORCHLITE_ASAN 1
#endif
#endif
#if !defined(TORCHLITE_ASAN)
#define TORCHLITE_ASAN 0
#endif

// One inline namespace per instruction set (and with or without CUDA): translation units that were compiled differently
// get different symbols instead of silently sharing one of two different bodies.
#if TORCHLITE_CUDA
#define TORCHLITE_ABI_DEVICE(name) name##_cuda
#else
#define TORCHLITE_ABI_DEVICE(name) name
#endif
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define TORCHLITE_AVX512 1
#if defined(__AVX512BF16__)
#define TORCHLITE_ABI TORCHLITE_ABI_DEVICE(avx512_bf16)
#else
#define TORCHLITE_ABI TORCHLITE_ABI_DEVICE(avx512)
#endif
#elif defined(__AVX2__) && defined(__FMA__)
#define TORCHLITE_AVX512 0
#define TORCHLITE_ABI TORCHLITE_ABI_DEVICE(avx2)
#else
#define TORCHLITE_AVX512 0
#define TORCHLITE_ABI TORCHLITE_ABI_DEVICE(base)
#endif
