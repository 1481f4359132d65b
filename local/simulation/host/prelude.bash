# What bash does itself and a wrapper on the PATH can't: builtins that take a path. `[[ -e /path ]]` and redirections
# are the language's own and can't be caught, so host scripts test files with `[` or `test` and redirect only under
# FIREBREAK_STATE, which lies inside the sandbox already.
cd() {
  local REPLY FB_MOVED
  case ${1-} in
    '') builtin cd "$FB_ROOT" ;;
    -) builtin cd - >/dev/null && pwd ;;
    -* ) builtin cd "$@" ;;
    *) fb_resolve "$1" 1; builtin cd "$REPLY" ;;
  esac
}
pwd() { local here=${PWD#"$FB_ROOT"}; printf '%s\n' "${here:-/}"; }
test() { [ "$@" ]; }
[() {
  local words=() before='' word REPLY FB_MOVED
  for word in "$@"; do
    case $before in
      -[abcdefghkprstuwxGLNOS] | -nt | -ot | -ef) fb_map "$word" 1; words+=("$REPLY") ;;
      *) words+=("$word") ;;
    esac
    before=$word
  done
  builtin [ "${words[@]}"
}
