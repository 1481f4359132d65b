# How each kind of wrapper on the simulated host's PATH treats its arguments. Sourced after shims.bash.

# A file tool: every argument that is a path is mapped. $1: the tool; $2: `links` where it speaks of links themselves;
# $3: `named` where it prints paths, which then lose the sandbox's folder again.
fb_files() {
  local tool=$1 follow=1 named=$3 word words=() mapped=
  [[ $2 == links ]] && follow=
  shift 3
  for word in "$@"; do
    fb_map "$word" "$follow"
    [[ $REPLY == "$word" ]] || mapped=1
    words+=("$REPLY")
  done
  fb_run "$tool" "$named" "$mapped" "${words[@]}"
}

fb_run() {
  local tool=$1 named=$2 mapped=$3
  shift 3
  [[ -n $named && -n $mapped ]] || exec "$FB_TOOLS/$tool" "$@"
  "$FB_TOOLS/$tool" "$@" | fb_strip
  exit "${PIPESTATUS[0]}"
}

# docker: only `docker exec -i` reads what comes in, and reads it to its end before it asks. No NUL survives.
fb_docker() {
  local word interactive=
  if [[ ${1-} == exec ]]; then
    for word in "${@:2}"; do
      case $word in
        -i | -it | -ti | --interactive) interactive=1 ;;
        -*) ;;
        *=*) ;;
        *) break ;;
      esac
    done
  fi
  if [[ -n $interactive ]]; then
    FB_INPUT=$("$FB_TOOLS/cat" && printf x)
    FB_INPUT=${FB_INPUT%x}
  fi
  fb_call docker "$@"
}

# curl: reads a configuration from standard input where it is told to.
fb_curl() {
  local word before=
  for word in "$@"; do
    if [[ $before$word == --config- || $before$word == -K- ]]; then FB_INPUT=$("$FB_TOOLS/cat"); fi
    before=$word
  done
  fb_call curl "$@"
}

# openssl: reads a certificate or a key from what comes in, unless it is told a file.
fb_openssl() {
  case "${1-} $*" in
    *' -in '*) ;;
    'x509 '* | 'pkey '*) FB_INPUT=$("$FB_TOOLS/cat") ;;
  esac
  fb_call openssl "$@"
}

# awk, sed and grep: the first word is a program or a pattern, unless an option brought one.
fb_program_first() {
  local tool=$1 word words=() program= next= mapped=
  shift
  [[ $tool == sed ]] && words+=(--sandbox)
  for word in "$@"; do
    case $next in
      value) words+=("$word"); next=; continue ;;
      file) fb_map "$word" 1; words+=("$REPLY"); next=; continue ;;
    esac
    case $tool$word in
      awk-v | awk-F | sed-e | sed-l | *grep-e | *grep-m | *grep-[ABC]) next=value ;;
      awk-f | sed-f | *grep-f) next=file ;;
    esac
    case $word in
      -e | -f | --regexp=* | --expression=* | --file=*) program=1 ;;&
      -?*) words+=("$word"); continue ;;
    esac
    if [[ -z $program ]]; then program=1; words+=("$word"); continue; fi
    fb_map "$word" 1
    [[ $REPLY == "$word" ]] || mapped=1
    words+=("$REPLY")
  done
  [[ $tool == *grep ]] || mapped=
  fb_run "$tool" named "$mapped" "${words[@]}"
}

# find, whose idea of "now" is this machine's: ages become comparisons with the simulated clock.
fb_find() {
  local now word test='' words=()
  now=$(fb_call now)
  for word in "$@"; do
    case $test in
      -mtime) fb_age "$word" 86400 1; words+=("${AGE[@]}") ;;
      -mmin) fb_age "$word" 60 0; words+=("${AGE[@]}") ;;
      -newermt) fb_instant "$word"; words+=(-newermt "$REPLY") ;;
      *)
        case $word in
          -mtime | -mmin | -newermt) test=$word; continue ;;
          -atime | -ctime | -amin | -cmin | -newer[act]*) printf 'find: %s is not simulated\n' "$word" >&2; exit 1 ;;
          *) fb_map "$word" ''; words+=("$REPLY") ;;
        esac ;;
    esac
    test=''
  done
  fb_run find named 1 "${words[@]}"
}

# `+7` days means at least 8 whole days old (find drops the fraction); `+7` minutes means older than 7 minutes.
fb_age() {
  local n=${1#[+-]} unit=$2 whole=$3
  local older=$((now - (n + whole) * unit)) younger=$((now - n * unit))
  case $1 in
    +*) AGE=(! -newermt "@$older") ;;
    -*) AGE=(-newermt "@$younger") ;;
    *) AGE=('(' ! -newermt "@$younger" -newermt "@$older" ')') ;;
  esac
}

# A date as GNU tools take it, in REPLY as `@seconds`; what is relative counts from $now.
fb_instant() {
  local base
  case $1 in
    now) REPLY=@$now ;;
    @* | [0-9][0-9][0-9][0-9]-* | [A-Z][a-z][a-z]\ *\ GMT) REPLY=@$("$FB_TOOLS/date" -d "$1" +%s.%N) ;;
    *) TZ=UTC printf -v base '%(%F %T)T' "$now"; REPLY=@$("$FB_TOOLS/date" -d "$base UTC $1" +%s) ;;
  esac
}

fb_date() {
  local now given=@ word words=() next=
  now=$(fb_call now)
  given=@$now
  for word in "$@"; do
    case $next in
      date) fb_instant "$word"; given=$REPLY; next=; continue ;;
      file) fb_map "$word" 1; given=@$("$FB_TOOLS/stat" -L -c %Y -- "$REPLY") || exit; next=; continue ;;
    esac
    case $word in
      -d | --date) next=date ;;
      -r | --reference) next=file ;;
      -d?*) fb_instant "${word#-d}"; given=$REPLY ;;
      --date=*) fb_instant "${word#*=}"; given=$REPLY ;;
      *) words+=("$word") ;;
    esac
  done
  exec "$FB_TOOLS/date" -d "$given" "${words[@]}"
}

# touch, at the simulated time unless a time is given.
fb_touch() {
  case " $*" in
    *' -d'* | *' -t'* | *' -r'* | *' --date'* | *' --reference'*) ;;
    *) set -- -d "@$(fb_call now)" "$@" ;;
  esac
  fb_files touch '' '' "$@"
}
