#!/bin/sh
# Snapshots of several VMs that belong together: asked for at the same moment, all of them
# or none, and in the place of those of before.
. "$SRCDIR/tests/support/lib.sh"

cat >"$TMPDIR/two.json" <<'EOF'
{"hosts": [
  {"name": "HA", "duration_ms": 0, "vms": [
    {"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}, {"name": "e"},
    {"name": "disabled", "user_snapshot_type": "disabled"}]},
  {"name": "HB", "duration_ms": 0, "vms": [
    {"name": "a", "snapshots": [
      {"name": "nightly", "created": -172800}, {"name": "weekly", "created": -100000},
      {"name": "nightly", "created": -86400},
      {"name": "nightly", "type": "recovery", "created": -3600}]}]}]}
EOF
SIM_AUTH=basic

# two FAULT...: the hosts, anew; A and B are their URLs
two() {
    start_hvsim --scenario "$TMPDIR/two.json" --listen https://127.0.0.1:0/HA \
        --listen https://127.0.0.1:0/HB "$@"
    A=${URL%/wsman} B=${URLS##* }
    B=${B%/wsman}
}

many() {
    run "$HVSNAP" "$@" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
        --ca-file "$CA" --auth "$SIM_AUTH"
}

counted() {
    json "hosts.$1.counters.$2" "$STATE" 2>/dev/null || echo 0
}

# What is there of all, but for the four that are there from the start.
there() {
    expect_equal "snapshots on HA" "$(for vm in 0 1 2 3 4; do
        json "hosts.0.vms.$vm.snapshots.#" "$STATE"
    done | tr -d '\n')" "$1"
    expect_state "hosts.1.vms.0.snapshots.#" "$2"
}

begin "together: more than four of a host at once, and how far apart"
two
many create "$A/a" "$A/b" "$A/c" "$A/d" "$A/e" "$B/a" --together -n one -o json
expect_status 0
expect_equal count "$(json together.count)" 6
[ "$(json together.asked_within_ms)" -ge 0 ] || fail "no spread"
[ "$(json together.answered_within_ms)" -ge "$(json together.asked_within_ms)" ] ||
    fail "answered before it was asked"
expect_err "6 snapshots were asked for within "
expect_err "does not make them consistent"
there 11111 5

begin "together: nobody is asked before the last one is ready"
two --fault 'Enumerate#2:hang' # the first VM is ready long before that one fails
many create "$A/a" "$A/b" "$B/a" --together --all-or-nothing -n one -o ndjson --timeout 4s
expect_status 8
expect_equal "creates on HA" "$(counted 0 CreateSnapshot)" 0
expect_equal "creates on HB" "$(counted 1 CreateSnapshot)" 0
refute_out '"event":"together"'
two
many create "$A/a" "$B/a" --together -n two -o ndjson
expect_status 0
expect_out '"event":"together"'

begin "together: one that cannot be found does not keep the others from it"
many create "$A/a" "$A/nope" "$B/a" --together -n two -o json
expect_status 3
expect_equal count "$(json together.count)" 2
expect_equal nope "$(json results.1.error.class)" not-found

begin "together and all or nothing: where one cannot be found, no host is asked"
two
many create "$A/a" "$A/nope" "$B/a" --together --all-or-nothing -n one -o json
expect_status 5
expect_equal a "$(json results.0.outcome)" not-done
expect_equal why "$(json results.0.error.message)" "not begun, since another one failed"
expect_equal nope "$(json results.1.error.class)" not-found
expect_equal "creates on HA" "$(counted 0 CreateSnapshot)" 0
expect_equal "creates on HB" "$(counted 1 CreateSnapshot)" 0

# with --per-host 1, a's is taken before b's is asked for
begin "all or nothing: those that were taken are deleted again"
two --fault 'CreateSnapshot#2:job-fail=32768'
many create "$A/a" "$A/b" "$B/a" --all-or-nothing --per-host 1 -n one -o json
expect_status 10
expect_equal a "$(json results.0.outcome)" not-done
expect_equal changed "$(json results.0.changed)" false
expect_equal snapshot "$(json results.0.snapshot)" null
expect_equal "why a" "$(json results.0.error.message)" \
    "it was taken, and deleted again, since another one failed"
expect_equal "why HB" "$(json results.2.error.message)" \
    "it was taken, and deleted again, since another one failed"
there 00000 4
expect_equal "deletions" "$(counted 0 DestroySnapshot)$(counted 1 DestroySnapshot)" 11

begin "all or nothing: one that is there, but without its name, goes too"
two --fault 'ModifySystemSettings#2:return=32773'
many create "$A/a" "$A/b" "$B/a" --all-or-nothing --per-host 1 -n one -o json
expect_status 1
expect_err "/b: it was deleted again"
there 00000 4

begin "all or nothing: what cannot be deleted is told, with the command for it"
two --fault 'CreateSnapshot#2:job-fail=32768' --fault 'DestroySnapshot#*:return=32768'
many create "$A/a" "$A/b" --all-or-nothing --per-host 1 -n one
expect_err "it was taken, and could not be deleted again"
expect_err "hint: hvsnap delete '127.0.0.1:"
expect_out one
there 10000 4

begin "all or nothing: all went well"
two
many create "$A/a" "$B/a" --all-or-nothing -n one -o json
expect_status 0
expect_equal a "$(json results.0.snapshot.name)" one
there 10000 5

begin "all or nothing: time is kept for deleting them again"
two --fault 'CreateSnapshot#2:job-stuck'
many create "$A/a" "$A/b" "$B/a" --all-or-nothing --per-host 1 -n one --timeout 6s -o json
expect_status 8
expect_equal b "$(json results.1.outcome)" started
there 00000 4

begin "all or nothing: after a signal they stay, and it says so"
two --fault 'CreateSnapshot#2:job-stuck'
: >"$TMPDIR/err" # it is looked at before the program has it
"$HVSNAP" create "$A/a" "$A/b" --all-or-nothing --per-host 1 -n one --user "$USER_NAME" \
    --password-file "$PASSWORD_FILE" --ca-file "$CA" --auth "$SIM_AUTH" \
    >"$TMPDIR/out" 2>"$TMPDIR/err" &
pid=$!
COMMAND="create, and kill -TERM" status=0
# shellcheck disable=SC2317
named() {
    grep -q '/b: the host works' "$TMPDIR/err"
}
wait_until 20 named || show_run "no snapshot"
kill -TERM $pid
wait $pid || status=$?
expect_status 143
expect_err "it was taken, and stays: hvsnap delete '127.0.0.1:"

begin "replace: the others of that name go, of those that somebody took"
two
many create "$B/a" -n nightly --replace -o json
expect_status 0
expect_equal replaced "$(json results.0.replaced.#)" 2
expect_state hosts.1.vms.0.snapshots.# 3
expect_equal left "$(json hosts.1.vms.0.snapshots.name=weekly.name "$STATE")" weekly
many create "$A/a" -n nightly --replace -o json
expect_equal "nothing to replace" "$(json results.0.replaced.#)" 0
there 10000 3

begin "replace: a backup's takes the place of a backup's alone"
two
many create "$B/a" -n nightly --type recovery --replace -o json
expect_status 0
expect_equal replaced "$(json results.0.replaced.#)" 1
expect_equal kind "$(json results.0.replaced.0.kind)" recovery
expect_state hosts.1.vms.0.snapshots.# 4
many ensure "$B/a" -n nightly --type recovery -o json
expect_equal changed "$(json results.0.changed)" false
expect_state hosts.1.vms.0.snapshots.# 4

begin "replace: the old one stays when the new one fails"
two --fault 'CreateSnapshot:job-fail=32768'
many create "$B/a" -n nightly --replace
expect_status 10
expect_state hosts.1.vms.0.snapshots.# 4
expect_equal deletions "$(counted 1 DestroySnapshot)" 0

begin "replace: one that cannot be deleted is an error, and the new one is told"
two --fault 'DestroySnapshot:return=32768'
many create "$B/a" -n nightly --replace -o json
expect_status 1
expect_equal outcome "$(json results.0.outcome)" 'done'
expect_equal name "$(json results.0.snapshot.name)" nightly
expect_err "it was taken, but what it replaces is still there"
expect_state hosts.1.vms.0.snapshots.# 5

begin "what does not go together"
many create "$A/a" --replace
expect_status 2
expect_err "which snapshots are to be replaced?"
many create "$A/a" --all-or-nothing --detach
expect_status 2
many create "$A/a" "$A/b" --together --parallel 1
expect_status 2
expect_err "--together begins 2 at once, and --parallel allows 1"

finish
