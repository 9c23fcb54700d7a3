# 每个命令的帮助：cmd-… 是命令，属性是它的参数。

cmd = 三本台账：发现、整改、回头看、计分，没有网络也能用。
    .lang = 帮助、输出和报错用的语言：zh 或 en（默认看 LC_ALL、LANG，都不是时用中文）
    .json = 输出一份 JSON，供程序使用；出错时为 {"{"}"error":{"{"}"code","message"{"}}"}
    .help = 显示帮助
    .version = 显示版本
    .examples =
        先看一遍演示：
          sanben demo

        自己动手（三个窗口或依次运行）：
          sanben import --dir server data/park         导入基础数据
          sanben serve --dir server                    启动服务器，显示地址
          sanben invite --dir server U008              给督导员发邀请码
          sanben field --store phone enroll http://127.0.0.1:7300 邀请码
          sanben field --store phone sync              取回基础数据
          sanben field --store phone record --point P011 --standard S01 '南入口有大片垃圾'
          sanben field --store phone cases             看列表
          sanben field --store phone sync              送达
        每个命令都可以加 --help；案件用编号的前 6 位以上即可。
        退出码：0 成功，1 命令出错，2 用法不对。

cmd-demo = 演示公园街道的一天：真服务器、真设备、模拟时钟
    .dir = 把数据留在这个（新的或空的）文件夹里
    .week = 演示一周：二十八项逐项演示，各标编号
    .data = 基础数据所在的文件夹（默认 data/park）

cmd-serve = 启动一个辖区的服务器，直到被停止
    .dir = 服务器的文件夹，没有就新建
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库（也可写在 SANBEN_DATABASE_URL 里）；不写就存放在文件夹里
    .listen = 监听的地址和端口，端口 0 为自选空闲端口（默认 127.0.0.1:7300）
    .tls = 用服务器自己的证书加密，第一次启动时生成；邀请里带着它的指纹
    .cert = 用这份证书链加密（PEM），如公共机构签发的
    .key = 这份证书的私钥（PEM）
    .pin = 邀请里也带上这份证书的指纹（不是公共机构签发的时候用）
    .monitor = 给监控用的第二个地址，不加密：/metrics、/v1/health、/v1/ready；只对内开放
    .log = 日志的样式：text 或 json（默认 text）
    .examples =
        例：sanben serve --dir server --listen 0.0.0.0:7300 --tls
        日志写到标准错误，不含个人信息。不加密时只能放在 HTTPS 反向代理之后。

cmd-import = 从文件夹导入基础数据（单位、点位、标准、人员、分工、日历、网格、规则）
    .dir = 服务器的文件夹，没有就新建；服务器可以正在运行
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库（也可写在 SANBEN_DATABASE_URL 里）；不写就存放在文件夹里
    .by = 由谁操作，记入留痕（也可用 SANBEN_BY）；不写则记系统账号
    .folder = 放文件的文件夹，格式见 data/README.md
    .dry-run = 只检查并说明会有什么变化，不改动任何内容
    .examples =
        例：sanben import --dir server data/park
        有错时列出文件、行、列、内容和改法，什么都不导入，退出码 1。

cmd-invite = 给一个人的一台设备发邀请码
    .dir = 服务器的文件夹
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库（也可写在 SANBEN_DATABASE_URL 里）；不写就存放在文件夹里
    .by = 由谁操作，记入留痕（也可用 SANBEN_BY）；不写则记系统账号
    .person = 人员编号
    .minutes = 邀请码有效多少分钟（默认 15）
    .url = 设备使用的地址，与监听地址不同时写（默认为服务器上次监听的地址）
    .examples = 例：sanben invite --dir server U008

cmd-devices = 已登记的设备：编号、人员、登记和停用时间
    .dir = 服务器的文件夹
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库（也可写在 SANBEN_DATABASE_URL 里）；不写就存放在文件夹里

cmd-revoke = 停用一台设备：没送达的内容交来复核，它保存的记录随即清除
    .dir = 服务器的文件夹
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库（也可写在 SANBEN_DATABASE_URL 里）；不写就存放在文件夹里
    .by = 由谁操作，记入留痕（也可用 SANBEN_BY）；不写则记系统账号
    .device = 设备编号，前 6 位以上即可，见 devices
    .examples = 例：sanben revoke --dir server 3f2a91

