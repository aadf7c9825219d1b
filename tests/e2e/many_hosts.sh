#!/bin/sh
# Forty hosts that are alike, in one call.
. "$SRCDIR/tests/support/lib.sh"

cat >"$TMPDIR/alike.json" <<'JSON'
{"hosts": [{"name": "HV%d", "count": 40, "duration_ms": 200,
            "vms": [{"name": "vm", "state": "off"}]}]}
JSON
start_hvsim --scenario "$TMPDIR/alike.json" --listen 'https://127.0.0.1:0/*'
for url in $URLS; do
    echo "$url/vm"
done >"$TMPDIR/targets"

many() {
    run "$HVSNAP" "$@" --targets "$TMPDIR/targets" --user "$USER_NAME" \
        --password-file "$PASSWORD_FILE" --ca-file "$CA" --auth "$SIM_AUTH"
}

begin "each host has its snapshot"
many create --name alike -o json
expect_status 0
expect_equal "results" "$(json results.#)" 40
expect_equal "hosts" "$(json hosts.# "$STATE")" 40
for i in 0 1 38 39; do
    expect_state "hosts.$i.name" "HV$((i + 1))"
    expect_state "hosts.$i.vms.0.snapshots.#" 1
    expect_state "hosts.$i.vms.0.snapshots.0.name" alike
done

begin "more hosts than descriptors, unless it asks for more"
limited() {
    (
        # shellcheck disable=SC3045 # every shell has it
        ulimit -S -n 32
        exec "$HVSNAP" "$@"
    )
}
run limited list --targets "$TMPDIR/targets" --user "$USER_NAME" \
    --password-file "$PASSWORD_FILE" --ca-file "$CA" --auth "$SIM_AUTH" -o json
expect_status 0
expect_equal "lists" "$(json hosts.#)" 40
expect_equal "the last one's" "$(json hosts.39.snapshots.0.name)" alike

begin "what is wrong in the scenario is told with its file"
printf '{"hosts": [{"name": "HV%%d", "count": 2, "colour": "red"}]}\n' \
    >"$TMPDIR/wrong.json"
run "$HVSIM" --scenario "$TMPDIR/wrong.json"
expect_status 2
expect_err "$TMPDIR/wrong.json: scenario: hosts[0] knows no 'colour'"

finish
