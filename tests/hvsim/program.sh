#!/bin/sh
# hvsim as a program: its command line, its certificate, its one line, its end.

. "$SRCDIR/tests/support/lib.sh"

hvsim() {
    run "$HVSIM" "$@"
}

begin "--help"
hvsim --help
expect_status 0
for word in --listen --scenario --set --fault --state --ca-out --cert --key --bad-cert \
    --keytab --log --version ready allow-unencrypted=; do
    expect_out "$word"
done

begin "the manual knows every option and every switch"
sed -n 's/^ *\(--[a-z-]*\)[ ,].*/\1/p' "$TMPDIR/out" | sort -u >"$TMPDIR/options"
[ -s "$TMPDIR/options" ] || fail "no option in --help"
while read -r option; do
    grep -q -- "Fl ${option#-}\( \|\$\)" "$SRCDIR/docs/hvsim.1" ||
        fail "not in hvsim.1: $option"
done <"$TMPDIR/options"
sed -n 's/^  \([a-z0-9-]*=[A-Za-z0-9|-]*\) (.*/\1/p' "$TMPDIR/out" >"$TMPDIR/switches"
[ -s "$TMPDIR/switches" ] || fail "no switch in --help"
while IFS='=' read -r name values; do
    case $values in
    NUMBER) values='Ar number' ;;
    TEXT) values='Ar text' ;;
    *) values="Cm $(echo "$values" | sed 's/|/ | /g')" ;;
    esac
    grep -qxF ".It Cm $name Ns = Ns $values" "$SRCDIR/docs/hvsim.1" ||
        fail "not so in hvsim.1: $name=$values"
done <"$TMPDIR/switches"

begin "--version"
hvsim --version
expect_status 0
expect_out "hvsim "
expect_out "logins: Basic"

begin "an unknown option"
hvsim --nonsense
expect_status 2
expect_err "unknown option --nonsense"

begin "an option without its value"
hvsim --listen
expect_status 2
expect_err "a value is missing behind --listen"

begin "an operand"
hvsim https://127.0.0.1:0
expect_status 2
expect_err "hvsim takes options only"

begin "a certificate without its key"
hvsim --cert "$TMPDIR/none.pem"
expect_status 2
expect_err "--cert and --key go together"

begin "a certificate that is not there"
hvsim --cert "$TMPDIR/none.pem" --key "$TMPDIR/none.pem"
expect_status 1
expect_err "cannot use the certificate '$TMPDIR/none.pem'"

begin "an authority that cannot be written"
hvsim --ca-out "$TMPDIR/none/ca.pem"
expect_status 1
expect_err "cannot write '$TMPDIR/none/ca.pem'"

for url in 127.0.0.1:0 ftp://127.0.0.1 https:// https://127.0.0.1:x 'https://[::1' \
    https://127.0.0.1:123456 https://127.0.0.1:0/NOSUCH; do
    begin "a bad URL: $url"
    hvsim --listen "$url"
    expect_status 2
    expect_err "bad URL '$url'"
done

begin "an unknown switch"
hvsim --set nonsense=1
expect_status 2
expect_err "nonsense"

begin "a value that a switch does not have"
hvsim --set cbt=maybe
expect_status 2
expect_err "cbt"

begin "a scenario that is not there"
hvsim --scenario "$TMPDIR/none.json"
expect_status 2
expect_err "none.json"

begin "the ready line, the state file, and a clean end"
start_hvsim --listen http://127.0.0.1:0 --listen https://localhost:0
case "$(cat "$TMPDIR/hvsim.out")" in
"ready http://127.0.0.1:"[1-9]*" https://localhost:"[1-9]*) ;;
*) fail "the line is: $(cat "$TMPDIR/hvsim.out")" ;;
esac
expect_equal "lines on stdout" "$(wc -l <"$TMPDIR/hvsim.out" | tr -d ' ')" 1
[ -s "$STATE" ] || fail "no state file"
found=$(find "$TMPDIR" -name 'hvsim-users-*' -perm 600 | wc -l | tr -d ' ')
expect_equal "files of accounts" "$found" 1
stop_hvsim
expect_equal "exit status" "$SIM_STATUS" 0
expect_equal "files of accounts left" "$(find "$TMPDIR" -name 'hvsim-users-*')" ''