cmd-recovery-code = 给忘了密码的设备念找回码；那边不用联网
    .dir = 服务器的文件夹
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库（也可写在 SANBEN_DATABASE_URL 里）；不写就存放在文件夹里
    .by = 由谁操作，记入留痕（也可用 SANBEN_BY）；不写则记系统账号
    .shown = 锁定设备上显示的 12 位字母和数字
    .examples = 例：sanben recovery-code --dir server ABCD-EFGH-JKMN-PQRS

cmd-review = 复核迟到的记录：上传前人员已调岗或设备已停用的，由人决定是否采纳
    .dir = 服务器的文件夹；服务器可以正在运行
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库（也可写在 SANBEN_DATABASE_URL 里）；不写就存放在文件夹里
    .by = 由谁操作，记入留痕（也可用 SANBEN_BY）；不写则记系统账号
    .change = 内容编号的前几位；不写就全部列出
    .accept = 采纳：按原签名进入账本
    .refuse = 不采纳：退回给记录的人
    .reason = 理由，记录的人会看到
    .examples = 例：sanben review --dir server 3f2a91 --accept --reason 平板已交回，记录属实

cmd-carry = 收下别人捎来的待传文件：按各人的签名判定
    .dir = 服务器的文件夹；服务器可以正在运行
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库（也可写在 SANBEN_DATABASE_URL 里）；不写就存放在文件夹里
    .file = field export 写出的文件

cmd-audit = 从头核对服务器的账本：链、哈希、签名
    .dir = 服务器的文件夹；服务器可以正在运行
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库（也可写在 SANBEN_DATABASE_URL 里）；不写就存放在文件夹里
    .examples = 有对不上的，逐条列出，退出码 1。

cmd-backup = 备份：服务器不能重新做出来的一切，账本、密钥、照片，装进一个文件
    .dir = 服务器的文件夹；服务器可以正在运行
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库（也可写在 SANBEN_DATABASE_URL 里）；不写就存放在文件夹里
    .file = 新文件（tar 格式，只有自己能读）
    .examples = 例：sanben backup --dir server /backup/2026-03-20.tar

cmd-restore = 从备份恢复服务器，恢复到新文件夹
    .file = 备份文件
    .dir = 新文件夹（空的或还没有的）
    .database-url = 放账本的空 PostgreSQL 数据库，账本原来在哪里都可以（也可用 SANBEN_DATABASE_URL）；不给则账本在文件夹里
    .erased = 旧目录里的 erased.list：其中的记录再次清除
    .verify = 连账本一起从头核对，每份文档重建一遍
    .examples = 例：sanben restore /backup/2026-03-20.tar --dir server-2 --verify

cmd-score = 各社区千分制计分：按期排名，或按另一套规则预览
    .dir = 服务器目录；服务器可以正在运行
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库名（也可用 SANBEN_DATABASE_URL）；不写则日志在目录里
    .community = 社区编号：逐条列出（不写则各社区一行）
    .month = 月份，如 2026-03（默认本月）
    .week = 某一天所在的周，如 2026-03-20
    .from = 起日
    .until = 止日的后一天
    .as-of = 按当时所知，如 2026-03-20T12:00（默认现在）
    .rules = 计分规则文件：按它预览
    .preview = 只预览，不保存、不发布
    .examples = 例：sanben score --dir server --month 2026-03 --rules rules-2027.toml --preview

cmd-publish-scores = 公布一期各社区得分：此后不变，后来的变动记入下一期
    .dir = 服务器目录；服务器可以正在运行
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库名（也可用 SANBEN_DATABASE_URL）；不写则日志在目录里
    .by = 由谁操作，记入留痕（也可用 SANBEN_BY）；不写则记系统账号
    .month = 月份，如 2026-03（默认本月）
    .week = 某一天所在的周，如 2026-03-20
    .from = 起日
    .until = 止日的后一天
    .as-of = 按当时所知，如 2026-03-20T12:00（默认现在）

