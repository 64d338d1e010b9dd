# shellcheck shell=bash
# What demo.sh plays on: a daemon in a temporary directory, its people, and ways to show what they
# type and see. Sourced, never run.

readonly SERVER=.build/release/pipelined
readonly SHELL_PROGRAM=.build/release/pipeline-client
# shellcheck disable=SC2034  # demo.sh says it and looks for it
readonly COMMENT="周伟调走了，接手的赵兵是我大学同学，先去见他"
declare -A NAMES=(
    [admin]=admin [jiangyue]=蒋跃 [xiaoli]=小李 [linfeng]=林峰 [chenxiao]=陈晓
)

export LC_ALL=C.UTF-8
daemon=""
watcher=""
last=""

at_terminal() { [ -t 0 ] && [ -t 1 ]; }
at_terminal || export NO_COLOR=1
say() { printf '%s\n' "$*"; }
headline() { printf '\n── %s ──\n' "$*"; }
fail() {
    printf '\nThe demonstration failed: %s\n' "$*" >&2
    [ ! -f "$stage/daemon.log" ] || tail -n 20 "$stage/daemon.log" >&2
    exit 1
}

# ── the daemon ────────────────────────────────────────────────────────────────────────────────

free_port() {
    local port
    for _ in $(seq 100); do
        port=$((20000 + RANDOM % 20000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
    fail "no free port"
}

# A directory, a port, a password and a profile of pipeline-client for everybody.
prepare() {
    stage=$(mktemp -d)
    port=$(free_port)
    local profiles=$stage/config/pipelined/credentials login
    mkdir -p "$(dirname "$profiles")" && : >"$profiles" && chmod 600 "$profiles"
    for login in "${!NAMES[@]}"; do
        printf '[%s]\nurl = rediss://%s@localhost:%s\npassword = %s\ncacert = %s\n\n' \
            "$login" "$login" "$port" "$(password_of "$login")" "$stage/data/tls/ca.pem"
    done >>"$profiles"
    export XDG_CONFIG_HOME=$stage/config
}

password_of() { echo "only-for-the-demo-$1"; }

init_company() {
    (umask 077 && password_of admin >"$stage/password")
    "$SERVER" init --data "$stage/data" --company 星河广告 --admin admin \
        --admin-password-file "$stage/password" --dev-tls
}

start_daemon() {
    "$SERVER" serve --data "$stage/data" --listen "127.0.0.1:$port" >>"$stage/daemon.log" 2>&1 &
    daemon=$!
    for _ in $(seq 200); do
        kill -0 "$daemon" 2>/dev/null || fail "the daemon ended"
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
        sleep 0.05
    done
    fail "the daemon did not listen within 10 s"
}

kill_daemon() {
    printf '\n$ kill -9 %s\n\n' "$daemon"
    kill -9 "$daemon"
    wait "$daemon" 2>/dev/null || true
}

finish() {
    [ -z "$watcher" ] || kill "$watcher" 2>/dev/null || true
    if [ -n "$daemon" ] && kill "$daemon" 2>/dev/null; then
        wait "$daemon" 2>/dev/null || true
    fi
    rm -rf "$stage"
}

# ── the people ────────────────────────────────────────────────────────────────────────────────

# plain LOGIN ARGUMENT…: one command, its output for programs.
plain() {
    local login=$1
    shift
    "$SHELL_PROGRAM" --profile "$login" "$@"
}

# at_screen LOGIN ARGUMENT…: one command as it looks at a terminal of 110 columns.
at_screen() {
    local login=$1 line
    shift
    line=$(printf '%q ' "$SHELL_PROGRAM" --profile "$login" "$@")
    SHELL=/bin/bash script -qec "stty cols 110 -opost; exec $line" /dev/null </dev/null
}

# show LOGIN WORD…: what the person types. A document is not shown whole.
show() {
    local login=$1 word text=""
    shift
    for word in "$@"; do
        case $word in
            '{'*) word="'{…}'" ;;
            *[[:space:]]*) word="\"$word\"" ;;
        esac
        text+=" $word"
    done
    printf '\n%s ▸ pipeline-client%s\n' "${NAMES[$login]}" "$text"
    ! at_terminal || sleep 0.6
}