printf '{"hosts": [{"name": "HV%%d", "count": 40}, {"name": "LAST"}]}\n' \
    >"$TMPDIR/many.json"

begin "a listener for each host"
start_hvsim --scenario "$TMPDIR/many.json" --listen 'http://127.0.0.1:0/*' \
    --listen http://127.0.0.1:0/LAST
expect_equal "URLs" "$(echo "$URLS" | wc -w | tr -d ' ')" 42
expect_equal "different ones" "$(echo "$URLS" | tr ' ' '\n' | sort -u | wc -l |
    tr -d ' ')" 42
stop_hvsim

begin "ports that follow each other"
start_at() {
    : >"$TMPDIR/hvsim.out"
    "$HVSIM" --scenario "$TMPDIR/many.json" --listen "http://127.0.0.1:$1/*" \
        </dev/null >"$TMPDIR/hvsim.out" 2>"$SIM_LOG" &
    SIM_PID=$!
    wait_until 20 sim_is_ready && grep -q '^ready ' "$TMPDIR/hvsim.out"
}
port=20000
until start_at "$port" || [ "$port" -gt 30000 ]; do # some may be taken
    wait "$SIM_PID"
    port=$((port + 997))
done
case "$(cat "$TMPDIR/hvsim.out")" in
"ready http://127.0.0.1:$port http://127.0.0.1:$((port + 1)) "*":$((port + 40))") ;;
*) fail "the line is: $(cat "$TMPDIR/hvsim.out")" ;;
esac
stop_hvsim

begin "too few ports"
hvsim --scenario "$TMPDIR/many.json" --listen 'http://127.0.0.1:65535/*'
[ "$status" -ne 0 ] || fail "it listens"

begin "a port that is taken"
start_hvsim
hvsim --listen "$URL"
expect_status 1
expect_err "cannot listen at '$URL'"

# Ask for the version, as anybody may; the status is curl's.
identify() {
    run curl -sS -m 20 -H 'WSMANIDENTIFY: unauthenticated' \
        -H 'Content-Type: application/soap+xml;charset=UTF-8' --data-binary \
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body>
<i:Identify xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"/>
</s:Body></s:Envelope>' "$@"
}

if ! command -v curl >/dev/null; then
    begin "certificates"
    skip "curl is not installed"
    finish
fi

begin "a certificate of its own"
identify --cacert "$CA" "$URL/wsman"
expect_status 0
expect_out IdentifyResponse

begin "its authority is needed"
identify "$URL/wsman"
expect_status 60

for flaw in expired not-yet name; do
    begin "a bad certificate: $flaw"
    start_hvsim --bad-cert $flaw
    identify --cacert "$CA" "$URL/wsman"
    expect_status 60
    identify --insecure "$URL/wsman"
    expect_status 0
done

begin "a certificate from files"
if "$SRCDIR/tests/support/ca.sh" "$TMPDIR/tls" localhost >/dev/null 2>&1; then
    HVSIM_CA=$TMPDIR/tls/ca.pem
    stop_hvsim
    "$HVSIM" --cert "$TMPDIR/tls/srv.pem" --key "$TMPDIR/tls/srv.key" \
        --listen https://localhost:0 </dev/null >"$TMPDIR/hvsim.out" 2>"$SIM_LOG" &
    SIM_PID=$!
    wait_until 20 sim_is_ready
    identify --cacert "$HVSIM_CA" "$(sed -n 's/^ready //p' "$TMPDIR/hvsim.out")/wsman"
    expect_status 0
else
    skip "openssl is not installed"
fi

finish
