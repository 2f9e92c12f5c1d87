#!/usr/bin/env bash
# Made once with this, and kept, since not every machine has openssl. The keys protect nothing.
set -euo pipefail
cd "$(dirname "$0")"
directory=$(mktemp -d)
new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }
sign() { # file name, host, not before, not after
  openssl req -new -key server-key.pem -subj "/CN=$2" -addext "subjectAltName=DNS:$2" -out "$directory/request.pem"
  openssl ca -batch -notext -config "$directory/ca.conf" -startdate "$3" -enddate "$4" \
    -in "$directory/request.pem" -out "$1.pem" 2>/dev/null
}
new_key "$directory/ca-key.pem"
new_key server-key.pem
openssl req -x509 -new -key "$directory/ca-key.pem" -subj '/CN=genauth-graphql tests' \
  -addext 'basicConstraints=critical,CA:TRUE' -days 36500 -out ca.pem
touch "$directory/index.txt"
cat > "$directory/ca.conf" <<CONF
[ca]
default_ca = only
[only]
database = $directory/index.txt
new_certs_dir = $directory
rand_serial = yes
certificate = ca.pem
private_key = $directory/ca-key.pem
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
CONF
sign good localhost 20200101000000Z 21200101000000Z
sign wrong-name genauth.example 20200101000000Z 21200101000000Z
sign expired localhost 20200101000000Z 20210101000000Z
rm -r "$directory"
