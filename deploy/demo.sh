#!/usr/bin/env bash
# A company at work, played through pipeline-client against a daemon of its own (O-1).
#
# At a terminal the daemon stays for as long as the shell that is opened at the end. Without one the
# transcript ends with exit code 0, or with 1 as soon as anything is not as it should be.
set -euo pipefail
cd "$(dirname "$0")/.."
source deploy/demo/stage.sh

[ -n "${DEMO_IS_BUILT:-}" ] || swift build -c release
prepare
trap finish EXIT

headline "星河广告, an advertising agency, is founded"
init_company
start_daemon
show admin '<' company.txt
company_script | script_as admin
run admin PROCESS.PUT bid "$(cat deploy/demo/bid.json)"
run admin PROCESS.PUBLISH bid

headline "蒋跃, who heads the team, watches his inbox; 小李 opens the deal"
watch_as jiangyue
run xiaoli new-customer 方舟电子 TYPE enterprise
run xiaoli new 方舟电子年度投放 方舟电子 48万 2027-06-30

headline "机会: a stage is left when its work is done, and a refusal names all that is missing"
refused 7 xiaoli advance 1
run xiaoli 'done' 1 first-call 周伟很热情
run xiaoli feedback 1 budget_owner 周伟
run xiaoli advance 1

headline "入围: whether to bid is for the superior to decide"
run xiaoli 'done' 1 second-contact
run xiaoli feedback 1 criteria 方案六成，价格四成
run xiaoli advance 1 已经快把客户搞定了
pushed 'approval.requested.*a1'
run xiaoli note 1 刚听说周伟调走了，换了个叫赵兵的人
run jiangyue approvals
run jiangyue reject 1 "$COMMENT"
run xiaoli inbox
run xiaoli approval 1
shown "$COMMENT"

headline "小李 improves it and submits again"
run xiaoli feedback 1 budget_owner 赵兵
run xiaoli advance 1 已与赵兵当面确认预算
pushed 'approval.requested.*a2'
run jiangyue approve 2 可以投
run xiaoli deal 1
shown "[方案制定]"

headline "方案制定, 报价: and while the price awaits approval, kill -9"
run xiaoli 'done' 1 write-solution
run xiaoli advance 1
run xiaoli feedback 1 margin 22
run xiaoli advance 1 毛利两成二
pushed 'approval.requested.*a3'
before=$(plain xiaoli --json OPP.GET o1)
kill_daemon
start_daemon
after=$(plain xiaoli --json OPP.GET o1)
[ "$before" = "$after" ] || fail "the deal is not what it was before the kill"
say "The daemon was killed and started again; the deal, its history and the request are all there:"
run jiangyue approvals
shown a3
run jiangyue approve 3
run xiaoli advance 1
run xiaoli 'done' 1 meet-executives
run xiaoli advance 1
run xiaoli win 1 人走了，关系还在；第二位联系人救了这一单
pushed 'deal.won'

headline "华南销售部: 147 deals of 500 000 loaded by a script, then the funnel and the forecast"
run admin PROCESS.PUT quarter "$(cat deploy/demo/quarter.json)"
run admin PROCESS.PUBLISH quarter
run chenxiao new-customer 南方日化
show chenxiao '<' deals.txt
deals_script | script_as chenxiao
run linfeng funnel 华南销售部
run linfeng forecast 华南销售部
plain linfeng --tsv forecast 华南销售部 | grep -q '26850000\.00' \
    || fail "the forecast is not 26850000.00"
say "65 × 10 % + 34 × 40 % + 27 × 60 % + 15 × 80 % + 6 × 90 %, each × 500 000 = 26850000.00"

if at_terminal; then
    open_shell xiaoli
else
    say "The demonstration is complete."
fi
