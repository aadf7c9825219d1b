#!/bin/sh
# Every verb at hosts whose user interface is English, German and Japanese: what is
# claimed, the exit status and what is there afterwards are the same, through success,
# refusal, a job that fails, is stopped or vanishes, and somebody else's change meanwhile.
# Nothing may depend on what a host says in its language.
. "$SRCDIR/tests/support/lib.sh"
SIM_AUTH=basic JOB=

scenario() {
    cat <<EOF
{"hosts": [{"name": "HV01", "locale": "$1", "utc_offset": 120, "duration_ms": 0, "vms": [
  {"name": "web1", "state": "off", "snapshots": [
    {"name": "first", "created": -172800}, {"name": "second", "created": -86400}]},
  {"name": "slow", "state": "off", "duration_ms": 60000},
  {"name": "brief", "state": "off", "duration_ms": 700},
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

# begin_job VM: another process has it take a snapshot
begin_job() {
    hvsnap create "$1" --detach -o name
    JOB=$(cat "$TMPDIR/out")
}

# status|outcome|found|faults, and +SWITCH=VALUE|verb and its arguments
# @JOB is a job that runs for a minute, @BRIEF one that is soon over.
rows() {
    sed 's/|Modify:/|ModifySystemSettings:/; s/ Modify:/ ModifySystemSettings:/
        s/|Tree:/|DestroySnapshotTree:/; s/|Apply:/|ApplySnapshot:/
        s/|Destroy:/|DestroySnapshot:/' <<'EOF'
0|done|3,new,3,2||create web1 -n new
11|not-done|2,second,3,1|CreateSnapshot:return=32775|create web1 -n new
11|not-done|2,second,3,0||create disabled
4|not-done|2,second,3,1|CreateSnapshot:fault=5|create web1 -n new
10|not-done|2,second,3,1|CreateSnapshot:job-fail=32768|create web1 -n new
0|done|3,new,3,2|Get:vmms-restart|create web1 -n new
0|done|3,new,3,2|CreateSnapshot:reset-after|create web1 -n new
0|done|4,new,3,2|CreateSnapshot:admin-create|create web1 -n new
0|done|3,new,3,2|Modify:admin-rename|create web1 -n new
0|done|3,new,3,4||create web1 -n new --checkpoint standard
0|done|2,second,3,3||create web1 -n second --replace
0|done|2,second,3,0||ensure web1 -n second
0|done|3,new,3,2||ensure web1 -n new
11|not-done|2,second,3,1|CreateSnapshot:return=32775|ensure web1 -n new
10|not-done|2,second,3,1|CreateSnapshot:job-fail=32768|ensure web1 -n new
0|done|3,new,3,2|Get:vmms-restart|ensure web1 -n new
0|done|4,new,3,2|CreateSnapshot:admin-create|ensure web1 -n new
0|-|2,second,3,0||list web1
4|-|2,second,3,0|Enumerate:fault=5|list web1
0|-|2,second,3,0||show web1 second
5|-|2,second,3,0||show web1 nope
0|-|2,second,3,0||vms
4|-|2,second,3,0|Enumerate:fault=5|vms
0|done|2,second,3,1||restore web1 first --yes
0|done|2,second,2,1||restore web1 first --yes --start
11|not-done|2,second,3,1|ApplySnapshot:return=32775|restore web1 first --yes
10|not-done|2,second,3,1|ApplySnapshot:job-fail=32768|restore web1 first --yes
0|done|2,second,3,1|Get:vmms-restart|restore web1 first --yes
11|not-done|2,second,2,1|ApplySnapshot:admin-start|restore web1 first --yes
1|not-done|1,second,3,1|ApplySnapshot:admin-destroy|restore web1 first --yes
0|done|1,first,3,1||delete web1 second
0|done|0,default,3,0||delete web1 first --subtree -y
11|not-done|2,second,3,0|Tree:return=32775|delete web1 first --subtree -y
10|not-done|2,second,3,0|Tree:job-fail=32768|delete web1 first --subtree -y
0|done|0,default,3,0|Get:vmms-restart|delete web1 first --subtree -y
1|unknown|1,second,3,0|Tree:admin-destroy|delete web1 first --subtree -y
11|not-done|2,second,3,1|DestroySnapshot:return=32775|delete web1 second
10|not-done|2,second,3,1|DestroySnapshot:job-fail=32768|delete web1 second
0|done|1,first,3,1|Get:vmms-restart|delete web1 second
0|done|1,first,3,1|DestroySnapshot:admin-destroy|delete web1 second
0|done|2,kept,3,1||set web1 second -n kept --label a=b
1|not-done|2,second,3,1|Modify:return=32773|set web1 second -n kept
10|not-done|2,second,3,1|+modify=job Modify:job-fail=32768|set web1 second -n kept
0|done|2,kept,3,1|+modify=job Get:vmms-restart|set web1 second -n kept
0|done|2,kept,3,1|Modify:reset-after|set web1 second -n kept
0|done|2,kept,3,1|Modify:admin-rename|set web1 second -n kept
1|not-done|1,first,3,1|Modify:admin-destroy|set web1 second -n kept
0|-|1,second,3,1||prune web1 --keep-last 1
11|-|2,second,3,1|DestroySnapshot:return=32775|prune web1 --keep-last 1
10|-|2,second,3,1|DestroySnapshot:job-fail=32768|prune web1 --keep-last 1
0|-|1,second,3,1|Get:vmms-restart|prune web1 --keep-last 1
0|-|1,second,3,1|DestroySnapshot:admin-destroy|prune web1 --keep-last 1
0|-|2,second,3,0||jobs
4|-|2,second,3,0|Enumerate:fault=5|jobs
0|done|2,second,3,1||wait @BRIEF
10|not-done|2,second,3,1|CreateSnapshot:job-fail=32768|wait @BRIEF
8|started|2,second,3,1||wait @JOB --timeout 1s
12|unknown|2,second,3,1|Get:vmms-restart|wait @JOB
0|done|2,second,3,1||cancel @JOB
11|not-done|2,second,3,1|RequestStateChange:return=32775|cancel @JOB
0|done|2,second,3,1|RequestStateChange:vmms-restart|cancel @JOB
0|done|3,new,3,2||guard web1 -n new -- true
0|done|2,second,3,3||guard web1 -n new --on-success delete -- true
1|done|3,new,3,3||guard web1 -n new --on-failure restore -- false
125|not-done|2,second,3,1|CreateSnapshot:return=32775|guard web1 -n new -- true
125|not-done|2,second,3,1|CreateSnapshot:job-fail=32768|guard web1 -n new -- true
0|done|3,new,3,2|Get:vmms-restart|guard web1 -n new -- true
0|done|4,new,3,2|CreateSnapshot:admin-create|guard web1 -n new -- true
125|done|3,new,3,3|ApplySnapshot:fault=5|guard web1 -n new --on-failure restore -- false
125|done|3,new,3,3|Apply:job-fail=32768|guard web1 -n new --on-failure restore -- false
125|done|3,new,3,3|DestroySnapshot:fault=5|guard web1 -n new --on-success delete -- true
125|done|3,new,3,3|Destroy:job-fail=32768|guard web1 -n new --on-success delete -- true
0|-|2,second,3,0||doctor
4|-|2,second,3,0|Enumerate:fault=5|doctor
EOF
}

# row LOCALE STATUS OUTCOME FOUND FAULTS ARGUMENT...
row() {
    locale=$1 want="$2|$3|$4" faults=$5
    shift 5
    # shellcheck disable=SC2046 # faults hold no blank
    start_hvsim --scenario "$TMPDIR/$locale.json" $(
        for fault in $faults; do
            case $fault in
            +*) echo "--set ${fault#+}" ;;
            *) echo "--fault $fault" ;;
            esac
        done
    )
    case $* in
    *@JOB*) begin_job slow ;;
    *@BRIEF*) begin_job brief ;;
    esac
    # shellcheck disable=SC2046
    set -- $(echo "$*" | sed "s/@JOB/$JOB/; s/@BRIEF/$JOB/")
    verb=$1
    shift
    run "$HVSNAP" "$verb" -H "$URL" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
        --ca-file "$CA" --auth "$SIM_AUTH" -o json --timeout 120s "$@"
    outcome=$(json results.0.outcome 2>/dev/null || echo -)
    expect_equal "$locale: $verb $* [$faults]" "$status|$outcome|$(found)" "$want"
}

# stopped LOCALE STATUS ARGUMENT...: while it follows its job, somebody else stops that.
stopped() {
    locale=$1 want=$2
    shift 2
    start_hvsim --scenario "$TMPDIR/$locale.json"
    case $* in
    *@JOB*)
        begin_job slow
        set -- "$1" "$JOB"
        ;;
    esac
    verb=$1
    shift
    : >"$TMPDIR/stopped"
    "$HVSNAP" "$verb" -H "$URL" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
        --ca-file "$CA" --auth "$SIM_AUTH" -o ndjson "$@" >"$TMPDIR/stopped" 2>&1 &
    pid=$!
    wait_until 20 grep -q '"phase":"job"' "$TMPDIR/stopped" || fail "$verb: no job"
    hvsnap cancel "$(json hosts.0.jobs.0.id "$STATE")"
    expect_status 0
    status=0
    wait $pid || status=$?
    expect_equal "status of $verb" "$status" "$want"
    grep -q '"outcome":"not-done"' "$TMPDIR/stopped" ||
        fail "$verb claims otherwise: $(cat "$TMPDIR/stopped")"
    expect_state 'hosts.0.vms.name=slow.snapshots.#' 0
}

for locale in en-US de-DE ja-JP; do
    begin "$locale"
    scenario "$locale" >"$TMPDIR/$locale.json"
    rows >"$TMPDIR/rows"
    while IFS='|' read -r want outcome there faults words; do
        # shellcheck disable=SC2086 # words of a row hold no blank
        row "$locale" "$want" "$outcome" "$there" "$faults" $words
    done <"$TMPDIR/rows"

    begin "$locale: somebody else stops the job"
    while read -r want words; do
        # shellcheck disable=SC2086 # words of a row hold no blank
        stopped "$locale" "$want" $words
    done <<'EOF'
10 create slow
10 ensure slow -n new
10 wait @JOB
125 guard slow -- true
EOF
done

finish
