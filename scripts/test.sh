#!/bin/sh
# The suite: Go on both databases, then the main flows in the browser. PostgreSQL is started
# for it on a free port and stopped at the end.
set -eu
cd "$(dirname "$0")/.."
# A bare machine downloads its tools while the program is built.
scripts/tools.sh &
tools=$!
make build
wait "$tools"
export DANGAN_TEST_PGDIR="${DANGAN_TEST_PGDIR:-/tmp/dangan-test-pg-$$}"
export DANGAN_TEST_FSYNC=off
trap 'scripts/postgres.sh stop' EXIT INT TERM
eval "$(scripts/postgres.sh)"
# Without DWARF the forty test programs link in half the time; stack traces need none of it.
# make lint vets; compilers and tests collect garbage later than a server should.
GOGC=400 go test -vet=off -ldflags=-w -timeout 12m ./...
# The main flows in the browser; make e2e drives every screen.
flows=
for flow in shell dossier filing transfer transfer-outside access certificate digital roster graduate staff; do
	flows="$flows test/e2e/$flow.test.mjs"
done
# shellcheck disable=SC2086
node --test --test-concurrency=3 $flows
