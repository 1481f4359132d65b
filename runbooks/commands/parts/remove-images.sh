# Removes images without force: one that a container uses, or that another image is built on, stays.
# shellcheck shell=bash

# Adds to the arrays `removed` (ids) and `kept` (finished JSON), and to `freed` (bytes).
remove_images() { # ids
  local details used id size tags said
  if (($# == 0)); then return 0; fi
  used=$(every_container "${open}.Image}}")
  for id in "$@"; do
    if ! details=$(docker image inspect --format "${open}.Id}}|${open}.Size}}|${open}json .RepoTags}}" "$id" 2>&1); then
      keep "$id" "${details:0:200}"
      continue
    fi
    IFS='|' read -r id size tags < <(printf '%s\n' "$details") || true
    is_whole "$size" || die "Docker can not be understood: the size of $id is \"${size:0:100}\"."
    # Docker would take the tags off an image in use, as long as one is left.
    if [[ $used == *"$id"* ]]; then
      keep "$id" 'used by a container'
      continue
    fi
    # By its id alone Docker refuses an image that several repositories name.
    image_names "$tags"
    if ((${#words[@]} < 2)); then words=("$id"); fi
    if said=$(docker image rm "${words[@]}" 2>&1); then
      removed+=("$id")
      freed=$((freed + size))
    else
      keep "$id" "${said:0:200}"
    fi
  done
}

keep() { # id why
  local why=${2//$'\n'/ }
  kept+=("{\"id\":$(json_string "$1"),\"why\":$(json_string "${why# }")}")
}
