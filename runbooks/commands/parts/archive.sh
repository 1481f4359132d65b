# Whether a backup is whole. `gzip -t` alone does not tell: a dump that broke off may have been packed to its end.
# shellcheck shell=bash

# In REPLY: `whole`; `broken`, when it does not unpack to its end; `incomplete`, when the dump in it lacks the line that
# pg_dump ends with; `unchecked`, when that took longer than the seconds given.
archive_state() { # file seconds
  local status=0 end
  end=$(timeout "$2" gzip -dc -- "$1" 2>/dev/null | tail -c 4096 | tr -d '\000') || status=$?
  # Newer releases of pg_dump write a line or two behind it.
  if ((status == 124)); then
    REPLY=unchecked
  elif ((status != 0)); then
    REPLY=broken
  elif [[ $'\n'$end == *$'\n-- PostgreSQL database '*'dump complete'* ]]; then
    REPLY=whole
  else
    REPLY=incomplete
  fi
}
