#!/usr/bin/env python3
"""Draws the grid of the made-up high-tech zone and spreads its points and people over it.

It writes units.csv, points.csv, people.csv, teams.csv, assignments.csv and cells.geojson of data/hightech;
the other files there are kept by hand. The same script gives the same files: the dice have a fixed seed.
All names of people are put together from lists and belong to nobody; a name that somebody bears is chance.

    python3 data/hightech.py            # write them again
"""

import json
import random
from pathlib import Path

HERE = Path(__file__).parent / "hightech"
DICE = random.Random(20260320)
ZONE = "hightech"

# Four columns from west to east, three rows from south to north: a community or a village each.
WEST, SOUTH, WIDE, HIGH = 116.742, 38.322, 0.0125, 0.0105
AREAS = [
    [("v1", "前李庄村"), ("v2", "后李庄村"), ("06", "通达社区"), ("v3", "王官屯村")],
    [("01", "创业社区"), ("02", "科苑社区"), ("03", "锦程社区"), ("v4", "石桥村")],
    [("04", "云杉社区"), ("05", "学苑社区"), ("v5", "柳林铺村"), ("v6", "新河口村")],
]
COMPOUNDS = {
    "01": ["创业家园", "青创公寓", "启明花园"],
    "02": ["科苑小区", "科苑新居", "星河湾", "软件园人才公寓"],
    "03": ["弘和里", "锦程佳苑", "锦绣华庭"],
    "04": ["云杉小区", "云杉南苑", "松涛苑"],
    "05": ["学苑小区", "博雅园", "教师公寓"],
    "06": ["通达小区", "通达新苑", "铁东家属院"],
    "v5": ["柳林铺新民居"],
}
BUILDINGS = [("a", "A座", 4), ("b", "B座", 3), ("jp", "精品馆", 3)]
FLOORS = "一二三四"
# The 22 departments that the points were handed out to.
DEPARTMENTS = [
    ("dangzheng", "党政办公室"), ("zuzhi", "组织人事局"), ("xuanchuan", "宣传统战部"), ("jigongwei", "纪工委监察组"),
    ("ducha", "督查室"), ("caizheng", "财政局"), ("jingfa", "经济发展局"), ("keji", "科技创新局"),
    ("zhaoshang", "招商局"), ("guijian", "规划建设局"), ("zhifa", "综合执法局"), ("huanwei", "环境卫生中心"),
    ("shengtai", "生态环境分局"), ("shichang", "市场监管分局"), ("shehui", "社会事业局"), ("jiaoyu", "教育中心"),
    ("weijian", "卫生健康中心"), ("nongye", "农业农村局"), ("gongan", "公安分局"), ("jiaojing", "交警大队"),
    ("yingji", "应急管理局"), ("zhengwu", "政务服务中心"),
]
GUESTS = [
    ("shi-yuanlin", "市园林绿化服务中心", "市直单位"), ("gongjiao", "公交公司", "共建单位"),
    ("yinhang", "兴农银行科苑支行", "共建单位"), ("wuye-mingyang", "明阳物业", "物业"),
    ("wuye-xinyuan", "馨园物业", "物业"), ("wuye-jincheng", "锦程商贸城管理服务中心", "物业"),
]
# Fixed and random points besides compounds, villages and the mall: name, kind, area, contact department.
PLACES = [
    ("创业大道（科苑路至通达街段）", "主次干道", "01", "zhifa"), ("科苑路（创业大道至学苑街段）", "主次干道", "02", "guijian"),
    ("通达街（锦程路至王官屯段）", "主次干道", "06", "jiaojing"), ("学苑街（云杉路至科苑路段）", "主次干道", "05", "zuzhi"),
    ("锦程路（创业大道至石桥段）", "主次干道", "03", "huanwei"), ("云杉路（学苑街至北环段）", "主次干道", "04", "shengtai"),
    ("软件园东巷", "背街小巷", "02", "keji"), ("铁东胡同", "背街小巷", "06", "gongan"), ("启明里后街", "背街小巷", "01", "caizheng"),
    ("科苑路公交首末站", "公交站", "02", "jiaojing"), ("锦程商贸城公交站", "公交站", "03", "jiaojing"), ("学苑街公交站", "公交站", "05", "jiaojing"),
    ("高新区实验小学门前", "学校周边", "05", "jiaoyu"), ("科苑中学门前", "学校周边", "02", "jiaoyu"), ("柳林铺小学门前", "学校周边", "v5", "jiaoyu"),
    ("锦程广场公厕", "公共厕所", "03", "huanwei"), ("科苑公园公厕", "公共厕所", "02", "huanwei"),
    ("科苑公园", "公园广场", "02", "shehui"), ("云杉广场", "公园广场", "04", "xuanchuan"),
    ("恒泰精密制造有限公司门前", "企业", "01", "jingfa"), ("瑞禾农机公司门前", "企业", "06", "jingfa"), ("蓝湾软件园北门", "企业", "02", "keji"),
    ("晨光包装厂门前", "企业", "v3", "zhaoshang"), ("佳运物流园", "企业", "v4", "zhaoshang"),
    ("星河湾二期工地", "建筑工地", "02", "guijian"), ("科创中心工地", "建筑工地", "01", "yingji"), ("石桥安置区工地", "建筑工地", "v4", "yingji"),
    ("创业大道沿街门市（东段）", "沿街门市", "01", "shichang"), ("学苑街沿街门市", "沿街门市", "05", "shichang"),
    ("通达街沿街门市", "沿街门市", "06", "zhengwu"), ("云杉路沿街门市", "沿街门市", "04", "weijian"),
]
HEADS = {  # Who heads a kind of point, unless the area does.
    "主次干道": "dept-huanwei", "公交站": "gongjiao", "学校周边": "dept-jiaoyu", "公共厕所": "dept-huanwei",
    "公园广场": "shi-yuanlin", "建筑工地": "dept-guijian", "企业": "dept-jingfa",
}
SURNAMES = "秦严沈冯韩许吴苗路樊葛裴阎骆谭侯龚邵"
GIVEN = ["立新", "春燕", "志远", "海霞", "文博", "素芬", "建勋", "丽萍", "永康", "秋生", "彦明", "桂荣", "思源", "金凤",
         "学军", "玉洁", "广林", "晓蕾", "长顺", "月英", "明哲", "淑敏", "振华", "巧云", "树林", "雅静", "大勇", "银环"]
