#!/bin/sh
# Is the matrix any good? Plant faults in a copy of the code, one after the other: each
# must be caught.
#
#   planted.sh [WORD]     only those whose name holds this word
#
# BUILD is a finished build, whose objects are used where nothing was planted.
set -eu

SRCDIR=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=$(cd "$BUILD" && pwd)
word=${1:-}
tree=$(mktemp -d "${TMPDIR:-/tmp}/hvsnap-planted.XXXXXX")
trap 'rm -rf "$tree"' EXIT
trap 'exit 1' HUP INT TERM
passed=0 failed=0
verdicts='DUPLICATE|LOSS|WRONG|HANG|CRASH|LEAK'

mkdir "$tree/build"
for part in Makefile include src soap-templates tests docs contrib; do
    cp -Rp "$SRCDIR/$part" "$tree/"
done
for part in "$BUILD"/*; do
    case $part in
    */san | */arch | */tsan | */cov | */clang | */fuzz | */corpus | */analyze) ;;
    *) cp -Rp "$part" "$tree/build/" ;;
    esac
done

build() {
    # shellcheck disable=SC2086 # several files
    WERROR='' make -C "$tree" --no-print-directory BUILD=build $needs \
        >"$tree/make.log" 2>&1 || {
        cat "$tree/make.log"
        return 1
    }
}

# matrix OPERATION [LOGIN], and program WORDS: does all of it pass?
needs=build/tests/faults/test_matrix
matrix() {
    "$tree/build/tests/faults/test_matrix" --first --part 1 --only "$1" \
        ${2:+--login "$2"}
}
program() {
    for seed in 4 5 6 7; do # which host is asked first is a matter of chance, too
        SRCDIR=$tree HVSIM=$tree/build/hvsim HVSNAP=$tree/build/hvsnap ONLY=$1 \
            HVSNAP_HUNG=$tree/build/tests/faults/hvsnap-hung \
            "$tree/build/tests/faults/program" 60 $seed || return 1
    done
}

# plant NAME FILE SED OPERATION [LOGIN]: with it, the matrix of these operations must not
# pass; or that through the program, of the commands that begin with these words
plant() {
    case $1 in *"$word"*) ;; *) return 0 ;; esac
    cp -p "$tree/$2" "$tree/kept"
    began=$(date +%s)
    sed "$3" "$tree/kept" >"$tree/$2"
    if cmp -s "$tree/kept" "$tree/$2"; then
        echo "not ok - $1: nothing was planted in $2"
        failed=$((failed + 1))
    elif ! build; then
        echo "not ok - $1: it does not compile"
        failed=$((failed + 1))
    elif "$how" "$4" ${5:+"$5"} >"$tree/out" 2>&1; then
        echo "not ok - $1: nobody noticed"
        failed=$((failed + 1))
    else
        echo "ok - $1 ($(($(date +%s) - began)) s):" \
            "$(grep -m 1 -E "(:|#[0-9]+) ($verdicts)" "$tree/out")"
        passed=$((passed + 1))
    fi
    cp "$tree/kept" "$tree/$2"
}

how=matrix
plant "a change sent again on libcurl's 42" src/wsman/fate.c \
    's/if (!posted->began)/if (!posted->began || posted->net_code == 42)/' create
plant 'a change sent again before the settling time' src/wsman/change.c \
    's/return run->now - change->over_at >= HVS_SETTLE_MS/return run->now >= 0/' create
plant 'no look at the owner of a job' src/hyperv/census.c \
    's/if (!since || !owner)/owner = 1; if (!since)/' create
plant 'RelatesTo ignored' src/wsman/envelope.c \
    's/if (relates && !says(relates/if (!relates \&\& !says(relates/' delete
plant 'ErrorCode ignored beside JobState 7' src/hyperv/job.c \
    's/job.error_code ? HVS_JOB_ODD : HVS_JOB_COMPLETED/HVS_JOB_COMPLETED/' create
plant 'a Pull repeated' src/wsman/session.c \
    's/request->effect != HVS_READ ||/request->effect == HVS_CHANGE ||/' 'list, by pages'
plant 'a change repeated like a read' src/wsman/session.c \
    's/request->effect != HVS_READ ||/request->effect == HVS_PULL ||/' create
plant 'a bare 404 believed where all is sealed' src/wsman/fate.c \
    's/if (signed_)/if (signed_ || posted->status == 404)/' create sealed
plant 'a Date believed that nobody signed' src/wsman/session.c \
    's/if (!session->tls && \(signed_\|(date\)/if (0 \&\& \1/' \
    'create --type recovery' sealed
