#!/bin/sh
# Where sources disagree about Windows, hvsim has a switch. Create, list and delete must
# work with every one of them, both ways. The switches are those that hvsim lists.
. "$SRCDIR/tests/support/lib.sh"

cat >"$TMPDIR/fast.json" <<'JSON'
{"accounts": [{"domain": "HVTEST", "user": "hvuser", "password": "Passw0rd!"}],
 "hosts": [{"name": "HV01", "vms": [
   {"name": "web1", "state": "off", "duration_ms": 0, "snapshots": [
     {"name": "first", "created": "2026-01-10T08:00:00Z"},
     {"name": "second", "parent": "first", "created": "2026-01-11T08:00:00Z"}]}]}]}
JSON

# Other values than the default, of a switch whose values are not a list.
others() {
    case $1 in
    clock-ahead) echo 400 ;;
    context-idle) echo 60 ;;
    create-row-lag) echo 1200 ;;
    job-retention) echo 0 ;;
    max-envelope) echo 150 ;;
    operations) echo 1 ;;
    schemes) echo Negotiate ;;
    esac
}

# "NAME DEFAULT VALUE VALUE..." for each switch.
switches() {
    "$HVSIM" --help | sed -n '/^Switches/,/^Faults/p' |
        sed -n 's/^  \([a-z0-9-]*\)=\([^ ]*\) (\([^)]*\))$/\1 \3 \2/p' | tr '|' ' '
}

# What is claimed must be so: the new snapshot, named, then deleted again.
life() {
    hvsnap create web1 --name 'a & b <c>' --timeout 60
    expect_status 0
    expect_out 'a & b <c>'
    expect_state 'hosts.0.vms.name=web1.snapshots.#' 3
    hvsnap list web1 --tree
    expect_status 0
    expect_out 'a & b <c>'
    hvsnap delete web1 'a & b <c>' --timeout 60
    expect_status 0
    expect_state 'hosts.0.vms.name=web1.snapshots.#' 2
    expect_state 'hosts.0.counters.CreateSnapshot' 1
    expect_state 'hosts.0.counters.DestroySnapshot' 1
}

# The host says yes and does nothing: never a success.
unchanged() {
    hvsnap create web1 --name named --timeout 60
    expect_status 10
    expect_err 'still called'
    expect_state 'hosts.0.vms.name=web1.snapshots.#' 3
}

# Which way the wire goes is part of some switches.
listener() {
    case $1 in
    allow-unencrypted | boundary | clear-body | frame-ht) echo http://127.0.0.1:0 ;;
    *) echo https://127.0.0.1:0 ;;
    esac
}

try() {
    name=$1 value=$2
    begin "$name=$value"
    SIM_AUTH=basic
    case $name in
    allow-unencrypted | boundary | clear-body | frame-ht | cbt | first-401 | \
        last-leg-body | schemes)
        SIM_AUTH=ntlm
        have_ntlm || { skip "no gss-ntlmssp here" && return; }
        ;;
    esac
    start_hvsim --scenario "$TMPDIR/fast.json" --listen "$(listener "$name")" \
        --set "$name=$value"
    case $name=$value in
    modify=unchanged) unchanged ;;
    *) life ;;
    esac
}

switches >"$TMPDIR/switches"
[ "$(wc -l <"$TMPDIR/switches")" -ge 40 ] || fail "hvsim lists too few switches"
while read -r name default values; do
    case $values in
    TEXT) values=$(others "$name") ;;
    NUMBER) values="$default $(others "$name")" ;;
    esac
    for value in $values; do
        try "$name" "$value"
    done
done <"$TMPDIR/switches"
finish
