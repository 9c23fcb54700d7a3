# 出了什么问题，怎么办。

error-not-enrolled = 这台设备还没有登记：请用指挥部给的地址和邀请码运行 enroll
error-already-enrolled = 这个存储已经登记过：请换一个文件夹
error-nothing-yet = 基础数据还没有取回：请在有网络时运行一次 sync
error-not-found = 这台设备上没有{ $what }“{ $id }”：请核对，或先同步
error-draft = { $why }。没有上报，其余内容已存为草稿 { $id }：改正后运行 record --draft { $id }
error-file = 文件读不了（{ $why }）：请核对路径和权限
error-full = 存储已满：请清理空间后再试，已有内容没有丢失
error-newer = 这个存储由更新的版本写成：请更新本程序，内容没有改动
error-corrupt = 存储已损坏，原样保留：请把整个文件夹交给指挥部取出待送达内容（{ $detail }）
error-busy = 另一个程序正在使用这个存储：请关闭后再试
error-network = 连不上服务器（{ $why }）；已记录的内容都在，下次同步时送出
error-code-unknown = 邀请码不对，或不是这台服务器的：请核对邀请码和地址，或请指挥部重新发一个
error-code-used = 邀请码已被别的设备用过：请指挥部重新发一个
error-code-expired = 邀请码已过期：请指挥部重新发一个
error-code-malformed = 这不是邀请码：应为 20 个字母和数字，如 ABCDE-FGHJK-MNPQR-STVWX
error-answer-version = 服务器与本程序的版本不合：请更新本程序
error-answer-rolled = 服务器的记录与这台设备所知不符（{ $detail }）：这里没有改动，请告诉指挥部
error-answer-forged = 应答不是登记时的那台服务器给的，或途中被改过（{ $detail }）：请核对地址
error-refused = 服务器拒绝了这台设备（{ $why }）：请联系指挥部；记录照常可用
error-cancelled = 已停止；做完的部分都保留着
error-other = 意外错误：{ $detail }

invalid-other-community = 只有同一社区的案件可以并案
invalid-no-dispute = 这个事件不在未决的争议里：请用 show 查看可选的事件
invalid-merge-into-itself = 案件不能并入自己：请写另一件
invalid-no-team = 只有督导组成员走巡查：这个点位请直接用 record 上报
invalid-say-why = 请写明理由
invalid-point-elsewhere = 这个点位属于别的社区：请把这条作废，在那边重新上报
invalid-no-reason = 请写明放弃的原因

photo-not-a-photo = 照片没有收下：既不是 JPEG 也不是 PNG（HEIC 请先转换）
photo-truncated = 照片没有收下：文件不完整，请重新拷贝或重拍
photo-damaged = 照片没有收下：文件已损坏，哪个程序都显示不了，请重新拷贝或重拍
photo-too-many-bytes = 照片没有收下：有 { $mib } MiB，太大，请降低分辨率重拍
photo-too-many-pixels = 照片没有收下：有 { $megapixels } 百万像素，太大，请降低分辨率重拍

refused-not-understood = 服务器没有读懂请求（{ $code }）：请更新本程序
refused-bad-signature = 服务器不认这台设备的签名：请联系指挥部重新登记；记录照常可用
refused-unknown-device = 服务器上没有登记这台设备：请核对地址，或请指挥部重新邀请
refused-revoked-device = 这台设备已被停用：请联系指挥部；未送达的内容都保留着
refused-unknown-person = 登记的人已不在名单上：请联系指挥部
refused-not-cited = 你能看到的记录里没有引用这张照片
refused-wrong-bytes = 照片送到后与所记的不符，服务器没有留：请再同步一次
refused-too-slow = 网络太慢，服务器等不及：请稍后再试
refused-too-many = 试错太多：请过几分钟再试
refused-failed = 服务器出错，没有保留这次请求：请稍后再试

error-prefix = “{ $text }”不是编号：请写完整编号，或开头 6 个以上的字符（0–9、a–f）
error-ambiguous = “{ $text }”对应不止一个，请多写几位：{ $meant }
error-not-merged = 这件案件没有并入别的案件，无需撤销
error-nothing-to-complete = 没有说要补充什么：请写描述，或用 --point、--standard、--photo、--at
error-page-token = 这不是列表给出的翻页标记：请照抄 --after 后面的内容
error-empty-period = 起日必须早于止日
error-no-attention = 第 { $id } 号没有被退回，无需处理：见 outbox
error-endless = 这个命令要单独运行
error-no-server = { $dir } 里没有服务器：请核对 --dir，或先用 import 建立

error-import = 没有导入任何内容，请改正后再导入：
error-no-tenant = 还没有辖区：第一次导入要有 tenant.toml
error-other-tenant = 这个服务器文件夹属于别的辖区：请另用一个文件夹
error-row-too-large = 有一条（{ $kind }）太大，发不到设备上：请拆小
error-unknown-person = 没有编号为 { $id } 的人员：请先导入人员，或核对编号
error-serve = 服务器的网络端口出错（{ $why }）：请重新启动
error-listen = 不能在 { $address } 上监听（{ $why }）：请换一个地址或端口，--listen 127.0.0.1:0 会自选空闲端口
error-write = 写不了 { $file }（{ $why }）：请核对路径、权限和空间
error-io = 输入输出出错：{ $why }
error-server-directory = 服务器文件夹里的 { $what } 用不了（{ $why }）：请核对它存在并可写
error-server-key = server.key 不对（{ $what }）：请从备份恢复；换新钥匙会让所有设备失联
error-server-log = 服务器的日志出错（{ $why }）：请核对磁盘空间和权限
error-server-replica = 服务器的副本出错（{ $why }）：请核对磁盘空间和权限；它可以由日志重建

misread-place = 应写成 纬度,经度 或 纬度,经度,精度（米），如 38.308162,116.839776,8
misread-degrees = 应为度数，纬度 -90 到 90，经度 -180 到 180，如 38.308162
misread-day = 应写成 2026-03-20
misread-month = 应写成 2026-03
misread-instant = 应写成 2026-03-20 或 2026-03-20T17:00
misread-word = 应为其中之一：{ $words }
misread-handler = 应写成 单位 或 单位/人员，如 park-02/U060
misread-hash = 应为 64 位的照片编号，见 show

usage-unknown-argument = 不认识“{ $argument }”
usage-unknown-command = 没有“{ $command }”这个命令
usage-missing-command = 要写明做什么
usage-missing = 缺少：{ $arguments }
usage-conflict = { $argument } 与 { $other } 不能同时用
usage-misread = { $argument }：“{ $value }”看不懂，{ $why }
usage-bad-value = { $argument }：“{ $value }”不行
usage-no-value = { $argument } 后面要写内容
usage-not-utf8 = 有一个参数不是 UTF-8
usage-see-help = 加 --help 查看用法。
