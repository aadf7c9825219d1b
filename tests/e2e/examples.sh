#!/bin/sh
# The two example programs do what they say, against the pretend host.
. "$SRCDIR/tests/support/lib.sh"

EXAMPLES=$BUILD/contrib/examples
start_hvsim --listen https://127.0.0.1:0
port=${URL##*:}
if have_ntlm; then SIM_AUTH=ntlm; else skip_all "no gss-ntlmssp here"; fi

with_password() {
    run sh -c '"$@" <"$0"' "$PASSWORD_FILE" "$@"
}

begin "blocking takes a snapshot"
with_password "$EXAMPLES/blocking" 127.0.0.1 "$port" "$CA" "$USER_NAME" db1 nightly
expect_status 0
expect_out ' nightly'
expect_state 'hosts.0.counters.CreateSnapshot' 1

begin "blocking says why not"
with_password "$EXAMPLES/blocking" 127.0.0.1 "$port" "$CA" "$USER_NAME" nosuch
expect_status 5
expect_err "no VM is called 'nosuch'"

begin "loop lists two hosts at once"
with_password "$EXAMPLES/loop" "$USER_NAME" "$CA" 127.0.0.1 "$port" localhost "$port"
expect_status 0
expect_out '127.0.0.1/db1 '
expect_out 'localhost/db1 '

begin "loop says which host failed"
with_password "$EXAMPLES/loop" "$USER_NAME" "$CA" 127.0.0.1 "$port" nosuch.invalid "$port"
expect_status 7
expect_err 'nosuch.invalid'
expect_out '127.0.0.1/db1 '
finish
