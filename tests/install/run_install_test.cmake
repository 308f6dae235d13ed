# Installs what this build has built, moves the prefix, and builds two projects against it that
# know nothing else of ours: the consumer, and the example as a reader would copy it.
cmake_minimum_required(VERSION 3.25)

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

# Lists in `included` the headers, ours below the prefix, that including these brings along.
set(include_dir ${work}/prefix/include/ocpi_sessions)
function(list_included included)
    list(TRANSFORM ARGN REPLACE "(.+)" "#include \"\\1\"\n" OUTPUT_VARIABLE lines)
    list(JOIN lines "" text)
    file(WRITE ${work}/included.cpp ${text})
    run(${CXX_COMPILER} -std=c++20 -fsyntax-only -MD -MF ${work}/included.d -I ${include_dir}
        ${work}/included.cpp)
    file(READ ${work}/included.d text)
    string(REGEX REPLACE "[ \n\\]+" ";" paths "${text}")
    set(${included} ${paths} PARENT_SCOPE)
endfunction()

# application.hpp compiles alone and brings no vendor's header but Boost's, and no driver.
list_included(paths application/application.hpp)
foreach(path IN LISTS paths)
    if(path MATCHES "(rapidjson/|sqlite|boost/beast|boost/url|openssl/|libpq|toml|CLI/)"
       OR path MATCHES "ocpi_sessions/(crud/memory|server/(http_server|connection|outbound_c))")
        message(FATAL_ERROR "application.hpp includes ${path}")
    endif()
endforeach()

# What is installed is the face, the contract suite, and what they include; nothing else.
list_included(paths application/application.hpp auth/hashing.hpp auth/token_authenticator.hpp
    crud/errors.hpp crud/memory/memory_crud.hpp crud/page_bound.hpp
    crud/postgres/postgres_crud.hpp crud/sqlite/sqlite_crud.hpp
    tests/crud_contract/crud_contract.hpp)
file(GLOB_RECURSE installed ${include_dir}/*)
foreach(path IN LISTS installed)
    if(NOT path IN_LIST paths)
        message(FATAL_ERROR "${path} is installed, and no part of the face includes it")
    endif()
endforeach()
foreach(path IN LISTS paths)
    if(path MATCHES "(rapidjson/|sqlite3\\.h|boost/beast|libpq|toml|CLI/)")
        message(FATAL_ERROR "a public header includes ${path}")
    endif()
endforeach()

configure_outside_project(${SOURCE_DIR}/tests/install/consumer ${work}/consumer
                          -D CMAKE_PREFIX_PATH=${work}/prefix)
run(${CMAKE_COMMAND} --build ${work}/consumer)
run(${work}/consumer/consumer)

configure_outside_project(${SOURCE_DIR}/examples/emsp_sessions ${work}/example
                          -D CMAKE_PREFIX_PATH=${work}/prefix)
run(${CMAKE_COMMAND} --build ${work}/example)
run(${CMAKE_CTEST_COMMAND} --test-dir ${work}/example --output-on-failure)
