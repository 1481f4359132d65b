# What the host has left. A tool's answer that is no whole number ends the step with a sentence.
# shellcheck shell=bash

# KB that programs other than root's can still write where a path lies.
free_kb() { # path
  local said kb
  said=$(timeout 20 df -P -k -- "$1") || die "df $1 fails."
  kb=$(printf '%s\n' "$said" | awk 'NR == 2 { print $4 }')
  { is_whole "$kb" && ((kb >= 0)); } || die "df does not tell the room of $1: \"${said:0:200}\""
  printf '%s' "$kb"
}

# MB of memory that programs can still have.
available_memory_mb() {
  local said mb
  said=$(free -m) || die 'free fails.'
  mb=$(printf '%s\n' "$said" | awk '$1 == "Mem:" && !told++ { print $7 }')
  { is_whole "$mb" && ((mb >= 0)); } || die "free does not tell the memory: \"${said:0:200}\""
  printf '%s' "$mb"
}

# Where Docker keeps its files.
docker_root() {
  local root
  root=$(timeout 20 docker info --format "${open}.DockerRootDir}}") || die 'Docker does not answer.'
  [[ $root =~ ^/[A-Za-z0-9._/-]*$ ]] || die "Docker does not say where its files are: \"${root:0:100}\""
  printf '%s' "$root"
}
