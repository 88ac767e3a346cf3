#!/bin/sh
# Prints .env.example with a secret made for each that it leaves empty. Needs openssl.
set -eu
while IFS= read -r line; do
  case $line in
    *_PASSWORD=) echo "$line$(openssl rand -hex 24)" ;;
    ENCRYPTION_KEY=) echo "$line$(openssl rand -base64 32)" ;;
    *) echo "$line" ;;
  esac
done <"$(dirname "$0")/../.env.example"
