"""Words by which addresses, names and numbers are told, in several languages: our own lists, to be added to.

Capitals matter where a word is common otherwise: `Way` ends an address, `way` ends a sentence.
"""

from __future__ import annotations

import re


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip().replace("_", " ") for word in text.split("|") if word.strip()))


# 12 Baker Street
STREETS_AFTER = _words(
    """Street|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter|Way
    |Highway|Hwy|Parkway|Pkwy|Circle|Cir|Close|Crescent|Cres|Mews|Row|Gardens|Grove|Alley|Plaza|Trail|Trl|Loop|Walk
    |Quay|Wharf|Junction|Junctions|Run|Route|Point|Points|Path|Pass|Expressway|Freeway|Turnpike"""
)
# Hauptstraße 12, Kerkstraat 12, Storgatan 12
STREETS_JOINED = _words(
    """straße|strasse|str.|weg|platz|gasse|allee|damm|ufer|straat|laan|plein|gracht|kade|singel|steeg|gatan|gata|vägen
    |gränd|torget|gaten|veien|vei|vej|gade|allé|katu|tänav|iela|gatvė|utca"""
)
# Calle Mayor 5, 5 rue de la Paix, Via Roma 12, ул. Ленина 5
STREETS_BEFORE = _words(
    """rue|Rue|avenue|Avenue|boulevard|Boulevard|chemin|impasse|allée|quai|place|Calle|calle|C/|Avenida|avenida|Avda.
    |Carrera|Paseo|Plaza|Via|via|Viale|viale|Piazza|piazza|Corso|Rua|rua|Travessa|Praça|Largo|ulica|Ulica|ul.|aleja
    |al.|os.|ulice|ул.|улица|Улица|проспект|пр.|пер.|вул.|вулиця|бул.|Jalan|Jl.|Jln.|Barabara_ya|Mtaa_wa|شارع
    |đường|Đường|phố|strada|Strada|Str.|Bulevardul|Οδός|οδός|Ulitsa|Rruga"""
)
TITLES = _words(
    """ Mr| Mrs| Ms| Miss| Dr| Prof| Herr| Frau| Mme| Mlle| Monsieur| Madame| Señor| Señora| Sra| Signor| Signora| Sig
    | Dott| Dhr| Mevrouw| Pan| Pani| Pak| Bapak| Ibu| Bwana| Bibi| г-н| г-жа| господин| госпожа| السيد| السيدة"""
    .replace("| ", "|")
)  # fmt: skip
INTRODUCTIONS = _words(
    """y name is|ame's|je m'appelle|Je m'appelle|Je m’appelle|i nombre es|e llamo|ch heiße|ein Name ist|i chiamo
    |eu nome é|ijn naam is|еня зовут|اسمي|ina langu ni|ama saya|enim adım|azywam się|magacaygu waa
    |ame:|Nom:|Nombre:|Nome:|Naam:|Vorname:|Nachname:|Surname:|Имя:|ФИО:|الاسم:|Jina:|Nama:"""
)


def _before(words: str, others: str) -> re.Pattern[bytes]:
    """Words of Latin letters, each whole, or others anywhere; text is made small (in ASCII) before it is searched.

    The first letters are looked at before the words, which makes a search several times faster.
    """
    whole = [word.strip() for word in words.split("|")]
    rest = [word.strip() for word in others.split("|")]
    first = "".join(sorted({word[0] for word in whole}))
    starts = b"".join(sorted({word.encode()[:1] for word in rest}))
    return re.compile(
        b"(?<![a-z])(?=[%s])(?:%s)(?![a-z])|(?=[%s])(?:%s)"
        % (first.encode(), "|".join(whole).encode(), starts, "|".join(rest).encode())
    )


# What stands before a number to call.
PHONE_WORDS = _before(
    r"""tele?[pf]h?on\w*|tel|tlf|t(?:e|é)l(?:e|é)phone|ph|phone|mobile?|cell|cellular|cellphone|call|dial|ring|text|sms|fax
    |whats ?app|viber|reach|contact|hotline|handy\w*|mobil\w*|rufnummer|fon|anruf\w*|portable|gsm|appele[rz]|m(?:o|ó)vil
    |celular|llam[ae]r?|cellulare|chiam\w+|telem(?:o|ó)vel|ligue|ligar|mobiel|bel|komórka|simu|hp|msisdn""",
    """тел|моб|звон|факс|тлф|Тел|هاتف|جوال|موبايل|اتصل|تلفون|電話|电话|手机|전화|휴대폰|फ़ोन|फोन|मोबाइल|τηλ|κινητό|טלפון
    |điện thoại""",
)
CARD_WORDS = _before(
    "cards?|credit|debit|visa|amex|mastercard|maestro|carte|tarjeta|cart(?:a|ã)o|kart[ae]|carta|kaart|kreditkarte|cc|pan",
    "карт|بطاقة|卡号|信用卡|카드",
)
POSITION_WORDS = _before(
    r"lat\w*|l(?:on|ng)\w*|coord\w*|gps|geo\w*|positions?|locat\w+|point|wgs\d*|maps?|latlng",
    "коорд|Коорд|إحداثيات|坐标",
)
