# `cmake --install`: the executable, the library with its public headers, and a package that
# find_package(ocpi_sessions) finds wherever the prefix is moved to. A header is installed at the
# path at which it is included, below include/ocpi_sessions.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/ocpi_sessions)
set(header_dir ${CMAKE_INSTALL_INCLUDEDIR}/ocpi_sessions)

if(OCPI_SESSIONS_APP)
    install(TARGETS ocpi-sessions COMPONENT runtime)
endif()

install(TARGETS ocpi_sessions EXPORT ocpi_sessions-targets COMPONENT development
        FILE_SET HEADERS DESTINATION ${header_dir} COMPONENT development)
install(EXPORT ocpi_sessions-targets NAMESPACE ocpi_sessions:: DESTINATION ${package_dir}
        COMPONENT development)

# The suite for an embedding program's own store: find_package's component crud_contract.
install(TARGETS ocpi_sessions_crud_contract EXPORT ocpi_sessions-crud_contract-targets
        COMPONENT development)
install(FILES tests/crud_contract/crud_contract.hpp
        DESTINATION ${header_dir}/tests/crud_contract COMPONENT development)
install(EXPORT ocpi_sessions-crud_contract-targets NAMESPACE ocpi_sessions::
        DESTINATION ${package_dir} COMPONENT development)

configure_package_config_file(cmake/ocpi_sessions-config.cmake.in ocpi_sessions-config.cmake
                              INSTALL_DESTINATION ${package_dir})
# Before 1.0 a new minor version may change the interface.
write_basic_package_version_file(ocpi_sessions-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/ocpi_sessions-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/ocpi_sessions-config-version.cmake
        DESTINATION ${package_dir} COMPONENT development)