cmd-template = 导入用的空白表格（.xlsx）：填好后放进文件夹导入
    .kind = 哪种表：units、points、standards、people、teams、assignments、calendar、announcements、rulings 或 all
    .output = 写到哪个文件
    .examples = 例：sanben template points -o 点位.xlsx

cmd-report = 报表：公文（Word）、表格（Excel）或可打印的网页
    .kind = 哪种：daily 点位日报、weekly 社区周汇总、bulletin 千分制通报、brief 工作简报、notice 超期通报、year 年终得分表、coverage 覆盖盲区、cases 案件清单
    .day = 哪一天
    .unit = 哪个单位（日报、周汇总）
    .format = docx、xlsx 或 html；不写则看文件后缀
    .number = 发文字号，如 公创〔2026〕3号（方括号、圆括号都认）
    .words = 工作要求或本周重点，印在正文末尾；一行一段
    .output = 写到哪个文件
    .examples = 例：sanben report bulletin --dir server --week 2026-03-20 -o 通报.docx
    .dir = 服务器目录；服务器可以正在运行
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库名（也可用 SANBEN_DATABASE_URL）；不写则日志在目录里
    .month = 月份，如 2026-03（默认本月）
    .week = 某一天所在的周，如 2026-03-20
    .from = 起日
    .until = 止日的后一天
    .as-of = 按当时所知，如 2026-03-20T12:00（默认现在）

cmd-draw = 抽查的抽签：谁也猜不到、改不了，人人可核对

cmd-draw-freeze = 冻结名单，公布摘要
    .list = 名单：文本文件，一行一项
    .title = 抽签事由
    .day = 抽签日期，如 2026-03-20，不写为今天
    .number = 当天对这份名单的第几次抽签
    .draw = 抽几项
    .parties = 参加方，至少两方，可重复写
    .output = 抽签文件
    .examples = 例：sanben draw freeze 名单.txt --title 三月抽查 --draw 10 --party 纪检 --party 居民代表 -o draw.json

cmd-draw-commit = 一方承诺：生成随机数存在自己手里，只公布其摘要；最后一方承诺后给出要公布的总摘要
    .file = 抽签文件
    .party = 哪一方
    .secret = 自己保管随机数的文件

cmd-draw-reveal = 一方公开随机数（人人承诺之后）
    .file = 抽签文件
    .party = 哪一方
    .secret = 自己保管随机数的文件

cmd-draw-result = 算出抽中的，抽签到此为止；有人不公开则作废并点名，不能补救
    .file = 抽签文件

cmd-verify-draw = 离线核对一次抽签
    .file = 抽签文件
    .frozen = 冻结时公布的摘要
    .committed = 各方都承诺之后公布的摘要

cmd-trail = 指挥部操作留痕：何时、何人、对什么、为什么
    .dir = 服务器目录；服务器可以正在运行
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库名（也可用 SANBEN_DATABASE_URL）；不写则日志在目录里
    .examples = 例：sanben trail --dir server --json

cmd-erase = 从日志和所有设备上清除居民联系方式或整件案件；不可撤销
    .dir = 服务器目录；服务器可以正在运行
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库名（也可用 SANBEN_DATABASE_URL）；不写则日志在目录里
    .by = 由谁操作，记入留痕（也可用 SANBEN_BY）；不写则记系统账号
    .document = 联系方式或案件的完整编号，见 field show
    .whole-case = 允许清除整件案件，连同联系方式和照片
    .reason = 理由；长期留档，请不要写任何人的姓名
    .examples = 例：sanben erase --dir server 6a1b1f8e-8c0d-4c1e-9d53-0f2f4e3f6a77 --reason "居民本人要求"

cmd-take-back = 把误派或误报的案件从一个单位收回
    .dir = 服务器目录；服务器可以正在运行
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库名（也可用 SANBEN_DATABASE_URL）；不写则日志在目录里
    .by = 由谁操作，记入留痕（也可用 SANBEN_BY）；不写则记系统账号
    .case = 案件完整编号，见 field show
    .unit = 单位编号
    .reason = 理由，留档
    .examples = 例：sanben take-back --dir server 6a1b1f8e-8c0d-4c1e-9d53-0f2f4e3f6a77 --unit dept-jiaoyu --reason "派错部门"

