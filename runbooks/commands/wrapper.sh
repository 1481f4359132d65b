# What every host command runs inside. Composed in front of a command's own script by document.ts.
#
# On hosts there are bash 4.4 or later, GNU coreutils and findutils, awk (mawk will do), sed, grep, gzip, flock, curl and
# docker. No here-documents and here-strings: before bash 5.1 they need room on the disk, and the disk may be full.
# Files are looked at through commands alone: the simulated host maps the paths among their arguments.
# shellcheck shell=bash
: "${SSM_key?the SSM agent is older than 3.3.2746.0}" "${SSM_notAfter?the SSM agent is older than 3.3.2746.0}"
set -euo pipefail
((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) || { printf 'bash %s is older than 4.4\n' "$BASH_VERSION" >&2 && exit 1; }
# Tools speak English and sort by byte; a string is a row of bytes.
export LC_ALL=C TZ=UTC
# From bash 5.2 on, `&` in a replacement would stand for what was found.
shopt -u patsub_replacement 2>/dev/null || true

# Docker's templates begin with two braces, which Systems Manager would take for a parameter of the document.
open='{'
open+=$open

# Its last line is what is told of a failure, so it is one line, whatever a tool has said.
die() {
  local why=${*//$'\n'/ }
  printf '%s\n' "${why:0:1000}" >&2
  exit 1
}

# A number from outside never reaches bash's arithmetic unchecked: it would run the commands in `a[$(...)]`.
whole_number() { # name value
  [[ $2 =~ ^[0-9]{1,15}$ ]] || die "$1: expected a whole number, got \"${2:0:40}\""
}

# Whether a tool's word is a whole number. In arithmetic and in JSON there is no place for any other.
is_whole() { [[ $1 =~ ^(0|-?[1-9][0-9]{0,17})$ ]]; }

# --- Facts, as JSON -------------------------------------------------------------------------------------------------

JSON_STRING_BYTES=2000
UTF8=$'[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]'
UTF8+=$'|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}'

# A text as a JSON string, cut after JSON_STRING_BYTES. What is not UTF-8 becomes U+FFFD.
json_string() {
  local text=${1:0:JSON_STRING_BYTES} out='' plain code character
  if [[ $text == *[!$'\x01'-$'\x7f']* ]]; then
    while [[ -n $text ]]; do
      plain=${text%%[!$'\x01'-$'\x7f']*}
      out+=$plain text=${text:${#plain}}
      if [[ -z $text ]]; then break; fi
      if [[ $text =~ ^(($UTF8)+) ]]; then
        out+=${BASH_REMATCH[1]} text=${text:${#BASH_REMATCH[1]}}
      else
        out+=$'\xef\xbf\xbd' text=${text:1}
      fi
    done
    text=$out
  fi
  text=${text//\\/\\\\} text=${text//\"/\\\"}
  if [[ $text == *[[:cntrl:]]* ]]; then
    text=${text//$'\n'/\\n} text=${text//$'\t'/\\t} text=${text//$'\r'/\\r} text=${text//$'\x7f'/}
    for code in 0{1..8} 0{b,c,e,f} 1{0..9} 1{a..f}; do
      printf -v character '%b' "\\x$code"
      text=${text//"$character"/\\u00$code}
    done
  fi
  printf '"%s"' "$text"
}

# Finished JSON values as an array.
json_array() {
  local IFS=,
  printf '[%s]' "$*"
}

# Texts as an array of JSON strings.
json_strings() {
  local text out=()
  for text in "$@"; do out+=("$(json_string "$text")"); done
  json_array "${out[@]}"
}

# Bytes as MB of 2^20 bytes, with one decimal.
megabytes() {
  local tenths=$((($1 * 10 + 524288) / 1048576))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# What a path's file system is on. A file system has one, however many places it is mounted at.
device_of() {
  df -P -k -- "$1" | awk 'NR == 2 { print $1 }'
}

# Evidence: the first lines of what comes in, none of them longer than 300 bytes. Reads to the end, so that the writer
# before it does not die of a closed pipe.
bounded() { # lines
  awk -v most="$1" 'NR <= most { print substr($0, 1, 300) } END { if (NR > most) print "... and " NR - most " more" }'
}

# The words of a list, in the array `words`; no word holds a blank, and none is expanded.
split_words() {
  words=()
  read -ra words < <(printf '%s\n' "$1") || true
}

# The ids in what Docker lists, in the array `words`. Whatever else it says is no answer.
docker_ids() { # what it said
  local id
  split_words "${1//$'\n'/ }"
  for id in "${words[@]}"; do
    [[ $id =~ ^(sha256:)?[0-9a-f]{12,64}$ ]] || die "Docker can not be understood: \"${id:0:100}\" is no id."
  done
}

# Whether a name is one of the others.
one_of() { # name others
  local name=$1 other
  shift
  for other in "$@"; do if [[ $other == "$name" ]]; then return 0; fi; done
  return 1
}

# --- Running it, and at most once -----------------------------------------------------------------------------------

TOO_LATE=76
IN_DOUBT=77

refuse_when_late() {
  [[ $SSM_notAfter =~ ^[0-9]{1,12}$ ]] || die 'notAfter: expected seconds since 1970'
  if (($(date +%s) > 10#$SSM_notAfter)); then
    printf 'Too late: this was to begin before %s, and nothing was done.\n' "$(date -d "@$SSM_notAfter" +%FT%TZ)" >&2
    exit "$TOO_LATE"
  fi
}

# A look may run as often as it is delivered.
look() {
  refuse_when_late
  command_body
}

# An act runs once for its key, however often it is delivered: Run Command delivers at least once, and late.
#
# An undo has the key of its act and `-undo` behind it. It goes in front of its act: it waits until one that runs has ended,
# and one that is delivered later finds itself in doubt. Otherwise a late act would stay, though it is said to be undone.
#
# The marker that it has begun is kept on the disk, to outlast a restart of the host. A full disk may have no room even for
# an empty file: then it is in memory, since it is on a full disk that an act is needed most. The lock is always in memory.
act() {
  [[ $SSM_key =~ ^[A-Za-z0-9._-]{1,200}$ ]] || die 'key: expected up to 200 letters, digits, dots, dashes and underscores'
  local disk=${FIREBREAK_STATE:-/var/lib/firebreak} memory=${FIREBREAK_MEMORY:-${FIREBREAK_STATE:-/run/firebreak}}
  local now output status folder
  (umask 077 && mkdir -p -- "$memory")
  (umask 077 && mkdir -p -- "$disk") 2>/dev/null || true
  exec 9>>"$memory/$SSM_key.lock"
  flock 9
  for folder in "$disk" "$memory"; do
    if [[ -e $folder/$SSM_key.result ]]; then repeat_result "$folder/$SSM_key.result"; fi
  done
  if [[ -e $disk/$SSM_key.started || -e $memory/$SSM_key.started ]]; then
    printf 'In doubt: this was begun before, and nobody knows how it ended. It was not done again.\n' >&2
    exit "$IN_DOUBT"
  fi
  refuse_when_late
  now=$(date +%s)
  if [[ $SSM_key == *-undo ]]; then
    exec 8>>"$memory/${SSM_key%-undo}.lock"
    flock 8
    mark_started "${SSM_key%-undo}"
  fi
  mark_started "$SSM_key"
  forget_old_markers "$now" "$disk" "$memory"
  # The body has no part in the lock: what it leaves running must not hold it.
  set +e
  output=$(
    exec 8>&- 9>&-
    set -euo pipefail
    command_body
  )
  status=$?
  set -e
  keep_result "$disk" "$now" "$status" "$output" || keep_result "$memory" "$now" "$status" "$output" ||
    printf 'The result could not be kept: a second delivery of this command would be a doubt.\n' >&2
  printf '%s\n' "$output"
  exit "$status"
}

# Part of `act`, whose `disk`, `memory` and `now` it uses.
mark_started() { # key
  touch -d "@$now" -- "$memory/$1.lock"
  for folder in "$disk" "$memory"; do
    touch -d "@$now" -- "$folder/$1.started" 2>/dev/null || continue
    # A host that goes down now must still know it when it is back.
    sync -- "$folder/$1.started" "$folder"
    return
  done
  die "Neither $disk nor $memory takes a marker, so this could be done twice. Nothing was done."
}

keep_result() { # folder now status output
  local result=$1/$SSM_key.result
  [[ -d $1 ]] && printf '%d\n%s\n' "$3" "$4" 2>/dev/null >"$result.new" && touch -d "@$2" -- "$result.new" &&
    mv -f -- "$result.new" "$result"
}

repeat_result() {
  local status
  status=$(sed -n 1p -- "$1")
  sed 1d -- "$1"
  exit "$status"
}

# No command is delivered a week late. The time is the marker's own, not the file system's: simulated clocks run fast.
forget_old_markers() { # now folders
  local cutoff=$(($1 - 7 * 86400))
  shift
  find "$@" -maxdepth 1 -type f ! -name "$SSM_key.*" ! -newermt "@$cutoff" -delete 2>/dev/null || true
}
