#!/usr/bin/env bash
# The life of the package in a bare tree: life.sh PACKAGES TREE WORK
set -euo pipefail
. "$(dirname "$0")/expect.sh"
packages=$1 tree=$2 work=$3
config=/etc/ocpi-sessions/server.toml
state=/var/lib/ocpi-sessions
wants=/etc/systemd/system/multi-user.target.wants/ocpi-sessions.service
export DEBIAN_FRONTEND=noninteractive

in_tree() { chroot "$tree" "$@"; }
# As a command of the service's user, in the place of this shell.
become_service() {
    exec chroot --userspec=ocpi-sessions:ocpi-sessions "$tree" env --ignore-environment \
        PATH=/usr/bin:/bin NOTIFY_SOCKET=/run/notify sh -c "cd $state && exec \"\$@\"" sh "$@"
}
install_package() {
    cp "$1" "$tree/tmp/package.deb"
    in_tree apt-get install -y -qq --no-install-recommends /tmp/package.deb >"$work/apt.log" 2>&1 ||
        { tail -20 "$work/apt.log" >&2; fail "apt cannot install $1"; }
    rm "$tree/tmp/package.deb"
}
mode_of() { in_tree stat --format '%U:%G %a' "$1"; }
is_absent() { ! [ -e "$tree$1" ] && ! [ -L "$tree$1" ]; }
is_user() { in_tree getent passwd ocpi-sessions >/dev/null; }

# Starts the program as ExecStart says, as the unit's user, with a notification socket, and waits until
# it listens.
start_service() {
    local unit=$tree/lib/systemd/system/ocpi-sessions.service
    read -r -a words < <(sed -n 's/^ExecStart=//p' "$unit")
    : >"$work/notified"
    socat -u UNIX-RECV:"$tree/run/notify",mode=0666,unlink-early \
        OPEN:"$work/notified",append &
    receiver=$!
    until [ -S "$tree/run/notify" ]; do sleep 0.1; done
    become_service "${words[@]}" >"$work/address" 2>"$work/log" &
    server=$!
    until grep --quiet '^READY=1' "$work/notified"; do
        kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; fail 'the server does not start'; }
        sleep 0.1
    done
    url=$(sed -n 's/^listening on //p' "$work/address")
}
stop_service() {
    kill -TERM "$server"
    wait "$server" || { cat "$work/log" >&2; fail 'the server does not stop cleanly'; }
    server=
    # Messages follow each other without a line break.
    for _ in $(seq 100); do
        if grep --quiet 'STOPPING=1' "$work/notified"; then break; fi
        sleep 0.1
    done
    kill "$receiver" 2>/dev/null || true
    wait "$receiver" 2>/dev/null || true
}
trap 'kill ${server:-} ${receiver:-} 2>/dev/null || true' EXIT

sessions=$(cd "$(dirname "$0")/../../examples/emsp_sessions" && pwd)
ask() { curl --silent --show-error --max-time 20 --header "Authorization: Token $token" "$@"; }
put_session() {
    ask --request PUT --header 'Content-Type: application/json' --data "@$sessions/session.json" \
        "$url/ocpi/emsp/2.3.0/sessions/ES/ABC/SESS001"
}
get_session() { ask "$url/ocpi/emsp/2.3.0/sessions/ES/ABC/SESS001"; }

files_of_ours() {
    in_tree find / -xdev -path /proc -prune -o -path /sys -prune -o -name '*ocpi*' -print | sort
}

# Installed.
files_of_ours >"$work/files_before"
package=$(the_package "$packages" ocpi-sessions)
install_package "$package"
expect 'the user exists' is_user
expect 'the state directory is its own' test "$(mode_of $state)" = 'ocpi-sessions:ocpi-sessions 750'
expect 'the configuration is for it and root' test "$(mode_of $config)" = 'root:ocpi-sessions 640'
expect 'the service starts at boot' test -L "$tree$wants"
expect 'the socket does not' is_absent /etc/systemd/system/sockets.target.wants/ocpi-sessions.socket
expect 'the program runs' in_tree ocpi-sessions --version
for page in ocpi-sessions ocpi-sessions-serve ocpi-sessions-token; do
    expect "$page has a man page" test -s "$tree/usr/share/man/man1/$page.1.gz"
done
expect 'bash has a completion' \
    test -s "$tree/usr/share/bash-completion/completions/ocpi-sessions"
expect 'zsh has a completion' test -s "$tree/usr/share/zsh/vendor-completions/_ocpi-sessions"

# At work, with a configuration that was edited.
in_tree sed -i 's/^listen = .*/listen = "127.0.0.1:0"  # edited/' $config
cp -a "$tree$config" "$work/edited.toml"
token=$(become_service ocpi-sessions token add --database sqlite:$state/sessions.db \
    --kind partner --role CPO:ES*ABC --name cpo --profile tolerant 2>"$work/token.log")
start_service
put_session >"$work/stored" || cat "$work/log" >&2
expect "a session is stored: $(cat "$work/stored")" grep --quiet '"status_code":1000' "$work/stored"
get_session >"$work/before"
expect 'it is read back' grep --quiet '"id":"SESS001"' "$work/before"
stop_service
expect 'the manager was told of the stop' grep --quiet 'STOPPING=1' "$work/notified"

# Upgraded: the same build with a higher version.
dpkg-deb --raw-extract "$package" "$work/next"
sed -i 's/^Version: .*/Version: 99.0-1/' "$work/next/DEBIAN/control"
dpkg-deb --build --root-owner-group "$work/next" "$work/next.deb" >/dev/null
install_package "$work/next.deb"
expect 'the new version is installed' \
    test "$(in_tree dpkg-query --show --showformat='${Version}' ocpi-sessions)" = 99.0-1
expect 'the edited configuration stays' cmp "$work/edited.toml" "$tree$config"
expect 'and its owner' test "$(mode_of $config)" = 'root:ocpi-sessions 640'
start_service
get_session >"$work/after"
data_of() { sed 's/,"timestamp".*//' "$1"; }
expect 'the data stays' test "$(data_of "$work/before")" = "$(data_of "$work/after")"
stop_service

# Disabled by an administrator, which removes the link: an upgrade does not enable it again.
rm "$tree$wants"
sed -i 's/^Version: .*/Version: 99.0-2/' "$work/next/DEBIAN/control"
dpkg-deb --build --root-owner-group "$work/next" "$work/next.deb" >/dev/null
install_package "$work/next.deb"
expect 'a service that was disabled stays so' is_absent $wants

# Removed, then purged.
in_tree apt-get remove -y -qq ocpi-sessions >"$work/apt.log" 2>&1
expect 'removal keeps the data' test -s "$tree$state/sessions.db"
expect 'and the configuration' cmp "$work/edited.toml" "$tree$config"
expect 'but not the program' is_absent /usr/bin/ocpi-sessions
in_tree apt-get purge -y -qq ocpi-sessions >"$work/apt.log" 2>&1
for path in $state /etc/ocpi-sessions $wants /etc/systemd/system/ocpi-sessions.service; do
    expect "purge removes $path" is_absent "$path"
done
files_of_ours >"$work/files_after"
expect "purge leaves no file behind" diff "$work/files_before" "$work/files_after"
