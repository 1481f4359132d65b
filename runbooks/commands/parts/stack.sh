# The Compose stack of a system: its containers by label, and Compose itself in whichever form the host has.
# shellcheck shell=bash
# shellcheck source=docker-time.sh
. parts/docker-time.sh

# Prints one line for each of the project's containers, running or not.
# Fails when Docker does not answer. A container that vanishes between the two calls is left out.
stack_containers() { # project format
  local ids found
  ids=$(timeout 20 docker ps --all --quiet --no-trunc --filter "label=com.docker.compose.project=$1") || return
  docker_ids "$ids"
  if ((${#words[@]} == 0)); then return 0; fi
  found=$(timeout 20 docker inspect --format "$2" "${words[@]}") || [[ -n $found ]] || return
  printf '%s\n' "$found"
}

# What to ask `docker inspect` for one of the labels that Compose gives its containers.
compose_label() { printf '%s' "${open}json (index .Config.Labels \"com.docker.compose.$1\")}}"; }

# A label's value without its quotes, in REPLY. A container without it has `""`, or `null` where the format also has
# a field, such as Id, that Docker can only find in the raw answer.
plain() {
  REPLY=${1//\"/}
  if [[ $REPLY == null ]]; then REPLY=''; fi
}

# Compose on the system's own file, in the system's own folder: relative paths and .env are found there.
compose() {
  if [[ -z ${compose_version-} ]]; then find_compose || return; fi
  (
    cd "${SSM_projectDir?}" || exit
    "${compose_tool[@]}" -p "${SSM_composeProject?}" -f "${SSM_composeFile?}" "$@"
  )
}

find_compose() {
  compose_tool=(docker compose)
  if ! compose_version=$(docker compose version --short 2>/dev/null); then
    compose_tool=(docker-compose)
    compose_version=$(docker-compose version --short 2>/dev/null) || {
      printf 'This host has neither "docker compose" nor docker-compose.\n' >&2
      return 1
    }
  fi
  # To take the front or the end off a very long text takes bash very long.
  compose_version=${compose_version:0:100}
}
