# How a service outside answers this host when it is asked with our key: three times, one after the other.
#
# The key comes from Systems Manager to this host, and goes to curl's standard input. It is in no command line, environment,
# file or output, and nothing follows a redirection with it.
: "${SSM_url?}" "${SSM_keyParameter?}" "${SSM_scheme?}"
{ set +x; } 2>/dev/null

TIMES=3
ANSWER_SECONDS=10
key='' why=''

# From the parameter, in `key`; or why not, in `why`.
read_key() {
  local answer line
  if [[ $SSM_url != https://* && ! $SSM_url =~ ^http://(127\.0\.0\.1|localhost)[:/] ]]; then
    why='the address is not https, where a key would be readable on the way'
    return
  fi
  if ! command -v aws >/dev/null 2>&1; then
    why='this host has no aws to read it with'
    return
  fi
  # The agent says in which region it is; the aws of version 1 does not find out by itself.
  if [[ -n ${AWS_SSM_REGION_NAME:-} && -z ${AWS_DEFAULT_REGION:-}${AWS_REGION:-} ]]; then
    export AWS_DEFAULT_REGION=$AWS_SSM_REGION_NAME
  fi
  if answer=$(timeout 20 aws ssm get-parameter --name "$SSM_keyParameter" --with-decryption \
    --query Parameter.Value --output text 2>&1); then
    while IFS= read -r line; do
      if [[ $line =~ ^[A-Za-z0-9._~+/=-]{8,512}$ ]]; then key=$line; fi
    done < <(printf '%s\n' "$answer")
    if [[ -z $key ]]; then why='the parameter holds no key: expected 8 to 512 letters, digits and ._~+/=-'; fi
    return
  fi
  case $answer in
    *ParameterNotFound*) why="there is no parameter $SSM_keyParameter" ;;
    *AccessDenied*) why="this host's role may not read $SSM_keyParameter" ;;
    *redentials*) why='this host has no role to read it with' ;;
    *region*) why='aws does not know its region on this host' ;;
    *) why='aws failed to read it' ;;
  esac
}

# What curl is told of the key: nothing where there is none.
configuration() {
  if [[ -z $key ]]; then return; fi
  case $SSM_scheme in
    bearer) printf 'header = "Authorization: Bearer %s"\n' "$key" ;;
    api-key) printf 'header = "Api-Key: %s"\n' "$key" ;;
  esac
}

read_key
answers=() evidence=''
for ((n = 1; n <= TIMES; n++)); do
  answer=$(configuration | curl -q --config - -sS -o /dev/null --max-time "$ANSWER_SECONDS" --proto '=http,https' \
    -w '\n%{http_code} %{time_total}\n' "$SSM_url" 2>&1) || true
  status=0 took=0 error=''
  while IFS= read -r line; do
    if [[ $line =~ ^([0-9]{3})\ ([0-9]+)[.,]([0-9]{3}) ]]; then
      status=$((10#${BASH_REMATCH[1]})) took=$((10#${BASH_REMATCH[2]}${BASH_REMATCH[3]}))
    elif [[ -n $line ]]; then
      error+="${error:+ }$line"
    fi
  done < <(printf '%s\n' "$answer")
  if [[ -n $key ]]; then error=${error//"$key"/[key]}; fi
  answers+=("{\"status\":$status,\"tookMs\":$took,\"error\":$(json_string "${error:0:300}")}")
  evidence+="asked $n: status $status after $took ms ${error:0:300}"$'\n'
done
asked=false
if [[ -n $key ]]; then asked=true; fi
printf '{"url":%s,"withKey":%s,"whyNot":%s,"answers":%s}\n' \
  "$(json_string "$SSM_url")" "$asked" "$(json_string "$why")" "$(json_array "${answers[@]}")"
printf '%s%s' "$evidence" "${why:+asked without the key: $why$'\n'}"
