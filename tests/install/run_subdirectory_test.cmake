# Takes the whole tree into a project with add_subdirectory and compiles the embedding program.
# It is not linked: the library that it would be linked with is compiled from the same files, by
# the same rules, as the one that this build has just tested, and that takes minutes.
include(${CMAKE_CURRENT_LIST_DIR}/outside_project.cmake)

set(work ${BUILD_DIR}/tests/subdirectory_work)
configure_outside_project(${SOURCE_DIR}/tests/install/subdirectory ${work}
                          -D OCPI_SESSIONS_SOURCE_DIR=${SOURCE_DIR})
run(${CMAKE_COMMAND} --build ${work} --target embedder_objects)