# Works for the bus company, which is a guest in the park subdistrict too: the same man there (U064) and here.
IN_BOTH = "齐家兴"

units, points, people, assignments, features = [], [], [], [], []
given_names = {IN_BOTH}


def place_of(area):
    for row, line in enumerate(AREAS):
        for column, (code, _) in enumerate(line):
            if code == area:
                return row, column
    raise KeyError(area)


def corners():
    """The corners of areas and of the cells inside them: each column of areas is two columns of cells."""
    jitter = lambda: DICE.uniform(-0.0006, 0.0006)
    return [[(round(WEST + column * WIDE / 2 + jitter(), 6), round(SOUTH + row * HIGH + jitter(), 6))
             for column in range(9)] for row in range(4)]


CORNERS = corners()


def ring(area, half=None):
    row, column = place_of(area)
    first, last = (0, 2) if half is None else (half, half + 1)
    low = [CORNERS[row][2 * column + step] for step in range(first, last + 1)]
    high = [CORNERS[row + 1][2 * column + step] for step in range(first, last + 1)]
    return low + high[::-1] + low[:1]


def somewhere(area):
    """A place well inside one of the two cells of an area."""
    row, column = place_of(area)
    left = 2 * column + DICE.choice([0, 1])
    across, up = DICE.uniform(0.2, 0.8), DICE.uniform(0.2, 0.8)
    mix = lambda at: (
        CORNERS[row][left][at] * (1 - across) * (1 - up) + CORNERS[row][left + 1][at] * across * (1 - up)
        + CORNERS[row + 1][left][at] * (1 - across) * up + CORNERS[row + 1][left + 1][at] * across * up)
    return mix(1), mix(0)


def team_of(area):
    return f"T{place_of(area)[0] + 1}"


def person(role, unit, team="", name=None):
    while name is None or (name in given_names and name != IN_BOTH):
        name = DICE.choice(SURNAMES) + DICE.choice(GIVEN)
    given_names.add(name)
    people.append([f"U{len(people) + 1:03}", name, role, unit, team])
    return people[-1][0]


