#!/bin/sh
# restore: what it changes on the host, what it refuses and then leaves alone, and what it
# claims when a reply is lost.
. "$SRCDIR/tests/support/lib.sh"

cat >"$TMPDIR/tree.json" <<'JSON'
{"accounts": [{"domain": "HVTEST", "user": "hvuser", "password": "Passw0rd!"}],
 "hosts": [{"name": "HV01", "duration_ms": 0, "vms": [
   {"name": "web1", "state": "off", "current": "after", "snapshots": [
     {"name": "before", "id": "00000000-0000-4000-8000-00000000000A"},
     {"name": "after", "id": "00000000-0000-4000-8000-00000000000B"},
     {"name": "twin", "parent": "before"}, {"name": "twin", "parent": "before"},
     {"name": "memory", "type": "standard", "saved": true, "parent": null},
     {"name": "backup", "type": "recovery", "parent": null},
     {"name": "replica", "type": "replica", "parent": null},
     {"name": "missing", "type": "missing", "parent": null}]},
   {"name": "db1", "state": "running", "user_snapshot_type": "standard",
    "snapshots": [
     {"name": "nightly", "id": "00000000-0000-4000-8000-00000000000C"},
     {"name": "later", "id": "00000000-0000-4000-8000-00000000000D"}]},
   {"name": "starts", "state": "starting", "snapshots": [{"name": "s"}]},
   {"name": "naps", "state": "paused", "snapshots": [{"name": "s"}]},
   {"name": "slow", "state": "off", "duration_ms": 60000,
    "snapshots": [{"name": "s"}, {"name": "t"}]},
   {"name": "off", "state": "off", "user_snapshot_type": "disabled",
    "snapshots": [{"name": "s"}, {"name": "t"}]}]}]}
JSON
BEFORE=00000000-0000-4000-8000-00000000000A
AFTER=00000000-0000-4000-8000-00000000000B
NIGHTLY=00000000-0000-4000-8000-00000000000C
LATER=00000000-0000-4000-8000-00000000000D

fresh() {
    start_hvsim --scenario "$TMPDIR/tree.json" "$@"
}

# stands VM SNAPSHOT STATE APPLIES: the truth
stands() {
    expect_state "hosts.0.vms.name=$1.parent" "$2"
    expect_state "hosts.0.vms.name=$1.state" "$3"
    applies=$(json hosts.0.counters.ApplySnapshot "$STATE" 2>/dev/null || echo 0)
    expect_equal "ApplySnapshot" "$applies" "$4"
}

begin "a VM that is off goes back, and stays off"
fresh
hvsnap restore web1 before --yes
expect_status 0
expect_out 'done     off    before'
expect_err "web1 goes back to 'before' of"
expect_err "what it did since 'after' of"
stands web1 $BEFORE 3 1

begin "to the memory of a snapshot: it is saved then"
hvsnap restore web1 memory --yes -o json
expect_status 0
expect_equal outcome "$(json results.0.outcome)" "done"
expect_equal state "$(json results.0.state)" saved
expect_equal stood_on "$(json results.0.stood_on.name)" before
expect_equal snapshot "$(json results.0.snapshot.current)" true
expect_state hosts.0.vms.name=web1.state 6

begin "what is saved is lost, and that is said"
hvsnap restore web1 before --yes --start -o name
expect_status 0
expect_err "its saved memory too"
expect_out $BEFORE
stands web1 $BEFORE 2 3

begin "a running VM is refused, and nothing is asked of the host"
fresh
hvsnap restore db1 nightly --yes
expect_status 11
expect_err "the VM 'db1' is running"
expect_err "--force-off turns it off first"
stands db1 $LATER 2 0

begin "turned off first, and started again"
hvsnap restore db1 nightly --yes --force-off --start -o json
expect_status 0
expect_equal state "$(json results.0.state)" running
stands db1 $NIGHTLY 2 1
expect_state hosts.0.counters.RequestStateChange 2

begin "saved first"
hvsnap restore db1 later --yes --save
expect_status 0
stands db1 $LATER 3 2

begin "a safety snapshot keeps the memory of a VM that is saved first"
fresh
hvsnap restore db1 nightly --yes --save --safety-snapshot -o json
expect_status 0
expect_equal safety "$(json results.0.safety.name)" "before restoring nightly"
expect_equal memory "$(json results.0.safety.saved_state)" true
expect_equal parent "$(json results.0.safety.parent_id)" $LATER
expect_state hosts.0.vms.name=db1.snapshots.# 3
stands db1 $NIGHTLY 3 1

