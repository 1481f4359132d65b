# A folder of backups, and which of them can be relied on.
# shellcheck shell=bash

# Reads the folder's backups, newest first, into the arrays names, sizes and ages (in seconds).
read_backups() { # folder prefix
  local now changed size name
  names=() sizes=() ages=()
  [[ -n $(find "$1" -maxdepth 0 -type d 2>/dev/null) ]] || die "No folder: $1"
  now=$(date +%s)
  while IFS=' ' read -r -d '' changed size name; do
    names+=("$name") sizes+=("$size") ages+=($((now - ${changed%%.*})))
  done < <(find "$1" -maxdepth 1 -type f -name "$2*.sql.gz" -printf '%T@ %s %f\0' | sort -z -rn)
}

# Looks from the newest on for so many that can be unpacked and hold anything at all: their names in `valid`, and the
# age of the newest in `newest_age` (empty when there is none). A dump that failed at once leaves an empty archive.
find_valid() { # folder how-many
  local at file
  valid=() newest_age=
  for ((at = 0; at < ${#names[@]} && ${#valid[@]} < $2; at++)); do
    file=$1/${names[at]}
    if gzip -t -- "$file" 2>/dev/null && [[ $(gzip -dc -- "$file" 2>/dev/null | head -c 4096 | wc -c) -gt 0 ]]; then
      valid+=("${names[at]}")
      newest_age=${newest_age:-${ages[at]}}
    fi
  done
}

# Why none may be deleted, in `why`; empty when some may. Backups that nothing newer replaces stay, however old.
may_delete() { # how-many
  why=
  if ((${#valid[@]} < $1)); then why="only ${#valid[@]} of $1 backups could be unpacked"; fi
  if [[ -n $newest_age ]] && ((newest_age > 86400)); then why="the newest good backup is $((newest_age / 3600)) hours old"; fi
}

# The five newest as a person would list them, with the names as they are: they are shown, and never read again.
# shellcheck disable=SC2012
list_newest() { # folder
  local paths=() at
  for ((at = 0; at < ${#names[@]} && at < 5; at++)); do paths+=("$1/${names[at]}"); done
  if ((${#paths[@]} > 0)); then ls -lh -- "${paths[@]}" 2>&1 | bounded 10; fi
}
