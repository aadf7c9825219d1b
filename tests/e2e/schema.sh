#!/bin/sh
# Every document and every line that hvsnap prints is as docs/hvsnap-v1.schema.json says,
# after a success and after a failure; and the schema notices what is not. The validator
# is one that nobody here wrote, python3-jsonschema.
. "$SRCDIR/tests/support/lib.sh"

for python in /usr/bin/python3 python3; do
    "$python" -c 'from jsonschema import Draft202012Validator' 2>/dev/null && break
    python=
done
[ -n "$python" ] || skip_all "python3-jsonschema is not installed"

SCHEMA=$SRCDIR/docs/hvsnap-v1.schema.json
DOCS=$TMPDIR/docs
COUNT=0

# VMs of every kind; only the jobs of `slow` take long.
cat >"$TMPDIR/scenario.json" <<'JSON'
{"accounts": [{"domain": "HVTEST", "user": "hvuser", "password": "Passw0rd!"}],
 "hosts": [{"name": "HV01", "duration_ms": 0, "vms": [
   {"name": "web1", "state": "off", "current": "leaf", "snapshots": [
     {"name": "root", "notes": "a person's"}, {"name": "branch", "parent": "root"},
     {"name": "leaf", "parent": "branch"},
     {"name": "memory", "type": "standard", "saved": true, "parent": null},
     {"name": "auto", "automatic": true, "parent": null},
     {"name": "backup", "type": "recovery", "parent": null},
     {"name": "replica", "type": "replica", "parent": null},
     {"name": "gone", "type": "missing", "parent": null}]},
   {"name": "db1", "state": "running", "user_snapshot_type": "standard",
    "snapshots": [{"name": "nightly"}]},
   {"name": "仮想マシン", "state": "paused", "user_snapshot_type": "disabled"},
   {"name": "empty", "state": "saved", "user_snapshot_type": "production-only"},
   {"name": "twin", "state": "starting"}, {"name": "twin", "state": "saving"},
   {"name": "slow", "state": "off", "duration_ms": 60000,
    "snapshots": [{"name": "one"}, {"name": "two"}]}]}]}
JSON

fresh() {
    start_hvsim --scenario "$TMPDIR/scenario.json" "$@"
}

# document STATUS ARGUMENT..., and lines: hvsnap $verb prints one, or these.
document() {
    printed json "$@"
}

lines() {
    printed ndjson "$@"
}

# The same call twice: where it does not matter.
both() {
    document "$@"
    lines "$@"
}

printed() {
    format=$1 wanted=$2
    shift 2
    COUNT=$((COUNT + 1))
    # not hvsnap(), whose options would come after those of a command to be run
    run "$HVSNAP" "$verb" -H "$URL" --user "$USER_NAME" --ca-file "$CA" \
        --password-file "$PASSWORD_FILE" --auth "$SIM_AUTH" -o "$format" "$@"
    expect_status "$wanted"
    cp "$TMPDIR/out" "$DOCS/$COUNT.$format"
}

