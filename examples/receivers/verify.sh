#!/bin/sh
# Verifies one captured request with nothing but a shell and openssl (3.0 or newer):
# verify.sh SECRET-OR-PUBLIC-KEY WEBHOOK-ID WEBHOOK-TIMESTAMP WEBHOOK-SIGNATURE < body
# Exit code 0: it is genuine. For debugging: a shell shows its arguments to other users of the machine, and compares
# strings in a time that depends on them.
set -euf
key=$1 id=$2 timestamp=$3 signatures=$4

case $timestamp in
  '' | *[!0-9]*) echo "the timestamp is not a number of seconds" >&2 && exit 1 ;;
esac
age=$(($(date +%s) - timestamp))
if [ "${age#-}" -gt 300 ]; then
  echo "sent $age s ago, which is too long" >&2
  exit 1
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
{ printf '%s.%s.' "$id" "$timestamp" && cat; } >"$folder/content"

is_genuine() {
  case $key,$1 in
    whsec_*,v1,*)
      hex=$(printf %s "${key#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
      [ "${1#v1,}" = "$(openssl dgst -sha256 -mac HMAC -macopt "hexkey:$hex" -binary "$folder/content" | openssl base64 -A)" ]
      ;;
    whpk_*,v1a,*)
      printf %s "${1#v1a,}" | openssl base64 -d -A >"$folder/signature"
      # What stands before the 32 bytes of an ed25519 key in its standard form is always the same.
      printf -- '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA%s\n-----END PUBLIC KEY-----\n' "${key#whpk_}" >"$folder/key"
      openssl pkeyutl -verify -pubin -inkey "$folder/key" -rawin -in "$folder/content" -sigfile "$folder/signature" >/dev/null 2>&1
      ;;
    *) false ;;
  esac
}

for signature in $signatures; do
  if is_genuine "$signature"; then
    echo "genuine"
    exit 0
  fi
done
echo "not signed with this key" >&2
exit 1