begin "no safety snapshot, no restore"
hvsnap restore off s --yes --safety-snapshot
expect_status 11
expect_err "not restored, since no safety snapshot could be taken: snapshots are disabled"
expect_state hosts.0.counters.ApplySnapshot 1

begin "without a terminal it wants --yes, and asks nobody"
fresh
hvsnap restore web1 before
expect_status 11
expect_err "there is no terminal to ask on"
expect_state hosts.0.counters.requests 0

# refused STATUS TEXT VM SNAPSHOT OPTION...
refused() {
    begin "refused: $2"
    code=$1 text=$2
    shift 2
    hvsnap restore "$@" --yes
    expect_status "$code"
    expect_err "$text"
    expect_equal changes "$(json hosts.0.counters.ApplySnapshot "$STATE" 2>/dev/null)" ''
    expect_equal changes \
        "$(json hosts.0.counters.RequestStateChange "$STATE" 2>/dev/null)" ''
}

refused 11 "'backup' is a recovery snapshot" web1 backup
refused 11 "'replica' is a replica snapshot" web1 replica
refused 11 "'missing' is a missing snapshot, which cannot be restored" web1 missing
refused 6 "2 snapshots answer to 'twin'" web1 twin
refused 5 "the VM has no snapshot 'nightly'" web1 nightly
refused 5 "the VM has no snapshot '$NIGHTLY'" web1 $NIGHTLY
refused 5 "no VM is called 'nosuch'" nosuch s
refused 9 "the VM 'starts' is starting" starts s --force-off
refused 11 "the VM 'naps' is paused" naps s

begin "a lost reply: it is found by its job"
fresh --fault ApplySnapshot:reset-after
hvsnap restore web1 before --yes
expect_status 0
expect_out "done"
stands web1 $BEFORE 3 1

begin "a lost reply to turning off"
fresh --fault RequestStateChange:reset-read
hvsnap restore db1 nightly --yes --force-off --timeout 4s
expect_status 12
expect_err "whether it happened is unknown"
stands db1 $LATER 2 0

begin "the host's job fails"
fresh --fault ApplySnapshot:job-fail=32768
hvsnap restore web1 before --yes -o json
expect_status 10
expect_equal outcome "$(json results.0.outcome)" not-done
expect_equal changed "$(json results.0.changed)" false
stands web1 $AFTER 3 1

begin "it was turned off, and then refused: that is a change"
fresh --fault ApplySnapshot:return=32768
hvsnap restore db1 nightly --yes --force-off -o json
expect_status 1
expect_equal outcome "$(json results.0.outcome)" not-done
expect_equal changed "$(json results.0.changed)" true
expect_equal state "$(json results.0.state)" off
expect_state hosts.0.vms.name=db1.state 3

begin "the time is over: the host's job goes on"
fresh
hvsnap restore slow s --yes --timeout 2s -o json
expect_status 8
expect_equal outcome "$(json results.0.outcome)" started
expect_err "the host goes on with job"

begin "somebody starts the VM in between"
fresh --fault ApplySnapshot:admin-start
hvsnap restore web1 before --yes
expect_status 11
expect_err "invalid state for this operation"
expect_err "the VM is running"
stands web1 $AFTER 2 1

# On a real terminal; util-linux's script, others take their arguments otherwise.
if ! script --version 2>/dev/null | grep -q util-linux; then
    finish
fi

# asked ANSWER: in its own terminal
TARGET=before
asked() {
    cat >"$TMPDIR/restore" <<END
TERM=dumb "$HVSNAP" restore -H "$URL" web1 $TARGET --user '$USER_NAME' \
    --password-file "$PASSWORD_FILE" --ca-file "$CA" --auth basic
END
    COMMAND="restore, and $1" status=0
    printf '%s\n' "$1" | script -qec "sh $TMPDIR/restore" "$TMPDIR/typescript" \
        >"$TMPDIR/out" 2>"$TMPDIR/err" || status=$?
}

begin "on a terminal it asks: no"
fresh
asked n
expect_status 11
expect_out "goes back to 'before'"
expect_out "shall it be done? [y/N]"
expect_out "the answer was not 'yes'"
stands web1 $AFTER 3 0

begin "on a terminal it asks: yes"
asked yes
expect_status 0
stands web1 $BEFORE 3 1
finish
