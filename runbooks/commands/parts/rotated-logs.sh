# What Docker has rotated away of its containers' logs. The live one is called *-json.log, and is never touched.
# shellcheck shell=bash

# Runs find's actions ($@) on each file, older than so many days.
rotated_log_files() { # Docker's folder, find's actions
  local folder=$1 cutoff
  shift
  whole_number olderThanDays "${SSM_olderThanDays?}"
  cutoff=$(($(date +%s) - 10#$SSM_olderThanDays * 86400))
  find "$folder/containers" -xdev -mindepth 2 -maxdepth 2 -type f -regextype posix-extended \
    -regex '.*-json\.log\.[0-9]+(\.gz)?' ! -newermt "@$cutoff" "$@"
}

docker_folder() {
  local folder
  folder=$(timeout 20 docker info --format "${open}.DockerRootDir}}")
  [[ $folder == /* ]] || die "Docker does not say where its files are: \"$folder\""
  printf '%s\n' "$folder"
}
