#!/usr/bin/env bash
# The debug symbols are those of the packaged binary, which has none: dbgsym.sh PACKAGES WORK
set -euo pipefail
. "$(dirname "$0")/expect.sh"
packages=$1 work=$2

for name in ocpi-sessions ocpi-sessions-dbgsym; do
    dpkg-deb --extract "$(the_package "$packages" "$name")" "$work/$name"
done
binary=$work/ocpi-sessions/usr/bin/ocpi-sessions
id=$(readelf --notes "$binary" | sed -n 's/.*Build ID: //p')
symbols=$work/ocpi-sessions-dbgsym/usr/lib/debug/.build-id/${id:0:2}/${id:2}.debug
expect 'the debug symbols lie where the build id says' test -s "$symbols"

has_section() { readelf --sections --wide "$1" 2>/dev/null | grep --quiet " $2 "; }
lacks_section() { ! has_section "$1" "$2"; }
expect 'the binary is stripped' lacks_section "$binary" .symtab
expect 'the binary has no debug information' lacks_section "$binary" .debug_info
expect 'the package of symbols has it' has_section "$symbols" .debug_info
expect 'the binary names its symbols' has_section "$binary" .gnu_debuglink
size=$(stat --format %s "$binary")
echo "the binary has $size bytes"
expect 'the binary is below 16 MiB' test "$size" -lt $((16 * 1024 * 1024))
