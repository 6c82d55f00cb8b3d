# SPDX-License-Identifier: BSD-3-Clause
# Compiles a wrong program; passes if the compiler refuses it with the sentence of the program's first line.
#   cmake -D COMPILER=c++ -D FLAGS=file -D SOURCE=file.cpp -P check.cmake
cmake_minimum_required(VERSION 3.25)
file(READ "${SOURCE}" text)
string(REGEX REPLACE "^// *([^\n]*).*" "\\1" sentence "${text}")
execute_process(COMMAND "${COMPILER}" "@${FLAGS}" -fsyntax-only "${SOURCE}"
  RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
string(FIND "${output}" "${sentence}" at)
if(code EQUAL 0)
  message(FATAL_ERROR "${SOURCE} compiles; it must not")
elseif(at EQUAL -1)
  message("${output}")
  message(FATAL_ERROR "${SOURCE} is refused, but without the sentence \"${sentence}\"")
endif()
