#!/bin/sh
# Many targets on many hosts in one call: at the same time, told in order, and one that is
# dead holds up nobody.
. "$SRCDIR/tests/support/lib.sh"

# Eight hosts with two VMs each, whose jobs take a second.
hosts=$(seq -s ' ' 1 8)
{
    printf '{"hosts": ['
    for i in $hosts; do
        [ "$i" = 1 ] || printf ', '
        printf '{"name": "FL%02d", "duration_ms": 1000, ' "$i"
        printf '"vms": [{"name": "a"}, {"name": "b"}]}'
    done
    printf ']}\n'
} >"$TMPDIR/fleet.json"
SIM_AUTH=basic
# shellcheck disable=SC2046 # nor does a URL
start_hvsim --scenario "$TMPDIR/fleet.json" $(
    for i in $hosts; do
        printf -- '--listen https://127.0.0.1:0/FL%02d ' "$i"
    done
)

# targets VM...: each VM on each host, in the order of the hosts
targets() {
    for url in $URLS; do
        for vm; do
            echo "${url%/wsman}/$vm"
        done
    done
}

many() {
    run "$HVSNAP" "$@" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
        --ca-file "$CA" --auth "$SIM_AUTH"
}

seconds() {
    date +%s
}

begin "sixteen jobs of a second take little more than one"
began=$(seconds)
# shellcheck disable=SC2046 # no target holds a blank
many create $(targets a b) --name fleet -o json --timeout 60s
took=$(($(seconds) - began))
expect_status 0
expect_equal "results" "$(json results.#)" 16
for i in 0 7 15; do
    expect_equal "result $i" "$(json "results.$i.snapshot.name")" fleet
done
[ "$took" -lt 12 ] || fail "it took $took s"
i=0
while [ $i -lt 8 ]; do
    expect_state "hosts.$i.vms.0.snapshots.#" 1
    expect_state "hosts.$i.vms.1.snapshots.#" 1
    i=$((i + 1))
done

begin "results come in the order of the targets"
# shellcheck disable=SC2046
many list $(targets b a) -o json
expect_status 0
expect_equal "first" "$(json hosts.0.vm)" b
expect_equal "second" "$(json hosts.1.vm)" a
expect_equal "third" "$(json hosts.2.vm)" b

begin "a host that is dead does not hold up the others, and is one failure"
# shellcheck disable=SC2046
many list https://127.0.0.1:1/a $(targets a) -o json
expect_status 3
expect_equal "the dead one" "$(json hosts.0.error.class)" connect
expect_equal "the last one" "$(json hosts.8.snapshots.#)" 1

# The account is tried at one host first; not at one that is not even reached.
start_tool silent
for SIM_AUTH in basic ntlm; do
    begin "nor does one that takes the connection and is silent ($SIM_AUTH)"
    if [ $SIM_AUTH = ntlm ] && ! have_ntlm; then
        skip "no gss-ntlmssp here"
        continue
    fi
    began=$(now_ms)
    # shellcheck disable=SC2046
    many list "https://127.0.0.1:$(cat "$TMPDIR/port")/a" $(targets a) --timeout 6s \
        --per-host 1 -o json
    expect_status 3
    expect_equal "the silent one" "$(json hosts.0.error.class)" deadline
    for i in $hosts; do
        expect_equal "host $i" "$(json "hosts.$i.snapshots.#")" 1
    done
    took=$(($(now_ms) - began))
    [ "$took" -lt 8000 ] || fail "it took $took ms"
done
SIM_AUTH=basic

begin "nor does it take the time to delete what is replaced elsewhere"
# shellcheck disable=SC2046
many create "https://127.0.0.1:$(cat "$TMPDIR/port")/a" $(targets a) --name fleet \
    --replace --timeout 16s -o json
expect_status 3
expect_equal "the silent one" "$(json results.0.error.class)" deadline
for i in $hosts; do
    expect_equal "host $i" "$(json "results.$i.replaced.#")" 1
done
stop_tool

begin "events as they happen"
# shellcheck disable=SC2046
many create $(targets a) -o ndjson
expect_status 0
expect_equal "started" "$(grep -c '"event":"started"' "$TMPDIR/out")" 8
expect_equal "done" "$(grep -c '"event":"done"' "$TMPDIR/out")" 8
expect_out '"phase":"job"'

begin "a wrong password is tried once, whatever the number of hosts"
printf 'wrong\n' >"$TMPDIR/wrong"
chmod 600 "$TMPDIR/wrong"
logins() {
    i=0 sum=0
    while [ $i -lt 8 ]; do
        sum=$((sum + $(json "hosts.$i.counters.requests" "$STATE")))
        i=$((i + 1))
    done
    echo $sum
}
before=$(logins)
# shellcheck disable=SC2046
run "$HVSNAP" list $(targets a) --user "$USER_NAME" --password-file "$TMPDIR/wrong" \
    --ca-file "$CA" --auth basic
expect_status 4
expect_equal "requests" $(($(logins) - before)) 1
expect_err "so it is not tried again"

begin "the same VM twice is a mistake"
url=${URL%/wsman}
many list "$url/a" "$url/a"
expect_status 2
expect_err "is given twice"

begin "a snapshot and all below it"
many list "$url/a" -o json
root=$(json hosts.0.snapshots.0.id)
many delete "$url/a" "$root" --subtree -y -o json
expect_status 0
expect_equal "deleted" "$(json results.0.deleted.#)" 2
expect_state hosts.0.vms.0.snapshots.# 0

begin "the jobs of one host are polled together"
{
    printf '{"hosts": [{"name": "POLL", "duration_ms": 4000, "vms": ['
    for i in $hosts; do
        [ "$i" = 1 ] || printf ', '
        printf '{"name": "p%d"}' "$i"
    done
    printf ']}]}\n'
} >"$TMPDIR/poll.json"
start_hvsim --scenario "$TMPDIR/poll.json"
hvsnap create p1 -q
expect_status 0
counted() {
    json "hosts.0.counters.$1" "$STATE"
}
one=$(($(counted Get) + $(counted Enumerate)))
start_hvsim --scenario "$TMPDIR/poll.json"
hvsnap create p1 p2 p3 p4 p5 p6 p7 p8 --per-host 8 -q
expect_status 0
gets=$(counted Get)
all=$((gets + $(counted Enumerate)))
# each job is asked for by itself at first and in the end, and twice where two ask at once
[ "$gets" -le 24 ] || fail "$gets Gets for 8 jobs, and $all requests; one job took $one"
[ "$all" -lt $((one * 6)) ] || fail "$all requests for 8 jobs, $one for one"

finish
