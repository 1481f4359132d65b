# Reading Docker's times.
# shellcheck shell=bash

# Seconds since 1970 of a time as Docker writes it, in REPLY; empty for the year 1, by which Docker means never.
epoch() {
  REPLY=
  [[ $1 =~ ^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?(Z|([+-])([0-9]{2}):([0-9]{2}))$ ]] || return 0
  local part=("${BASH_REMATCH[@]}")
  local year=$((10#${part[1]})) month=$((10#${part[2]})) days offset=0
  if ((year < 1970)); then return 0; fi
  if ((month <= 2)); then year=$((year - 1)) month=$((month + 12)); fi
  # The days from 1 March of the year 0, less those to 1 January 1970.
  days=$((365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + 10#${part[3]} - 719469))
  if [[ -n ${part[9]} ]]; then offset=$((${part[9]}1 * (10#${part[10]} * 3600 + 10#${part[11]} * 60))); fi
  REPLY=$((days * 86400 + 10#${part[4]} * 3600 + 10#${part[5]} * 60 + 10#${part[6]} - offset))
}
