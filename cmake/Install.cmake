# SPDX-License-Identifier: BSD-3-Clause
# Everything goes to include/ and share/: there is nothing in the package that depends on the processor.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/torchlite)

install(DIRECTORY include/torchlite DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.hpp" PATTERN "*.cuh" PATTERN "README.md")
install(TARGETS torchlite torchlite_native EXPORT torchliteTargets)
install(EXPORT torchliteTargets NAMESPACE torchlite:: DESTINATION ${package_dir})

configure_package_config_file(cmake/torchliteConfig.cmake.in torchliteConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(torchliteConfigVersion.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/torchliteConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/torchliteConfigVersion.cmake
  cmake/TorchliteDependencies.cmake cmake/FindcuDNN.cmake
  DESTINATION ${package_dir})

# pkg-config cannot look for things, so its file says what this machine has.
set(pc_requires "")
set(pc_cflags "")
set(pc_libs "-pthread")
if(TARGET torchlite::zlib)
  string(APPEND pc_requires "zlib")
  string(APPEND pc_cflags " -DTORCHLITE_WITH_ZLIB=1")
endif()
if(TARGET torchlite::openmp)
  string(APPEND pc_cflags " ${OpenMP_CXX_FLAGS}")
  string(APPEND pc_libs " ${OpenMP_CXX_FLAGS}")
endif()
configure_file(cmake/torchlite.pc.in torchlite.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/torchlite.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/torchlite)
