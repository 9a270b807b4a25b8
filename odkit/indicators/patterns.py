"""The grammar of value cells: numbers, units, the words around them, and what only looks like a value."""

from __future__ import annotations

import re
from functools import cache

from odkit.indicators.periods import era_names

NUMBER = r"[△▲−-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
LIMITS = "以上|以下|以内|未満|程度|前後|超え?|余り?|弱|強|近く"
CHANGES = "増加?|減少?|削減|短縮"
# Words that directly follow a unit and are none of it: 3件実施, 5件見込.
ENDINGS = (
    f"{LIMITS}|{CHANGES}|見込み?|予定|実績|目標|実施|達成|完了|設置|整備|公開|開催|導入|登録|認定|参加|作成|採択|済み?"
)
KEEP = "維持|確保|達成|継続|目標|目指す|目指します|見込む|超える|上回る|下回る|実施|予定"
SENTENCE_ENDS = rf"(?:を(?:{KEEP})|の(?:{CHANGES}|見込み?|予定|実績)|とする|に(?:する|{CHANGES}))。?"
SCALE = "[十百千万億兆]{1,2}"
CO2 = "(?:k?g|t|トン)-CO[2₂]"
# Units that hold kana or signs beside those of kanji and katakana: か所, つ, ㎡, ℃, 万kWh, 人・日.
UNIT = (
    rf"(?:%|(?:{SCALE})?{CO2}|(?:{SCALE})?(?![eE][0-9])[A-Za-zμµ]+[2-3²³]?|(?:{SCALE})?[㌀-㏟℃ℓ]|か(?:所|国|国語|月|年|村|寺)|つ"
    rf"|[一-龯々ァ-ヶー]{{1,10}})(?:・(?:[A-Za-z]+|[一-龯]{{1,3}}))?(?:{LIMITS})?"
    r"(?:/(?:10a|10万人|[1千万百]人|1日|1回|k?m[2-3]|[A-Za-z]{1,3}|[㎡㎥ℓ]|年度|[一-龯]{1,3}?))?"
)
EACH = (
    r"(?:[^0-9\s:、()]{0,4}(?:1|10|100|1,000)[万千]?(?:人|日|世帯|戸|件|校|団体|か所|施設|事業所|ha|10a|km|㎡)"
    r"[・、]?(?:1日)?(?:当たり|あたり|当り)\s*)"
)
LEAD = r"[^0-9０-９()【】/:、,.~～〜△▲−※*\s-]{0,16}\s*"
PART = re.compile(
    rf"(?P<label>【[^】0-9]*】|\([^()0-9]*\)|^[※*])?\s*(?P<each>{EACH})?(?P<lead>{LEAD})(?P<number>{NUMBER})(?:/(?P<whole>{NUMBER}))?"
    rf"\s?(?P<unit>{UNIT})?(?P<ending>(?:{ENDINGS})*(?:{SENTENCE_ENDS})?)(?P<note>\s*\([^()]*\))?(?=[\s(【、/※*]|$)"
)
LABELLED = re.compile(
    r"\s*(?P<open>\()?(?P<label>(?![0-9]+\s?:)[^\s:()、](?:[^:()、]{0,18}[^\s:()、])?)\s?:\s?"
    rf"(?P<number>{NUMBER})\s?(?P<unit>{UNIT})?(?(open)\)|)(?=[\s(、]|$)、?"
)
HEAD = re.compile(r"(?P<head>[^0-9:()、]*)\s(?=\S*[0-9])")
INNER = re.compile(rf"(?P<lead>{LEAD})(?P<number>{NUMBER})(?P<unit>{UNIT})?")
SHARE = re.compile(
    rf"(?P<lead>[全計]?)(?P<whole>{NUMBER})(?P<unit>{UNIT})(?:の?うち|中)[、\s]?"
    rf"(?P<number>{NUMBER})(?P=unit)(?P<note>\s*\([^()]*\))?"
)
REMARK = re.compile(r"\s+[^0-9]*|\s?※(?![0-9]*$).*")
FOOTNOTE = re.compile(r"\s?(?:※|\*|注)\s?[0-9]{0,2}")
BETWEEN = re.compile(r"[\s、/※]+")
BRACKETED = re.compile(r"(?:【(?P<lens>[^】]*)】|\((?P<round>[^()]*)\))")
AFTER_PERIOD = re.compile(r"(?P<words>[^0-9:、()【】]*)[:、]\s*|\s*")
FULL_TO_HALF = {0x3000: " "} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
BRACKETS = str.maketrans("〔〈《[<{〕〉》]>}–‐‑", "(((((())))))---")
SIGN_WORD = re.compile("マイナス(?=[0-9])")
SPACED_DATE = re.compile(r"(?<=[0-9元])\s+(?=[年月日])|(?<=年)\s+(?=[0-9]+\s*月)|(?<=月)\s+(?=[0-9]+\s*日)")
WRAPPED_NOTE = re.compile(r"\([^()]*\)")
# 平成30年 or 12月 is a date, not a value; a lone 年度 likewise; 20数件 is no number.
DATES = re.compile("年度?|月|時点|年[一-龯]*|月[一-龯]*|数.*|余.*|[万千百]*対")
# 目標25件 beside 実績20件 are not parts of one whole.
STATED = re.compile("目標|計画|実績|見込|予定|基準|現状|前年|昨年|前回|累計")
DATE_LEADS = re.compile("明治|大正|昭和|平成|令和|西暦|第|(?<![A-Za-z])(?:[MTSHR]|FY)$|(?<![一-龯])[明大昭平令]$")
# 市川市ほか3市 and 県及び35市町村 are more than their number.
ADDED_TO = re.compile(r"(?:及び|並びに|ほか|(?<!その)他|と|・|.\+)\s*$")
# A dash of any kind before a number may be a minus sign.
LOOSE_DASH = re.compile(r"(?<![ァ-ヶー])[ー—―]\s*$")
# 2013年度比 says what is compared with, not when.
COMPARED = re.compile(r"\s?(?:対?比|基準|より|から|以降|以来)")
ENDING = re.compile(f"(?<=.)(?:{ENDINGS})$")
# A number in other signs than 0 to 9: it is one, but it is not read.
OTHER_NUMBER = re.compile(
    "約?[〇一二三四五六七八九十百千万]+(?:件|人|名|回|団体|校|市町村|市町|箇所|か所|施設|社|台|戸|割|%)"
    "|[一二三四五六七八九十]+分の[一二三四五六七八九十]+(?:以上|以下)?"
)


def bare_year() -> str:
    """A year of an era without 年度: a calendar year for some, a fiscal year for others."""
    return rf"(?:{era_names()})\s?(?:元|[0-9]{{1,2}})年?"


@cache
def loose_time() -> re.Pattern[str]:
    """A month without its year, or a bare year, before a value."""
    time = rf"(?:{bare_year()}|[0-9]{{1,2}}月(?:末|[0-9]{{1,2}}日)?)"
    said = rf"{time}(?:末|時点|現在|見込み?|実績|目標)*"
    return re.compile(rf"(?P<open>[(【])?(?P<words>{said})(?(open)[)】]\s?|[\s:]+)(?=[^0-9]*[0-9])")
