#!/bin/sh
# Makes ./configure and Makefile.in, which git does not hold.
set -e
cd "$(dirname "$0")"
mkdir -p build-aux
exec autoreconf --install --warnings=all,no-obsolete
