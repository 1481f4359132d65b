# Reading what Docker says of sizes, without a JSON tool on the host.
# shellcheck shell=bash

# Of an array of flat JSON objects: for each object a line with the values of the named keys, separated by `|`.
json_rows() { # keys
  awk -v keys="$1" '{
    count = split(keys, wanted, " ")
    rest = $0
    while (match(rest, /"([^"\\]|\\.)*"|[{}]/)) {
      token = substr(rest, RSTART, RLENGTH)
      rest = substr(rest, RSTART + RLENGTH)
      if (token == "{") split("", value)
      else if (token == "}") {
        row = ""
        for (n = 1; n <= count; n++) row = row (n > 1 ? "|" : "") value[wanted[n]]
        print row
      }
      else if (substr(rest, 1, 1) == ":") key = substr(token, 2, length(token) - 2)
      else value[key] = substr(token, 2, length(token) - 2)
    }
  }'
}

# Bytes of a size as Docker writes it (`1.25GB`, of 1000), in REPLY.
bytes_of() {
  local whole fraction factor
  REPLY=0
  [[ $1 =~ ^([0-9]+)(\.([0-9]{1,3})[0-9]*)?(e\+([0-9]{2}))?([kKMGT]?)i?B$ ]] || return 0
  whole=$((10#${BASH_REMATCH[1]})) fraction=${BASH_REMATCH[3]}00
  case ${BASH_REMATCH[6]} in k | K) factor=1000 ;; M) factor=1000000 ;; G) factor=1000000000 ;; T) factor=1000000000000 ;; *) factor=1 ;; esac
  REPLY=$((whole * factor + 10#${fraction:0:3} * factor / 1000))
}

# The names in a JSON array of image references, which hold no quotes, in the array `words`.
image_names() {
  local text=${1//[\[\]\"]/}
  if [[ $text == null ]]; then text=''; fi
  split_words "${text//,/ }"
}
