# SPDX-License-Identifier: BSD-3-Clause
# Finds cuDNN beside the CUDA toolkit or in the system's paths: target cuDNN::cuDNN, variable cuDNN_VERSION.
find_path(cuDNN_INCLUDE_DIR cudnn.h HINTS ${CUDAToolkit_INCLUDE_DIRS})
find_library(cuDNN_LIBRARY cudnn HINTS ${CUDAToolkit_LIBRARY_DIR} PATH_SUFFIXES lib64 lib)
mark_as_advanced(cuDNN_INCLUDE_DIR cuDNN_LIBRARY)

if(EXISTS "${cuDNN_INCLUDE_DIR}/cudnn_version.h")
  file(STRINGS "${cuDNN_INCLUDE_DIR}/cudnn_version.h" cuDNN_VERSION REGEX "^#define CUDNN_(MAJOR|MINOR|PATCHLEVEL) +[0-9]+")
  list(TRANSFORM cuDNN_VERSION REPLACE "^#define CUDNN_[A-Z]+ +([0-9]+).*" "\\1")
  list(JOIN cuDNN_VERSION "." cuDNN_VERSION)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(cuDNN REQUIRED_VARS cuDNN_LIBRARY cuDNN_INCLUDE_DIR VERSION_VAR cuDNN_VERSION)
if(cuDNN_FOUND AND NOT TARGET cuDNN::cuDNN)
  add_library(cuDNN::cuDNN UNKNOWN IMPORTED GLOBAL)
  set_target_properties(cuDNN::cuDNN PROPERTIES
    IMPORTED_LOCATION "${cuDNN_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${cuDNN_INCLUDE_DIR}")
endif()
