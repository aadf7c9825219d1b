#!/bin/sh
# Each rung of the doctor's ladder, broken: it is the first that fails, it decides the
# exit status, and what it says to do helps.
. "$SRCDIR/tests/support/lib.sh"

PATH=$BUILD:$PATH # its commands begin with "hvsnap"

# As JSON.
doctor() {
    run "$HVSNAP" doctor "$@" -o json
}

known() {
    doctor "$@" --ca-file "$CA" --password-file "$PASSWORD_FILE"
}

found() {
    json "hosts.0.rungs.name=$1.$2"
}

# fails RUNG STATUS: and none before it.
fails() {
    expect_status "$2"
    expect_equal "first rung that fails" \
        "$(json hosts.0.rungs.verdict=fail.name 2>&1)" "$1"
    expect_equal "error.exit" "$(json error.exit)" "$2"
}

# says MEMBER TEXT: of the rung that failed.
says() {
    json "hosts.0.rungs.verdict=fail.$1" >"$TMPDIR/said" 2>&1
    grep -qF -- "$2" "$TMPDIR/said" || show_run "expected in $1: $2"
}

# passes RUNG...
passes() {
    for rung; do
        expect_equal "$rung" "$(found "$rung" verdict)" pass
    done
}

skips() {
    for rung; do
        expect_equal "$rung" "$(found "$rung" verdict)" skipped
    done
}

# The command that it says to paste gets in.
command_helps() {
    pasted=$(json hosts.0.rungs.verdict=fail.command)
    run sh -c "$pasted --password-file '$PASSWORD_FILE' -o json"
    expect_status 0
}

# --- name, port

begin "all is well"
start_hvsim
known "$URL" --user "$USER_NAME" --auth basic
expect_status 0
passes resolve tcp tls winrm clock schemes login wmi hyper-v vms methods limits
skips kerberos binding sealing
expect_out "1500 operations of one user"
expect_equal "certificate" "$(json hosts.0.certificate.pin | cut -c1-8)" sha256//

begin "the name does not resolve"
known no-such-host.invalid --user "$USER_NAME" --auth basic
fails resolve 7
says command "getent ahosts 'no-such-host.invalid'"
skips tcp limits

begin "the port is closed"
known https://127.0.0.1:1 --user "$USER_NAME" --auth basic
fails tcp 7
passes resolve
says hint "WinRM is off"
says host_command "Enable-PSRemoting"
says host_command "-Transport HTTPS"

# An address of our own, so that the well-known ports are free on it.
OWN=127.$((1 + $$ % 250)).$((1 + $$ / 250 % 250)).7
begin "5986 is closed, and 5985 answers"
if have_ntlm && [ "$(uname -s)" = Linux ]; then
    start_hvsim --listen "http://$OWN:5985"
    known "$OWN" --user "$USER_NAME" --auth ntlm
    fails tcp 7
    says seen "5986 refuses, but 5985 answers"
    says hint "--port 5985"
    says command "http://$OWN"
    command_helps
    passes sealing vms
    skips tls binding
else
    skip "no such address here"
fi

# --- TLS

begin "a CA that nobody knows"
start_hvsim
doctor "$URL" --password-file "$PASSWORD_FILE" --user "$USER_NAME" --auth basic
fails tls 7
passes resolve tcp
says seen "is not trusted"
says seen sha256//
says hint "--ca-file"
says host_command "winrm enumerate winrm/config/listener"
says command "--pin 'sha256//"
command_helps

for flaw in expired not-yet; do
    begin "a certificate that is wrong: $flaw"
    start_hvsim --bad-cert $flaw
    known "$URL" --user "$USER_NAME" --auth basic
    fails tls 7
    case $flaw in
    expired) says seen "has expired" && says host_command NotAfter ;;
    not-yet) says seen "not valid yet" && says host_command w32tm ;;
    esac
    command_helps
done

begin "a certificate for another name"
start_hvsim --bad-cert name
known "$URL" --user "$USER_NAME" --auth basic
fails tls 7
says seen "names another host"
says command "--tls-name"
command_helps

begin "a key that is not the pinned one"
start_hvsim
known "$URL" --user "$USER_NAME" --auth basic \
    --pin sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
fails tls 7
says seen "sha256//AAAA"
says command "--pin"
command_helps

# --- the way there

# start_tunnel WHAT sets PROXY.
start_tunnel() {
    start_tool tunnel "$TMPDIR/tunnel.log" "$1"
    PROXY=http://127.0.0.1:$(cat "$TMPDIR/port")
}

begin "through a proxy"
start_hvsim
start_tunnel proxy
known "$URL" --user "$USER_NAME" --auth basic --proxy "$PROXY"
expect_status 0
passes tcp tls vms
skips resolve
stop_tool

begin "a proxy that refuses"
start_tunnel 403
known "$URL" --user "$USER_NAME" --auth basic --proxy "$PROXY"
fails tcp 7
says seen "${PROXY#http://}"
says seen "HTTP 403"
stop_tool

begin "no proxy there"
known "$URL" --user "$USER_NAME" --auth basic --proxy http://127.0.0.1:1
fails tcp 7
says hint "--proxy"

begin "a tunnel that begins here"
known "https://hv01.invalid:${URL##*:}" --user "$USER_NAME" --auth basic \
    --connect-to "127.0.0.1:${URL##*:}" --tls-name localhost
expect_status 0
passes resolve tcp tls vms

# --- WinRM

