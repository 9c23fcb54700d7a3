# 数据里的代码，人读的说法。

status-reported = 已上报
status-confirmed = 已核实
status-filed = 已立案
status-dispatched = 已派遣
status-acknowledged = 已签收
status-rectified = 已处置
status-rework = 返工
status-on-account = 挂账
status-verified = 核查通过
status-closed = 已结案
status-voided = 已作废
status-merged = 已并案
status-disputed = { $status } · 有争议
status-contested = 待裁定

lateness-not-due = 未到期
lateness-in-time = 按期
lateness-late = 超期
lateness-doubtful = 超期存疑
time-doubtful = { $time }（时钟存疑）

source-own = 社区自查
source-subdistrict = 街道督导
source-district = 区检查
source-city = 市检查
source-digital-city = 数字城管

outcome-passed = 合格
outcome-failed = 不合格
on-the-spot = 现场整改

act-report = 上报（{ $source }）
act-confirm = 核实
act-file = 立案
act-dispatch = 派遣
act-acknowledge = 签收
act-rectify = 整改
act-look-back = 回头看
act-close = 结案
act-rework = 返工
act-put-on-account = 挂账
act-void = 作废
act-extend = 延期
act-except = 当日整改例外
act-escalate = 向上反映
act-answer = 答复
act-find-again = 再次发现
act-decide = 裁定
act-merge-into = 并案
act-unmerge = 撤销并案
act-amend = 补充更正
act-comment = 留言
act-add-contact = 登记居民联系方式
act-unknown = 新版本的操作，本程序还不认识

deed-to = 交 { $who }
deed-until = 至 { $time }
deed-photos = { $n } 张照片
deed-words = ：“{ $words }”

patrol-start = 开始{ $round }
patrol-act-start = 开始巡查
patrol-act-visit = 到点 { $point }：{ $result }
patrol-act-finish = 结束巡查

ignored-out-of-place = 未生效：案件已过这一步
ignored-overruled = 未生效：裁定未予采纳
ignored-dangling-reference = 未生效：所指的记录不对
ignored-unknown-kind = 未生效：请更新程序

due-granted = 经批准的新期限
limit-same-day = 当日
limit-working-hours = { $n } 工作小时
limit-working-days = { $n } 工作日
limit-days = { $n } 日

photo-before = 问题
photo-after = 整改后
photo-look-back = 回头看

round-morning = 晨扫描
round-look-back = 晚督导

visit-to-do = 未到
visit-clean = 无问题
visit-found = 发现 { $n } 个问题
visit-not-accessible = 进不去：{ $reason }

role-command = 指挥部
role-inspector = 督导员
role-point-head = 点位负责人
role-grid-member = 网格员
role-volunteer = 志愿者
role-clerk = 社区干部
role-discipline = 纪检

duty-head = 点位负责人
duty-contact = 包联人

deadline-digital-city = 数字城管案件
deadline-same-day = 当天能办的问题
deadline-other = 问题

fact-praise-city = 市级表扬
fact-praise-district = 区级表扬
fact-praise-subdistrict = 街道表扬
fact-clean-point-city = 市级检查点位无问题
fact-clean-point-district = 区级检查点位无问题
fact-material-failed-city = 材料被市级退回
fact-material-failed-district = 材料被区级退回
fact-other = 其他事项

denied-role = 您的角色没有此项权限，请交给有此职责的人办理
denied-place = 这里归别人管：请交给点位负责人、该片督导组或指挥部
denied-scope = 这个单位的记录没有向你开放：请指挥部开放
denied-reason = 没有写明理由：请写明理由再试
denied-unknown = 这是新版本才有的操作：请更新程序后再发

rejection-unsigned = 签名不对，或不是本服务器登记的设备签的
rejection-not-the-author = 操作人不是这台设备登记的人
rejection-out-of-scope = 操作人看不到这个单位的记录
rejection-reviewed = 指挥部复核后未采纳（{ $reason }）
rejection-erased = 这条记录已被指挥部清除，任何内容都不再收回
rejection-revoked = 这台设备已被停用
rejection-depends-on-rejected = 它依据的前一条被退回了

refusal-too-large = 改动太大
refusal-not-a-change = 不是一条完整的改动
refusal-missing-dependency = 它依据的改动不在服务器上
refusal-fork = 同一编号已有另一条改动（存储可能被复制过）
refusal-forbidden = 动了不能改的内容
refusal-unreadable = 改后内容读不出来
refusal-unstable = 改动存取后不一致

remedy-update = 请更新程序后重发（resend）；仍被退回请联系指挥部
remedy-own-device = 请操作人用自己的设备再记一次，然后放弃这条（discard）
remedy-ask-or-discard = 请指挥部改授权后重发，或改正后重发（resend）；也可转交（hand-on）、导出（export-refused），或写明原因放弃（discard）
remedy-erased = 无需处理；确有需要请重新登记，不要再写应当清除的内容
remedy-first-one-first = 先处理前一条；前一条重发时它会一起重发

not-taken-wrong-code = 对方的码已经换了：请照它现在显示的地址输入或扫码
not-taken-another-server = 对方属于另一台服务器：请找本辖区的设备
not-taken-full = 对方已经装满，送达之前收不下：请换一台，或稍后再来
not-taken-too-often = 对方一分钟内被问得太多：请过一分钟再试
not-taken-too-large = 内容太大，对方收不下：请用 export 写成文件
not-taken-malformed = 对方看不懂：请两边都更新程序
act-matter = 事项操作：{ $act }
denied-step = 现在还不能走这一步，或已走过：请先看它的状态
field-called = { $name }（{ $field }）
flaw-missing = 缺少“{ $field }”：请填写
flaw-unknown = 表单里没有“{ $field }”：请去掉
flaw-shape = “{ $field }”填写的类型不对：请看表单
flaw-bounds = “{ $field }”为空、过长或超出范围：请改正
flaw-numbered = “{ $field }”里有电话或证件号码：请去掉
flaw-outside = “{ $field }”不在本事项所列范围内：请从中选择
flaw-dangling = “{ $field }”指向不存在的内容：请重新选择
flaw-anonymous = 匿名的不写{ $field }：去掉这一栏；愿意留名的，不要标匿名
flaw-future = { $field }还没到：发生以后再登记
flaw-past = { $field }已经过了：请填今天或以后的日子
flaw-order = { $field }要晚于它前面的时间；跨过零点的，分成两天登记
