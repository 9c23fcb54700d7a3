# 输出：表头、标签和提示。

between = 、
nobody-answers = 无人负责

label-address = 地址
label-answered-then = 当时负责人
label-answers = 负责人
label-blind-spot = 盲区
label-bytes = 字节
label-case = 案件
label-cases = 案件
label-cell = 网格
label-clause = 条款
label-code = 编号
label-column = 列
label-community = 社区
label-delivered = 已送达
label-delivery = 送达
label-demand = 要求
label-department = 部门
label-device = 设备
label-document = 记录
label-done = 事项
label-draft = 草稿
label-due = 期限
label-duty = 职责
label-enrol-code = 邀请码
label-enrolled = 已登记
label-enrolled-at = 登记时间
label-event = 事件
label-file = 文件
label-found = 发现时间
label-from = 起
label-handler = 处置人
label-invited = 已邀请
label-kind = 类别
label-lacks = 缺什么
label-limit = 时限
label-merged-into = 已并入
label-metres = 距离（米）
label-number = 序号
label-open-cases = 未结案件
label-person = 人员
label-photo = 照片
label-photos = 照片
label-place = 位置
label-point = 点位
label-points = 分值
label-rank = 名次
label-reason = 原因
label-received = 收到
label-recorded = 已记录
label-reported = 上报时间
label-result = 结果
label-revoked-at = 停用时间
label-round = 轮次
label-row = 行
label-rule = 规则
label-scope = 范围
label-shows = 内容
label-size = 尺寸
label-source = 来源
label-standard = 标准
label-state = 状态
label-status = 状态
label-team = 督导组
label-tenant = 辖区
label-tier = 组别
label-time = 时间
label-times-found = 发现次数
label-total-under = 按新规则
label-rank-before = 原名次
label-total = 总分
label-traffic = 流量
label-unit = 单位
label-until = 止
label-valid-until = 有效至
label-value = 内容
label-visited = 已到点
label-what-to-do = 怎么办
label-with = 连同
label-who = 人员
label-why-not = 为何不计
label-contact = 联系方式
label-resident = 居民
label-telephone = 电话
label-note = 备注
contact-added = 已登记。只有办公人员能收到；写错了请指挥部清除后重新登记。
label-words = 描述
label-wrong = 哪里不对

count-rulings = 申诉裁定
count-announcements = 通报事项
count-assignments = 责任分工
count-calendar-days = 日历例外
count-cells = 网格边界
count-communities = 社区
count-compounds = 小区
count-people = 人员
count-points = 点位
count-rule-sets = 计分规则
count-standards = 标准
count-teams = 督导组
count-units = 单位合计

serve-listening = 服务器已启动：{ $url }（Ctrl-C 停止）
serve-monitor = 监控地址：{ $url }/metrics、/v1/health、/v1/ready
serve-bare = 没有加密：同一网络里的人能看到内容。请加 --tls，或放在 HTTPS 反向代理之后。
serve-no-tenant = 还没有基础数据：请另开一个窗口运行 sanben import --dir <文件夹> data/park

import-done = 已导入。
import-nothing = 无事可做：服务器上已是这些内容。
import-dry-run = 只检查，没有改动任何内容。导入后将会：
import-changes = 新增 { $new } 条，更改 { $changed } 条，相同 { $same } 条
import-left-out = 文件里不再有 { $n } 条：撤下 { $removed } 条，因历史记录要用而保留 { $kept } 条
import-would-leave-out = 文件里不再有 { $n } 条
import-warnings = 已导入，但有 { $n } 处请再看一眼：
import-more-faults = 另有 { $n } 处

