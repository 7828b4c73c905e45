#!/bin/sh
# Starts PostgreSQL 15 (Debian's package, installed when missing) for the tests:
# a cluster of its own on a free port, under a non-root user. Prints an export
# line for `eval`; `scripts/postgres.sh stop` ends it. DANGAN_TEST_FSYNC=off spares the
# disk: tests kill our process, never the server's machine. Benchmarks keep it on.
set -eu
dir=${DANGAN_TEST_PGDIR:-/tmp/dangan-test-pg}
bin=/usr/lib/postgresql/15/bin
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo

run() { # as the cluster's owner: PostgreSQL refuses to run as root
	if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

tell() { # the server, and the folder that goes with it
	echo "export DANGAN_TEST_POSTGRES='$(cat "$dir/url")' DANGAN_TEST_PGDIR='$dir'"
}

if [ "${1:-}" = stop ]; then
	[ -d "$dir/data" ] && run "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
	rm -rf "$dir"
	exit 0
fi

if [ ! -x "$bin/initdb" ]; then
	$sudo apt-get update -qq >&2
	DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends postgresql-15 >&2
fi

if [ -s "$dir/url" ] && run "$bin/pg_ctl" -D "$dir/data" status >/dev/null 2>&1; then
	tell
	exit 0
fi
rm -rf "$dir"
mkdir -p "$dir"
[ "$(id -u)" != 0 ] || chown postgres: "$dir"
cd "$dir"
run "$bin/initdb" -D "$dir/data" -U dangan --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
for try in 1 2 3 4 5; do
	port=$(awk 'BEGIN { srand(); print 20000 + int(rand() * 20000) + '"$try"' }')
	if run "$bin/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/log" -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c max_connections=400 -c shared_buffers=256MB -c fsync=${DANGAN_TEST_FSYNC:-on}" start >/dev/null; then
		echo "postgres://dangan@127.0.0.1:$port/postgres?sslmode=disable" >"$dir/url"
		tell
		exit 0
	fi
done
cat "$dir/log" >&2
exit 1
