#!/bin/sh
# create --checkpoint: the VM has its own type again whatever comes of the call, and who
# will not wait for that is told how to do it.
. "$SRCDIR/tests/support/lib.sh"

cat >"$TMPDIR/own.json" <<'EOF'
{"hosts": [{"name": "HV01", "duration_ms": 0, "vms": [
  {"name": "web1", "user_snapshot_type": "production"}]}]}
EOF
SIM_AUTH=basic
STANDARD=5 PRODUCTION=3

# typed SIGNAL...: the call, whose job is stuck, gets these
begin_typed() {
    start_hvsim --scenario "$TMPDIR/own.json" --fault "CreateSnapshot:$1"
    : >"$TMPDIR/err" # it is looked at before the program has it
    "$HVSNAP" create -H "$URL" web1 -n one --checkpoint standard --auth "$SIM_AUTH" \
        --user "$USER_NAME" --password-file "$PASSWORD_FILE" --ca-file "$CA" -o json \
        >"$TMPDIR/out" 2>"$TMPDIR/err" &
    pid=$!
    COMMAND="create --checkpoint, and signals" status=0
    wait_until 20 grep -q 'the host works: job' "$TMPDIR/err" || show_run "no job"
    expect_state hosts.0.vms.0.user_snapshot_type $STANDARD
}

begin "it went well"
start_hvsim --scenario "$TMPDIR/own.json"
hvsnap create web1 -n one --checkpoint standard -o json
expect_status 0
expect_equal was "$(json results.0.checkpoint.was)" production
expect_equal "put back" "$(json results.0.checkpoint.put_back)" 'done'
expect_state hosts.0.vms.0.user_snapshot_type $PRODUCTION
hvsnap create web1 -n two --checkpoint production -o json
expect_equal "nothing to put back" "$(json results.0.checkpoint)" null

begin "the job failed"
start_hvsim --scenario "$TMPDIR/own.json" --fault 'CreateSnapshot:job-fail=32768'
hvsnap create web1 --checkpoint standard -o json
expect_status 10
expect_equal "put back" "$(json results.0.checkpoint.put_back)" 'done'
expect_state hosts.0.vms.0.user_snapshot_type $PRODUCTION

begin "it cannot be put back: the command for it is told"
start_hvsim --scenario "$TMPDIR/own.json" --fault 'ModifySystemSettings#2:return=32769'
hvsnap create web1 --checkpoint standard -o json
expect_equal "put back" "$(json results.0.checkpoint.put_back)" not-done
expect_err "hint: on the host: Get-VM -Id "
expect_err "| Set-VM -CheckpointType Production"
expect_state hosts.0.vms.0.user_snapshot_type $STANDARD

begin "a signal: the job is waited for, and the type put back"
begin_typed job-slow=2500
kill -TERM $pid
wait $pid || status=$?
expect_status 143
expect_equal "put back" "$(json results.0.checkpoint.put_back)" 'done'
expect_state hosts.0.vms.0.user_snapshot_type $PRODUCTION

begin "a terminal that is gone: so, too, however often that is told"
begin_typed job-slow=2500
hung_up() {
    ! kill -HUP "$pid" 2>/dev/null
}
wait_until 20 hung_up || show_run "still there"
wait $pid || status=$?
expect_status 129
expect_equal class "$(json error.class)" hung-up
expect_equal "put back" "$(json results.0.checkpoint.put_back)" 'done'
expect_state hosts.0.vms.0.user_snapshot_type $PRODUCTION

begin "under nohup it goes on"
trap '' HUP
begin_typed job-slow=2500
trap 'exit 1' HUP
kill -HUP $pid
wait $pid || status=$?
expect_status 0
expect_equal "put back" "$(json results.0.checkpoint.put_back)" 'done'
expect_state hosts.0.vms.0.user_snapshot_type $PRODUCTION

# gone: ends the program, again and again until it is
# shellcheck disable=SC2317
gone() {
    ! kill -TERM "$pid" 2>/dev/null
}

begin "another signal: it ends at once, and says what is left to be done"
begin_typed job-stuck
kill -TERM $pid
wait_until 20 gone || show_run "still there"
wait $pid || status=$?
expect_status 143
expect_err "hvsnap: to be put back by hand, on the host:"
expect_err "/web1: Get-VM -Id "
expect_err "| Set-VM -CheckpointType Production"
expect_state hosts.0.vms.0.user_snapshot_type $STANDARD

finish
