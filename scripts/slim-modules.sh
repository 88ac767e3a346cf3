#!/bin/sh
# Takes out of node_modules what a running service on this machine never reads; for images. After `npm prune --omit=dev`:
# 329 MB become 143.
set -eu
cd "$(dirname "$0")/../node_modules"
# The SDK's native part for other platforms, and SQLite's for another libc.
find @temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +
rm -rf @libsql/linux-*-musl
# Compiles workflows when they are bundled, which the build has done.
rm -rf @swc
find . -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) -delete
