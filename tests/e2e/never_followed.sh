#!/bin/sh
# Whoever stands in the way may want the program to go elsewhere: by a redirection, at
# any moment, or by an endpoint in a reply. Nobody comes to the other place, with a login
# or without.
. "$SRCDIR/tests/support/lib.sh"

TOUCHED=$TMPDIR/touched
"$SRCDIR/tests/support/ca.sh" "$TMPDIR/ca" 127.0.0.1 localhost

# at WAY HOW N COMMAND...: through divert, which does HOW from the Nth reply on.
at() {
    way=$1 how=$2 from=$3
    shift 3
    rm -f "$TOUCHED" "$TMPDIR/port.other"
    set -- "$@" --trace --timeout 20
    if [ "$way" = sealed ]; then
        SIM_AUTH=ntlm
        start_hvsim --listen http://127.0.0.1:0
        start_tool divert "$TOUCHED" "${URL##*:}" "$how" "$from"
        URL=http://localhost:$(cat "$TMPDIR/port")
    else
        SIM_AUTH=$way
        start_hvsim
        start_tool divert "$TOUCHED" "${URL##*:}" "$how" "$from" "$TMPDIR/ca/srv.pem" \
            "$TMPDIR/ca/srv.key"
        URL=https://localhost:$(cat "$TMPDIR/port")
    fi
    CA=$TMPDIR/ca/ca.pem
    hvsnap "$@"
}

expect_nobody() {
    [ ! -e "$TOUCHED" ] || show_run "somebody came: $(cat "$TOUCHED")"
}

begin "who comes to the other place is noticed, and what he brings"
at basic epr 1 vms
expect_status 0
expect_nobody
elsewhere=http://127.0.0.1:$(cat "$TMPDIR/port.other")
SIM_AUTH=ntlm URL=$elsewhere
hvsnap vms --timeout 2
[ "$status" -ne 0 ] || show_run "the other place answered"
grep -q "^somebody came" "$TOUCHED" || show_run "nobody was noticed"
grep -q "^Authorization: Negotiate " "$TOUCHED" || show_run "no login was noticed"

# redirected STATUS WAY N WHERE
redirected() {
    begin "a redirection is not followed: $1, $4"
    if [ "$2" != basic ] && ! have_ntlm; then
        skip "no gss-ntlmssp here"
        return
    fi
    at "$2" "$1" "$3" list web1 db1 --per-host 1
    [ "$status" -ne 0 ] || show_run "expected a failure"
    expect_err "redirects (HTTP $1)"
    expect_nobody
}

# The first reply of an NTLM login is the challenge, the second its end.
for code in 301 302 303 307 308; do
    redirected $code basic 1 "in reply to the first request"
    redirected $code basic 2 "in mid-session"
    redirected $code ntlm 1 "in reply to the first leg of a login"
    redirected $code ntlm 2 "in reply to the last leg of a login"
    redirected $code sealed 1 "in reply to the first leg, over clear HTTP"
    redirected $code sealed 2 "in reply to the last leg, over clear HTTP"
    redirected $code sealed 3 "on a session that is sealed"
done

begin "a redirection is not followed: 307, in reply to a change"
at basic 307 2 create web1 --name one --timeout 3
expect_status 12
expect_err "HTTP 307"
expect_nobody

# endpoints of COMMAND... lead elsewhere
led() {
    begin "an endpoint elsewhere is not gone to: $1"
    at basic epr 1 "$@"
    expect_status 0
    expect_err "$(sed 's|^|http://127.0.0.1:|' "$TMPDIR/port.other")/wsman"
    expect_nobody
}
led create web1 --name one
expect_state hosts.0.vms.name=web1.snapshots.name=one.name one
led jobs
led list
led restore db1 nightly --yes --force-off
led delete db1 nightly
finish
