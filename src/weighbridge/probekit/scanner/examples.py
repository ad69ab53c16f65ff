"""What belongs to nobody: reserved for examples, or an office's and no person's.

References
----------
RFC 2606 and RFC 6761 (names), RFC 5737, RFC 3849 and RFC 1918 (addresses), with the special-purpose registries of IANA;
RFC 2142 (mailboxes of offices); NANPA (555-0100 to 555-0199), Ofcom (numbers for drama use), ACMA, ARCEP and
the Bundesnetzagentur (likewise); test cards of Visa, Mastercard, American Express, Stripe, PayPal and Adyen; example
IBANs of the SWIFT registry; the numbers that the US Social Security Administration lists as never valid or as printed.
"""

from __future__ import annotations

import ipaddress
import re

_DOMAIN = re.compile(
    rb"(?:^|\.)(?:example\.(?:com|net|org|edu)|(?:[a-z0-9-]+\.)?(?:example|test|invalid|localhost|local|internal|lan)"
    rb"|(?:test|domain|your-?domain|my-?domain|mydomain|yourcompany|my-?company|company|foo|bar|acme|email"
    rb"|localhost)\.(?:com|net|org)"
    rb"|noreply\.[a-z.]+|users\.noreply\.[a-z0-9.-]+)$"
)
_MAILBOX = re.compile(
    rb"(?:info|support|help|helpdesk|contact|contacts?us|hello|hi|office|admin|administrator|webmaster"
    rb"|hostmaster|postmaster|abuse|noc"
    rb"|security|sales|marketing|press|media|jobs|careers?|hr|billing|accounts?|invoices?|orders?|service"
    rb"|services|customer[._-]?(?:service|care)"
    rb"|no[._-]?reply|do[._-]?not[._-]?reply|donotreply|mailer-daemon|bounces?|newsletter|news|team|staff"
    rb"|enquir(?:y|ies)|inquir(?:y|ies)"
    rb"|privacy|legal|dpo|gdpr|feedback|root|www|git|svn|maintainers?|dev|developers?|list|subscribe"
    rb"|unsubscribe|kontakt|buero|contacto"
    rb"|ventas|soporte|contato|vendas|suporte|contatti|assistenza|user|username|your[._-]?name|your[._-]?email"
    rb"|my[._-]?email|someone|somebody|nobody|name|email|test\d*|foo|bar|example|you|me)"
    rb"(?:\+[^@]*)?"
)
_FILES = re.compile(
    rb"\.(?:png|jpe?g|gif|svg|webp|ico|css|js|ts|py|json|html?|xml|yaml|yml|txt|md|csv|zip|gz|pdf|exe|dll|so|sh"
    rb"|c|h|cpp|java|rb|go|rs)$"
)
# Country calling code, then the national number.
_PHONE = re.compile(
    r"1\d{3}55501\d\d|44(?:2079460\d{3}|1(?:13|14|15|16|17|18|21|31|41|51|61)4960\d{3}|1914980\d{3}"
    r"|1632960\d{3}|2890180\d{3}"
    r"|2920180\d{3}|7700900\d{3}|8081570\d{3}|9098790\d{3}|3069990\d{3})"
    r"|61(?:[2378](?:5550|7010)\d{4}|491570(?:006|156|157|158|159|110|313|737|266|921)|1800160401)"
    r"|33(?:19900|26191|35301|46571|53649|63998)\d{4}|49(?:3023125\d{3}|6990009\d{3}|4066969\d{3}|2214710\d{3}"
    r"|8999998\d{3}"
    r"|1713920\d{3}|17604069\d{3})"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CARDS = _set(
    """
    4111111111111111 4012888888881881 4222222222222 4242424242424242 4000056655665556 4000000000000002
    4000000000000077 4000000000000051 4000002500003155 4000000000009995 4005519200000004 4009348888881881
    4012000033330026 4012000077777777 4217651111111119 4500600000000061 4917610000000000 4988438843884305
    4166676667666746 4646464646464644 4444333322221111 5555555555554444 5105105105105100 5200828282828210
    5454545454545454 5555341244441115 2223003122003222 2223000048400011 2222400070000005 5136333333333335
    5585558555855583 5577000055770004 5100290029002909 2222410740360010 5424000000000015 378282246310005
    371449635398431 378734493671000 370000000000002 374251018720018 6011111111111117 6011000990139424
    6011981111111113 30569309025904 38520000023237 36227206271667 3566002020360505 3530111333300000
    6304000000000000 6759649826438453 4000000000000000 0000000000000000
    """
)
_IBANS = _set(
    """
    AL47212110090000000235698741 AD1200012030200359100100 AT611904300234573201 BE68539007547034
    BG80BNBG96611020345678 BR9700360305000010009795493P1 CH9300762011623852957 CR05015202001026284066
    CY17002001280000001200527600 CZ6508000000192000145399 DE89370400440532013000 DK5000400440116243
    EE382200221020145685 ES9121000418450200051332 FI2112345600000785 FR1420041010050500013M02606
    FR7630006000011234567890189 GB29NWBK60161331926819 GB82WEST12345698765432 GB33BUKB20201555555555
    GR1601101250000000012300695 HR1210010051863000160 HU42117730161111101800000000 IE29AIBK93115212345678
    IL620108000000099999999 IS140159260076545510730339 IT60X0542811101000000123456 LT121000011101001000
    LU280019400644750000 LV80BANK0000435195001 MC5811222000010123456789030 MT84MALT011000012345MTLCAST001S
    NL91ABNA0417164300 NO9386011117947 PL61109010140000071219812874 PT50000201231234567890154
    RO49AAAA1B31007593840000 RS35260005601001611379 SA0380000000608010167519 SE4550000000058398257466
    SI56263300012039086 SK3112000000198742637541 TR330006100519786457841326 AE070331234567890123456
    PK36SCBL0000001123456702 UA213223130000026007233566001 KZ86125KZT5004100100 JO94CBJO0010000000000131000302
    KW81CBKU0000000000001234560101 LB62099900000001001901229114 QA58DOHB00001234567890ABCDEFG
    BH67BMAG00001299123456 GE29NB0000000101904917 DE12500105170648489890 DE75512108001245126199
    """
)
_NUMBERS = frozenset(
    {"078051120", "219099999", "123456789", "111111111", "987654321", "000000000", "457555462", "123456782"}
)
_REPEATED = re.compile(r"(\d)\1+")


def is_example_mail(local: bytes, domain: bytes) -> bool:
    """Whether an address is an office's or made up; both parts in small letters."""
    return _DOMAIN.search(domain) is not None or _MAILBOX.fullmatch(local) is not None


def is_example_host(host: bytes) -> bool:
    """Whether a name of a host is reserved for examples or for inside a house; in small letters."""
    return _DOMAIN.search(host) is not None


def is_file_name(domain: bytes) -> bool:
    """Whether what looks like a domain ends like the name of a file."""
    return _FILES.search(domain) is not None


def is_example_phone(digits: str) -> bool:
    """Whether a number, with its calling code, is reserved for films and manuals."""
    return _PHONE.fullmatch(digits) is not None


def is_example_card(digits: str) -> bool:
    """Whether a card is a known test card, or of hardly any different digits."""
    return digits in _CARDS or len(set(digits[:-1])) <= 2


def is_example_iban(plain: str) -> bool:
    """Whether an IBAN is the example of its country."""
    return plain in _IBANS


def is_example_number(digits: str) -> bool:
    """Whether a national number is one that manuals print."""
    return digits in _NUMBERS or _REPEATED.fullmatch(digits) is not None


# First and last of each range of IPv4 that is nobody's: IANA's registry of special purposes, and multicast.
_SPECIAL = tuple(
    (int(ipaddress.IPv4Network(net)[0]), int(ipaddress.IPv4Network(net)[-1]))
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
    )
)  # fmt: skip


# Resolvers that everybody's machine asks, and that manuals name: Google, Cloudflare, Quad9, OpenDNS.
_EVERYBODYS = frozenset(
    ((8, 8, 8, 8), (8, 8, 4, 4), (1, 1, 1, 1), (1, 0, 0, 1), (9, 9, 9, 9), (208, 67, 222, 222), (208, 67, 220, 220))
)


def is_example_quad(parts: tuple[int, ...]) -> bool:
    """Whether an IPv4 address is private, reserved, for documentation, or a resolver that everybody asks."""
    if parts in _EVERYBODYS:
        return True
    a, b, c, d = parts
    address = (a << 24) | (b << 16) | (c << 8) | d
    return any(first <= address <= last for first, last in _SPECIAL)


def is_example_ip(address: ipaddress.IPv6Address) -> bool:
    """Whether an IPv6 address is private, reserved or for documentation."""
    return not address.is_global or address.is_multicast