# run LOGIN WORD…: a command that must succeed, and what it shows.
run() {
    show "$@"
    local code=0
    last=$(at_screen "$@") || code=$?
    printf '%s\n' "$last" | sed 's/^/    /'
    [ "$code" = 0 ] || fail "exit code $code"
}

# refused CODE LOGIN WORD…: a command that must be refused with this exit code.
refused() {
    local expected=$1 code=0
    shift
    show "$@"
    last=$(at_screen "$@") || code=$?
    printf '%s\n' "$last" | sed 's/^/    /'
    [ "$code" = "$expected" ] || fail "exit code $code instead of $expected"
}

# shown TEXT: the last command showed it.
shown() { [[ $last == *"$1"* ]] || fail "'$1' is not shown"; }

# script_as LOGIN: commands from standard input, one a line.
script_as() {
    plain "$1" >"$stage/answers" || fail "the script of $1 stopped"
    say "    $(wc -l <"$stage/answers") lines of answers"
}

# ── the manager's screen ──────────────────────────────────────────────────────────────────────

# watch_as LOGIN: this person's inbox, live, beside everything else.
watch_as() {
    : >"$stage/screen"
    show "$1" watch '&'
    plain "$1" watch --timeout 300 >"$stage/screen" 2>/dev/null &
    watcher=$!
    seen=0
}

# pushed PATTERN: the watcher is told so, within five seconds.
pushed() {
    local line
    for _ in $(seq 100); do
        line=$(tail -n "+$((seen + 1))" "$stage/screen" | grep -m 1 -- "$1" || true)
        if [ -n "$line" ]; then
            printf '\n        ◀ on 蒋跃'"'"'s screen: %s\n' "${line//$'\t'/  }"
            seen=$(grep -nF -- "$line" "$stage/screen" | tail -n 1 | cut -d : -f 1)
            return
        fi
        sleep 0.05
    done
    fail "no push of '$1'"
}

# ── what is loaded ────────────────────────────────────────────────────────────────────────────

company_script() {
    printf 'UNIT.CREATE 华东销售部 KIND department\nUNIT.CREATE 华南销售部 KIND department\n'
    local row login unit role
    for row in jiangyue:u2:manager xiaoli:u2:rep linfeng:u3:manager chenxiao:u3:rep; do
        IFS=: read -r login unit role <<<"$row"
        printf 'PERSON.CREATE %s NAME %s UNIT %s ROLE %s PASSWORD %s\n' \
            "$login" "${NAMES[$login]}" "$unit" "$role" "$(password_of "$login")"
    done
    printf 'UNIT.UPDATE u2 HEAD jiangyue\nUNIT.UPDATE u3 HEAD linfeng\n'
}

# 65, 34, 27, 15 and 6 deals in the five stages; the first of them is o2.
deals_script() {
    local deal=2 stage_number=0 count
    for count in 65 34 27 15 6; do
        for _ in $(seq "$count"); do
            echo "OPP.CREATE 南方日化$deal CUSTOMER c2 AMOUNT 500000 PROCESS quarter"
            for _ in $(seq "$stage_number"); do echo "OPP.ADVANCE o$deal"; done
            deal=$((deal + 1))
        done
        stage_number=$((stage_number + 1))
    done
}

# ── the end, at a terminal ────────────────────────────────────────────────────────────────────

open_shell() {
    kill "$watcher" 2>/dev/null || true
    watcher=""
    cat <<LINES

The daemon goes on for as long as the shell below. In a second terminal, from $PWD:

  the manager's shell:
    XDG_CONFIG_HOME=$stage/config $SHELL_PROGRAM --profile jiangyue
  redis-cli (the administrator's password is $(password_of admin)):
    redis-cli --tls --cacert $stage/data/tls/ca.pem -h localhost -p $port --user admin --askpass

小李's shell: try help, new, deals, deal 1, funnel; leave with quit.
LINES
    "$SHELL_PROGRAM" --profile "$1" || true
}
