# What the tests of packages share.

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# expect DESCRIPTION COMMAND...: the command succeeds.
expect() {
    local description=$1
    shift
    "$@" || fail "$description"
    echo "ok: $description"
}

# the_package DIRECTORY NAME: the one file of that package.
the_package() {
    local files=("$1/$2"_*.deb)
    [ "${#files[@]}" -eq 1 ] && [ -e "${files[0]}" ] || fail "no one package $2 in $1"
    echo "${files[0]}"
}
