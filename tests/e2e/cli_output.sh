#!/bin/sh
# What the program prints, and that it gives nothing away.
. "$SRCDIR/tests/support/lib.sh"

# shellcheck disable=SC2119 # no arguments
start_hvsim

begin "a table"
hvsnap vms
expect_status 0
expect_out "VM       STATE"
expect_out "archive  off"
refute_err "hvsnap:"

begin "ids alone"
hvsnap list db1 -o name
expect_status 0
expect_equal ids "$(cat "$TMPDIR/out")" E1F2A3B4-C5D6-4E7F-9A8B-7C6D5E4F3A2B

begin "one line for each event, and one that each target ends with"
hvsnap list db1 web1 -o ndjson
expect_status 0
expect_equal started "$(grep -c '"event":"started"' "$TMPDIR/out")" 2
expect_equal ended "$(grep -c '"event":"done".*"snapshots"' "$TMPDIR/out")" 2
expect_equal others "$(grep -vc '"event":"\(started\|progress\|done\)"' "$TMPDIR/out")" 0

begin "a tree, with boxes where the locale has them"
export LC_ALL=C.UTF-8
hvsnap list web1 --tree
export LC_ALL=C
expect_out "└─ fresh install"
expect_out "● you are here"

begin "a tree in ASCII"
hvsnap list web1 --tree
unset LC_ALL
expect_out "|- before 2.4"
expect_out "* you are here"

begin "a name arrives byte for byte"
name="a & b <c> \"d\" 'e' [f] 100% 日本 🚀"
hvsnap create archive --name "$name" -o json
expect_status 0
expect_equal "what the host says" "$(json results.0.snapshot.name)" "$name"
expect_state 'hosts.0.vms.name=archive.snapshots.0.name' "$name"

begin "progress in lines, off a terminal"
hvsnap create archive --name second
expect_err "archive: the host works: job "
expect_err "archive: reading back"

begin "no progress when it is not wanted"
hvsnap create archive --name third --quiet
expect_equal stderr "$(cat "$TMPDIR/err")" ""

begin "detached, the job's id"
hvsnap create db1 --detach -o name
expect_status 0
expect_equal length "$(wc -c <"$TMPDIR/out" | tr -d ' ')" 37

begin "the trace has messages and no secrets"
hvsnap list db1 --trace
expect_err "> <s:Envelope"
expect_err "<   <s:Body>"
refute_err "$PASSWORD"
refute_err "$(printf '%s:%s' "$USER_NAME" "$PASSWORD" | base64)"

if have_ntlm; then
    begin "the trace of NTLM has no token"
    SIM_AUTH=ntlm
    hvsnap list db1 --trace
    SIM_AUTH=basic
    expect_status 0
    refute_err TlRMTVNTUA
fi

begin "doctor"
hvsnap doctor
expect_status 0
expect_out "login     pass     by basic"
expect_out "hyper-v   pass"

begin "doctor, with a wrong password"
(umask 077 && echo wrong >"$TMPDIR/wrong")
run "$HVSNAP" doctor "$URL" --user "$USER_NAME" --password-file "$TMPDIR/wrong" \
    --ca-file "$CA" --auth basic
expect_status 4
expect_out "winrm     pass"
expect_out "login     fail"
expect_out "try: "
expect_out "hyper-v   skipped"

begin "doctor, with no way to log in"
run env KRB5CCNAME="FILE:$TMPDIR/none" "$HVSNAP" doctor "$URL" --ca-file "$CA"
expect_status 4
expect_out "winrm     pass"
expect_out "login     fail"

begin "a configuration says the rest"
mkdir -p "$TMPDIR/config/hvsnap"
cat >"$TMPDIR/config/hvsnap/config" <<END
[default]
output = name
auth = basic
[host 127.0.0.1]
user = $USER_NAME
password-file = $PASSWORD_FILE
ca-file = $CA
END
run env XDG_CONFIG_HOME="$TMPDIR/config" "$HVSNAP" list "$URL/db1"
expect_status 0
expect_out E1F2A3B4-C5D6-4E7F-9A8B-7C6D5E4F3A2B

begin "a mistake in it is told with file and line"
echo 'colour = yes' >>"$TMPDIR/config/hvsnap/config"
run env XDG_CONFIG_HOME="$TMPDIR/config" "$HVSNAP" list "$URL/db1"
expect_status 2
expect_err "config/hvsnap/config:8: no such key: 'colour'"

begin "a file of the current folder is nothing to it"
mkdir -p "$TMPDIR/here/hvsnap"
cp "$TMPDIR/config/hvsnap/config" "$TMPDIR/here/hvsnap/config"
cp "$TMPDIR/config/hvsnap/config" "$TMPDIR/here/config"
run sh -c 'cd "$1" && XDG_CONFIG_HOME=. HOME=. "$2" list' - "$TMPDIR/here" "$HVSNAP"
expect_status 2
refute_err "colour"

begin "a password that others may read earns a warning"
chmod 644 "$PASSWORD_FILE"
hvsnap list db1
chmod 600 "$PASSWORD_FILE"
expect_status 0
expect_err "warning: others may read the password"

begin "one that others may write is refused"
chmod 620 "$PASSWORD_FILE"
hvsnap list db1
chmod 600 "$PASSWORD_FILE"
expect_status 2
expect_err "others may write"

finish
