#!/bin/sh
# `make demo`: loads sample_data into .demo/ and asks it what is breaking; $BIN is where errcli is.
set -eu
errcli="$PWD/$BIN/errcli"
log="$PWD/sample_data/events.jsonl"
cd .demo

ask() {
    printf '\n$ errcli %s\n' "$*"
    "$errcli" "$@"
}

ask ingest "$log"
ask patterns --now latest
ask struggling --now latest
ask user u-1077 --now latest --limit 5
ask impact --now latest --since 1d --limit 5
ask rollup
ask daily --now latest --total
printf '\nThe store is .demo/errcli.duckdb; ask it more:\n'
printf '  cd .demo && %s patterns --now latest --since 7d\n' "$errcli"
