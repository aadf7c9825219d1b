#!/bin/sh
# Targets out of files and inventories, on several hosts.
. "$SRCDIR/tests/support/lib.sh"

cat >"$TMPDIR/hosts.json" <<'JSON'
{"hosts": [
  {"name": "TG01", "duration_ms": 0, "vms": [{"name": "web1"}, {"name": "web 2"}]},
  {"name": "TG02", "duration_ms": 0, "vms": [{"name": "db1"}, {"name": "@odd"}]},
  {"name": "TG03", "duration_ms": 0, "vms": [{"name": "web3"}]}]}
JSON
SIM_AUTH=basic
start_hvsim --scenario "$TMPDIR/hosts.json" --listen https://127.0.0.1:0/TG01 \
    --listen https://127.0.0.1:0/TG02 --listen https://127.0.0.1:0/TG03
# shellcheck disable=SC2086 # three of them
set -- $URLS
one=${1%/wsman} two=${2%/wsman} three=${3%/wsman}
# A port where nothing listens.
dead=https://127.0.0.1:1

cat >"$TMPDIR/shop.ini" <<INI
; the shop
[web]
$one/web1 env=prod
"$one/web 2" env=test
$three/web3 env=prod note="the third one"
[db]
$two/db1 env=prod
[shop:children]
web
db
[broken]
$one/web1
$dead/lost
$three/web3
INI

# As ansible-inventory --list --export has it.
cat >"$TMPDIR/shop.json" <<JSON
{
    "_meta": {
        "hostvars": {
            "db1": {"hvsnap_host": "$two", "tier": 2},
            "odd": {"hvsnap_target": "$two/@odd"},
            "web1": {"tier": 1},
            "web2": {"hvsnap_vm": "web 2"},
            "web3": {"hvsnap_host": "$three"},
            "switch": {"ansible_network_os": "ios"}
        }
    },
    "all": {"children": ["ungrouped", "shop", "odd"]},
    "db": {"hosts": ["db1"]},
    "odd": {"hosts": ["odd"]},
    "shop": {"children": ["web", "db", "empty"], "vars": {"owner": "ops"}},
    "ungrouped": {"hosts": ["switch"]},
    "web": {"hosts": ["web1", "web2", "web3"], "vars": {"hvsnap_host": "$one"}}
}
JSON

many() {
    run "$HVSNAP" "$@" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
        --ca-file "$CA" --auth "$SIM_AUTH"
}

# piped TEXT COMMAND...: the text is standard input.
piped() {
    printf '%s\n' "$1" >"$TMPDIR/piped"
    shift
    run sh -c '"$@" <"$0"' "$TMPDIR/piped" "$HVSNAP" "$@" --user "$USER_NAME" \
        --password-file "$PASSWORD_FILE" --ca-file "$CA" --auth "$SIM_AUTH"
}

# expect_vms LIST VM...: those of the results (results.0.vm.name) or the hosts
# (hosts.0.vm), in this order.
expect_vms() {
    list=$1 name='' i=0
    [ "$1" = hosts ] || name=.name
    shift
    expect_equal "$list" "$(json "$list.#")" $#
    for vm; do
        expect_equal "$list $i" "$(json "$list.$i.vm$name")" "$vm"
        i=$((i + 1))
    done
}

begin "a file of targets, after those of the command line"
printf '# first the web\n%s/web1\n\n%s/web 2\n' "$one" "$one" >"$TMPDIR/list"
many create "$two/db1" --targets "$TMPDIR/list" --name file -o json
expect_status 0
expect_vms results db1 web1 "web 2"
expect_state hosts.0.vms.0.snapshots.0.name file
expect_state hosts.0.vms.1.snapshots.0.name file
expect_state hosts.1.vms.0.snapshots.0.name file

begin "names of VMs on standard input"
piped 'web 2' list -H "$one" --targets - -o json
expect_status 0
expect_equal "VM" "$(json hosts.0.vms.0.name)" "web 2"
expect_equal "hosts" "$(json hosts.#)" 1

begin "a mistake in the file: nothing is begun"
printf '%s/web1\nweb3\n' "$one" >"$TMPDIR/bad"
many create --targets "$TMPDIR/bad" --name bad -o json
expect_status 2
expect_err "$TMPDIR/bad:2: 'web3' may be a host or a VM"
expect_state hosts.0.counters.CreateSnapshot 2

begin "a file that others may write"
cp "$TMPDIR/list" "$TMPDIR/loose"
chmod 666 "$TMPDIR/loose"
many list --targets "$TMPDIR/loose"
expect_status 2
expect_err "others may write '$TMPDIR/loose'"

