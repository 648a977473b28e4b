#!/bin/sh
# Makes walletd_VERSION_ARCHITECTURE.deb of programs that are built.
#
#   packaging/deb/build.sh PROGRAMS OUT
#
# PROGRAMS has walletd, walletctl, walletbench and generate-manual. The version is the one that walletd tells; VERSION puts
# another in its place. The same programs give the same bytes: every time in it is SOURCE_DATE_EPOCH, else the last commit's.
# COMPRESSION (xz) may be gzip or none, for a test that is in a hurry.
set -eu
programs=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
here=$(dirname "$(realpath "$0")")
source=$(dirname "$(dirname "$here")")
version=${VERSION:-$("$programs/walletd" --version)}
architecture=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$source" log -1 --format=%ct 2>/dev/null || stat -c %Y "$source/CHANGELOG.md")}
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
umask 022

doc=$root/usr/share/doc/walletd
install -d "$root/DEBIAN" "$root/usr/bin" "$root/usr/share/man/man1" "$doc"
for program in walletd walletctl walletbench; do
  install -m 755 "$programs/$program" "$root/usr/bin/"
  strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/usr/bin/$program"

  # Manual and completions are told by the program itself, so they can't be stale.
  "$programs/generate-manual" "$programs/$program" --output-directory "$root/usr/share/man/man1" \
    --date "$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)"
  # The generator leaves empty lines, which groff warns of.
  sed -i '/^$/d' "$root/usr/share/man/man1/$program.1"
  gzip -9n "$root/usr/share/man/man1/$program.1"
  for shell in bash zsh fish; do
    case $shell in
      bash) file=bash-completion/completions/$program ;;
      zsh) file=zsh/vendor-completions/_$program ;;
      fish) file=fish/vendor_completions.d/$program.fish ;;
    esac
    install -d "$root/usr/share/$(dirname $file)"
    "$programs/$program" --generate-completion-script $shell | sed '1{/^#!/d}' >"$root/usr/share/$file"
  done
done

install -d "$root/lib/systemd/system" "$root/etc/walletd"
install -m 644 "$source"/packaging/systemd/* "$root/lib/systemd/system/"
install -m 644 "$source/packaging/walletd.toml" "$root/etc/walletd/"
install -m 644 "$here/copyright" "$source/README.md" "$doc/"
install -m 644 "$source"/docs/*.md "$doc/"
gzip -9nc "$source/CHANGELOG.md" >"$doc/CHANGELOG.md.gz"
gzip -9nc >"$doc/changelog.gz" <<EOF
walletd ($version) stable; urgency=medium

  * CHANGELOG.md tells what changed.

 -- walletd maintainers <maintainers@walletd.invalid>  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
EOF

echo /etc/walletd/walletd.toml >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 755 "$here/$script" "$root/DEBIAN/"; done
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"

# What the programs are linked with, as Debian names and versions it. What no package has, such as a Swift toolchain's own
# libraries under programs that aren't linked statically, is left out.
mkdir "$work/debian"
printf 'Source: walletd\n\nPackage: walletd\nArchitecture: any\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O --ignore-missing-info root/usr/bin/* 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
# KiB of what the files have, not of what a disk takes for them, which differs from one time to the next.
size=$(find "$root" -path "$root/DEBIAN" -prune -o -type f -printf '%s\n' | awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@DEPENDS@/$depends/" \
  -e "s/@SIZE@/$size/" "$here/control" >"$root/DEBIAN/control"

find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Z"${COMPRESSION:-xz}" --build "$root" "$out/walletd_${version}_$architecture.deb" >/dev/null
echo "$out/walletd_${version}_$architecture.deb"
