# Installs what this build has built, moves the prefix, and builds two projects against it that
# know nothing else of ours: the consumer, and the example as a reader would copy it.
include(${CMAKE_CURRENT_LIST_DIR}/outside_project.cmake)

set(work ${BUILD_DIR}/tests/install_work)
file(REMOVE_RECURSE ${work})
run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${work}/first_prefix)
file(RENAME ${work}/first_prefix ${work}/prefix)
if(APP)
    run(${work}/prefix/bin/ocpi-sessions --help)
endif()

# The configuration of an installed package names no path of the machine it was built on.
file(GLOB_RECURSE package_files ${work}/prefix/*.cmake)
foreach(package_file IN LISTS package_files)
    file(STRINGS ${package_file} lines)
    foreach(path IN ITEMS ${SOURCE_DIR} ${work}/first_prefix)
        string(FIND "${lines}" ${path} place)
        if(NOT place EQUAL -1)
            message(FATAL_ERROR "${package_file} names ${path}")
        endif()
    endforeach()
endforeach()

# The headers find each other where they are now, and bring no vendor's but Boost's with them.
file(GLOB_RECURSE headers RELATIVE ${work}/prefix/include/ocpi_sessions ${work}/prefix/*.hpp)
list(TRANSFORM headers REPLACE "(.+)" "#include \"\\1\"\n")
list(JOIN headers "" every_header)
file(WRITE ${work}/every_header.cpp ${every_header})
run(${CXX_COMPILER} -std=c++20 -M -MF ${work}/every_header.d
    -I ${work}/prefix/include/ocpi_sessions ${work}/every_header.cpp)
file(READ ${work}/every_header.d included)
string(REPLACE ${work} "" included "${included}")
if(included MATCHES "[^ ]*/(rapidjson/|sqlite3\\.h|boost/beast|libpq|spdlog/|toml|CLI/)[^ ]*")
    message(FATAL_ERROR "a public header includes ${CMAKE_MATCH_0}")
endif()

configure_outside_project(${SOURCE_DIR}/tests/install/consumer ${work}/consumer
                          -D CMAKE_PREFIX_PATH=${work}/prefix)
run(${CMAKE_COMMAND} --build ${work}/consumer)
run(${work}/consumer/consumer)

configure_outside_project(${SOURCE_DIR}/examples/emsp_sessions ${work}/example
                          -D CMAKE_PREFIX_PATH=${work}/prefix)
run(${CMAKE_COMMAND} --build ${work}/example)
run(${CMAKE_CTEST_COMMAND} --test-dir ${work}/example --output-on-failure)