invited-next = 在对方设备上运行：sanben field --store <文件夹> enroll { $url } { $code }
devices-none = 还没有设备登记过。
revoke-done = 已停用。那台设备下次联网时，没送达的内容交来复核（见 review），它保存的记录随即清除；人还在岗的，用 invite 给新设备发邀请码。
revoke-already = 早已停用，没有改动。
backup-done = 已备份：{ $n } 个文件，{ $mib } MiB，存放在 { $file }。谁有这个文件，谁就能冒充服务器，请锁好。
backup-missing = 服务器文件夹里有 { $n } 张照片缺失或损坏，备份里没有
restore-done = 已恢复到 { $dir }：{ $n } 个文件，账本 { $entries } 条记录，{ $documents } 份文档
restore-verified = 已核对：哈希、链、签名全部无误，每份文档都重建过
restore-missing = 有 { $n } 张照片备份里就没有
restore-erased = 再次清除：{ $n } 条
restore-erased-list = 若有备份之后清除的记录，它们又回来了，要等知道此事的设备同步才会再清除。请不要等：用 --erased 带上旧目录里的 erased.list 恢复。
restore-undone = 备份之后指挥部所做的事也一并退回：停用的设备、收回的案件、公布的计分表、基础数据。请在启动服务之前重做一遍；旧目录若还能读取，用 trail 可列出这些操作。
restore-next = 账本从此另起一段，设备会发觉，把备份里没有的再送来。请用 serve 启动，旧文件夹不要再启动。
export-done = 已导出：{ $entries } 条记录，存放在 { $file }。核对：verify-log { $file } --server-key { $key }
proof-read = { $tenant } 的账本，{ $made } 导出：{ $scopes } 个范围，{ $entries } 条记录，{ $devices } 台设备的 { $changes } 次改动
proof-holds = 账本无误：没有缺的，没有改过或事后添进去的，每次改动都由做出它的设备签过名。
proof-key-given = 出自所给公钥的那台服务器。
proof-key-compare = 出自哪台服务器要另外问：请把这个公钥与对方说的比一比，或用 --server-key 写上对方的：{ $key }
audit-sound = 账本完好：{ $scopes } 个范围、{ $entries } 条记录，链、哈希、签名全部核对无误；操作留痕 { $deeds } 条完好。
audit-wrong = 账本与写下时不符：{ $scopes } 个范围、{ $entries } 条记录，有 { $n } 处对不上。请停下服务器，整个文件夹原样保留，与备份比对：
wrong-gap = 编号不连续，中间少了
wrong-chain = 链断了：这一条或它前面的被改过
wrong-bytes = 内容与它的哈希不符
audit-trail = 操作留痕在第 { $seq } 条断开：被改过或删过。
desk-publish = 发布资料
desk-invite = 邀请
desk-revoke = 停用设备
desk-recovery-code = 念出找回码
label-recovery-code = 找回码
recovery-next = 请念给对方；只对这台设备现在显示的编号有效一次。先确认对方是本人：拿着设备又知道找回码的人，能看到里面的内容。
desk-accept = 采纳迟到内容
desk-refuse = 退回迟到内容
desk-erase = 清除
desk-erase-again = 恢复后再次清除
desk-take-back = 收回
desk-restore = 恢复日志
desk-new-life = 发现日志回退，开始新周期
label-subjects = 对象
wrong-erasure = 内容缺失，而服务器没有签过清除的凭据
wrong-manifest = 签名清单缺失，或不是那台设备签的

enrolled-next = 下一步：运行 sync 取回基础数据，之后没有网络也能用。

sync-delivered =
    { $of ->
        [0] 没有要送的
       *[other] { $of } 条中的 { $accepted } 条
    }
sync-traffic = { $requests } 次请求，上行 { $up } 字节，下行 { $down } 字节
sync-stopped-time = 到了限定的时间：还剩 { $changes } 条改动、{ $photos } 张照片待送达{ $more ->
        [yes] ，还有内容待取回
       *[no] {""}
    }，下次 sync 接着做
sync-stopped-bytes = 用完了限定的流量：还剩 { $changes } 条改动、{ $photos } 张照片待送达{ $more ->
        [yes] ，还有内容待取回
       *[no] {""}
    }，下次 sync 接着做
sync-stopped-requests = 用完了限定的请求次数：还剩 { $changes } 条改动、{ $photos } 张照片待送达{ $more ->
        [yes] ，还有内容待取回
       *[no] {""}
    }，下次 sync 接着做
follow-live = 已同步，等着新内容（按 Ctrl-C 结束）
follow-offline = 连不上：{ $why }；稍后自动再试
follow-gone = { $case }  不再归你看，已从本机移走
follow-patrol = { $patrol }  巡查有更新
follow-reference = 基础数据有更新
mailbag-collecting = 正在代收。请对方输入或扫码：
    { $address }
    （按 Ctrl-C 结束；之后有网络时 sync 就交给服务器）
