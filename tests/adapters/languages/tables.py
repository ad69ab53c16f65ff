"""Small tables on languages, in the layouts that people have."""

from __future__ import annotations

import gzip
from pathlib import Path

LINGUAMETA = (
    "bcp_47_code\tiso_639_3_code\tenglish_name\tendonym\testimated_number_of_speakers\twriting_systems\tis_macrolanguage\t"
    "macrolanguage_bcp_47_code\n"
    "en\teng\tEnglish\tEnglish\t1000\tLatn\tFalse\t\n"
    'kri\tkri\tKrio "of Freetown"\tKrio\t60\tLatn\tFalse\t\n'
    "zh\tzho\tChinese\t\t900\tHans, Hant\tTrue\t\n"
    "cmn\tcmn\tMandarin Chinese\t\t800\tHans, Hant\tFalse\tzh\n"
    "yue\tyue\tYue Chinese\t\t80\tHant\tFalse\tzh\n"
    "ar\tara\tArabic\t\t300\tArab\tTrue\t\n"
    "arb\tarb\tStandard Arabic\t\t\tArab\tFalse\tar\n"
    "arz\tarz\tEgyptian Arabic\t\t70\tArab\tFalse\tar\n"
    "sw\tswa\tSwahili\t\t170\tLatn\tTrue\t\n"
    "swc\tswc\tCongo Swahili\t\t9\tLatn\tFalse\tsw\n"
    "xxx-none\txxx\tNo such\t\t5\tLatn\tFalse\t\n"
)


def linguameta(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "meta.tsv").write_text(LINGUAMETA, encoding="utf-8")
    return folder


def wals_cldf(folder: Path) -> Path:
    """Two varieties of German that agree by two to one, and one language of which they disagree."""
    folder.mkdir(exist_ok=True)
    (folder / "languages.csv").write_text(
        "ID,Name,ISO639P3code,Family,Genus\n"
        "eng,English,eng,Indo-European,Germanic\nger,German,deu,Indo-European,Germanic\n"
        "gez,German (A),deu,Indo-European,Germanic\ngex,German (B),deu,Indo-European,Germanic\n"
        "sw1,Swahili,swh,Niger-Congo,Bantoid\nsw2,Swahili (B),swh,Niger-Congo,Bantoid\nnon,None,,,\n"
    )
    with gzip.open(folder / "values.csv.gz", "wt") as stream:
        stream.write(
            "ID,Language_ID,Parameter_ID,Value,Code_ID\n"
            "1,eng,81A,2,81A-2\n2,ger,81A,7,81A-7\n3,gez,81A,7,81A-7\n4,gex,81A,2,81A-2\n"
            "5,sw1,81A,2,81A-2\n6,sw2,81A,7,81A-7\n7,eng,26A,2,26A-2\n8,non,81A,2,81A-2\n"
        )
    (folder / "codes.csv").write_text(
        "ID,Parameter_ID,Name,Description,Number\n81A-2,81A,SVO,,2\n81A-7,81A,No dominant order,,7\n"
        "26A-2,26A,Strongly suffixing,,2\n"
    )
    return folder


def wals_tables(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "cldf_languages.csv").write_text("ID,Name,ISO639P3code,Family,Genus\neng,English,eng,IE,Germanic\n")
    (folder / "language.csv").write_text("pk,jsondata,id,name,latitude,longitude,version\n9,,eng,English,1,1,1\n")
    (folder / "element.csv").write_text("pk,id,name,parameter_pk,number,abbr,version\n4,81A-2,SVO,81,2,,1\n")
    (folder / "sets.csv").write_text("pk,id,language_pk,parameter_pk,contribution_pk\n7,81A-eng,9,81,81\n")
    (folder / "value.csv").write_text("id,pk,valueset_pk,domainelement_pk\n81A-eng,1,7,4\n81A-x,2,99,4\n")
    return folder