begin "it is not WinRM"
start_hvsim --fault 'Identify#*:html'
known "$URL" --user "$USER_NAME" --auth basic
fails winrm 7
passes tls
says host_command "winrm quickconfig"

begin "the clock is wrong, and it does not matter"
start_hvsim --set clock-ahead=400
known "$URL" --user "$USER_NAME" --auth basic
expect_status 0
expect_equal clock "$(found clock verdict)" warning
expect_out " s ahead of ours"

begin "Negotiate is not offered"
start_hvsim --set schemes=Basic
known "$URL" --user "$USER_NAME" --auth ntlm
fails schemes 4
passes clock
says host_command 'Service\Auth\Negotiate'
says command "--auth basic"
command_helps

begin "Basic is not offered"
start_hvsim --set schemes=Negotiate
known "$URL" --user "$USER_NAME" --auth basic
fails schemes 4
says host_command 'Service\Auth\Basic'

# --- the account

begin "a wrong password"
start_hvsim
(umask 077 && echo Wr0ng-password >"$TMPDIR/wrong")
doctor "$URL" --ca-file "$CA" --user "$USER_NAME" --auth basic \
    --password-file "$TMPDIR/wrong"
fails login 4
says causes.0 "the password is wrong"
says host_command "Id=4625"
refute_out Wr0ng-password

begin "a wrong password, tried once in spite of --all"
doctor "$URL" --ca-file "$CA" --user "$USER_NAME" --auth basic \
    --password-file "$TMPDIR/wrong" --all
fails login 4
expect_equal "ntlm" "$(json hosts.0.other_logins.mechanism=ntlm.verdict)" fail
expect_out "so it is not tried again"

begin "no rights: an empty list"
known "$URL" --user 'HVTEST\hvnone' --auth basic
fails vms 4
passes login wmi hyper-v
says host_command "Add-LocalGroupMember 'Hyper-V Administrators' 'HVTEST\\hvnone'"

begin "no rights: a fault"
start_hvsim --set no-rights=fault
known "$URL" --user 'HVTEST\hvnone' --auth basic
fails wmi 4
passes login
says host_command "Add-LocalGroupMember 'Remote Management Users' 'HVTEST\\hvnone'"

begin "rights to read are enough for it"
known "$URL" --user 'HVTEST\hvread' --auth basic
expect_status 0
passes wmi hyper-v vms methods
skips limits
expect_out "to administrators alone"

for how in return=32769 fault=5; do
    begin "rights to read, and none to execute methods: $how"
    start_hvsim --fault "GetSummaryInformation#*:$how"
    known "$URL" --user "$USER_NAME" --auth basic
    fails methods 4
    passes wmi hyper-v vms
    skips limits
    says hint "'Execute Methods' on root"
    says host_command "Add-LocalGroupMember 'Hyper-V Administrators'"
done

begin "a method that says something else is no lack of rights"
start_hvsim --fault 'GetSummaryInformation#*:return=32773'
known "$URL" --user "$USER_NAME" --auth basic
expect_status 0
expect_equal methods "$(found methods verdict)" warning

begin "no VM to ask about"
echo '{"hosts": [{"name": "HV01", "vms": []}]}' >"$TMPDIR/empty.json"
start_hvsim --scenario "$TMPDIR/empty.json"
known "$URL" --user "$USER_NAME" --auth basic
expect_status 0
passes vms limits
skips methods

for how in filter namespace; do
    begin "no Hyper-V: $how"
    start_hvsim --scenario "$SRCDIR/tests/fixtures/scenarios/no-hyperv.json" \
        --set missing-namespace=$how
    known "$URL" --user "$USER_NAME" --auth basic
    fails hyper-v 5
    says host_command "Install-WindowsFeature Hyper-V"
done

begin "the quota is full"
start_hvsim --fault 'Enumerate#*:fault=2150859174'
known "$URL" --user "$USER_NAME" --auth basic
fails limits 9
passes login
says host_command "MaxConcurrentOperationsPerUser"

begin "the host's envelopes are small"
start_hvsim --set max-envelope=150
known "$URL" --user "$USER_NAME" --auth basic
expect_status 0
expect_equal limits "$(found limits verdict)" warning
expect_out "MaxEnvelopeSizekb 500"

# --- the report

begin "the report"
start_hvsim
known "$URL" --user "$USER_NAME" --auth basic --report "$TMPDIR/report.json"
expect_status 0
expect_equal asked "$(json asked.user "$TMPDIR/report.json")" "$USER_NAME"
expect_equal hops "$(json result.evidence.hops.0.status "$TMPDIR/report.json")" 200
expect_equal mode "$(stat -c %a "$TMPDIR/report.json" 2>/dev/null || echo 600)" 600
! grep -qF "$PASSWORD" "$TMPDIR/report.json" || fail "the password is in the report"
! grep -qiE 'authorization|TlRM|Basic [A-Za-z0-9+/]{8}' "$TMPDIR/report.json" ||
    fail "a token is in the report"

begin "the report, without names"
known "$URL" --user "$USER_NAME" --auth basic --report "$TMPDIR/report.json" \
    --report-names no
expect_status 0
names='hvuser|HVTEST|127\.0\.0\.1|HV01'
! grep -qE "$names" "$TMPDIR/report.json" ||
    fail "a name is in the report:" "$(grep -E "$names" "$TMPDIR/report.json")"

begin "a report that cannot be written"
known "$URL" --user "$USER_NAME" --auth basic --report "$TMPDIR/none/report.json"
expect_status 2
expect_err "cannot write"

finish