mailbag-taken = 收下一包，{ $kib } KiB
mailbag-known = 这一包早就收过
mailbag-refused = 没有收：{ $why }
mailbag-closed = 共收下 { $n } 包；有网络时运行 sync 交给服务器
mailbag-of-these-known = { $n } 包，其中 { $known } 包对方早就有
mailbag-photos-left = { $n } 张不在里面，等本机自己同步时送
mailbag-carried = 对方已代收，但还不算送达：本机照样保留，以服务器的回执为准
tidied = 核对了 { $examined } 份文档，{ $compacted } 份已压缩存放
tidied-nothing = 无事可做：都核对过了，也没有新的可压缩
tidied-refused = 有 { $n } 份与成批取回时所说的不符：下次同步改读账本
sync-attention = 有 { $n } 条被服务器退回，需要处理：见 outbox
sync-in-review = 有 { $n } 条由指挥部复核，结果出来会告诉你
sync-erased = 指挥部清除了 { $n } 条记录，本设备上的也已删除
sync-restored = 服务器的账本是从备份恢复的：近期送达的内容已重新提交
sync-carried = 替别人捎带的 { $n } 包已交服务器
sync-carried-later = 替别人捎带的 { $n } 包服务器收到了，但有些暂时判定不了：本机留着，之后再交
sync-carried-refused = 替别人捎带的 { $n } 包服务器打不开或三十天没能收全，已另放一边，不再重送：请对方重新导出（field carry --set-aside 文件夹 可取出）
sync-photos-failed = 有 { $n } 张照片没能送达，下次同步再试，不影响其他照片
sync-photos-gone = 有 { $n } 张照片原图已无处可取：本机为腾空间删过，服务器恢复后也没有；缩略图仍在
sync-quarantined = 有 { $n } 条收到的改动应用不了，已另存，不影响其他内容；请更新程序

delivery-pending = { $n } 条待送达
delivery-accepted = 已送达
delivery-rejected = { $n } 条被退回
delivery-photos = 本机 { $photos } 张照片已送达 { $delivered } 张

points-count = 共 { $n } 个点位
teams-leader = 组长
teams-members = 人数
teams-points = 点位数
teams-sum = { $teams } 个督导组负责 { $points } 个点位；没有督导组的点位 { $unwalked } 个
departments-head = 包联部门 { $n } 个，案件 { $from } 至 { $to }
departments-unit = 部门
departments-contacts = 包联人
departments-closed = 结案率
departments-on-time = 按期结案率
departments-points = 分包点位：{ $points }
where-outside = 不在任何社区的边界内

blind-none = 没有盲区。
blind-points = 没有点位负责人
blind-unwalked = 没有督导组
blind-without-points = 没有点位
blind-without-clerk = 没有社区干部

ledger-standards = 【标准台账】
ledger-problems = 【问题台账】
ledger-responsibility = 【责任台账】
ledger-no-problems = 没有记录过问题。
ledger-answers = { $time } 的负责人：{ $head }

today-morning = { $day } 晨扫描：{ $all } 个点位，已到 { $done } 个
today-look-back = 晚督导·回头看：{ $all } 个点位，已到 { $done } 个

record-missing = 还缺：{ $what }。可以稍后补充：complete { $case } …
duplicates-hint = 可能是同一件事（同一标准、距离近、时间近）；确认后用 merge 并案：
drafts-none = 没有草稿。

record-standard-elsewhere = 提示：这条标准不适用于这类点位，已照记；选错了可以改：complete { $case } --standard …
cases-none = 没有符合条件的案件。
cases-more = 还有更多：--after { $token }

dispute-hint = 有争议：{ $events } 互相矛盾，都保留着。请有权的人裁定：decide { $case } <采纳的事件> <理由>

brief-head = { $day } 工作简报：当天发现 { $found } 个问题，已整改 { $right } 个
brief-filled = 已填入简报 { $matter }:新列入 { $n } 件;印发用 matter act { $matter } issue
brief-left-out = 没有列入（责任单位里没有指定的人,或已列满）:{ $cases }
brief-not-closed = 当天还没有结束，暂不点名。
brief-overdue = 超期点名：{ $who }，{ $n } 件（{ $cases }）

score-head = 千分制　{ $community }　{ $from } 至 { $to }（截至 { $time } 所知）
score-base = 基础分 { $points }
score-total = 总分 { $points }
score-suspended = 暂不计分：

ranking-head = 排名　{ $from } 至 { $to }（截至 { $time } 所知）

