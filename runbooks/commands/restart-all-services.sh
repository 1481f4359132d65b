# Restarts every service of the stack that has a container.
. parts/stack.sh
. parts/restart.sh

read_services
restart_services "${services[@]}"
