# SPDX-License-Identifier: Apache-2.0
# What every target of the project shares: language, warnings, sanitizers, include roots, precompiled header.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(CURL REQUIRED)
find_package(EXPAT REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(spdlog REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
pkg_check_modules(PQXX REQUIRED IMPORTED_TARGET libpqxx)

add_library(connector_options INTERFACE)
target_include_directories(connector_options INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/src)
target_compile_options(connector_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsuggest-override
                                                   -Werror=switch)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    # ccache gives a precompiled header to a checkout whose files are of another hour.
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()
if(CONNECTOR_WERROR)
    target_compile_options(connector_options INTERFACE -Werror)
endif()
if(CONNECTOR_SANITIZE)
    add_compile_options(-fsanitize=${CONNECTOR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${CONNECTOR_SANITIZE})
    if(CONNECTOR_SANITIZE MATCHES "undefined")
        # What the address sanitizer and the processor stop anyway, or what is no matter on the machines we build for,
        # and yet costs compile time. Overflows, shifts, bounds, enumerations, casts and missing returns stay.
        add_compile_options(-fno-sanitize=null,alignment,object-size,vptr,nonnull-attribute,returns-nonnull-attribute)
    endif()
    add_compile_definitions(CONNECTOR_SANITIZED)
endif()
if(CONNECTOR_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link,address,undefined)
    add_compile_definitions(CONNECTOR_SANITIZED)
    add_link_options(-fsanitize=address,undefined)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_compile_options(-fstack-protector-strong -D_FORTIFY_SOURCE=2)
    add_link_options(-Wl,-z,relro,-z,now -Wl,--as-needed)
endif()

# gcc 12 warns of what cannot happen once it optimises std::string and JSON (its bugs 105329 and 105562); what it
# warns of without optimisation, and what clang does, stays.
add_library(connector_quiet INTERFACE)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(connector_quiet INTERFACE -Wno-maybe-uninitialized -Wno-array-bounds -Wno-restrict
                                                     -Wno-stringop-overflow -Wno-stringop-overread)
endif()

# connector_hot(FILE…): goes through megabytes byte by byte. The sanitizers' builds optimise these, too: what tests them
# takes half the time then. (The precompiled header is for one degree of optimisation only.)
function(connector_hot)
    if(CONNECTOR_SANITIZE)
        set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -O1 SKIP_PRECOMPILE_HEADERS ON)
    endif()
endfunction()

# One precompiled header for all Qt-free targets: the standard library and JSON are most of their compile time.
add_library(connector_pch STATIC ${CMAKE_SOURCE_DIR}/cmake/pch.cpp ${CMAKE_SOURCE_DIR}/cmake/pch_once.cpp)
target_link_libraries(connector_pch PUBLIC connector_options connector_quiet nlohmann_json::nlohmann_json)
target_precompile_headers(connector_pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch.h)
# Whoever includes it links it, too: pch_once.cpp has what the header only declares.
set_source_files_properties(${CMAKE_SOURCE_DIR}/cmake/pch_once.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON
                                                                              SKIP_UNITY_BUILD_INCLUSION ON)
connector_hot(${CMAKE_SOURCE_DIR}/cmake/pch_once.cpp)

# connector_library(NAME sources…) / connector_program(NAME sources…) / connector_test(NAME LABEL sources…):
# targets with the project's options; link what they need with target_link_libraries afterwards.
#
# ctest knows what is in a test program twice. With a label "single-…" each test is by itself: for whoever looks for one
# (and only those of <NAME>_FILTER where that is set). With a label "whole-…" all of them run in one process, so that what
# they stand on (an emulated cloud, a database server) is started once; or in one process for each of <NAME>_PARTS
# ("part=filter of GoogleTest"). <NAME>_COST: seconds under the address sanitizer; the longest begin first.
function(connector_library name)
    add_library(${name} STATIC ${ARGN})
    target_link_libraries(${name} PUBLIC connector_pch)
    target_precompile_headers(${name} REUSE_FROM connector_pch)
endfunction()

function(connector_program name)
    add_executable(${name} ${ARGN})
    target_link_libraries(${name} PRIVATE connector_pch)
    target_precompile_headers(${name} REUSE_FROM connector_pch)
endfunction()

function(connector_test name label)
    add_executable(${name} ${ARGN})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE connector_pch GTest::gmock GTest::gtest_main)
    target_precompile_headers(${name} REUSE_FROM connector_pch)
    if(${name}_FILTER)
        set(filter TEST_FILTER "${${name}_FILTER}")
    endif()
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 ${filter}
                         PROPERTIES LABELS single-${label} TIMEOUT 300)
    if(NOT ${name}_PARTS)
        connector_whole_test(${name} ${name} "*" whole-${label})
    endif()
    foreach(part ${${name}_PARTS})
        string(REGEX MATCH "^([^=]+)=(.*)$" matched ${part})
        connector_whole_test(${name}.${CMAKE_MATCH_1} ${name} "${CMAKE_MATCH_2}" whole-${label})
    endforeach()
endfunction()

# What GoogleTest says of its tests is in reports/<TEST>.xml of the build, for ctest sees only one; whole-tests names
# those that must have one.
file(REMOVE ${CMAKE_BINARY_DIR}/whole-tests)
function(connector_whole_test test program filter label)
    add_test(NAME ${test} COMMAND ${program} "--gtest_filter=${filter}"
                                  --gtest_output=xml:${CMAKE_BINARY_DIR}/reports/${test}.xml)
    file(APPEND ${CMAKE_BINARY_DIR}/whole-tests "${test}\n")
    set_tests_properties(${test} PROPERTIES LABELS ${label} TIMEOUT 900)
    if(${program}_COST)
        set_tests_properties(${test} PROPERTIES COST ${${program}_COST})
    endif()
endfunction()

# connector_embed(TARGET NAMESPACE FILES…): the files' bytes as std::string_view constants found by name:
#   std::optional<std::string_view> NAMESPACE::embedded(std::string_view fileName);  (header "<target>_embedded.h")
function(connector_embed target namespace)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded/${target})
    file(MAKE_DIRECTORY ${out})
    set(absolute)
    foreach(file ${ARGN})
        get_filename_component(path ${file} ABSOLUTE)
        list(APPEND absolute ${path})
    endforeach()
    add_custom_command(
        OUTPUT ${out}/${target}_embedded.cpp ${out}/${target}_embedded.h
        COMMAND ${CMAKE_COMMAND} -DOUT=${out}/${target}_embedded -DNAMESPACE=${namespace} "-DFILES=${absolute}"
                -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
        DEPENDS ${absolute} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
        VERBATIM)
    target_sources(${target} PRIVATE ${out}/${target}_embedded.cpp ${out}/${target}_embedded.h)
    set_source_files_properties(${out}/${target}_embedded.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON
                                                                         SKIP_UNITY_BUILD_INCLUSION ON)
    target_include_directories(${target} PRIVATE ${out})
endfunction()
