#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches what the conformance tests need from npm, when it is not there yet. The sandbox itself needs nothing.
set -eu
cd "$(dirname "$0")"
mark=node_modules/.installed-from
if [ -f "$mark" ] && cmp -s package-lock.json "$mark"; then exit 0; fi
npm ci --no-audit --no-fund --loglevel=error
cp package-lock.json "$mark"
