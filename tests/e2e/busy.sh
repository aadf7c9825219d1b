#!/bin/sh
# --wait-busy: another process keeps a VM busy, and ours waits in turn.
. "$SRCDIR/tests/support/lib.sh"

cat >"$TMPDIR/busy.json" <<'EOF'
{"accounts": [
  {"domain": "HVTEST", "user": "hvuser", "password": "Passw0rd!"},
  {"domain": "HVTEST", "user": "other", "password": "Passw0rd!"}],
 "hosts": [{"name": "HV01", "duration_ms": 0, "vms": [
  {"name": "web1", "duration_ms": 1500, "state": "off", "snapshots": [
    {"name": "old"}, {"name": "new"}]},
  {"name": "idle"}, {"name": "slow", "duration_ms": 600000},
  {"name": "pruned", "duration_ms": 1500, "state": "off", "snapshots": [
    {"name": "one"}, {"name": "two"}]}]}]}
EOF
SIM_AUTH=basic
start_hvsim --scenario "$TMPDIR/busy.json"

# Somebody else takes a snapshot of it.
keep_busy() {
    "$HVSNAP" create "$1" --detach -H "$URL" --user 'HVTEST\other' --ca-file "$CA" \
        --password-file "$PASSWORD_FILE" --auth basic >"$TMPDIR/other" 2>&1 ||
        fail "$(cat "$TMPDIR/other")"
}

requests() {
    json hosts.0.counters.requests "$STATE"
}

# how many lines of what was told hold the text
told() {
    grep -cF -- "$1" "$TMPDIR/out"
}

begin "create waits for the other's snapshot, and takes its own behind it"
keep_busy web1
hvsnap create web1 --name mine --wait-busy 2m -o ndjson
expect_status 0
expect_out '"phase":"busy","percent":null,"job":null,"elapsed_ms":'
expect_out '"reason":"the VM is off, and under way is: snapshot, '
expect_err "web1: waits in turn: the VM is off, and under way is: snapshot"
expect_equal started "$(told '"event":"started"')" 1
expect_state hosts.0.vms.name=web1.snapshots.# 4
expect_state hosts.0.vms.name=web1.snapshots.3.name mine

begin "set, ensure, restore and delete wait as well"
for verb in "set web1 old --label a=b" "ensure web1 --name there" \
    "restore web1 new --yes" "delete web1 new"; do
    keep_busy web1
    # shellcheck disable=SC2086 # the words of a call
    hvsnap $verb --wait-busy 2m
    expect_status 0
    expect_err "waits in turn: the VM is off, and under way is: snapshot"
done
expect_state hosts.0.vms.name=web1.snapshots.# 8

begin "prune waits for it, too, and says for which snapshot"
keep_busy pruned
hvsnap prune pruned --match one --keep-label never=1 --allow-all
expect_status 9
expect_err "pruned: one: "
expect_err "--wait-busy 5m waits in turn"
hvsnap prune pruned --match one --keep-label never=1 --allow-all --wait-busy 2m
expect_status 0
expect_err "pruned: one: waits in turn: the VM is off, and under way is: snapshot"
expect_state hosts.0.vms.name=pruned.snapshots.0.name two

begin "who waits holds up nobody, though one at a time may be done"
keep_busy web1
hvsnap create web1 idle --wait-busy 2m --per-host 1 -o ndjson
expect_status 0
expect_equal first "$(grep '"event":"done"' "$TMPDIR/out" | head -n 1 |
    sed 's/.*"vm_name":"\([a-z0-9]*\)".*/\1/')" idle

begin "in vain: the last refusal, and each try costs one request for it"
keep_busy slow
before=$(requests)
hvsnap create slow --wait-busy 2s -o ndjson
expect_status 9
expect_err "under way is: snapshot, 0 %"
tries=$(($(told '"phase":"busy"') + 1))
[ "$tries" -ge 2 ] || fail "it was tried $tries times"
expect_err "; still so at try $tries"
expect_equal requests $(($(requests) - before)) $((3 * tries))
expect_state hosts.0.vms.name=slow.snapshots.# 0

begin "the call's own time ends it too"
hvsnap create slow --wait-busy 2h --timeout 3s
expect_status 9
expect_err "still so at try "

begin "where it was not asked for, it is named"
hvsnap create slow
expect_status 9
expect_err "--wait-busy 5m waits in turn"

# The second round of a create meets a host that has no room for it, once.
second_round() {
    start_hvsim --scenario "$TMPDIR/busy.json" --fault "$1" \
        --fault 'DestroySnapshot#1:fault=0x803381A6'
    shift
    hvsnap create --retries 0 "$@"
}

begin "what --replace is for is deleted when there is room"
second_round 'CreateSnapshot#9:refuse' web1 -n old --replace --wait-busy 2m -o json
expect_status 0
expect_err "waits in turn: "
expect_equal replaced "$(json results.0.replaced.#)" 1
expect_state hosts.0.vms.name=web1.snapshots.# 2

begin "and so is what --all-or-nothing takes back"
second_round 'CreateSnapshot#2:return=32769' idle web1 --all-or-nothing --wait-busy 2m \
    --parallel 1
expect_status 4
expect_err "waits in turn: "
expect_state hosts.0.vms.name=web1.snapshots.# 2
expect_state hosts.0.vms.name=idle.snapshots.# 0

begin "where it was not asked for, both name it"
second_round 'CreateSnapshot#9:refuse' web1 -n old --replace
expect_status 9
expect_err "what it replaces is still there"
expect_err "--wait-busy 5m waits in turn"
expect_state hosts.0.vms.name=web1.snapshots.# 3

finish
