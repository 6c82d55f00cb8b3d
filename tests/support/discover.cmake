# SPDX-License-Identifier: BSD-3-Clause
# discover_tests(PROGRAM PREFIX LABEL): each test case of a Catch2 program becomes a test of ctest, found after each build.
# Catch2's own script is not used, because it loses test cases whose names hold an unpaired bracket or a semicolon.
#
# As a script, it writes the file of add_test commands:
#   cmake -D PROGRAM=file -D PREFIX=text -D LABEL=text -D CATCH_VERSION=2.13 -D OUTPUT=file -P discover.cmake
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(discover_script ${CMAKE_CURRENT_LIST_FILE})
  function(discover_tests program prefix label)
    set(file ${CMAKE_CURRENT_BINARY_DIR}/${program}.tests.cmake)
    add_custom_command(TARGET ${program} POST_BUILD BYPRODUCTS ${file} VERBATIM
      COMMAND ${CMAKE_COMMAND} -D PROGRAM=$<TARGET_FILE:${program}> -D PREFIX=${prefix} -D LABEL=${label}
              -D CATCH_VERSION=${Catch2_VERSION} -D OUTPUT=${file} -P ${discover_script})
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${program}.include.cmake
      "if(EXISTS [==[${file}]==])\n  include([==[${file}]==])\nelse()\n  add_test([==[${prefix} ${program} is not built]==] false)\nendif()\n")
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${CMAKE_CURRENT_BINARY_DIR}/${program}.include.cmake)
  endfunction()
  return()
endif()

cmake_minimum_required(VERSION 3.25)
cmake_path(SET golden NORMALIZE "${CMAKE_CURRENT_LIST_DIR}/../golden/data")
if(CATCH_VERSION VERSION_LESS 3)
  set(list_names --list-test-names-only)
  set(options " --warn NoTests") # version 3 fails by itself when a name selects nothing
else()
  set(list_names --list-tests --verbosity quiet)
  set(options "")
endif()
execute_process(COMMAND ${PROGRAM} ${list_names} OUTPUT_VARIABLE names ERROR_VARIABLE errors RESULT_VARIABLE code)
if(names STREQUAL "")
  message(FATAL_ERROR "${PROGRAM} lists no tests (${code}): ${errors}")
endif()

# What a CMake list gives a meaning to travels as control characters.
foreach(code 1 2 3 4)
  string(ASCII ${code} mask_${code})
endforeach()
string(REPLACE "[" "${mask_1}" names "${names}")
string(REPLACE "]" "${mask_2}" names "${names}")
string(REPLACE ";" "${mask_3}" names "${names}")
string(REPLACE "\\" "${mask_4}" names "${names}")
string(REGEX REPLACE "\n+$" "" names "${names}")
string(REPLACE "\n" ";" names "${names}")

set(text "")
foreach(name IN LISTS names)
  # In Catch2's language of test selection these characters are operators.
  set(selection "${name}")
  foreach(operator "${mask_4}" "," "${mask_1}" "${mask_2}")
    string(REPLACE "${operator}" "${mask_4}${operator}" selection "${selection}")
  endforeach()
  string(APPEND text "add_test([==[${PREFIX} ${name}]==] [==[${PROGRAM}]==] [==[${selection}]==]${options})\n"
    "set_tests_properties([==[${PREFIX} ${name}]==] PROPERTIES TIMEOUT 600 LABELS [==[${LABEL}]==] ENVIRONMENT [==[TORCHLITE_GOLDEN_DATA=${golden}]==])\n")
endforeach()
string(REPLACE "${mask_1}" "[" text "${text}")
string(REPLACE "${mask_2}" "]" text "${text}")
string(REPLACE "${mask_3}" ";" text "${text}")
string(REPLACE "${mask_4}" "\\" text "${text}")
file(WRITE ${OUTPUT} "${text}")
