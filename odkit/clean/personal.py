"""What personal data looks like in one value, as it is written in Japan. What is found is told masked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from odkit.clean.values.base import narrow

Found = tuple[str, str]
"""The code of an issue and the part of the value that it means, masked."""

QUICK = re.compile(r"[@＠]|[0-9０-９](?:[^0-9０-９]{0,3}[0-9０-９]){9}")
SHORTEST = len("a@me.com")
WEB = re.compile(r"(?:https?|ftp)://\S+", re.IGNORECASE)
# 060 to 090 with eleven digits are mobile phones. 0800 is toll-free, 050 an office's IP phone, 020 a machine.
MOBILE = re.compile(
    r"(?<![0-9.])(?:\+81[- ]?(?:\(0\))?|\(?0)[6-9]0\)?[- .(]{0,2}[1-9](?:[- .()]{0,2}[0-9]){7}(?![0-9])"
)
MOBILE_IN_A_CODE = re.compile(r"[0-9A-Za-z_\-]0[6-9]0[0-9]{8}$")
MOBILE_WITHOUT_ZERO = re.compile(r"[6-9]0-?[1-9][0-9]{3}-?[0-9]{4}")
MAIL = re.compile(
    r"([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-])[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]*@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
)
PRIVATE_MAIL = re.compile(
    r"(?:(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|icloud|me|mac|aol|au|willcom|proton|protonmail)\.com"
    r"|(?:yahoo|hotmail|excite|infoseek)\.co\.jp|(?:outlook|live|i\.softbank|rakuten)\.jp|proton\.me"
    r"|(?:[a-z]+\.)?(?:docomo|ezweb|softbank|vodafone|ymail|ymobile|disney|pdx|sky\.tkc)\.ne\.jp)",
    re.IGNORECASE,
)
MY_NUMBER = re.compile(r"(?<![0-9A-Za-z.\-])[0-9]{4}([ -]?)[0-9]{4}\1[0-9]{4}(?![0-9.\-])")
TIMESTAMP = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9]")
MY_NUMBER_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)

NAME = re.compile(r"[一-龯々〆ヶヵァ-ヴーぁ-ん]{1,5}[ \u3000]?[一-龯々〆ヶヵァ-ヴーぁ-ん]{1,5}")
NO_NAME = re.compile(r"(?:[課係部室局会所館社園校寺院市町村県区]|法人|組合|不明|非公開|同上)$")
BIRTH = re.compile(r"(?:(?:明治|大正|昭和|平成|令和|[MTSHRmtshr明大昭平令])\.?\s*[0-9元]|(?:18|19|20)[0-9]{2})")
ADDRESS = re.compile(r"[都道府県市区町村郡].*[0-9０-９一二三四五六七八九十]")


def may_be_private(value: str) -> bool:
    """Whether a value can hold anything of this module at all: a quick look before the long one."""
    return len(value) >= SHORTEST and QUICK.search(value) is not None


def private_parts(value: str, *, is_phone: bool = False) -> Iterator[Found]:
    """The mobile numbers and private mail addresses in a value; `is_phone` where the column is for phone numbers."""
    text = WEB.sub(" ", narrow(value))
    for found in MOBILE.finditer(text):
        before = text[max(found.start() - 1, 0) : found.end()]
        if not MOBILE_IN_A_CODE.fullmatch(before):
            yield "clean.personal-mobile", masked_phone(found[0])
    if is_phone and MOBILE_WITHOUT_ZERO.fullmatch(text):
        yield "clean.personal-mobile", masked_phone(f"0{text}")
    for found in MAIL.finditer(text):
        if PRIVATE_MAIL.fullmatch(found[2]):
            yield "clean.personal-email", f"{found[1]}***@{found[2]}"


def twelve_digits(value: str) -> str:
    """The first twelve digits in a value that may be a My Number; "" where there are none."""
    for found in MY_NUMBER.finditer(WEB.sub(" ", narrow(value))):
        if not TIMESTAMP.fullmatch(found[0]):
            return re.sub("[ -]", "", found[0])
    return ""


def is_my_number(digits: str) -> bool:
    """Whether twelve digits carry the check digit of a My Number (個人番号)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits[:11], MY_NUMBER_WEIGHTS, strict=True))
    return digits[11] == str(11 - total % 11 if total % 11 > 1 else 0)


def masked_phone(number: str) -> str:
    """A phone number with its middle hidden: ``090-****-5678``."""
    digits = re.sub("[^0-9]", "", number.replace("+81", "0").replace("(0)", ""))
    return f"{digits[:3]}-****-{digits[-4:]}"


def masked(value: str) -> str:
    """A name, a day or an address with all but its first character hidden."""
    return f"{value[:1]}＊＊"


def looks_like_name(value: str) -> bool:
    """Whether a value can be a person's name, and not that of an office."""
    text = value.strip()
    return len(text) > 1 and NAME.fullmatch(text) is not None and not NO_NAME.search(text)


def looks_like_birth(value: str) -> bool:
    """Whether a value begins like a day or a year."""
    return BIRTH.match(narrow(value)) is not None


def looks_like_address(value: str) -> bool:
    """Whether a value names a place down to a number."""
    return ADDRESS.search(value) is not None
