#!/usr/bin/env bash
# A program outside builds with the development package, found by pkg-config and by CMake:
# development.sh PACKAGES WORK
set -euo pipefail
. "$(dirname "$0")/expect.sh"
packages=$1 work=$2
consumer=$(cd "$(dirname "$0")/../install/consumer" && pwd)

root=$work/development
dpkg-deb --extract "$(the_package "$packages" libocpi-sessions-dev)" "$root"
libdir=$(dirname "$(find "$root" -name libocpi_sessions.a)")

flags=$(PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_PATH=$libdir/pkgconfig \
    pkg-config --cflags --libs ocpi-sessions)
# shellcheck disable=SC2086
expect 'a program builds by pkg-config' \
    g++ -std=c++20 "$(dirname "$0")/versions.cpp" $flags -o "$work/versions"
expect 'the program answers a request' "$work/versions"

# Where the package is installed CMake looks by itself.
expect 'CMake finds the package' cmake --log-level=WARNING -S "$consumer" -B "$work/consumer" \
    -D CMAKE_PREFIX_PATH="$root/usr" -D CMAKE_LIBRARY_ARCHITECTURE="$(basename "$libdir")"