reason-finding = { $source }发现问题
reason-found-again = 第 { $n } 次发现同一问题
reason-look-back-failed = 第 { $n } 次回头看不合格
reason-overdue = { $which }到 { $due } 没有整改
reason-overdue-late = { $which }到 { $due } 没有整改，{ $right } 才整改
reason-check = （{ $check }）
reason-clean-points = ，同次检查共 { $n } 个点位无问题
reason-halved = 现场整改，减半
reason-doubled = 加倍
reason-assessed = 模拟测评:{ $observed } 项观测,{ $met } 项符合
reason-ruling = 申诉裁定：原 { $was }，改为 { $is }
reason-withdrawn = 已不成立，退回
reason-corrects = 更正 { $from } 起的一期（已计 { $counted }）
reason-factor = { $times } 倍
reason-capped = 封顶
score-published = 已发布，{ $time }；以后的变动记入下一期
reason-pending = 依据尚未送达服务器

suspended-disputed = 有争议，待裁定
suspended-doubtful-clock = 只有存疑的时钟说它超期
suspended-counted-already = 同一件事已经计过

salvage-found = 找到 { $n } 条没有送达（或看不出是否送达）的记录；另有 { $delivered } 条记录已送达或已放弃。
salvage-sound = 这个存储的待发内容看来没有损坏：能打开的话，照常 sync 就行，不必往下做。
salvage-list = 清单在 { $file }。原来的存储没有改动，请保留。
salvage-next =
    接着办：
      1. 请指挥部重新发邀请码，在新文件夹登记，并同步一次（enroll、sync）
      2. sanben field --store { $store } salvage --into <新文件夹>
      3. 在新文件夹里 sync，送出
    做不到的，把整个文件夹连同清单交给指挥部。
salvage-next-sync = 下一步：sanben field --store { $into } sync。重复送不会有第二份；送完之前请保留 { $store }。
salvage-saved = 已列入清单
salvage-recorded = 已转入，等同步
salvage-photos-left = 已送达，照片没有
salvage-photos = 照片已转入，等同步
salvage-known = 新存储里已有
salvage-of-another = 是 { $person } 的，要转入本人的存储
salvage-no-record = 那件记录不在新存储里：先在那里同步，再来一次

outbox-empty = 没有记录过内容。
outbox-pending = 待送达
outbox-accepted = 已送达，回执 { $receipt }，{ $time }
outbox-rejected = 被退回：{ $why }
outbox-discarded = 已放弃：{ $why }
outbox-in-review = 待指挥部复核：{ $why }
outbox-next-try = { $n } 条待送达，下次尝试：{ $time }
outbox-next-sync = { $n } 条待送达，下次运行 sync 时送出
attention-head = 需要处理（{ $n } 条被退回，内容都保留着）：

heading-usage = 用法：
heading-commands = 命令
heading-arguments = 参数
heading-options = 选项
label-change = 编号
label-record = 记录
label-arrived-at = 到达时间
label-against = 疑点
label-decision = 处理
erased-done = 已清除 { $n } 条记录、{ $photos } 张照片。各设备下次同步时一并删除，任何内容都不再收回。
erased-not-scrubbed = 日志正被使用：文件里的残留在服务器下次启动时清理。
erased-backups = 以前的备份和导出的日志里仍有这些内容：请做新的备份并删除旧的。erased.list 请与备份放在一起。
taken-back = 已从 { $unit } 收回：该单位的设备下次同步时删除这件案件，以后的变动不再送去。
review-none = 没有待复核的内容。
review-how = 决定一条：review 编号 --accept（采纳）或 --refuse（不采纳），并用 --reason 写明理由
review-open = 待复核
review-accepted = 已采纳
review-refused = 未采纳
label-mailbags = 包数
label-changes = 记录数
carry-sealed = 已密封：只有服务器能打开。请交给能上网的同事（field carry）或指挥部（carry）；照片不在里面，等本机联网时再传。本机的待传内容照旧保留，直到服务器给出结果。
carry-taken = 已收下，下次同步时交给服务器。
carry-known = 早已收下。
carry-waiting = 待交：{ $n } 包
carry-later = 其中 { $n } 包服务器收到过，但有些暂时判定不了，之后再交
carry-set-aside = 服务器打不开或三十天没能收全、另放一边的：{ $n } 包（--set-aside 文件夹 可取出）
carry-handed-in = 已交服务器：{ $n } 条，{ $at }。采纳与否只告诉记录的人。
carry-handed-in-later = 其中 { $n } 条暂时判定不了，服务器没有留下：请保留文件，等同一个人先前的内容交到后再交一次。
label-what = 内容
label-refused-work = 被退回的内容
label-handed-on = 转交
label-recorded-by = 来自
outbox-elsewhere = 已由他人送达，{ $time }
attention-handed-on = 已转交 { $who }，{ $time }；对方还没有接手
attention-handed-on-open = 已转交，{ $time }；还没有人接手
hand-on-done = 已写好。请把文件交给有权办的人，由对方运行 take-over。这条先留在这里，对方送达后，下次同步会告诉您。
export-refused-done = 已写好：work.json 供查看，照片原件，以及 work.sanben，别的设备可用 take-over 接手。
export-refused-missing = 有 { $n } 张照片已不在本机，没有写进去。
take-over-recorded = 已用您的名义记录，下次同步送出；送达后原记录人会知道。
take-over-known = 无需处理：这里已经有了。
take-over-with = { $n } 项随它一起的工作（如岗亭的入库和借用）
take-over-look = 仅供查看。去掉 --look 再运行，就用您的名义记录。
today-handle = 您上报或由您处置的未结案件：{ $n } 件（cases --mine 同样列出）
today-matters = 今天的事项：{ $n } 件（按先后；matter show 看详情）

