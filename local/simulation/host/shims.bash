# Shared by every wrapper on a simulated host's PATH, and by the scripts themselves (through BASH_ENV).
# FB_ROOT, FB_HELD, FB_PORT, FB_TOKEN and FB_TOOLS are set by the file that sources this one.

# Turns a path of the simulated host into the path of the sandbox behind it, in REPLY; FB_MOVED says whether a link or `..`
# was met on the way. Links are followed as a chroot would: nothing leads out. $2: follow the last component, too.
fb_resolve() {
  local path=$1 at='' part target hops=0
  FB_MOVED=
  case $path in
    /dev/null | /dev/stdin | /dev/stdout | /dev/stderr | /dev/fd/[0-9] | /dev/fd/[0-9][0-9]) REPLY=$path; return ;;
    "$FB_HELD"/*) [[ $path == */../* || $path == */.. ]] || { REPLY=$path; return; } ;;
  esac
  case $path in
    "$FB_ROOT" | "$FB_ROOT"/*) path=${path#"$FB_ROOT"} ;;
    /*) ;;
    *) path=${PWD#"$FB_ROOT"}/$path ;;
  esac
  while [[ -n $path ]]; do
    part=${path%%/*}
    if [[ $path == */* ]]; then path=${path#*/}; else path=''; fi
    case $part in
      '' | .) continue ;;
      ..) at=${at%/*}; FB_MOVED=1; continue ;;
    esac
    if [[ -L $FB_ROOT$at/$part && ( -n $path || -n ${2-} ) ]]; then
      (( ++hops <= 40 )) || { REPLY=$FB_ROOT/.too-many-links; return; }
      target=$("$FB_TOOLS/readlink" -- "$FB_ROOT$at/$part")
      FB_MOVED=1
      case $target in
        "$FB_HELD"/*) REPLY=$target; return ;;
        "$FB_ROOT" | "$FB_ROOT"/*) at=''; target=${target#"$FB_ROOT"} ;;
        /*) at='' ;;
      esac
      path=$target/$path
      continue
    fi
    at+=/$part
  done
  REPLY=$FB_ROOT$at
}

# One argument of a file tool, mapped, in REPLY. $2 as above.
fb_map() {
  case $1 in
    /*) fb_resolve "$1" "${2-}" ;;
    --*=/* | --*=../*) fb_resolve "${1#*=}" 1; REPLY=${1%%=*}=$REPLY ;;
    -[A-Za-z]/?* | -[A-Za-z]../*) fb_resolve "${1:2}" 1; REPLY=${1:0:2}$REPLY ;;
    -* | '') REPLY=$1 ;;
    *) fb_resolve "$1" "${2-}"; [[ -n $FB_MOVED ]] || REPLY=$1 ;;
  esac
}

# Removes the sandbox's own folder from what a tool prints, so that the next tool sees the host's paths.
fb_strip() { "$FB_TOOLS/sed" -e "s|$FB_ROOT/|/|g" -e "s|$FB_ROOT|/|g" -e "s|$FB_HELD/|/|g"; }

# Asks the simulation, and gives its output and exit code as if they were this tool's own. host/rpc.ts has the protocol.
# FB_INPUT: what the tool has read from its standard input.
fb_call() {
  local LC_ALL=C request='' word code parts to bytes text
  local cwd=${PWD#"$FB_ROOT"}
  for word in "${cwd:-/}" "${FB_INPUT-}" "$@"; do request+="${#word}"$'\n'"$word"; done
  exec {fb}<>"/dev/tcp/127.0.0.1/$FB_PORT" || return 125
  printf '%s %d\n%s' "$FB_TOKEN" $(($# + 2)) "$request" >&"$fb"
  IFS=' ' read -r code parts <&"$fb" || { printf '%s: no answer from the simulated host\n' "$1" >&2; return 125; }
  while (( parts-- > 0 )) && IFS=' ' read -r to bytes <&"$fb"; do fb_copy "$bytes" >&"$to"; done
  exec {fb}>&-
  return "$code"
}

# Copies a number of bytes from the connection. `read` takes them one by one, which pays only for a few.
fb_copy() {
  if (( $1 > 4000 )); then "$FB_TOOLS/head" -c "$1" <&"$fb"; return; fi
  IFS= read -r -N "$1" text <&"$fb"
  printf '%s' "$text"
}
