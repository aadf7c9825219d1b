#!/bin/sh
# guard: a command under the cover of a snapshot, and what its end decides.
. "$SRCDIR/tests/support/lib.sh"

cat >"$TMPDIR/quick.json" <<'EOF'
{"hosts": [{"name": "HV01", "duration_ms": 0, "vms": [
  {"name": "web1"}, {"name": "archive", "state": "off"}]}]}
EOF
SIM_AUTH=basic
start_hvsim --scenario "$TMPDIR/quick.json"
own() { # lib.sh's hvsnap() puts options last, where the command stands here
    verb=$1
    shift
    run "$HVSNAP" "$verb" -H "$URL" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
        --ca-file "$CA" --auth "$SIM_AUTH" "$@"
}
count() {
    json hosts.0.vms.name=archive.snapshots.# "$STATE"
}
parent() {
    json hosts.0.vms.name=archive.parent "$STATE"
}
before=$(count)

begin "the command's output and status are guard's, and the snapshot stays"
own guard archive -- sh -c 'echo out; echo err >&2; exit 3'
expect_status 3
expect_equal stdout "$(cat "$TMPDIR/out")" out
expect_err "the snapshot stays"
expect_equal snapshots "$(count)" $((before + 1))

begin "success, and the snapshot is deleted"
own guard archive --on-success delete -- true
expect_status 0
expect_equal snapshots "$(count)" $((before + 1))

begin "failure, and the VM is restored"
own guard archive --on-failure restore -n covered -- sh -c 'exit 7'
expect_status 7
expect_err "is restored"
covered=$(json hosts.0.vms.name=archive.snapshots.name=covered.id "$STATE")
expect_equal "where it stands" "$(parent)" "$covered"
jobs=$(grep -c '"type": 71' "$STATE")
[ "$jobs" -gt 0 ] || grep -q '"type":71' "$STATE" || fail "nothing was applied"

begin "a VM that runs is turned off for it, and runs again"
own guard web1 --on-failure restore -- false
expect_status 1
expect_state hosts.0.vms.name=web1.state 2

begin "a command that is not there restores nothing"
own guard archive --on-failure restore -- /nonexistent/command
expect_status 127
expect_err "the snapshot stays"

begin "one that cannot be run does not, either"
own guard archive --on-failure restore -- /
expect_status 126
expect_err "the snapshot stays"

begin "no snapshot, no command"
own guard nowhere -- touch "$TMPDIR/ran"
expect_status 125
expect_err "the command was not run"
[ ! -e "$TMPDIR/ran" ] || fail "it was run"

begin "usage"
own guard archive
expect_status 125
expect_err "which command?"

begin "no variable and no descriptor of ours"
HVSNAP_LANGUAGE=de-DE own guard archive --on-success delete -- \
    sh -c 'env; ls -l /proc/self/fd 2>/dev/null | grep -v "/proc/" || :'
expect_status 0
refute_out HVSNAP_
refute_out socket:

begin "the command runs as it would by itself"
core='ulimit -c; ulimit -Hc'
! is_sanitized || core=: # the address sanitizer lowers it before main()
as_it_is='umask; '$core'; ulimit -n; echo "$SSLKEYLOGFILE"
    grep "^Sig[IBC]" /proc/self/status 2>/dev/null || :'
cat >"$TMPDIR/alike" <<EOF
umask 027
ulimit -Sc 7 2>/dev/null || :
SSLKEYLOGFILE=$TMPDIR/keys
export SSLKEYLOGFILE
trap '' USR1 HUP
"\$@"
EOF
run sh "$TMPDIR/alike" sh -c "$as_it_is"
cp "$TMPDIR/out" "$TMPDIR/alone"
run sh "$TMPDIR/alike" "$HVSNAP" guard -H "$URL" --user "$USER_NAME" --auth "$SIM_AUTH" \
    --password-file "$PASSWORD_FILE" --ca-file "$CA" archive --on-success delete -- \
    sh -c "$as_it_is"
expect_status 0
expect_equal "what it has" "$(cat "$TMPDIR/out")" "$(cat "$TMPDIR/alone")"

# stopped_by SIGNAL STATUS: while its command runs
stopped_by() {
    begin "SIG$1 to guard ends the command, and restores nothing"
    : >"$TMPDIR/out"
    "$HVSNAP" guard -H "$URL" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
        --ca-file "$CA" --auth "$SIM_AUTH" archive --on-failure restore -- \
        sh -c 'echo started; exec sleep 60' >"$TMPDIR/out" 2>"$TMPDIR/err" &
    pid=$!
    COMMAND="guard, and kill -$1" status=0
    wait_until 20 grep -q started "$TMPDIR/out" || show_run "not started"
    kill "-$1" "$pid"
    wait "$pid" || status=$?
    expect_status "$2"
    expect_err "the snapshot stays"
}
stopped_by TERM 143
stopped_by HUP 129

begin "as JSON"
own guard archive -o json -- true
expect_status 0
expect_equal status "$(json results.0.status)" 0
expect_equal after "$(json results.0.after)" kept

finish
