# Stands in front of each simulated tool, and answers in a hostile way of the name in $HOSTILE; the tool itself where there is none.
# The two files beside the tools hold what to say. Tools of this machine are called by their paths: those on the PATH are fakes.
tool=${0##*/}
real() { "${0%/*}/../honest/$tool" "$@"; }
said=${0%/*}/../hostile

case ${HOSTILE-} in
  # What a tool says of a well host, with something added to every third name, or in place of all numbers or every other.
  names | fields) real "$@" | LC_ALL=C /usr/bin/awk -v of=name -v every=3 -v file="$said/$HOSTILE" -f "$said/mutate.awk" ;;
  numbers) real "$@" | LC_ALL=C /usr/bin/awk -v of=number -v every=1 -v file="$said/numbers" -f "$said/mutate.awk" ;;
  some-numbers) real "$@" | LC_ALL=C /usr/bin/awk -v of=number -v every=2 -v file="$said/numbers" -f "$said/mutate.awk" ;;
  lines)
    /bin/cat "$said/lines"
    real "$@"
    code=$?
    /bin/cat "$said/lines" "$said/megabyte"
    exit "$code"
    ;;
  garbage) /bin/cat "$said/lines" "$said/megabyte" "$said/lines" ;;
  failing)
    /bin/cat "$said/megabyte" "$said/lines" >&2
    exit 1
    ;;
  silent) ;;
  *) real "$@" ;;
esac
