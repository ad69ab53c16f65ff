"""Which digits can be the number of a payment card: lengths and first digits; a check digit is another matter.

ISO/IEC 7812: the ranges of Visa, Mastercard, American Express, Discover, JCB, Diners, UnionPay and Maestro.
"""

from __future__ import annotations

import re

CARD_RANGE = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|(?:6011|65\d\d|64[4-9]\d|35(?:2[89]|[3-8]\d))\d{12}|3(?:0[0-5]|[689]\d)\d{11}|62\d{14,17}"
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3]|0604)\d{8,15}|(?:2131|1800)\d{11}"
)
