# Warnings, sanitizers and the compiler cache: how this project builds itself. None of it reaches
# a program that links the library.

find_program(OCPI_SESSIONS_CCACHE ccache)
if(OCPI_SESSIONS_CCACHE AND PROJECT_IS_TOP_LEVEL)
    # What one clone has compiled serves another one, wherever it lies.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
        ${OCPI_SESSIONS_CCACHE})
endif()

add_library(ocpi_sessions_build_options INTERFACE)
target_compile_options(ocpi_sessions_build_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(ocpi_sessions_build_options INTERFACE
        -Wduplicated-cond -Wlogical-op
        # Mistaken about Asio's own allocation of coroutine frames.
        -Wno-mismatched-new-delete
        # Mistaken about std::string in optimised code.
        $<$<CONFIG:Release>:-Wno-array-bounds>
        $<$<CONFIG:Release>:-Wno-stringop-overflow>
        $<$<CONFIG:Release>:-Wno-stringop-overread>
        # In a unity build every file counts as included, its anonymous namespaces as shared.
        $<$<BOOL:${CMAKE_UNITY_BUILD}>:-Wno-subobject-linkage>)
endif()
if(OCPI_SESSIONS_WARNINGS_AS_ERRORS)
    target_compile_options(ocpi_sessions_build_options INTERFACE -Werror)
endif()
if(OCPI_SESSIONS_SANITIZE)
    add_compile_options(-fsanitize=${OCPI_SESSIONS_SANITIZE} -fno-omit-frame-pointer
                        -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${OCPI_SESSIONS_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Mistaken about Boost's variant2 and Asio's fences in instrumented code.
        add_compile_options(-Wno-maybe-uninitialized -Wno-tsan)
    endif()
endif()