cmd-export-log = 把整本账导出成一个文件，第三方可以用 verify-log 核对
    .dir = 服务器的文件夹；服务器可以正在运行
    .database-url = 存放日志的 PostgreSQL 数据库，postgresql://用户@主机/库（也可写在 SANBEN_DATABASE_URL 里）；不写就存放在文件夹里
    .file = 新文件；里面有全部记录
    .examples = 例：sanben export-log --dir server park.log

cmd-verify-log = 核对导出的账本：链、哈希、谁签了什么；不要服务器，不要网络
    .file = export-log 导出的文件
    .server-key = 服务器的公钥，export-log 会显示；要从文件以外的途径得到
    .examples = 哪里对不上会写明，退出码 1。

cmd-field = 一台设备，运行的正是手机上的代码；只有 enroll、sync 和取别人的照片要网络
    .store = 设备的文件夹（也可用环境变量 SANBEN_STORE）
    .examples =
        例：
          export SANBEN_STORE=phone
          sanben field today
          sanben field record --point P011 --standard S01 --photo 照片.jpg '南入口有大片垃圾'
          sanben field cases --mine --open
          sanben field show 3f2a91

cmd-field-enroll = 登记：把这个存储变成某人的设备（要网络）
    .url = 服务器的地址，如 http://127.0.0.1:7300
    .code = 指挥部给的邀请码

cmd-field-sync = 同步：送达和取回，直到没有剩余（要网络）
    .url = 服务器换了地址或证书时写上新地址；必须还是同一台服务器，同步成功就记住
    .time = 最多用这么久，如 20s、2m；没做完的下次接着做
    .bytes = 最多收发这么多，如 64KiB、2MB
    .requests = 最多几次请求
    .watch = 不退出：服务器一有新内容就同步，每条变化打一行，Ctrl-C 结束

cmd-field-tidy = 手机空闲时做的整理：核对成批取回的文档，给静置的文档省出空间（不要网络）
cmd-field-points = 点位和负责人
    .text = 名称、类别、编号、社区或督导组的一部分

cmd-field-teams = 督导组：组长、人数、负责的点位和社区

cmd-field-standards = 标准台账
    .point = 只看适用于这个点位的
    .text = 名称、条款或要求的一部分

cmd-field-where = 从位置到责任：所在网格、最近的点位、谁负责
    .lat = 纬度（WGS-84，度）
    .lon = 经度
    .nearest = 列出几个点位（默认 5）
    .examples = 例：sanben field where 38.308162 116.839776

cmd-field-ledgers = 一个点位的三本台账：标准、问题、责任
    .point = 点位编号
    .at = 责任台账看哪一天（默认现在），如 2026-03-01

cmd-field-blind-spots = 盲区：没有人负责的地方

cmd-field-departments = 包联部门：分包了哪些点位，点位上的案件办得怎样
    .unit = 只看一个部门，连同它的点位和案件
    .month = 月份，如 2026-03（默认本月）
    .week = 某一天所在的周，如 2026-03-20
    .examples = 例：sanben field departments dept-zhifa --week 2026-03-20

cmd-field-coverage = 覆盖盲区：标准要求每处（楼座、楼层、社区）都有，而这里没有的
    .month = 月份，如 2026-03（默认本月）
    .week = 某一天所在的周，如 2026-03-20

cmd-field-today = 今天的清单：晨扫描、回头看和进度
    .team = 某个督导组（默认自己的组；没有组的人看自己负责的点位）

cmd-field-reminders = 本机提醒什么、什么时候免打扰；在本机生成，不需要网络
    .before = 以后提前多久提醒，如 1d,2h,30m
    .quiet = 免打扰时段，如 21:00-07:00；00:00-00:00 表示没有
    .usual = 恢复默认
    .examples = 例：sanben field reminders --before 1d,2h --quiet 21:00-07:00

cmd-field-remind = 到自己定的时间提醒一件案件或事项，免打扰时段也提醒；只保存在本机
    .document = 案件或事项的编号，前 6 位以上即可
    .at = 什么时候，如 2026-03-20T17:00；只写日期指 08:00；替换之前设的
    .after = 多久以后，如 30m、2h、1d
    .none = 不再提醒；在此之前一直留在提醒列表里
    .examples = 例：sanben field remind 3f9a2c --in 2h

