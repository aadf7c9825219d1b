#!/bin/sh
# delete --wait-merge: the host merges disks long after a snapshot is gone.
. "$SRCDIR/tests/support/lib.sh"

# scenario MS: how long it merges
scenario() {
    cat >"$TMPDIR/merge.json" <<EOF
{"hosts": [{"name": "HV01", "duration_ms": 0, "merge_ms": $1, "vms": [
  {"name": "web1", "state": "off", "snapshots": [
    {"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "leaf"}], "current": "c"}]}]}
EOF
    start_hvsim --scenario "$TMPDIR/merge.json"
}
SIM_AUTH=basic

begin "it is over when the host merges no more, in one wait for all of them"
scenario 2500
hvsnap delete web1 a b --wait-merge -o ndjson
expect_status 0
expect_equal results "$(grep -c '"merged":true' "$TMPDIR/out")" 2
expect_out '"phase":"merge","percent":'
expect_err "web1: the host merges disks: "
expect_state hosts.0.vms.0.merging false
expect_state hosts.0.vms.0.snapshots.# 2
[ "$(json hosts.0.counters.GetSummaryInformation "$STATE")" -ge 2 ] ||
    fail "the merge was not followed"

begin "without it, the host goes on behind us"
scenario 600000
hvsnap delete web1 a -o json
expect_status 0
expect_equal merged "$(json results.0.merged)" null
expect_state hosts.0.vms.0.merging true

begin "vms and jobs show it"
hvsnap vms web1 -o json
expect_equal operation "$(json hosts.0.vms.0.operation)" merge
hvsnap jobs web1 -o json
expect_out '"type": "merge"'

begin "a snapshot that nothing came from leaves nothing to merge"
scenario 0
before=$(json hosts.0.counters.requests "$STATE")
hvsnap delete web1 leaf -o name
plain=$(($(json hosts.0.counters.requests "$STATE") - before))
scenario 0
before=$(json hosts.0.counters.requests "$STATE")
hvsnap delete web1 leaf --wait-merge -o json
expect_status 0
expect_equal merged "$(json results.0.merged)" true
expect_equal "requests more" \
    $(($(json hosts.0.counters.requests "$STATE") - before - plain)) 3

begin "the time is over in the merge: deleted, and it goes on"
scenario 600000
hvsnap delete web1 b --wait-merge --timeout 4s -o json
expect_status 8
expect_equal outcome "$(json results.0.outcome)" "done"
expect_equal merged "$(json results.0.merged)" false
expect_equal class "$(json results.0.error.class)" deadline
expect_err "deleted: the host goes on merging disks: "
expect_err "'hvsnap vms' shows when it is over"
expect_state hosts.0.vms.0.snapshots.# 3
expect_state hosts.0.vms.0.merging true

begin "the host is away for a while in the merge"
scenario 2500
start_hvsim --scenario "$TMPDIR/merge.json" --fault 'GetSummaryInformation:status=503' \
    --fault 'GetSummaryInformation#2:reset-read'
hvsnap delete web1 b --wait-merge --timeout 60s -o json
expect_status 0
expect_equal merged "$(json results.0.merged)" true
expect_state hosts.0.vms.0.merging false

finish
