#!/bin/sh
# Keeping order: labels and lifetimes, what is shown of them, and what goes.
. "$SRCDIR/tests/support/lib.sh"

cat >"$TMPDIR/keep.json" <<'EOF'
{"hosts": [{"name": "HV01", "duration_ms": 0, "vms": [
  {"name": "web1", "notes": "front end", "snapshots": [
    {"name": "d5", "created": -432000}, {"name": "d4", "created": -345600},
    {"name": "d3", "created": -259200}, {"name": "d2", "created": -172800},
    {"name": "d1", "created": -86400}]},
  {"name": "db1", "snapshots": [
    {"name": "nightly", "type": "recovery", "created": -3600},
    {"name": "mine", "created": -7200}, {"name": "mine too", "created": -1800}]},
  {"name": "empty"}]}]}
EOF
SIM_AUTH=basic
start_hvsim --scenario "$TMPDIR/keep.json"

# of the VM web1, in the state: hosts.0.vms.name=web1 ...
state_of() {
    json "hosts.0.vms.name=web1.snapshots.name=$1.$2" "$STATE"
}

begin "set: a label, a lifetime and notes, read back"
hvsnap set web1 d3 --label team=ops --label tier=1 --ttl 30d --notes 'before the move' \
    -o json
expect_status 0
expect_equal changed "$(json results.0.changed)" true
expect_equal team "$(json results.0.snapshot.labels.team)" ops
expect_equal notes "$(json results.0.snapshot.notes)" 'before the move'
state_of d3 notes >"$TMPDIR/out"
expect_out 'before the move'
expect_out 'label: team=ops'

begin "set: the same again changes nothing"
hvsnap set web1 d3 --label team=ops -o json
expect_status 0
expect_equal changed "$(json results.0.changed)" false

begin "rename, and a label taken away"
hvsnap rename web1 d3 -n kept
hvsnap set web1 kept --unlabel tier
expect_status 0
hvsnap show web1 kept -o json
expect_equal name "$(json results.0.snapshot.name)" kept
expect_equal tier "$(json results.0.snapshot.labels.tier 2>/dev/null)" ""

begin "create: notes, labels and a lifetime, all in one"
hvsnap create empty -n first --label team=ops --ttl 7d --notes mine -o json
expect_status 0
expect_equal label "$(json results.0.snapshot.labels.team)" ops
expect_equal notes "$(json results.0.snapshot.notes)" mine
state() {
    json "hosts.0.vms.name=empty.snapshots.name=first.$1" "$STATE"
}
state notes >"$TMPDIR/out"
expect_out "expires: "

begin "create: the VM's own kind of snapshot is put back"
own=$(json hosts.0.vms.name=empty.user_snapshot_type "$STATE")
hvsnap create empty -n second --checkpoint standard -o json
expect_status 0
expect_equal kind "$(json hosts.0.vms.name=empty.user_snapshot_type "$STATE")" "$own"
hvsnap create empty --detach --label a=b
expect_status 2

begin "ensure: what fits is left alone, and found"
hvsnap ensure empty -n first --label team=ops -o json
expect_status 0
expect_equal changed "$(json results.0.changed)" false
expect_equal name "$(json results.0.snapshot.name)" first
hvsnap ensure empty -n third -o json
expect_equal changed "$(json results.0.changed)" true
hvsnap ensure empty -n third --max-age 1h
expect_out unchanged
expect_state hosts.0.vms.name=empty.snapshots.# 3

begin "show"
hvsnap show web1 kept
expect_status 0
expect_out "labels   team=ops"
expect_out "notes    before the move"
expect_out "kind     user"

begin "show: a snapshot that is not there"
hvsnap show web1 nope
expect_status 5

begin "list: columns, order and choice"
hvsnap list web1 --columns name,labels --sort -created
expect_status 0
expect_equal first "$(sed -n 2p "$TMPDIR/out")" "d1    -"
hvsnap list -o name --match 'd*' --sort vm,name
expect_status 0
expect_equal count "$(wc -l <"$TMPDIR/out" | tr -d ' ')" 4
hvsnap list --label team=ops --columns name
expect_out kept
refute_out d1
hvsnap list db1 --kind recovery --columns name
expect_out nightly
refute_out mine

begin "prune: nothing to keep is refused before anybody is asked"
requests=$(json hosts.0.counters.requests "$STATE")
hvsnap prune web1
expect_status 2
expect_equal requests "$(json hosts.0.counters.requests "$STATE")" "$requests"

begin "prune: all would go, which is refused"
hvsnap prune db1 --keep-label no=such
expect_status 11
expect_err "--allow-all"
expect_state hosts.0.vms.name=db1.snapshots.# 3

begin "prune: a dry run says why, and deletes nothing"
hvsnap prune web1 --keep-last 2 --keep-label team=ops --dry-run
expect_status 0
expect_out "last 2"
expect_out "label team=ops"
expect_out "would-go"
expect_state hosts.0.vms.name=web1.snapshots.# 5

begin "prune: what nothing keeps goes; others' kinds stay"
hvsnap prune --keep-last 2 --keep-label team=ops -o json
expect_status 0
expect_state hosts.0.vms.name=web1.snapshots.# 3
expect_state hosts.0.vms.name=db1.snapshots.# 3
expect_equal outcome "$(json results.vm.name=web1.snapshots.snapshot.name=d5.outcome \
    2>/dev/null)" ""
hvsnap list web1 --columns name
expect_out kept
expect_out d1
expect_out d2
refute_out d4

begin "prune: again changes nothing"
hvsnap prune web1 --keep-last 2 --keep-label team=ops -o json
expect_status 0
expect_equal changed "$(json results.0.changed)" false

begin "prune: lifetimes alone"
hvsnap prune --expired
expect_status 0
expect_state hosts.0.vms.name=web1.snapshots.# 3
hvsnap set web1 d2 --ttl 1s
expect_status 0
expired() {
    hvsnap prune web1 --expired -o json
    [ "$(json hosts.0.vms.name=web1.snapshots.# "$STATE")" = 2 ]
}
wait_until 10 expired || fail "it is still there"

begin "delete: a backup's is refused unless told"
hvsnap delete db1 nightly
expect_status 11
hvsnap delete db1 nightly --any-kind
expect_status 0
expect_state hosts.0.vms.name=db1.snapshots.# 2

finish
