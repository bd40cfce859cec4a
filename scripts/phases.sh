# shellcheck shell=bash
# What the scripts share: phases with elapsed time, whose output goes to a log that is shown only on failure.
# Sourced, not run. Sets: repo (the top folder, and the working directory).

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$repo" || exit 3

# shellcheck disable=SC2034 # used by the scripts that source this
readonly kExitUsage=2
readonly kExitNotMeasured=3
readonly kLogDir=$repo/build/log
readonly kHeartbeatSeconds=30

on_terminal=false
if [[ -t 2 && ${TERM:-dumb} != dumb ]]; then on_terminal=true; fi
bold='' red='' plain=''
if $on_terminal && [[ -z ${NO_COLOR:-} ]]; then bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m'; fi

# The running phase leads a process group of its own, so that what it started ends with it.
phase_child=''
end_phase() {
  if [[ -n $phase_child ]] && kill -- "-$phase_child" 2>/dev/null; then wait "$phase_child" || true; fi
  exit 130
}
trap end_phase INT TERM HUP

# usage_of SCRIPT: its leading comment, which is its help text.
usage_of() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$1"; }

# stop CODE MESSAGE: ends the script.
stop() {
  printf '%s%s%s\n' "$red" "$2" "$plain" >&2
  exit "$1"
}

elapsed() { printf '[%4d s]' "$SECONDS"; }

# list_sources: the C and C++ files of the repository, those not committed yet too, each ended by a NUL.
list_sources() { git ls-files -z --cached --others --exclude-standard -- '*.h' '*.hpp' '*.c' '*.cpp'; }

# say TEXT: a line with the elapsed time.
say() { printf '%s%s%s %s\n' "$bold" "$(elapsed)" "$plain" "$1" >&2; }

# How far ninja has come, "[12/345]", or nothing.
progress_of() { tail -c 4096 "$1" | tr '\r' '\n' | grep -oE '^\[[0-9]+/[0-9]+\]' | tail -n 1; }

# Reports on the running phase until its process has ended: in place on a terminal, else every kHeartbeatSeconds.
watch_phase() {
  local name=$1 log=$2 last=$SECONDS
  while kill -0 "$phase_child" 2>/dev/null; do
    if $on_terminal; then
      printf '\r\e[K%s%s%s %s ... %s' "$bold" "$(elapsed)" "$plain" "$name" "$(progress_of "$log")" >&2
    elif ((SECONDS - last >= kHeartbeatSeconds)); then
      last=$SECONDS
      say "$name ... $(progress_of "$log")"
    fi
    sleep 0.2
  done
}

# phase NAME COMMAND...: runs the command with its output in a log. Returns its exit code; on failure the end of the
# log is shown first. The log's path is left in phase_log.
phase() {
  local name=$1 code=0
  shift
  mkdir -p "$kLogDir"
  phase_log=$kLogDir/${name//[^a-zA-Z0-9]/-}.log
  $on_terminal || say "$name ..."
  setsid "$@" >"$phase_log" 2>&1 </dev/null &
  phase_child=$!
  watch_phase "$name" "$phase_log"
  wait "$phase_child" || code=$?
  phase_child=''
  if $on_terminal; then printf '\r\e[K' >&2; fi
  if ((code != 0)); then
    tail -n 40 "$phase_log" >&2
    printf '%s%s %s failed (exit %d).%s Whole log: %s\n' "$red" "$(elapsed)" "$name" "$code" "$plain" "$phase_log" >&2
  elif $on_terminal; then
    say "$name"
  fi
  return "$code"
}

# set_up [OPTION of scripts/setup]: installs what is missing. Ends the script with set-up's exit code when it cannot.
# shellcheck disable=SC2120 # most callers have no option for it
set_up() {
  local code=0
  "$repo/scripts/setup" --quiet "$@" || code=$?
  if ((code != 0)); then exit "$code"; fi
}

# configure PRESET: nothing to do while the build tree is newer than the presets; ninja sees to the rest.
configure() {
  local preset=$1 launcher=()
  if [[ $repo/build/$preset/build.ninja -nt $repo/CMakePresets.json ]]; then return; fi
  if command -v ccache >/dev/null; then
    local ccache='env;CCACHE_SLOPPINESS=pch_defines,time_macros;ccache'  # else it keeps nothing with precompiled headers
    launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache "-DCMAKE_CXX_COMPILER_LAUNCHER=$ccache")
  fi
  phase "configure $preset" cmake --preset "$preset" "${launcher[@]}" || exit "$kExitNotMeasured"
}

# build_preset PRESET [TARGET...]: configures, and builds these targets or everything. Ends the script when that fails:
# nothing was measured.
build_preset() {
  local preset=$1 targets=()
  shift
  if (($# > 0)); then targets=(--target "$@"); fi
  configure "$preset"
  phase "build $preset" cmake --build --preset "$preset" --parallel "$(nproc)" "${targets[@]}" || exit "$kExitNotMeasured"
}
