# For scripts run with cmake -P: projects outside of ours, built as this build is built. Expects
# BUILD_TYPE, CXX_COMPILER, CXX_FLAGS, SANITIZE and CCACHE.

# Runs a command; the test ends with its output when it fails or hangs.
function(run)
    execute_process(COMMAND ${ARGV} TIMEOUT 240 RESULT_VARIABLE failure
                    OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(failure)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "${command}: ${failure}\n${output}")
    endif()
endfunction()

# Configures a project from nothing: a leftover cache would hide a missing dependency. Further
# arguments go to the configuration. A library built with sanitizers needs programs built with
# the same.
function(configure_outside_project source build)
    set(flags ${CXX_FLAGS})
    if(SANITIZE)
        string(APPEND flags " -fsanitize=${SANITIZE} -fno-omit-frame-pointer")
    endif()
    set(launcher)
    if(CCACHE)
        set(launcher -D CMAKE_CXX_COMPILER_LAUNCHER=${CCACHE})
    endif()
    file(REMOVE_RECURSE ${build})
    run(${CMAKE_COMMAND} -S ${source} -B ${build} -G Ninja -D CMAKE_BUILD_TYPE=${BUILD_TYPE}
        -D CMAKE_CXX_COMPILER=${CXX_COMPILER} "-DCMAKE_CXX_FLAGS=${flags}" ${launcher} ${ARGN})
endfunction()
