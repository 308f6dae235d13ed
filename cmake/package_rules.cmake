# Debian packages by cpack, for scripts/package: what the packages hold besides the files of
# install_rules.cmake, and their control data. CPack itself splits the debug symbols off
# (ocpi-sessions-dbgsym) and asks dpkg-shlibdeps for the libraries.

set(man_dir ${CMAKE_INSTALL_MANDIR}/man1)
set(doc_dir ${CMAKE_INSTALL_DATADIR}/doc)

# Man pages and completions are made of the program's own command line.
set(manual ${CMAKE_CURRENT_BINARY_DIR}/manual)
add_custom_command(
    OUTPUT ${manual}/done
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${manual}
    COMMAND ocpi-sessions generate ${manual}
    COMMAND sh -c "gzip --best --no-name ${manual}/*.1"
    COMMAND ${CMAKE_COMMAND} -E touch ${manual}/done
    DEPENDS ocpi-sessions
    COMMENT "Writing man pages and completions"
    VERBATIM)
add_custom_target(manual ALL DEPENDS ${manual}/done)
install(DIRECTORY ${manual}/ DESTINATION ${man_dir} COMPONENT runtime
        FILES_MATCHING PATTERN "*.1.gz")
install(FILES ${manual}/ocpi-sessions.bash RENAME ocpi-sessions
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT runtime)
install(FILES ${manual}/_ocpi-sessions
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT runtime)

# The service.
install(FILES contrib/systemd/ocpi-sessions.service contrib/systemd/ocpi-sessions.socket
              contrib/cluster/ocpi-sessions@.service
        DESTINATION /lib/systemd/system COMPONENT runtime)
install(FILES contrib/systemd/ocpi-sessions.sysusers RENAME ocpi-sessions.conf
        DESTINATION /usr/lib/sysusers.d COMPONENT runtime)
install(FILES contrib/debian/server.toml DESTINATION /etc/ocpi-sessions COMPONENT runtime)

# Documents of both packages.
set(packed ${CMAKE_CURRENT_BINARY_DIR}/packed)
file(MAKE_DIRECTORY ${packed})
function(pack input output)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${input})
    execute_process(COMMAND gzip --best --no-name --stdout ${PROJECT_SOURCE_DIR}/${input}
                    OUTPUT_FILE ${packed}/${output} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
pack(contrib/debian/changelog changelog.Debian.gz)
pack(CHANGELOG.md changelog.gz)
foreach(package IN ITEMS ocpi-sessions libocpi-sessions-dev)
    set(component runtime)
    if(package STREQUAL "libocpi-sessions-dev")
        set(component development)
    endif()
    install(FILES ${packed}/changelog.Debian.gz ${packed}/changelog.gz contrib/debian/copyright
            DESTINATION ${doc_dir}/${package} COMPONENT ${component})
endforeach()
install(DIRECTORY docs/ DESTINATION ${doc_dir}/ocpi-sessions COMPONENT runtime
        FILES_MATCHING PATTERN "*.md" PATTERN "images" EXCLUDE)

# The library for pkg-config, and without debug symbols.
configure_file(cmake/ocpi-sessions.pc.in ocpi-sessions.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/ocpi-sessions.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
install(CODE "
    file(GLOB libraries \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/*.a\")
    execute_process(COMMAND ${CMAKE_STRIP} --strip-debug --enable-deterministic-archives
                            --remove-section=.comment \${libraries} COMMAND_ERROR_IS_FATAL ANY)"
        COMPONENT development)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ocpi-sessions)
set(CPACK_PACKAGE_VENDOR "ocpi-sessions")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
set(CPACK_COMPONENTS_ALL runtime development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
# Some files have their place outside the prefix.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES OFF)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER
    "ocpi-sessions maintainers <maintainers@ocpi-sessions.example>")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME ocpi-sessions)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION net)
# CPack indents the lines, and puts no summary of its own before them when it has only its default.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${CMAKE_PROJECT_NAME} built using CMake")
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION
"OCPI 2.3.0 sessions server for eMSPs and CPOs
Receives charging sessions from charge point operators, keeps them in one
SQLite file, and sends them to other platforms: the sessions and tariffs
modules of the Open Charge Point Interface, with an API and pages for
operators and drivers.

This package holds the server as a systemd service and its commands.")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS
    "ca-certificates, tzdata, systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA
    ${PROJECT_SOURCE_DIR}/contrib/debian/postinst ${PROJECT_SOURCE_DIR}/contrib/debian/prerm
    ${PROJECT_SOURCE_DIR}/contrib/debian/postrm ${PROJECT_SOURCE_DIR}/contrib/debian/conffiles)
set(CPACK_DEBIAN_RUNTIME_DEBUGINFO_PACKAGE ON)

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libocpi-sessions-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION
"OCPI 2.3.0 sessions for C++ programs (development files)
The server of the package ocpi-sessions as a library, for a program that
brings a store or an identity system of its own: headers, a static library,
and files for CMake and pkg-config.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "libboost1.81-dev, libboost-url1.81-dev, libssl-dev, libsqlite3-dev, libpq-dev, libhowardhinnant-date-dev")
include(CPack)
