#!/bin/sh
# Installs what the tests need and the machine lacks: Debian's PostgreSQL 15,
# headless Chromium, poppler (pdfsig, pdftotext), libjpeg's djpeg. Does nothing when all
# are there.
set -eu
need=
[ -x /usr/lib/postgresql/15/bin/initdb ] || need="$need postgresql-15"
command -v pdfsig >/dev/null || need="$need poppler-utils"
command -v chromium-headless-shell >/dev/null || need="$need chromium-headless-shell"
command -v djpeg >/dev/null || need="$need libjpeg-turbo-progs"
# Chinese type for the browser: without it every screen is boxes.
fc-list :lang=zh 2>/dev/null | grep -q . || need="$need fontconfig fonts-noto-cjk"
[ -n "$need" ] || exit 0
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
echo "installing:$need" >&2
$sudo apt-get update -qq >&2
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $need >&2
