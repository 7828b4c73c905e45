#!/bin/sh
# Fetches the type faces that internal/paper embeds: pinned versions, checked
# by digest, compressed. Runs in seconds, does nothing when all are there.
#
#   Noto Serif SC (Regular, SemiBold), Noto Sans SC (Medium)   SIL OFL 1.1, npm
#   HanaMinB, CJK Extensions B to F for rare names             Hanazono license / OFL, Debian
set -eu
cd "$(dirname "$0")/.."
dest=internal/paper/fonts

serif=@expo-google-fonts/noto-serif-sc@0.4.3
sans=@expo-google-fonts/noto-sans-sc@0.4.3
hana=fonts-hanazono=20170904-2.1

sums="$dest/SHA256SUMS"
all=yes
while read -r _ name; do
	[ -s "$dest/$name.gz" ] || all=no
done <"$sums"
[ "$all" = no ] || exit 0

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
chmod 755 "$tmp"
here=$PWD
cd "$tmp"

echo "fonts: $serif $sans" >&2
npm pack --silent "$serif" "$sans" >/dev/null
for pack in *.tgz; do
	tar -xzf "$pack" --wildcards --strip-components=2 \
		'package/400Regular/NotoSerifSC*.ttf' 'package/600SemiBold/NotoSerifSC*.ttf' 'package/500Medium/NotoSansSC*.ttf' 2>/dev/null || true
done

echo "fonts: $hana" >&2
sudo=
apt-get download -qq "$hana" 2>/dev/null || {
	[ "$(id -u)" = 0 ] || sudo=sudo
	$sudo apt-get update -qq
	apt-get download -qq "$hana"
}
dpkg-deb --fsys-tarfile fonts-hanazono_*.deb | tar -xf - --strip-components=6 ./usr/share/fonts/truetype/hanazono/HanaMinB.ttf

sha256sum --check --quiet "$here/$sums"
while read -r _ name; do
	gzip -9 -n -c "$name" >"$here/$dest/$name.gz.part"
	mv "$here/$dest/$name.gz.part" "$here/$dest/$name.gz"
done <"$here/$sums"
