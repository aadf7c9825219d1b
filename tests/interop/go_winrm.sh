#!/bin/sh
# A client that nobody here wrote, Go's masterzen winrm, logs in to hvsim by NTLM, over
# HTTP and HTTPS, and gets the fault of a host that runs no commands. It seals nothing.
#
# Go is large: INTEROP_GO=1 make check-interop installs it.
. "$SRCDIR/tests/support/lib.sh"

command -v go >/dev/null || skip_all "no Go here"
export GOPATH="${GOPATH:-/usr/share/gocode}" GO111MODULE=off GOPROXY=off
export GOCACHE="$BUILD/go-cache" GOFLAGS=-p=2
[ -d "$GOPATH/src/github.com/masterzen/winrm" ] ||
    skip_all "no masterzen winrm for Go here"
have_ntlm || skip_all "no gss-ntlmssp here"

begin "it builds"
run go build -o "$TMPDIR/go_winrm" "$SRCDIR/tests/interop/go_winrm.go"
expect_status 0
[ "$status" -eq 0 ] || finish

# ask USER [PASSWORD-FILE]
ask() {
    : >"$SIM_LOG"
    run "$TMPDIR/go_winrm" "$scheme" 127.0.0.1 "${URL##*:}" ntlm "$1" \
        "${2:-$PASSWORD_FILE}" "$CA"
}

came_in() {
    grep -aq "negotiate HVTEST\\\\hvuser 500 .* fault 0x8033803B" "$SIM_LOG"
}

printf 'Wr0ng-password\n' >"$TMPDIR/wrong"
for scheme in http https; do
    start_hvsim --listen "$scheme://127.0.0.1:0" --set allow-unencrypted=on

    begin "it logs in over $scheme, and no shell is there"
    ask hvuser
    came_in || show_run "the log says: $(cat "$SIM_LOG")"

    begin "over $scheme it stays out with a wrong password"
    ask hvuser "$TMPDIR/wrong"
    expect_out 401
    ! came_in || show_run "the log says: $(cat "$SIM_LOG")"

    begin "over $scheme it stays out as an unknown user"
    ask nobody
    expect_out 401
    ! came_in || show_run "the log says: $(cat "$SIM_LOG")"
done

begin "it is not bound to the connection, so a strict host keeps it out"
start_hvsim --listen https://127.0.0.1:0 --set cbt=strict
ask hvuser
expect_out 401
! came_in || show_run "the log says: $(cat "$SIM_LOG")"
finish
