# SPDX-License-Identifier: BSD-3-Clause
# What the project's own programs use and users do not: the headers with all warnings, and the CUDA language.
option(TORCHLITE_NATIVE "Compile tests and examples for this machine's processor" OFF)

# The library once more, with its headers as ordinary ones, so that warnings in them are seen.
add_library(torchlite_dev INTERFACE)
foreach(property COMPILE_FEATURES COMPILE_OPTIONS COMPILE_DEFINITIONS LINK_LIBRARIES)
  get_target_property(value torchlite INTERFACE_${property})
  set_target_properties(torchlite_dev PROPERTIES INTERFACE_${property} "${value}")
endforeach()
target_include_directories(torchlite_dev INTERFACE ${CMAKE_CURRENT_SOURCE_DIR}/include)
if(TORCHLITE_NATIVE)
  get_target_property(value torchlite_native INTERFACE_COMPILE_OPTIONS)
  target_compile_options(torchlite_dev INTERFACE "${value}")
endif()
target_compile_options(torchlite_dev INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra> "$<$<COMPILE_LANGUAGE:CUDA>:SHELL:-Xcompiler -Wall,-Wextra,-Wno-restrict>")
# g++ 12 calls the empty base of a module a missing initializer in each Net{.width = 32}.
target_compile_options(torchlite_dev INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-missing-field-initializers>)

if(TORCHLITE_CUDA STREQUAL "AUTO" AND TARGET torchlite::cuda)
  include(CheckLanguage)
  check_language(CUDA)
endif()
if(TORCHLITE_CUDA STREQUAL "ON" OR CMAKE_CUDA_COMPILER)
  enable_language(CUDA)
  set(torchlite_has_nvcc TRUE)
endif()
