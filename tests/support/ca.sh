#!/bin/sh
# A CA of our own and a server's certificate from it: ca.sh DIR [HOST...]
#
# Leaves ca.pem, srv.pem and srv.key in DIR. The certificate is for each HOST (default
# localhost) and 127.0.0.1. CERT_DAYS is how long it holds (default 30).
set -eu

[ $# -ge 1 ] || { echo "usage: ca.sh DIR [HOST...]" >&2; exit 2; }
mkdir -p "$1"
cd "$1"
shift
[ $# -gt 0 ] || set -- localhost
names=IP:127.0.0.1
for host; do
    names="$names,DNS:$host"
done

# Quiet, but for the reason of a failure. No file of the system's is read.
quietly() {
    "$@" >openssl.log 2>&1 || { cat openssl.log >&2; exit 1; }
}

cat >ca.cnf <<END
[req]
distinguished_name = name
prompt = no
x509_extensions = ca
[name]
CN = hvsnap test CA
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = $names
END
for key in ca srv; do
    quietly openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $key.key
done
quietly openssl req -x509 -config ca.cnf -key ca.key -sha256 -days 365 -out ca.pem
quietly openssl req -new -config ca.cnf -key srv.key -subj "/CN=$1" -out srv.csr
quietly openssl x509 -req -in srv.csr -CA ca.pem -CAkey ca.key -CAcreateserial -sha256 \
    -days "${CERT_DAYS:-30}" -extfile ca.cnf -extensions server -out srv.pem