matter-missing = 缺 { $n } 份
label-feature = 事项类别
label-matter = 事项
label-act = 操作
label-title = 标题
label-open = 待办
label-notice = 注意
matter-late = 已逾期
matter-none = 没有事项
matter-more = 还有更多，请缩小范围
matter-later = 来自更新的版本
matter-hours = { $hours } 小时 { $minutes } 分
matter-in-dispute = 有争议
matter-idle = 不生效
shape-text = 文字
shape-count = 数字
shape-fraction = 分数，如 3/4
shape-day = 日期，如 2026-03-20
shape-time = 时间，如 06:00
shape-person = 人员编号
shape-unit = 单位编号
shape-point = 点位编号
shape-points = 点位编号或督导组，用逗号分隔，或 all
shape-standard = 标准编号
shape-document = 问题或事项的编号
shape-event = 前面某条记录的编号
shape-photos = 照片文件，用逗号分隔
shape-yes = 是 或 否
label-id = 编号
label-day = 日期
coverage-none = 标准要求每处都有的,处处都有。
label-node = 网格
lack-no-point = 没有适用的点位
lack-not-seen = 期间没有人观测
lack-not-met = 观测过,不符合
reminders-plan = 提前 { $before } 提醒;{ $from } 至 { $until } 免打扰
reminders-none = 没有要提醒的。
reminder-come = { $at }（到时间了）
reminder-own = 自己设的
remind-set = { $id } 将在 { $at } 提醒
remind-taken-back = { $id } 不再提醒
label-remind = 提醒时间
label-begun = 开始时间
label-filled = 已填
draw-frozen = 已冻结 { $n } 项，请公布此摘要：{ $hash }
draw-committed = 承诺已记入，尚缺：{ $missing }
draw-commitments = 各方都已承诺：
draw-all-committed = 请在公开随机数之前公布此摘要：{ $hash }
draw-committed-hash = 各方承诺的摘要 { $hash }
draw-alone = 文件自身前后一致；两个摘要须与当时公布的相同才算数，请用 --frozen 和 --committed 核对
draw-revealed = 随机数已公开，尚缺：{ $missing }
draw-drawn = { $title}：抽中
draw-agrees = 这次抽查就是这个抽签的结果：抽中的 { $n } 件，一件不多，一件不少
draw-holds = 核对无误，名单摘要 { $hash }
template-written = 模板已写入 { $file }，红字的列必须填写
template-kinds = 没有这种模板，可用：{ $kinds }
template-xlsx = 模板是工作簿：文件名请以 .xlsx 结尾（填好后可另存为 CSV）
import-diff = 有变动的行
diff-added = 新增
diff-changed = 改动
diff-ended = 不再保留
import-more-rows = 另有 { $n } 行，--json 可看全部
report-written = 已写入 { $file }
report-format = 写成哪种文件？请用 --format docx、xlsx 或 html，或给文件相应的后缀
report-cases-xlsx = 案件清单只能写成 .xlsx