def point(name, kind, unit, area, department, head, at=None):
    lat, lon = at or somewhere(area)
    points.append([f"P{len(points) + 1:03}", name, kind, unit, f"{lat:.6f}", f"{lon:.6f}", team_of(area)])
    given.append((points[-1][0], department, head))


# The grid.
units.append([ZONE, "高新区", "区", ""])
for line in AREAS:
    for code, name in line:
        units.append([f"{ZONE}-{code}", name, "村" if code.startswith("v") else "社区", ZONE])
for area, names in COMPOUNDS.items():
    for number, name in enumerate(names, 1):
        units.append([f"{ZONE}-{area}-c{number:02}", name, "小区", f"{ZONE}-{area}"])
MALL = f"{ZONE}-03-mall"
units.append([MALL, "锦程商贸城", "商场", f"{ZONE}-03"])
for code, name, floors in BUILDINGS:
    units.append([f"{MALL}-{code}", f"锦程商贸城{name}", "楼座", MALL])
    for floor in range(1, floors + 1):
        units.append([f"{MALL}-{code}-f{floor}", f"{name}{FLOORS[floor - 1]}层", "楼层", f"{MALL}-{code}"])
units += [[f"dept-{code}", name, "部门", ZONE] for code, name in DEPARTMENTS]
units += [[code, name, kind, ZONE] for code, name, kind in GUESTS]
for line in AREAS:
    for code, name in line:
        whole = {"id": f"{ZONE}-{code}", "level": "community", "unit": f"{ZONE}-{code}", "name": name}
        features.append((whole, ring(code)))
for line in AREAS:
    for code, name in line:
        for half in (0, 1):
            number = half + 1
            cell = {"id": f"{ZONE}-{code}-g{number:02}", "level": "cell", "unit": f"{ZONE}-{code}",
                    "name": f"{name}第{'一二'[half]}单元网格"}
            features.append((cell, ring(code, half)))

# People of the offices; the teams are led by the zone and hold staff of the discipline office.
command = [person("指挥部", unit) for unit in (ZONE, ZONE, "dept-ducha", "dept-xuanchuan")]
for unit in ("dept-jigongwei", "dept-jigongwei", "dept-ducha"):
    person("纪检", unit)
leaders = []
for team in (1, 2, 3):
    members = [person("督导员", unit, f"T{team}") for unit in (ZONE, "dept-ducha", "dept-zhifa")]
    leaders.append(members[0])
# One contact person in each of the 22 departments, in the order of the departments.
contacts = {code: person("点位负责人", f"dept-{code}") for code, _ in DEPARTMENTS}
area_heads, clerks = {}, {}
for line in AREAS:
    for code, _ in line:
        person("社区干部", f"{ZONE}-{code}")
        person("网格员", f"{ZONE}-{code}")
        area_heads[code] = [person("点位负责人", f"{ZONE}-{code}"), person("点位负责人", f"{ZONE}-{code}")]
heads = {"gongjiao": person("点位负责人", "gongjiao", name=IN_BOTH)}
for unit in ("dept-huanwei", "dept-jiaoyu", "shi-yuanlin", "dept-guijian", "dept-jingfa", "wuye-mingyang", "wuye-xinyuan"):
    heads[unit] = person("点位负责人", unit)
building_heads = {code: person("点位负责人", "wuye-jincheng") for code, _, _ in BUILDINGS}
for code, _, floors in BUILDINGS:
    for floor in range(1, floors + 1):
        person("网格员", f"{MALL}-{code}-f{floor}")
for unit in [f"{ZONE}-03"] * 4 + [f"{ZONE}-{code}" for code in ("01", "02", "05", "v1", "v5")]:
    person("志愿者", unit)
person("志愿者", "yinhang")

# Points, each with its contact department and its head.
given = []
deal = [code for code, _ in DEPARTMENTS if code not in ("jigongwei", "ducha")]
turn = 0


def next_department():
    global turn
    turn += 1
    return deal[turn % len(deal)]


for area, names in COMPOUNDS.items():
    firm = heads["wuye-mingyang" if area in ("01", "02", "04") else "wuye-xinyuan"]
    for number, name in enumerate(names, 1):
        head = firm if number < 3 else area_heads[area][1]
        point(name, "居民小区", f"{ZONE}-{area}-c{number:02}", area, next_department(), head)