# holds COMMAND: what was printed since the last time.
holds() {
    "$python" "$SRCDIR/tests/support/schema.py" "$SCHEMA" "$1" "$DOCS"/* \
        >"$TMPDIR/said" 2>&1 || fail "$(cat "$TMPDIR/said")"
    rm -f "$DOCS"/*
}

# --- a case for each command: one that went well, and as many ways to fail as there are

case_create() {
    fresh
    both 0 empty --name 'a & b "c" <d> 日本'
    both 0 empty db1
    document 8 slow --timeout 1s
    both 9 slow --retries 0
    both 9 slow --wait-busy 1s
    fresh
    document 0 slow --detach
    lines 0 web1 --detach
    fresh
    both 0 empty db1 --together --all-or-nothing --name pair
    both 0 empty --replace --name pair --checkpoint standard
    both 5 empty nothing --all-or-nothing
    both 2 web1 --name ''
    both 3 empty nothing
    both 5 nothing
    both 6 twin
    both 11 仮想マシン
    fresh --fault 'CreateSnapshot:job-fail=32768' \
        --fault 'ModifySystemSettings#*:return=32773'
    document 10 web1
    both 1 web1 --name x
    fresh --fault 'CreateSnapshot:reset-read'
    lines 12 web1 --timeout 2s
}

case_list() {
    fresh
    both 0
    both 0 db1 empty --tree
    both 2 --no-such-option
    both 3 db1 nothing
    both 5 nothing
    both 6 twin
}

case_vms() {
    fresh
    both 0
    both 0 db1 empty
    both 5 nothing
    fresh --fault 'Enumerate#*:status=500'
    both 1
}

case_restore() {
    fresh
    both 0 db1 nightly --yes --save --safety-snapshot --start
    both 0 web1 memory --yes
    both 5 web1 nothing --yes
    both 11 db1 nightly --yes
    both 11 web1 root
    document 8 slow one --yes --timeout 1s
    fresh --fault 'ApplySnapshot#*:job-fail=32768'
    both 10 web1 root --yes
}

case_delete() {
    fresh
    document 0 web1 leaf auto
    lines 0 web1 root --subtree -y
    document 0 db1 nightly --subtree -y
    document 3 web1 nothing memory
    document 8 slow one --timeout 1s
    both 5 web1 nothing --subtree -y
    both 11 web1 backup
    fresh --fault 'DestroySnapshotTree:job-part=32768'
    lines 10 web1 root --subtree -y
    sed 's/"duration_ms": 0,/&"merge_ms": 2000,/' "$TMPDIR/scenario.json" \
        >"$TMPDIR/merging.json"
    start_hvsim --scenario "$TMPDIR/merging.json"
    lines 0 web1 branch leaf --wait-merge
    document 0 web1 memory --wait-merge
    sed 's/"duration_ms": 0,/&"merge_ms": 600000,/' "$TMPDIR/scenario.json" \
        >"$TMPDIR/merging.json"
    start_hvsim --scenario "$TMPDIR/merging.json"
    document 8 web1 branch --wait-merge --timeout 4s
    lines 8 db1 nightly --wait-merge --timeout 4s
}

case_show() {
    fresh
    both 0 web1 root
    both 5 web1 nothing
}

case_set() {
    fresh
    document 0 web1 root --label team=ops --ttl 7d --notes 'before' --name 'the root'
    lines 0 web1 leaf auto --label team=ops
    both 0 web1 leaf --label team=ops
    both 2 web1 leaf --label team
    document 3 web1 nothing memory --name x
    both 5 web1 nothing --name x
    both 11 web1 backup --name x
    fresh --fault 'ModifySystemSettings#*:return=32773'
    both 1 web1 root --name x
}

case_prune() {
    fresh
    both 0 web1 --keep-last 2 --dry-run
    lines 0 web1 --keep-last 2
    document 0 db1 --keep-last 1
    both 2 web1
    both 3 web1 nothing --keep-last 9
    both 5 nothing --keep-last 1
    both 11 web1 --keep-label x=y
    fresh --fault 'DestroySnapshot#*:job-fail=32768'
    both 10 web1 --keep-last 1
}

# A job that runs, in $job.
begin_job() {
    hvsnap create slow --detach -o name
    expect_status 0
    job=$(cat "$TMPDIR/out")
}

NO_JOB=00000000-0000-4000-8000-000000000000

case_jobs() {
    fresh
    both 0
    begin_job
    both 0
    both 0 db1
    both 5 nothing
}

case_wait() {
    fresh
    hvsnap create db1 --detach -o name
    both 0 "$(cat "$TMPDIR/out")"
    both 5 "$NO_JOB" --timeout 20s
    begin_job
    document 8 "$job" --timeout 1s
}

case_cancel() {
    fresh
    begin_job
    both 0 "$job"
    both 5 "$NO_JOB"
    hvsnap create db1 --detach -o name
    both 11 "$(cat "$TMPDIR/out")"
}

case_ensure() {
    fresh
    document 0 web1 --name here
    both 0 web1 --name here
    both 2 web1
    both 5 nothing --name x
}

case_guard() {
    fresh
    both 0 empty --name covered --on-success delete -- true
    both 3 web1 --on-failure restore -- sh -c 'exit 3'
    both 127 web1 -- /nonexistent/command
    both 125 nothing -- true
    both 125 web1
    fresh --fault 'ApplySnapshot#*:job-fail=32768' --fault 'DestroySnapshot#*:return=1'
    both 125 web1 --on-failure restore -- false
    both 125 web1 --on-failure delete -- false
    fresh --fault 'ApplySnapshot:job-stuck=40'
    document 125 web1 --on-failure restore --timeout 3s -- false
    expect_equal after "$(json results.0.after)" unknown
}

case_doctor() {
    fresh
    both 0 --report "$DOCS/report.json"
    both 0 --all --report "$DOCS/hidden.json" --report-names no
    both 2 --no-such-option
    both 7 --connect-to 127.0.0.1:1
    echo wrong >"$PASSWORD_FILE"
    both 4
    printf '%s\n' "$PASSWORD" >"$PASSWORD_FILE"
}

mkdir "$DOCS"
for verb in $("$HVSNAP" --help | sed -n 's/^  \([a-z]*\)  *.*/\1/p'); do
    begin "$verb"
    if ! command -v "case_$verb" >/dev/null; then
        fail "no case here for 'hvsnap $verb'"
        continue
    fi
    "case_$verb"
    holds "$verb"
done

# And for people: json.md names every member.
cat >"$TMPDIR/members.py" <<'END'
import json, sys

def members(node):
    if isinstance(node, dict):
        yield from node["properties"] if isinstance(node.get("properties"), dict) else ()
        node = [value for key, value in node.items() if key != "asked"]
    for value in node if isinstance(node, list) else ():
        yield from members(value)

schema, prose = json.load(open(sys.argv[1])), open(sys.argv[2]).read()
print(*{m for m in members(schema) if f'"{m}"' not in prose and f"`{m}`" not in prose})
END
begin "the prose has every member of the schema"
run "$python" "$TMPDIR/members.py" "$SCHEMA" "$SRCDIR/docs/json.md"
expect_equal "not in docs/json.md" "$(cat "$TMPDIR/out" "$TMPDIR/err")" ""

begin "a call of no command"
run "$HVSNAP" -o json
expect_status 2
cp "$TMPDIR/out" "$DOCS/none.json"
run "$HVSNAP" nosuch -o ndjson
expect_status 2
cp "$TMPDIR/out" "$DOCS/none.ndjson"
holds -
finish
