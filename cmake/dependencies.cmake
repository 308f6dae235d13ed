# Everything comes from Debian 12's own packages; scripts/install-packages names them.

find_package(Threads REQUIRED)
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS headers url)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto SSL)
find_package(SQLite3 3.40 REQUIRED)
find_package(PostgreSQL 14 REQUIRED)
find_package(RapidJSON CONFIG REQUIRED)
find_package(date CONFIG REQUIRED)
if(OCPI_SESSIONS_APP)
    find_package(CLI11 CONFIG REQUIRED)
    find_package(tomlplusplus CONFIG REQUIRED)
    # Its CMake package looks for what its HTTP server needs too, which is not used.
    find_library(OCPI_SESSIONS_PROMETHEUS_CPP prometheus-cpp-core REQUIRED)
    find_library(OCPI_SESSIONS_JEMALLOC jemalloc REQUIRED)
endif()

# RapidJSON's package defines variables, no target.
add_library(ocpi_sessions_rapidjson INTERFACE)
target_include_directories(ocpi_sessions_rapidjson SYSTEM INTERFACE ${RAPIDJSON_INCLUDE_DIRS})
