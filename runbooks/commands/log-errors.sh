# Which errors a container's log tells of, by kind.
. parts/private.sh
. parts/error-kinds.sh
: "${SSM_container?}" "${SSM_tail?}" "${SSM_outside?}"
whole_number tail "$SSM_tail"

readable=true why=''
if ! log=$(timeout 20 docker logs --tail "$SSM_tail" "$SSM_container" 2>&1 | tr -d '\000\r' | cut -b 1-1000); then
  [[ $log == *'No such container'* ]] || die "docker logs $SSM_container: $(printf '%s' "$log" | tail -c 300)"
  readable=false why='there is no such container' log=''
fi
print_error_kinds "$readable" "$why" "$SSM_outside"
