# Which errors the log that the application keeps inside its container tells of, by kind. Its end is read once, never followed.
. parts/private.sh
. parts/error-kinds.sh
: "${SSM_container?}" "${SSM_file?}" "${SSM_tail?}" "${SSM_outside?}"
whole_number tail "$SSM_tail"

MOST_BYTES=400000
readable=true why=''
if ! log=$(timeout 20 docker exec "$SSM_container" tail -c "$MOST_BYTES" "$SSM_file" 2>&1 |
  tr -d '\000\r' | cut -b 1-1000 | tail -n "$SSM_tail"); then
  readable=false
  case $log in
    *'No such container'*) why='there is no such container' ;;
    *'is not running'*) why='the container does not run' ;;
    *'No such file'*) why="the container has no $SSM_file" ;;
    *'executable file not found'*) why='the container has no tail' ;;
    *) why="docker exec failed: $(printf '%s' "$log" | tail -c 200)" ;;
  esac
  log=''
fi
print_error_kinds "$readable" "$why" "$SSM_outside"