begin "a group"
many create --inventory "$TMPDIR/shop.ini" @web --name group -o json
expect_status 0
expect_vms results web1 "web 2" web3
expect_state hosts.2.vms.0.snapshots.0.name group

begin "groups of groups, and labels, each VM once"
many list --inventory "$TMPDIR/shop.ini" @env=prod @shop -o json
expect_status 0
expect_vms hosts web1 "web 2" web3 db1

begin "a label alone, by the environment's inventory"
HVSNAP_INVENTORY=$TMPDIR/shop.ini
export HVSNAP_INVENTORY
many list @env=prod -o json
unset HVSNAP_INVENTORY
expect_status 0
expect_vms hosts web1 web3 db1

begin "the configuration's inventory"
mkdir -p "$TMPDIR/home/hvsnap"
printf '[default]\ninventory = %s\n' "$TMPDIR/shop.ini" >"$TMPDIR/home/hvsnap/config"
XDG_CONFIG_HOME=$TMPDIR/home
export XDG_CONFIG_HOME
many list @db -o json
expect_status 0
expect_vms hosts db1
begin "a VM called @odd beside it"
many list -H "$two" @@odd -o json
expect_status 0
expect_vms hosts @odd
unset XDG_CONFIG_HOME
begin "a VM called @odd without it"
many list -H "$two" @odd -o json
expect_status 0
expect_vms hosts @odd

begin "a host that is dead does not keep the others from it"
many create --inventory "$TMPDIR/shop.ini" @broken --name late -o json
expect_status 3
expect_vms results web1 web3 lost
expect_equal "dead" "$(json results.2.error.class)" connect
expect_equal "the first" "$(json results.0.snapshot.name)" late
expect_equal "the second" "$(json results.1.snapshot.name)" late
expect_err "1 of 3 failed"

begin "in a file of targets"
printf '@db\n%s/web 2\n' "$one" >"$TMPDIR/mixed"
many list --targets "$TMPDIR/mixed" --inventory "$TMPDIR/shop.ini" @web=1 -o json
expect_status 2
expect_err "nothing in '$TMPDIR/shop.ini' bears 'web=1'"
many list --targets "$TMPDIR/mixed" --inventory "$TMPDIR/shop.ini" -o json
expect_status 0
expect_vms hosts db1 "web 2"

begin "Ansible's"
many create --inventory "$TMPDIR/shop.json" @shop --name ansible -o json
expect_status 0
expect_vms results db1 web1 "web 2" web3
expect_state 'hosts.1.vms.0.snapshots.name=ansible.name' ansible

begin "Ansible's, on standard input"
piped "$(cat "$TMPDIR/shop.json")" list --inventory - @tier=1 @odd -o json
expect_status 0
expect_vms hosts @odd web1

begin "Ansible's, a host that is no VM"
many list --inventory "$TMPDIR/shop.json" @all
expect_status 2
expect_err "$TMPDIR/shop.json: switch: 'switch' is on no host"

begin "Ansible's, a mistake"
sed 's/hvsnap_vm/hvsnap_vmm/' "$TMPDIR/shop.json" >"$TMPDIR/typo.json"
many list --inventory "$TMPDIR/typo.json" @db
expect_status 2
expect_err "$TMPDIR/typo.json: _meta.hostvars.web2.hvsnap_vmm: unknown"

begin "Ansible's, VMs of -H"
printf '{"lab": {"hosts": ["web1", "web 2"]}}\n' >"$TMPDIR/lab.json"
many list -H "$one" --inventory "$TMPDIR/lab.json" @lab -o json
expect_status 0
expect_vms hosts web1 "web 2"

begin "one VM goes back, or loses a snapshot"
many restore --inventory "$TMPDIR/shop.json" @tier=2 ansible --force-off --yes -o json
expect_status 0
expect_equal "restored" "$(json results.0.snapshot.name)" ansible
many delete --targets - ansible
expect_status 2
expect_err "no target in 'stdin'"
piped "$two/db1" delete --targets - ansible -o json
expect_status 0
expect_equal "deleted" "$(json results.0.outcome)" "done"
many delete --inventory "$TMPDIR/shop.json" @web ansible
expect_status 2
expect_err "one VM at a time, not 3"

begin "the doctor looks at the host of a VM"
many doctor --inventory "$TMPDIR/shop.ini" @db -o json
expect_status 0
expect_equal "host" "https://$(json hosts.0.host)" "$two"
many doctor --inventory "$TMPDIR/shop.ini" @web
expect_status 2
expect_err "one host at a time, not 2"

finish
