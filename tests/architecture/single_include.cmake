# SPDX-License-Identifier: BSD-3-Clause
# Writes the single header, compiles an example against it with a bare compiler and runs it.
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${BINARY_DIR})
execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${ROOT}/include -D OUTPUT=${BINARY_DIR}/torchlite/torchlite.hpp
  -P ${ROOT}/cmake/Amalgamate.cmake COMMAND_ERROR_IS_FATAL ANY)
file(STRINGS ${BINARY_DIR}/torchlite/torchlite.hpp left REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"]torchlite/")
if(left)
  message(FATAL_ERROR "the single header still includes others: ${left}")
endif()
list(TRANSFORM FMT_INCLUDES PREPEND "-idirafter")
execute_process(COMMAND ${COMPILER} -std=c++20 -Wall -Wextra -Werror -I${BINARY_DIR} ${FMT_INCLUDES}
  ${ROOT}/examples/quickstart.cpp -o ${BINARY_DIR}/quickstart COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${BINARY_DIR}/quickstart COMMAND_ERROR_IS_FATAL ANY)
