#!/bin/sh
# What `make demo` shows: a snapshot being taken on a pretend Hyper-V host, over HTTPS.
set -eu

BUILD=$(cd "${BUILD:-build}" && pwd)
PATH=$BUILD:$PATH
dir=$(mktemp -d "${TMPDIR:-/tmp}/hvsnap-demo.XXXXXX")
sim=

cleanup() {
    if [ -n "$sim" ]; then
        kill "$sim" 2>/dev/null || true
        wait "$sim" 2>/dev/null || true
    fi
    rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

say() {
    printf '\n%s\n' "$*"
}

# Print a command as one would type it, then run it.
show() {
    line='$'
    for word; do
        case $word in
        *[!A-Za-z0-9_./:=@%+-]*) line="$line '$word'" ;;
        *) line="$line $word" ;;
        esac
    done
    printf '\n%s\n' "$line"
    "$@"
}

have_ntlm() {
    hvsim --version | grep -qi gssapi || return 1
    for mech in /etc/gss/mech.d/*ntlmssp* /usr/etc/gss/mech.d/*ntlmssp* \
        /usr/local/etc/gss/mech.d/*ntlmssp*; do
        [ -f "$mech" ] && return 0
    done
    return 1
}

# Nothing of the user's own may change what is shown.
for name in HOST USER PASSWORD_FILE CONFIG; do
    unset "HVSNAP_$name"
done

printf '%s\n' '$ hvsim --ca-out ca.pem &'
hvsim --ca-out "$dir/ca.pem" </dev/null >"$dir/ready" 2>"$dir/log" &
sim=$!
until grep -q '^ready ' "$dir/ready"; do
    if ! kill -0 $sim 2>/dev/null; then
        cat "$dir/log" >&2
        exit 1
    fi
    sleep 0.02
done
cat "$dir/ready"
url=$(sed -n 's/^ready \([^ ]*\).*/\1/p' "$dir/ready")

if have_ntlm; then
    auth=ntlm
    say "The login is a real NTLM login: the pretend host checks it with gss-ntlmssp."
else
    auth=basic
    say "There is no gss-ntlmssp here, so the login is Basic over TLS instead of NTLM."
fi
cd "$dir"
(umask 077 && echo 'Passw0rd!' >password)
set -- -H "$url" --user 'HVTEST\hvuser' --password-file password --ca-file ca.pem \
    --auth $auth
show hvsnap create "$@" web1 --name before-upgrade
show hvsnap list "$@" web1 --tree
say "The same commands work against a real host: see README.md."