cmd-field-visit = 记一次到点：无问题，或进不去；发现了问题请用 record
    .point = 点位编号
    .round = 轮次：morning（晨扫描，默认）或 look-back（晚督导）
    .clean = 无问题（不写也算）
    .not-accessible = 进不去，写明原因
    .at = 当时的定位：纬度，经度 或 纬度，经度，精度（米）

cmd-field-record = 上报一个问题；描述、照片、点位、定位、标准有一样就能记，其余稍后补充
    .words = 描述
    .point = 点位编号
    .standard = 标准编号
    .photos = 照片文件（JPEG、PNG），可以写多次
    .at = 当时的定位：纬度，经度 或 纬度，经度，精度（米）
    .source = 来源：own、subdistrict、district、city、digital-city（默认按角色）
    .draft = 接着上报一份草稿；这里写的内容替换草稿里的
    .examples =
        例：
          sanben field record --point P011 --standard S01 --photo 照片.jpg --at 38.308162,116.839776,8 '南入口有大片垃圾'
          sanben field record '路边有人乱倒垃圾'

cmd-field-drafts = 还没有上报的草稿

cmd-field-draft = 处理一份草稿（接着上报用 record --draft）

cmd-field-draft-discard = 丢弃一份草稿
    .id = 草稿编号，前 6 位以上即可

cmd-field-complete = 补充或更正一件案件，公开可见
    .case = 案件编号，前 6 位以上即可
    .words = 新的描述
    .point = 点位编号
    .standard = 标准编号
    .photos = 补充的照片，可以写多次
    .at = 定位：纬度，经度 或 纬度，经度，精度（米）

cmd-field-cases = 案件列表，最近上报的在前
    .open = 只看未结的
    .point = 某个点位的
    .community = 某个社区的
    .status = 某些状态的，用逗号分开：reported、rectified、rework、closed …，或中文
    .disputed = 只看有争议的
    .overdue = 只看过了期限的，期限早的在前
    .programme = 某个创建项目的点位上的：写名称（如 省级卫生城市）或编号
    .text = 描述里有这些字的，如 垃圾
    .mine = 只看自己上报、负责或处置的
    .limit = 最多几件，1–200（默认 50）
    .after = 接着上一页，写上一页给出的标记
    .examples =
        例：
          sanben field cases --mine --open
          sanben field cases --status rework,返工 --community park-02 --text 垃圾

cmd-field-show = 一件案件：经过、照片、谁负责、期限、争议
    .case = 案件编号，前 6 位以上即可

cmd-field-acknowledge = 签收：“收到，马上落实!”
    .case = 案件编号，前 6 位以上即可
    .words = 回复（默认 收到，马上落实!）

cmd-field-rectify = 已整改，附整改后照片
    .case = 案件编号，前 6 位以上即可
    .words = 做了什么
    .photos = 整改后照片，可以写多次
    .on-the-spot = 当着督导员的面现场整改

cmd-field-look-back = 回头看：合格或不合格
    .case = 案件编号，前 6 位以上即可
    .words = 说明
    .passed = 合格：问题没有了
    .failed = 不合格：问题还在
    .photos = 现在的照片，可以写多次

cmd-field-decide = 裁定争议：采纳一个事件，与它矛盾的不予采纳
    .case = 案件编号，前 6 位以上即可
    .event = 采纳的事件，前 6 位以上即可，见 show
    .reason = 理由

cmd-field-contact = 登记与案件有关的居民的联系方式；志愿者和点位负责人收不到
    .case = 案件编号，前 6 位以上即可
    .name = 居民自报的姓名
    .phone = 联系电话
    .note = 联系时需要知道的其他事

cmd-field-merge = 并案：这件是重复的，保留另一件；可以撤销
    .case = 重复的案件
    .kept = 保留的案件

cmd-field-unmerge = 撤销并案
    .case = 案件编号，前 6 位以上即可
    .reason = 理由

cmd-field-act = 其他步骤：核实、立案、派遣、结案、返工、挂账、作废、延期、例外、反映、答复、再次发现、留言
    .case = 案件编号，前 6 位以上即可
    .examples =
        例：
          sanben field act 3f2a91 dispatch --to park-02/U060
          sanben field act 3f2a91 on-account --until 2026-03-27 '等材料'

