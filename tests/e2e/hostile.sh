#!/bin/sh
# A host that means harm, behind a certificate that is trusted: whatever it sends, the
# program ends by its deadline, takes no more than 64 MB, and goes nowhere else.
. "$SRCDIR/tests/support/lib.sh"

"$SRCDIR/tests/support/ca.sh" "$TMPDIR/ca" localhost

# at HOW [URL]: the list of snapshots from it; the most memory, in KB, in $peak.
at() {
    start_tool hostile "$TMPDIR/ca/srv.pem" "$TMPDIR/ca/srv.key" "$@"
    run "$BUILD/tests/tools/peak" "$TMPDIR/peak" "$HVSNAP" list \
        -H "https://localhost:$(cat "$TMPDIR/port")" --user "$USER_NAME" --auth basic \
        --password-file "$PASSWORD_FILE" --ca-file "$TMPDIR/ca/ca.pem" --timeout "$time"
    read -r peak took <"$TMPDIR/peak"
    stop_tool
}

expect_modest() {
    is_sanitized || [ "$peak" -le 65536 ] || show_run "it took $peak KB"
}

time=60s
for rows in rows short; do
    begin "a list that does not end: $rows"
    at $rows
    expect_status 7
    expect_err "the host's list does not end"
    expect_modest
done

begin "a reply without an end, many times what was allowed"
at body
expect_status 7
expect_err "sent more than the 2097152 bytes that it was allowed"
expect_modest

begin "headers without an end"
at headers
expect_status 7
expect_modest

begin "a byte now and then"
time=1s
at drip
expect_status 8
expect_err "the time was over"
expect_modest
# a second more for a machine that has other things to do
[ "$took" -le 2250 ] || show_run "it took $took ms"

begin "a redirection is not followed"
time=60s
start_hvsim
at redirect "$URL/wsman"
expect_status 7
expect_err "redirects (HTTP 307)"
expect_state 'hosts.0.counters.requests' 0
finish
