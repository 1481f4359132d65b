# Looking at everything that Docker lists. What was removed since the list was made can't be looked at, and Docker fails for
# all of it: then there is a newer list.
# shellcheck shell=bash

# Prints what `docker inspect` says of each container, running or not.
every_container() { # format
  local tries ids told=''
  for tries in 1 2 3; do
    ids=$(timeout 20 docker ps --all --quiet --no-trunc) || die 'Docker does not answer.'
    docker_ids "$ids"
    if ((${#words[@]} == 0)); then return 0; fi
    if told=$(timeout 20 docker inspect --format "$1" "${words[@]}"); then
      printf '%s\n' "$told"
      return 0
    fi
  done
  die 'Docker lists containers that it can not tell of.'
}

# Prints what `docker image inspect` says of each image that has a name, or had one.
every_image() { # format
  local tries ids told=''
  for tries in 1 2 3; do
    ids=$(timeout 20 docker image ls --quiet --no-trunc | sort -u) || die 'Docker does not tell its images.'
    docker_ids "$ids"
    if ((${#words[@]} == 0)); then return 0; fi
    if told=$(timeout 30 docker image inspect --format "$1" "${words[@]}"); then
      printf '%s\n' "$told"
      return 0
    fi
  done
  die 'Docker lists images that it can not tell of.'
}

# What `docker system df` prints, within so many seconds. Up to 20.10 Docker adds up for one who asks at a time, and refuses
# another meanwhile: who is refused for that asks again.
docker_takes() { # seconds words
  local end=$((SECONDS + $1)) why='' left
  shift
  for ((left = end - SECONDS; left > 0; left = end - SECONDS)); do
    # What it prints goes past `why`, which takes what it complains of.
    { why=$(timeout "$left" docker system df "$@" 2>&1 >&3 3>&-) && return; } 3>&1
    if [[ $why != *'already running'* ]]; then break; fi
    sleep 2
  done
  printf '%s\n' "${why:0:300}" >&2
  return 1
}
