#!/bin/sh
# Every verb at hosts whose user interface is English, German and Japanese: what is
# claimed, the exit status and what is there afterwards are the same, through success,
# refusal, a job that fails, is stopped or vanishes, and somebody else's change meanwhile.
# Nothing may depend on what a host says in its language.
. "$SRCDIR/tests/support/lib.sh"
SIM_AUTH=basic

scenario() {
    cat <<EOF
{"hosts": [{"name": "HV01", "locale": "$1", "utc_offset": 120, "duration_ms": 0, "vms": [
  {"name": "web1", "state": "off", "snapshots": [
    {"name": "first", "created": -172800}, {"name": "second", "created": -86400}]},
  {"name": "slow", "state": "off", "duration_ms": 60000},
  {"name": "disabled", "user_snapshot_type": "disabled"}]}]}
EOF
}

# As the rows below say it: how many snapshots web1 has, the name of the last, the VM's
# state, and how many changes were asked for.
found() {
    count=$(json 'hosts.0.vms.name=web1.snapshots.#' "$STATE")
    last='-'
    [ "$count" -eq 0 ] ||
        last=$(json "hosts.0.vms.name=web1.snapshots.$((count - 1)).name" "$STATE")
    case $last in
    first | second | new | kept) ;;
    *) last=default ;; # what the host called it
    esac
    asked=0
    for method in CreateSnapshot ApplySnapshot DestroySnapshot ModifySystemSettings; do
        more=$(json "hosts.0.counters.$method" "$STATE" 2>/dev/null)
        asked=$((asked + ${more:-0}))
    done
    echo "$count,$last,$(json 'hosts.0.vms.name=web1.state' "$STATE"),$asked"
}

# A job of the VM slow, begun by another process.
begin_job() {
    hvsnap create slow --detach -o name
    JOB=$(cat "$TMPDIR/out")
}

# status|outcome|found|faults|verb and its arguments; @JOB is a job that runs
rows() {
    grep -v '^#' <<'EOF'
x|x|x||create web1 -n new
x|x|x|CreateSnapshot:return=32775|create web1 -n new
x|x|x||create disabled
x|x|x|CreateSnapshot:fault=0x80338029|create web1 -n new
x|x|x|CreateSnapshot:job-fail=32768|create web1 -n new
x|x|x|Get:vmms-restart|create web1 -n new
x|x|x|CreateSnapshot:reset-after|create web1 -n new
x|x|x|CreateSnapshot:admin-create|create web1 -n new
x|x|x|ModifySystemSettings:admin-rename|create web1 -n new
x|x|x||create web1 -n new --checkpoint standard
x|x|x||ensure web1 -n second
x|x|x||ensure web1 -n new
x|x|x|CreateSnapshot:return=32775|ensure web1 -n new
x|x|x|CreateSnapshot:job-fail=32768|ensure web1 -n new
x|x|x|Get:vmms-restart|ensure web1 -n new
x|x|x|CreateSnapshot:admin-create|ensure web1 -n new
x|x|x||list web1
x|x|x|Enumerate:fault=5|list web1
x|x|x||show web1 second
x|x|x||show web1 nope
x|x|x||vms
x|x|x||restore web1 first --yes
x|x|x||restore web1 first --yes --start
x|x|x|ApplySnapshot:return=32775|restore web1 first --yes
x|x|x|ApplySnapshot:job-fail=32768|restore web1 first --yes
x|x|x|Get:vmms-restart|restore web1 first --yes
x|x|x|ApplySnapshot:admin-start|restore web1 first --yes
x|x|x|ApplySnapshot:admin-destroy|restore web1 first --yes
x|x|x||delete web1 second
x|x|x||delete web1 first --subtree
x|x|x|DestroySnapshot:return=32775|delete web1 second
x|x|x|DestroySnapshot:job-fail=32768|delete web1 second
x|x|x|Get:vmms-restart|delete web1 second
x|x|x|DestroySnapshot:admin-destroy|delete web1 second
x|x|x||set web1 second -n kept --label a=b
x|x|x|ModifySystemSettings:return=32773|set web1 second -n kept
x|x|x|ModifySystemSettings:job-fail=32768|set web1 second -n kept
x|x|x|ModifySystemSettings:reset-after|set web1 second -n kept
x|x|x|ModifySystemSettings:admin-rename|set web1 second -n kept
x|x|x|ModifySystemSettings:admin-destroy|set web1 second -n kept
x|x|x||prune web1 --keep-last 1
x|x|x|DestroySnapshot:return=32775|prune web1 --keep-last 1
x|x|x|DestroySnapshot:job-fail=32768|prune web1 --keep-last 1
x|x|x|DestroySnapshot:admin-destroy|prune web1 --keep-last 1
x|x|x||jobs
x|x|x||wait @JOB --timeout 2s
x|x|x|Get:vmms-restart|wait @JOB
x|x|x||cancel @JOB
x|x|x|RequestStateChange:return=32775|cancel @JOB
x|x|x||guard web1 -n new -- true
x|x|x||guard web1 -n new --on-success delete -- true
x|x|x||guard web1 -n new --on-failure restore -- false
x|x|x|CreateSnapshot:return=32775|guard web1 -n new -- true
x|x|x||doctor
EOF
}

# row LOCALE STATUS OUTCOME FOUND FAULTS ARGUMENT...
row() {
    locale=$1 want="$2|$3|$4" faults=$5
    shift 5
    # shellcheck disable=SC2046 # faults hold no blank
    start_hvsim --scenario "$TMPDIR/$locale.json" $(
        for fault in $faults; do echo "--fault $fault"; done
    )
    case $* in *@JOB*)
        begin_job
        # shellcheck disable=SC2046
        set -- $(echo "$*" | sed "s/@JOB/$JOB/")
        ;;
    esac
    hvsnap "$@" -o json --timeout 120s
    outcome=$(json results.0.outcome 2>/dev/null || echo -)
    expect_equal "$locale: $* [$faults]" "$status|$outcome|$(found)" "$want"
}

for locale in en-US; do
    begin "$locale"
    scenario "$locale" >"$TMPDIR/$locale.json"
    rows >"$TMPDIR/rows"
    while IFS='|' read -r want outcome there faults words; do
        # shellcheck disable=SC2086 # words of a row hold no blank
        row "$locale" "$want" "$outcome" "$there" "$faults" $words
    done <"$TMPDIR/rows"
done

finish