cmd-field-act-confirm = 核实：确有此事
cmd-field-act-file = 立案
cmd-field-act-dispatch = 派遣：交给负责的单位
    .to = 单位，或 单位/人员，如 park-02/U060
cmd-field-act-close = 结案
cmd-field-act-rework = 返工：退回重做
    .reason = 原因
cmd-field-act-on-account = 挂账：受理了，眼下办不了
    .until = 新的期限：2026-03-27（到当天下班）或 2026-03-27T12:00
    .reason = 原因
cmd-field-act-void = 作废：不是问题，或不归我们管
    .reason = 原因
cmd-field-act-extend = 延期
    .until = 新的期限：2026-03-27（到当天下班）或 2026-03-27T12:00
    .reason = 原因
cmd-field-act-except = 当日整改的例外
    .until = 新的期限：2026-03-27（到当天下班）或 2026-03-27T12:00
    .reason = 原因
cmd-field-act-escalate = 层层反映：交上级定
    .to = 上级单位
    .reason = 原因
cmd-field-act-answer = 答复一次反映
    .words = 怎么定的
cmd-field-act-find-again = 整改后再次发现同一问题
    .words = 描述
    .photos = 照片，可以写多次
cmd-field-act-comment = 留言
    .words = 内容

cmd-field-spot-check = 按抽签结果开展抽查：查的就是抽中的，一件不多，一件不少
    .file = 抽签文件；名单每行以完整的案件编号开头
    .frozen = 冻结名单时公布的哈希
    .committed = 全部承诺后公布的哈希
    .check = 不新开：核对这次抽查与抽签是否一致
    .examples = 例：sanben field spot-check draw.json --frozen 哈希 --committed 哈希

cmd-field-brief = 工作简报：部门、人员、期限、超期点名
    .day = 哪一天（默认今天），如 2026-03-20
    .fill = 填入可印发、可答复的工作简报事项，已列入的不重复

cmd-field-score = 一个社区的千分制计分表，每一条都有原因
    .community = 社区编号
    .month = 月份，如 2026-03（默认本月）
    .week = 某一天所在的周，如 2026-03-20
    .from = 起日
    .until = 止日的后一天
    .as-of = 按当时所知，如 2026-03-20T12:00（默认现在）
    .rules = 计分规则文件：按它预览
    .preview = 只预览，不保存、不发布

cmd-field-ranking = 各社区分组排名
    .month = 月份，如 2026-03（默认本月）
    .week = 某一天所在的周，如 2026-03-20
    .from = 起日
    .until = 止日的后一天
    .as-of = 按当时所知，如 2026-03-20T12:00（默认现在）

cmd-field-outbox = 这台设备记录的内容送到了没有，哪些要处理
    .limit = 最多几条（默认 50）

cmd-field-export = 没有网络时把待传的内容密封成文件，请人捎走（只有服务器能打开）
    .file = 新文件的路径

cmd-field-carry = 替别人捎带待传文件，下次同步时交给服务器
    .file = field export 写出的文件
    .set-aside = 改为：把服务器打不开的文件取出到这个文件夹

cmd-field-mailbag = 没有外网时，在局域网里代收别人的待传内容（密封，本机看不到），有网络时一并交给服务器
    .listen = 监听的地址和端口（默认 0.0.0.0:7302）

cmd-field-hand-in = 把待传的内容密封后交给同一局域网里代收的设备；本机照样保留，直到服务器回执
    .address = 对方显示的地址，如 http://192.168.1.20:7302/#ABCD-EFGH

cmd-field-resend = 把被退回的一条再发一次：原样（授权或基础数据改过之后），或改正后
    .number = outbox 里的序号
    .point = 正确的点位
    .standard = 正确的标准
    .words = 改后的话或理由
    .person = 正确的人（事项）
    .day = 正确的日期（新开的事项）
    .about = 正确的所属（新开的事项）
    .fields = 事项里要改的栏目，如 who=U170

