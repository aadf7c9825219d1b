#!/bin/sh
# A host that means harm, behind a certificate that is trusted: whatever it sends, the
# program ends by its deadline, takes no more than 64 MB, and goes nowhere else.
. "$SRCDIR/tests/support/lib.sh"

"$SRCDIR/tests/support/ca.sh" "$TMPDIR/ca" localhost

# at 'HOW [URL|MS]' VERB [ARGUMENT...]: at a host that does HOW; the most memory, in KB,
# in $peak, how long it took, in ms, in $took, and how many lines came in $lines.
at() {
    # shellcheck disable=SC2086
    start_tool hostile "$TMPDIR/ca/srv.pem" "$TMPDIR/ca/srv.key" $1
    shift
    run "$BUILD/tests/tools/peak" "$TMPDIR/peak" "$HVSNAP" "$@" \
        -H "https://localhost:$(cat "$TMPDIR/port")" --user "$USER_NAME" --auth basic \
        --password-file "$PASSWORD_FILE" --ca-file "$TMPDIR/ca/ca.pem" --timeout "$time"
    read -r peak took <"$TMPDIR/peak"
    lines=$(wc -l <"$TMPDIR/out")
    head -c 1000 "$TMPDIR/out" >"$TMPDIR/head" # enough for who has to look at it
    mv "$TMPDIR/head" "$TMPDIR/out"
    stop_tool
}

expect_modest() {
    is_sanitized || [ "$peak" -le 65536 ] || show_run "it took $peak KB"
}

# expect_lines COUNT
expect_lines() {
    [ "$lines" -eq "$1" ] || fail "$COMMAND: $lines lines, and $1 were expected"
}

# --- what does not end

time=60s
for verb in list vms "create x"; do
    begin "a list that does not end: $verb"
    # shellcheck disable=SC2086
    at rows $verb
    expect_status 7
    expect_err "the host's list does not end"
    expect_modest
done
begin "a list that does not end, of short rows"
at short list
expect_status 7
expect_err "the host's list does not end: 56320 rows"
expect_modest

begin "a reply without an end, many times what was allowed"
at body list
expect_status 7
expect_err "sent more than the 2097152 bytes that it was allowed"
expect_modest

begin "headers without an end"
at headers list
expect_status 7
expect_modest

time=1s
for verb in list vms "create x" "list --tree -o wide" doctor; do
    begin "a byte now and then: $verb"
    # shellcheck disable=SC2086
    at drip $verb
    expect_status 8
    expect_modest
    in_time "$took" 1000
done

# --- what ends just below what is taken

# below 'VERB ARGUMENT...' LINES HOW...: they are listed, in so many lines.
time=60s
below() {
    verb=$1 wanted=$2
    shift 2
    for how; do
        begin "a list just below what is taken: $verb, $how"
        # shellcheck disable=SC2086
        at "$how" $verb
        expect_status 0
        [ "$wanted" -eq 0 ] || expect_lines "$wanted"
        expect_modest
    done
}
below list 56001 snapshots chain
below list 0 both notes names labels lines
below "list --tree" 56002 snapshots
below "list --tree" 84000 both
below "list --tree" 0 chain names
below "list -o wide" 0 notes names labels lines chain
below "list -o json" 0 snapshots both chain notes names labels lines
below "list -o ndjson" 3 snapshots
below vms 56001 vms
below vms 28001 both
below "vms -o json" 0 vms

# All of one VM, and then no look at what became of it.
for how in one-vm notes names labels; do
    begin "one VM has all of it: $how"
    at "$how" delete 00000000-0000-4000-8000-000000000000 \
        00000001-0000-4000-8000-000000000000 --subtree --dry-run -o json
    expect_modest
done

# --- and comes late: nothing looks at the clock behind the last page, so there must be
# time left to show what was listed

# late MS 'VERB ARGUMENT...' HOW...: the last page comes so long after the connection.
time=4s
late() {
    last=$1 verb=$2
    shift 2
    for how; do
        begin "the last page comes after $last ms of 4000: $verb, $how"
        # shellcheck disable=SC2086
        at "$how $last" $verb
        [ "$status" -eq 0 ] || [ "$status" -eq 8 ] || show_run "expected 0, or 8"
        in_time "$took" 4000
    done
}
if is_sanitized; then
    begin "the last page comes at the last moment"
    skip "a sanitizer takes its time"
else
    late 3700 list snapshots chain both labels lines
    late 3700 "list --tree" both chain
    late 3700 vms vms both
    late 3950 list chain
    late 3950 "list -o json" both names labels
    late 6000 list chain
    late 6000 vms both
fi

# --- what is refused

time=60s
begin "a name of 2 MB"
at long-name list
expect_status 7
expect_err "the host has a name of 2000000 bytes, and 1024 are taken"
expect_modest
for how in nodes prefixes; do
    begin "too many of them: $how"
    time=60s
    at "$how" list
    expect_status 7
    expect_err "reply has too many"
    expect_modest
    time=1s
    at "$how" list
    expect_status 8
    in_time "$took" 1000
done

begin "a date that no clock has"
time=60s
at date list
expect_status 0

begin "a redirection is not followed"
start_hvsim
at "redirect $URL/wsman" list
expect_status 7
expect_err "redirects (HTTP 307)"
expect_state 'hosts.0.counters.requests' 0
finish
