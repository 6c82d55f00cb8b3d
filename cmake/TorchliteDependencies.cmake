# SPDX-License-Identifier: BSD-3-Clause
# What torchlite needs, and what it uses where it is there. The project and the installed package both read this file, so
# that optional parts are looked for on the machine that compiles. Sets TORCHLITE_MISSING to a sentence if a need is not met.
#   TORCHLITE_USE_OPENMP, TORCHLITE_USE_ZLIB   OFF: do not look
#   TORCHLITE_CUDA                             OFF: do not look; ON: must be there
# Targets are GLOBAL, because a project that adds torchlite as a subdirectory links them from elsewhere.
unset(TORCHLITE_MISSING)

find_package(fmt QUIET GLOBAL)
find_package(Threads QUIET GLOBAL)
if(NOT TARGET fmt::fmt-header-only)
  set(TORCHLITE_MISSING "fmt was not found; install it (Debian: libfmt-dev) or point CMAKE_PREFIX_PATH to it")
elseif(NOT TARGET Threads::Threads)
  set(TORCHLITE_MISSING "no thread library was found")
endif()

if(NOT DEFINED TORCHLITE_USE_OPENMP OR TORCHLITE_USE_OPENMP)
  find_package(OpenMP QUIET GLOBAL COMPONENTS CXX)
  if(TARGET OpenMP::OpenMP_CXX AND NOT TARGET torchlite::openmp)
    add_library(torchlite::openmp INTERFACE IMPORTED GLOBAL)
    target_link_libraries(torchlite::openmp INTERFACE OpenMP::OpenMP_CXX)
    # FindOpenMP has no flags for CUDA; host code of both kinds must agree on them.
    target_compile_options(torchlite::openmp INTERFACE "$<$<COMPILE_LANGUAGE:CUDA>:SHELL:-Xcompiler -fopenmp>")
  endif()
endif()

if(NOT DEFINED TORCHLITE_USE_ZLIB OR TORCHLITE_USE_ZLIB)
  find_package(ZLIB QUIET GLOBAL)
  if(TARGET ZLIB::ZLIB AND NOT TARGET torchlite::zlib)
    add_library(torchlite::zlib INTERFACE IMPORTED GLOBAL)
    target_link_libraries(torchlite::zlib INTERFACE ZLIB::ZLIB)
    target_compile_definitions(torchlite::zlib INTERFACE TORCHLITE_WITH_ZLIB=1)
  endif()
endif()

# Which GPUs to compile for, if the project says nothing and has not enabled the language, which would choose the oldest ones: the
# machine's own GPU or, without one, A100 and H100 (later ones translate the latter's code when they load it).
if((NOT DEFINED TORCHLITE_CUDA OR TORCHLITE_CUDA) AND NOT CMAKE_CUDA_ARCHITECTURES AND NOT CMAKE_CUDA_COMPILER_LOADED)
  if(EXISTS /dev/nvidia0)
    set(CMAKE_CUDA_ARCHITECTURES native)
  else()
    set(CMAKE_CUDA_ARCHITECTURES 80 90)
  endif()
endif()

# torchlite::cuda is torchlite and the CUDA libraries; the language itself is for the user's project to enable.
# torchlite::cuda_toolkit is the libraries alone.
if(NOT DEFINED TORCHLITE_CUDA OR TORCHLITE_CUDA)
  find_package(CUDAToolkit QUIET GLOBAL)
  if(TARGET CUDA::cudart AND NOT TARGET torchlite::cuda)
    add_library(torchlite::cuda_toolkit INTERFACE IMPORTED GLOBAL)
    target_link_libraries(torchlite::cuda_toolkit INTERFACE CUDA::cudart CUDA::cublas CUDA::cublasLt)
    # -std is given by hand: CMake before 3.25.2 does not know that nvcc has C++20.
    target_compile_options(torchlite::cuda_toolkit INTERFACE
      "$<$<COMPILE_LANGUAGE:CUDA>:-std=c++20;--extended-lambda;-diag-suppress=20011$<COMMA>20013$<COMMA>20014$<COMMA>20015>")
    # fmt 9 takes nvcc for a compiler without constexpr, and then does not compile.
    target_compile_definitions(torchlite::cuda_toolkit INTERFACE $<$<COMPILE_LANGUAGE:CUDA>:FMT_USE_CONSTEXPR=1>)
    list(PREPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
    find_package(cuDNN QUIET GLOBAL)
    list(POP_FRONT CMAKE_MODULE_PATH)
    if(TARGET cuDNN::cuDNN)
      target_link_libraries(torchlite::cuda_toolkit INTERFACE cuDNN::cuDNN)
      target_compile_definitions(torchlite::cuda_toolkit INTERFACE TORCHLITE_WITH_CUDNN=1)
    endif()
    # Factorisations of matrices; it comes with most toolkits.
    if(TARGET CUDA::cusolver)
      target_link_libraries(torchlite::cuda_toolkit INTERFACE CUDA::cusolver)
      target_compile_definitions(torchlite::cuda_toolkit INTERFACE TORCHLITE_WITH_CUSOLVER=1)
    endif()
    # Fourier transforms, likewise.
    if(TARGET CUDA::cufft)
      target_link_libraries(torchlite::cuda_toolkit INTERFACE CUDA::cufft)
      target_compile_definitions(torchlite::cuda_toolkit INTERFACE TORCHLITE_WITH_CUFFT=1)
    endif()
    add_library(torchlite::cuda INTERFACE IMPORTED GLOBAL)
    target_link_libraries(torchlite::cuda INTERFACE torchlite::torchlite torchlite::cuda_toolkit)
  endif()
  if(NOT TARGET torchlite::cuda AND TORCHLITE_CUDA STREQUAL "ON")
    set(TORCHLITE_MISSING "TORCHLITE_CUDA is ON, but the CUDA toolkit was not found; put nvcc into PATH or set CUDAToolkit_ROOT")
  endif()
endif()
