#!/bin/sh
# A snapshot's name arrives on the host byte for byte, or is refused before anything is
# done.
. "$SRCDIR/tests/support/lib.sh"

cat >"$TMPDIR/fast.json" <<'JSON'
{"accounts": [{"domain": "HVTEST", "user": "hvuser", "password": "Passw0rd!"}],
 "hosts": [{"name": "HV01", "vms": [
   {"name": "web1", "state": "off", "duration_ms": 0},
   {"name": "a'b\"c\\d%e_[f] & <g>", "state": "off", "duration_ms": 0},
   {"name": "仮想マシン", "state": "off", "duration_ms": 0}]}]}
JSON
start_hvsim --scenario "$TMPDIR/fast.json"
hundred=$(printf '%0100d' 0)
taken=0

# The name that hvsim's state file has for the newest snapshot of the first VM.
arrives() {
    begin "arrives: $1"
    hvsnap create web1 --name "$1"
    expect_status 0
    expect_state "hosts.0.vms.name=web1.snapshots.$taken.name" "$1"
    taken=$((taken + 1))
}

refused() {
    begin "refused: $1"
    hvsnap create web1 --name "$2"
    expect_status 2
    expect_err "$3"
    expect_state 'hosts.0.counters.CreateSnapshot' "$taken"
}

arrives 'plain'
arrives '& < > " '"'"
arrives '&amp; &lt; &#38; ]]> <![CDATA['
arrives '[brackets] 100% {{NAME}} {{NAME|cim}} %s %n'
arrives ' leading and trailing '
arrives 'back\slash \\ C:\new'
arrives '日本語のスナップショット'
arrives '🚀 emoji 👩‍👩‍👧'
arrives "$hundred"
arrives "$(printf '%0100d' 0 | sed 's/0/中/g')"
arrives '-n'

refused 'an empty one' '' 'is empty'
refused 'a blank one' '   ' 'is blank'
refused '101 characters' "${hundred}0" '101 characters'
refused 'a line feed' 'a
b' 'control character'
refused 'bad UTF-8' "$(printf 'a\377b')" 'not UTF-8'

begin "a VM's name with every sign that WQL or XML knows"
hvsnap create "a'b\"c\\d%e_[f] & <g>" --name x
expect_status 0
expect_state 'hosts.0.vms.1.snapshots.0.name' x
begin "a VM's name in Japanese"
hvsnap create 仮想マシン --name x
expect_status 0
expect_state 'hosts.0.vms.2.snapshots.0.name' x
finish
