#!/bin/sh
# Jobs: seen, waited for and stopped from another process than began them.
. "$SRCDIR/tests/support/lib.sh"

cat >"$TMPDIR/jobs.json" <<'EOF'
{"hosts": [{"name": "HV01", "duration_ms": 1500, "vms": [
  {"name": "web1"}, {"name": "db1"}, {"name": "slow", "duration_ms": 60000}]}]}
EOF
SIM_AUTH=basic
start_hvsim --scenario "$TMPDIR/jobs.json"

begin "a job that runs is listed"
hvsnap create web1 --detach -o name
expect_status 0
job=$(cat "$TMPDIR/out")
hvsnap jobs -o json
expect_status 0
expect_equal id "$(json hosts.0.jobs.0.id)" "$job"
expect_equal type "$(json hosts.0.jobs.0.type)" snapshot
expect_equal vm "$(json hosts.0.jobs.0.vm_name)" web1
expect_equal owner "$(json hosts.0.jobs.0.owner)" 'HVTEST\hvuser'

begin "of one VM"
hvsnap jobs db1
expect_status 0
expect_err "no jobs"

begin "wait: another process follows it to its end"
hvsnap wait "$job" -o json
expect_status 0
expect_equal outcome "$(json results.0.outcome)" "done"
expect_state hosts.0.vms.0.snapshots.0.id "$(json results.0.job.snapshot_id)"

begin "wait: it names what a create that was cut off has made"
hvsnap create db1 --detach -o name
job=$(cat "$TMPDIR/out")
hvsnap wait "$job" --name "finished" -o json
expect_status 0
expect_equal outcome "$(json results.0.outcome)" "done"
expect_equal named "$(json results.0.named.name)" finished
expect_state hosts.0.vms.name=db1.snapshots.0.name finished
hvsnap wait "$job" -o json
expect_status 0
expect_equal named "$(json results.0.named)" null

begin "wait: nothing is named of a job that made no snapshot"
hvsnap delete db1 finished -o json
expect_status 0
hvsnap wait "$(json results.0.job)" --name x -o json
expect_status 10
expect_err "none was named"

begin "wait: a name that no snapshot can have"
hvsnap wait "$job" --name ''
expect_status 2

begin "wait: a job that nobody knows"
hvsnap wait 00000000-0000-4000-8000-000000000000 --timeout 20s
[ "$status" -ne 0 ] || show_run "it must fail"

begin "cancel: it ends, and nothing was made"
hvsnap create slow --detach -o name
job=$(cat "$TMPDIR/out")
hvsnap cancel "$job" -o json
expect_status 0
expect_equal changed "$(json results.0.changed)" true
expect_state hosts.0.vms.name=slow.snapshots.# 0

begin "cancel: one that has completed is refused"
hvsnap create db1 --detach -o name
job=$(cat "$TMPDIR/out")
hvsnap wait "$job"
hvsnap cancel "$job"
expect_status 11

finish