cmd-field-hand-on = 把被退回的一条转交给有权办的人：连照片写成一个文件，供 take-over 接手
    .number = outbox 里的序号
    .file = 新文件
    .to = 转交给谁（写了，别人就不会误接）

cmd-field-take-over = 用自己的名义记录别人转交的内容
    .file = hand-on 或 export-refused 写出的文件
    .look = 只看内容

cmd-field-export-refused = 把被退回的一条连同照片写进一个新文件夹，供人和程序查看
    .number = outbox 里的序号
    .folder = 新文件夹

cmd-field-discard = 放弃被退回的一条；连同原因保留
    .number = outbox 里的序号
    .reason = 原因

cmd-field-photo = 取一张照片的原件；这里没有的从服务器取（要网络）
    .hash = 照片编号（64 位），见 show
    .out = 写到哪个文件

cmd-field-salvage = 从损坏的存储里取出没有送达的内容；原存储不改动
    .into = 转入这个新存储：同一个人的，已登记并同步过
    .out = 清单写到哪个文件（默认写在存储的文件夹里，salvaged.json）
    .examples =
        例：
          sanben field --store phone salvage                  看看还有什么，列成清单
          sanben field --store phone salvage --into phone-2   转入新存储，再在那里 sync

cmd-field-matter = 其他事项：值守、任务、通报、报表、借用……（各有表单）

cmd-field-matter-forms = 可以登记哪些事项；给出类别则显示整张表单
    .feature = 事项类别，见 forms 的列表

cmd-field-matter-open = 登记一件事项
    .feature = 事项类别，见 forms 的列表
    .fields = 字段，写作 名称=内容；照片写文件名
    .day = 所属日期，默认今天
    .point = 点位
    .person = 所涉人员，或由谁办理
    .about = 所属的问题或事项
    .home = 所属单位，默认按表单

cmd-field-matter-act = 对一件事项进行操作
    .matter = 事项编号，前 6 位以上
    .act = 操作，按表单的叫法
    .fields = 字段，写作 名称=内容；照片写文件名

cmd-field-matter-draft = 表单草稿：一项一项填，填了就存
cmd-field-matter-draft-open = 开始填登记表单，暂不登记
    .feature = 事项种类，如 forms 所列
    .fields = 字段，写成 名称=值；照片写文件
    .day = 哪一天的；默认今天
    .point = 点位
    .person = 相关人员，或要办的人
    .about = 所属的案件或事项
    .home = 归属单位；默认按表单
cmd-field-matter-draft-act = 开始填某个事项的办理表单
    .matter = 事项编号，6 位以上
    .act = 做什么，如表单所称
    .fields = 字段，写成 名称=值；照片写文件
cmd-field-matter-draft-set = 继续填；填一项存一项
    .draft = 草稿编号，6 位以上
    .fields = 字段，写成 名称=值；名称= 表示清空
cmd-field-matter-draft-list = 草稿列表，最近的在前
cmd-field-matter-draft-submit = 提交：登记或办理，草稿随之消失
    .draft = 草稿编号，6 位以上
cmd-field-matter-draft-discard = 丢弃一份草稿
    .draft = 草稿编号，6 位以上

cmd-field-matter-list = 列出事项，最新的在前
    .feature = 只看这一类
    .from = 从这一天起
    .to = 到这一天止
    .point = 只看这个点位
    .person = 只看这个人的
    .home = 只看这个单位的
    .about = 只看属于这件问题或事项的
    .open = 只看未办结的
    .disputed = 只看有争议的
    .text = 含有这些字
    .limit = 多少条，默认 50，最多 200

cmd-field-matter-show = 查看一件事项及其全部记录
    .matter = 事项编号，前 6 位以上

cmd-field-matter-figures = 汇总各事项的数字
    .feature = 只看这一类
    .from = 从这一天起
    .to = 到这一天止
    .point = 只看这个点位
    .person = 只看这个人的
    .home = 只看这个单位的
    .about = 只看属于这件问题或事项的
    .open = 只看未办结的
    .disputed = 只看有争议的
    .text = 含有这些字
    .limit = 此处不起作用

cmd-field-matter-missing = 按周期应报未报的：点位日报、社区周汇总
    .feature = 事项类别
    .day = 哪一天，默认今天