for line in AREAS:
    for code, name in line:
        unit, (first, second) = f"{ZONE}-{code}", area_heads[code]
        if code.startswith("v"):
            point(f"{name}南入口", "村庄", unit, code, "nongye", first)
            point(f"{name}主街", "村庄", unit, code, next_department(), first)
            point(f"{name}文化广场", "公园广场", unit, code, next_department(), second)
        else:
            point(f"{name}综合服务中心", "社区综合服务中心", unit, code, next_department(), first)
for name, kind, area, department in PLACES:
    head = heads.get(HEADS.get(kind)) or area_heads[area][0 if kind == "沿街门市" else 1]
    point(name, kind, f"{ZONE}-{area}", area, department, head)
# The mall by building and floor: outside order, inside goods and hygiene, a mother-and-baby room in each building.
lat, lon = somewhere("03")
point("锦程商贸城早市", "早市", MALL, "03", "shichang", building_heads["a"], (lat - 0.0009, lon))
for index, (code, name, floors) in enumerate(BUILDINGS):
    at = (lat + 0.0004 * (index - 1), lon + 0.0005 * (index - 1))
    head = building_heads[code]
    point(f"锦程商贸城{name}门口", "商场外围", f"{MALL}-{code}", "03", "shichang", head, (at[0] - 0.0002, at[1]))
    for floor in range(1, floors + 1):
        department = ("shichang", "yingji", "zhengwu", "jigongwei")[floor - 1]
        floor_at = (at[0] + 0.00003 * floor, at[1] + 0.00002 * floor)
        point(f"{name}{FLOORS[floor - 1]}层", "商场楼层", f"{MALL}-{code}-f{floor}", "03", department, head, floor_at)
    point(f"{name}母婴室", "母婴室", f"{MALL}-{code}-f1", "03", "ducha", head, (at[0] + 0.0001, at[1] - 0.0001))

# Who answered when: heads that changed on 9 March, points that lost theirs on the 16th, and a department's
# points that another one took over on 1 February.
YEAR, TAKEN_OVER, NEW_HEADS, LEFT = "2026-01-01", "2026-02-01", "2026-03-09", "2026-03-16"
relieved = [entry[0] for entry in given if entry[2] == area_heads["v1"][0] or entry[2] == area_heads["06"][1]]
without = [points[-1][0], next(row[0] for row in points if row[1] == "佳运物流园")]
handed_over = [entry[0] for entry in given if entry[1] == "zhaoshang"]
for code, department, head in given:
    if code in relieved:
        successor = area_heads["v1"][1] if head == area_heads["v1"][0] else area_heads["06"][0]
        assignments.append([code, head, "点位负责人", YEAR, NEW_HEADS])
        assignments.append([code, successor, "点位负责人", NEW_HEADS, ""])
    else:
        assignments.append([code, head, "点位负责人", YEAR, LEFT if code in without else ""])
    contact = contacts[department]
    if code in handed_over:
        assignments.append([code, contacts["jingfa"], "包联人", YEAR, TAKEN_OVER])
        assignments.append([code, contact, "包联人", TAKEN_OVER, ""])
    else:
        assignments.append([code, contact, "包联人", YEAR, ""])

teams = [[f"T{number}", f"创城督导团{'一二三'[number - 1]}组", leader] for number, leader in enumerate(leaders, 1)]
for file, header, rows in [
    ("units.csv", "编号,名称,类型,上级", units),
    ("points.csv", "编号,名称,类别,所属,纬度,经度,督导组", points),
    ("people.csv", "编号,姓名,角色,单位,督导组", people),
    ("teams.csv", "编号,名称,组长", teams),
    ("assignments.csv", "点位,责任人,职责,起,止", assignments),
]:
    lines = [header] + [",".join(row) for row in rows]
    (HERE / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
lines = []
for properties, outline in features:
    geometry = {"type": "Polygon", "coordinates": [[list(corner) for corner in outline]]}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    lines.append("  " + json.dumps(feature, ensure_ascii=False))
body = ",\n".join(lines)
text = f'{{"type": "FeatureCollection", "name": "高新区", "features": [\n{body}\n]}}\n'
(HERE / "cells.geojson").write_text(text, encoding="utf-8")
