# Which log files are past their retention: the same for the look that counts them and the act that deletes them.
# shellcheck shell=bash

# Runs find's actions ($@) on each old log file under the folders: a regular file called *.log, or rotated from one,
# older than so many days, on the mount's own file system. Links are not followed; a missing folder is nothing.
old_log_files() {
  local folder cutoff wanted failed=0
  whole_number olderThanDays "${SSM_olderThanDays?}"
  cutoff=$(($(date +%s) - 10#$SSM_olderThanDays * 86400))
  wanted=$(device_of "${SSM_mount?}")
  split_words "${SSM_folders?}"
  for folder in "${words[@]}"; do
    [[ $folder == /* ]] || die "folders: \"$folder\" does not begin with /"
    if [[ -z $(find "$folder" -maxdepth 0 -type d 2>/dev/null) ]]; then
      printf 'No folder: %s\n' "$folder" >&2
    elif [[ $(device_of "$folder") != "$wanted" ]]; then
      printf 'On another disk: %s\n' "$folder" >&2
    else
      find "$folder" -xdev -type f -regextype posix-extended \
        -regex '.*\.log([.-][0-9][0-9-]*)?(\.(gz|bz2|xz|zst))?' ! -newermt "@$cutoff" "$@" || failed=1
    fi
  done
  return "$failed"
}
