# Restarts some services of the stack, and only those that it has.
. parts/stack.sh
. parts/restart.sh
: "${SSM_services?}"

split_words "$SSM_services"
wanted=("${words[@]}")
((${#wanted[@]} > 0)) || die 'services: expected at least one'
read_services
for service in "${wanted[@]}"; do
  one_of "$service" "${services[@]}" || die "\"$service\" is no service of the stack $SSM_composeProject, which has: ${services[*]}"
done
restart_services "${wanted[@]}"
