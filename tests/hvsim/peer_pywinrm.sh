#!/bin/sh
# A client that nobody here wrote, python3-winrm, logs in to hvsim by NTLM and exchanges
# sealed envelopes with it: what hvsim takes for a Windows client is one.

. "$SRCDIR/tests/support/lib.sh"

for python in python3 /usr/bin/python3; do
    "$python" -c 'import winrm.protocol' 2>/dev/null && break
    python=
done
[ -n "$python" ] || skip_all "python3-winrm is not installed"
have_ntlm || skip_all "gss-ntlmssp is not installed"

# It needs MD4, which OpenSSL 3 keeps in its legacy provider.
export OPENSSL_CONF="$TMPDIR/openssl.cnf"
cat >"$OPENSSL_CONF" <<'END'
openssl_conf = init
[init]
providers = providers
[providers]
default = on
legacy = on
[on]
activate = 1
END

soap=http://www.w3.org/2003/05/soap-envelope
cat >"$TMPDIR/identify.xml" <<END
<s:Envelope xmlns:s="$soap"><s:Header/><s:Body>\
<i:Identify xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"/>\
</s:Body></s:Envelope>
END

# envelope ACTION BODY
envelope() {
    cat <<END
<s:Envelope xmlns:s="$soap" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" \
xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" \
xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Header>\
<a:To>http://localhost:5985/wsman</a:To><a:ReplyTo><a:Address s:mustUnderstand="true">\
http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>\
<a:Action s:mustUnderstand="true">$1</a:Action>\
<a:MessageID>uuid:6F3C1A52-0B1E-4B0B-9C51-0E2B3D9A7C10</a:MessageID>\
<w:ResourceURI s:mustUnderstand="true">\
http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2/*</w:ResourceURI>\
<w:MaxEnvelopeSize s:mustUnderstand="true">512000</w:MaxEnvelopeSize>\
<w:OperationTimeout>PT60S</w:OperationTimeout></s:Header><s:Body>$2</s:Body></s:Envelope>
END
}

enumerate=http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate
wql='<w:Filter Dialect="http://schemas.microsoft.com/wbem/wsman/1/WQL">'
start='<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>50</w:MaxElements>'
end='</w:Filter></n:Enumerate>'
envelope $enumerate "$start${wql}select * from Msvm_ComputerSystem$end" >"$TMPDIR/vms.xml"
envelope $enumerate "$start${wql}select * from Msvm_Nothing$end" >"$TMPDIR/fault.xml"

printf 'not this\n' >"$TMPDIR/wrong"

# peer URL USER PASSWORD-FILE ENCRYPTION CA ENVELOPE...
peer() {
    run "$python" "$SRCDIR/tests/hvsim/peer_pywinrm.py" "$@"
}

# The log tells how the last request came in.
expect_log() {
    tail -n 1 "$SIM_LOG" | grep -q -- "$1" ||
        fail "expected in the log: $1" "got: $(tail -n 1 "$SIM_LOG")"
}

start_hvsim --listen http://127.0.0.1:0 --listen https://127.0.0.1:0 --set cbt=strict
http=${URLS%% *} https=${URLS##* }

begin "http: sealed Identify"
peer "$http" "$USER_NAME" "$PASSWORD_FILE" auto - "$TMPDIR/identify.xml"
expect_status 0
expect_out "Microsoft Corporation"
expect_log "negotiate+sealed"

begin "http: several sealed requests on one connection"
peer "$http" "$USER_NAME" "$PASSWORD_FILE" auto - "$TMPDIR/identify.xml" \
    "$TMPDIR/vms.xml" "$TMPDIR/vms.xml"
expect_status 0
expect_out "Msvm_ComputerSystem"
expect_log "negotiate+sealed"

begin "http: a sealed fault"
peer "$http" "$USER_NAME" "$PASSWORD_FILE" auto - "$TMPDIR/fault.xml"
expect_status 1
expect_out "s:Fault"
expect_log "negotiate+sealed .* 500 "

begin "http: wrong password"
peer "$http" "$USER_NAME" "$TMPDIR/wrong" auto - "$TMPDIR/identify.xml"
expect_status 1
expect_out "InvalidCredentialsError"

begin "http: unknown user"
peer "$http" 'HVTEST\nobody' "$PASSWORD_FILE" auto - "$TMPDIR/identify.xml"
expect_status 1
expect_out "InvalidCredentialsError"

begin "https: clear, bound to the channel where that is demanded"
peer "$https" "$USER_NAME" "$PASSWORD_FILE" auto "$CA" "$TMPDIR/vms.xml"
expect_status 0
expect_out "Msvm_ComputerSystem"
expect_log "negotiate HVTEST"

begin "https: sealed all the same"
peer "$https" "$USER_NAME" "$PASSWORD_FILE" always "$CA" "$TMPDIR/identify.xml"
expect_status 0
expect_out "Microsoft Corporation"
expect_log "negotiate+sealed"

finish