plant 'any new child taken for ours' src/hyperv/created.c \
    's/census->ours/(census->ours + census->children)/' create
plant 'gone, since nothing is to be seen' src/hyperv/delete.c \
    's/return hvs_settings_vm(.*) ? HVS_OUTCOME_DONE.*/return HVS_OUTCOME_DONE;/' delete
plant 'no look whether a destruction is under way' src/hyperv/delete.c \
    's/return self->jobs.under_way ? /return 0 ? /' delete
plant 'a refusal believed while an earlier try may act' src/wsman/change.c \
    's/if (!self->found_early ||/if (1 ||/' set
plant 'a limit taken for a refusal at the door' src/wsman/fault_table.c \
    's/"ENCODING_LIMIT", F, OPEN/"ENCODING_LIMIT", F, NO/' create
plant 'a clock that was set back, and trusted' src/hyperv/census.c \
    's/return run->host_time - self->of.since </return run->now < 0 \&\& 0 </' \
    'create --type'
plant 'a part of a tree taken for the whole' src/hyperv/delete_tree.c \
    's/if (!result->left)$/if (result->left < result->count)/' 'delete --subtree'
plant 'a list of what is gone instead of what is left' src/hyperv/delete_tree.c \
    's/if (result->gone\[i\])/if (!result->gone[i])/' 'delete --subtree'
plant 'a tree that is gone, since its VM is not to be seen' src/hyperv/delete_tree.c \
    's/self->vm_seen = .*/self->vm_seen = true;/' 'delete --subtree'
plant 'no look whether a restore is under way' src/hyperv/revert.c \
    's/ || jobs->under_way)/)/' restore tls
plant 'a VM whose place was deleted taken for one that went back' src/hyperv/revert.c \
    's/ \&\& !slid(self, now)//' restore
plant "a state asked for again before the settling time" src/hyperv/state.c \
    's/if (!hvs_change_settled([^)]*) ||/if (/' 'restore --save'
plant 'no end at the deadline' src/wsman/run.c \
    's/now >= run->deadline)/now >= run->deadline + 5000)/' list
plant 'jobs read once, before the snapshots' src/hyperv/census.c \
    's/if (self->children != 1 ||/if (self->children ||/' 'create, listed' tls
plant 'a type sent again while an earlier try may act' src/hyperv/take.c \
    's/typing->type.patient = true;//' 'create --checkpoint'
plant "a VM's type not put back after a failure" src/hyperv/take.c \
    's/hvs_run_undo(run, &undo);/(void)undo;/' 'create --checkpoint'
plant 'done, while a job is at it' src/hyperv/change_settings.c \
    's/now == AS_BEFORE && self->jobs.under_way/now == OTHER/' 'set, by jobs'
plant 'what was left behind taken again' src/hyperv/ensure.c \
    's/case HVS_LEFT_RIPE: break;/case HVS_LEFT_RIPE: return take(self, run, err);/' \
    'ensure, after'

how=program
needs='build/hvsim build/hvsnap build/tests/faults/hvsnap-hung build/tests/faults/program'
plant "one host's result told of another" src/cli/create_report.c \
    's/change_item(work, /change_item(\&call->works[0], /' 'create web1'
plant 'an account taken for refused by a host that only broke' src/wsman/session.c \
    's/if (session->login.denied.domain)$/if (session->err.domain)/' 'create web1'
plant 'a snapshot that stays where it is all or nothing' src/cli/create_follow.c \
    's/ \&\& call->tally.failed;/ \&\& call->tally.failed > 1;/' \
    'create web1 --all-or-nothing'
plant 'a host that hangs for as long as all may take' src/cli/prune.c \
    's/several ? limit \/ 4 : 0/several ? 0 : 0/' 'prune web1'
plant "a host's failure that ends the others' work" src/cli/task.c \
    '/^static void over(/,/^}/s/= task->state == TASK_RUNNING;/&\
    if (task->err.domain) hvs_fleet_stop(all->call->hosts.fleet, \&task->err);/' \
    'create web1'
plant 'a job that was asked to stop taken for one that did' src/hyperv/cancel.c \
    's/return runs(self) ? go_on/return !self->accepted \&\& runs(self) ? go_on/' cancel
plant 'a job that goes on taken for one that has failed' src/hyperv/job_attach.c \
    's/outcome = HVS_OUTCOME_STARTED;/outcome = HVS_OUTCOME_NOT_DONE;/' wait

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
