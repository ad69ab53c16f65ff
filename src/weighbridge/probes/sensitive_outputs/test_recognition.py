import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probes.sensitive_outputs.lexicon import FIELDS, VALUES, Category
from weighbridge.probes.sensitive_outputs.recognition import is_hidden, recognise


def sure(*names: str) -> set[str]:
    return {category.value for category, held in recognise(names).sure.items() if held}


def doubtful(*names: str) -> set[str]:
    return {category.value for category, held in recognise(names).doubtful.items() if held}


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("home_address", "address"), ("HomeAddress", "address"), ("ADDRESSES", "address"), ("addr", "address"),
        ("B-ADDRESS", "address"), ("I-LOC", "place"), ("<LOC>", "place"), ("GPE", "place"), ("NORP", "ethnicity"),
        ("postal-code", "address"), ("homeaddress", "address"), ("direccion_postal", "address"), ("endereço", "address"),
        ("Anschrift", "address"), ("indirizzo", "address"), ("домашний адрес", "address"), ("номер будинку", "address"),
        ("عنوان السكن", "address"), ("家庭住址", "address"), ("घर का पता", "address"), ("anwani", "address"),
        ("alamat", "address"), ("posta kodu", "address"), ("አድራሻ", "address"),
        ("latitude", "coordinates"), ("gps_location", "coordinates"), ("geoPoint", "coordinates"),
        ("координаты места долгота", "coordinates"), ("خط الطول", "coordinates"), ("经纬度", "coordinates"),
        ("अक्षांश", "coordinates"), ("enlem", "coordinates"), ("ኬክሮስ", "coordinates"),
        ("ethnic_group", "ethnicity"), ("race", "ethnicity"), ("race_code", "ethnicity"), ("Hautfarbe", "ethnicity"),
        ("национальность", "ethnicity"), ("种族", "ethnicity"), ("kabila", "ethnicity"), ("etnik köken", "ethnicity"),
        ("ብሔር", "ethnicity"), ("uyghurs", "ethnicity"), ("rohingya", "ethnicity"),
        ("religion", "religion"), ("religions", "religion"), ("religious_affiliation", "religion"), ("الدين", "religion"),
        ("вероисповедание", "religion"), ("宗教信仰", "religion"), ("धर्म", "religion"), ("dini", "religion"),
        ("agama", "religion"), ("mezhep", "religion"), ("ሃይማኖት", "religion"), ("Muslims", "religion"),
        ("muçulmano", "religion"), ("यहूदी", "religion"),
        ("hiv-positive", "health"), ("mental_health", "health"), ("diagnosis", "health"), ("grossesse", "health"),
        ("здоров'я", "health"), ("الحالة الصحية", "health"), ("艾滋病", "health"), ("ugonjwa", "health"),
        ("sağlık durumu", "health"), ("በሽታ", "health"), ("gesundheitszustand", "health"),
        ("sexual_orientation", "sexuality"), ("gay", "sexuality"), ("lesbienne", "sexuality"), ("性取向", "sexuality"),
        ("orientasi seksual", "sexuality"), ("сексуальная ориентация", "sexuality"),
        ("dissident", "politics"), ("anti-government", "politics"), ("PoliticalOpinion", "politics"),
        ("инакомыслие", "politics"), ("异议人士", "politics"), ("المعارضة", "politics"), ("muhalif", "politics"),
        ("maoni ya kisiasa", "politics"), ("የፖለቲካ አመለካከት", "politics"), ("opositor", "politics"),
        ("empreinte digitale", "biometrics"), ("sidik jari", "biometrics"), ("指纹", "biometrics"),
        ("caste", "caste"), ("जाति", "caste"), ("scheduled_tribe", "caste"), ("Dalit", "caste"),
        ("union_member", "union"), ("Gewerkschaft", "union"), ("工会", "union"), ("профсоюз", "union"),
        ("asylum_seeker", "migration"), ("Flüchtling", "migration"), ("لاجئ", "migration"), ("难民", "migration"),
        ("wakimbizi", "migration"), ("mülteci", "migration"), ("ስደተኛ", "migration"),
        ("criminal_record", "crime"), ("судимость", "crime"), ("前科", "crime"), ("sabıka kaydı", "crime"),
        ("casier_judiciaire", "crime"), ("terrorist", "crime"), ("قنديل مجرم", "crime"),
    ],
)  # fmt: skip
def test_a_name_tells_its_kind(name: str, category: str) -> None:
    assert category in sure(name)


@pytest.mark.parametrize(
    "name",
    [
        "therapist", "latency", "relation", "relevance", "addressable", "latex", "plateau", "lateral", "longing",
        "platform", "geometry", "Georgia", "ethics", "ethernet", "ip_address", "macAddress", "email address",
        "memory-address", "adresse_ip", "网址", "IP地址", "race_time", "race condition", "horse race", "interface",
        "facet", "surface", "grace", "embrace", "trace", "faithful", "insect", "section", "unionfs", "set_union",
        "visage", "advisor", "classified", "outcast", "forecast", "broadcast", "gamut", "legacy", "gayle",
        "healthy_leaf", "leaf disease", "plant_health", "battery-health", "hearing aids", "visual_aids", "cancellation",
        "street sign", "street light", "black widow", "white wolf", "pixel_coordinates", "bounding_box_coordinates",
        "device_fingerprint", "data migration", "first place", "party_size", "devotee",
        "arrest warrant template", "cardiac arrest", "sentence", "sentiment", "position", "orientation", "origin",
        "Christian Slater", "great depression", "opposite", "attestant", "convict_filter",
        "crimson", "discriminator", "discrimination", "homogeneous", "sexagesimal", "unisex", "parol",
        "castle", "casting", "hindsight", "sick", "muslin", "jewel", "jewelry", "janitor",
        "Turkey", "curd", "kurtosis", "yogurt", "marathon", "rupture", "dinner", "dining",
    ],
)  # fmt: skip
def test_a_false_friend_tells_nothing(name: str) -> None:
    assert sure(name) == set()


@pytest.mark.parametrize(
    ("names", "found", "open_"),
    [
        (("lat", "lon"), {"coordinates"}, set()),
        (("lat", "weight"), set(), {"coordinates"}),
        (("lat", "eng", "fra", "deu"), set(), set()),
        (("long", "short", "wide"), set(), set()),
        (("long", "lat"), {"coordinates"}, set()),
        (("black", "white"), set(), {"ethnicity"}),
        (("black", "white", "red", "green"), set(), set()),
        (("black", "white", "asian", "hispanic"), {"ethnicity"}, set()),
        (("hausa", "english", "french"), set(), set()),
        (("cancer", "aries", "leo"), set(), set()),
        (("malignant", "benign"), {"health"}, set()),
        (("disabled", "enabled", "on"), set(), set()),
        (("health", "sports", "business", "world"), set(), {"health"}),
        (("health", "income"), {"health"}, set()),
        (("democrat", "republican"), {"politics"}, set()),
        (("din",), set(), {"religion"}),
        (("file", "zip", "tar"), set(), {"address"}),
        (("hot dog", "teddy bear", "cat", "stop sign", "person", "remote"), set(), set()),
        (("admiration", "grief", "pride", "desire", "relief", "neutral"), set(), set()),
        (("O", "B-PER", "B-LOC", "B-ORG", "B-MISC"), {"place"}, set()),
        (("?", "!"), set(), set()),
        ((), set(), set()),
    ],
)  # fmt: skip
def test_what_stands_beside_it_settles_an_ambiguous_name(
    names: tuple[str, ...], found: set[str], open_: set[str]
) -> None:
    assert sure(*names) == found
    assert doubtful(*names) == open_


@pytest.mark.parametrize(
    "name", ["0", "LABEL_0", "label 12", "class-3", "cat_3", "c1", "yes", "нет", "是", "", "  ", "🙂", "target"]
)
def test_a_name_that_says_nothing(name: str) -> None:
    assert is_hidden(name)


@pytest.mark.parametrize(
    "name", ["cat", "<=50K", "group", "cat 3 paw", "positive", "O-ring", "male", "1st class", "spam"]
)
def test_a_name_that_says_something(name: str) -> None:
    assert not is_hidden(name)


def test_what_is_no_entity_says_nothing_and_hides_nothing() -> None:
    assert recognise(("O", "B-PER", "I-PER")).hidden == ()
    assert recognise(("O", "X")).hidden == ("O", "X")
    assert recognise(("NOUN", "VERB", "ADJ", "X")).hidden == ()


@pytest.mark.parametrize(
    "name", ["re\u200bligion", "\u202ereligion\u202c", "reli\x00gion", "ＲＥＬＩＧＩＯＮ", "r\u0065ligion\u0301"]
)
def test_a_name_in_disguise_is_known(name: str) -> None:
    assert sure(name) == {"religion"}


def test_every_language_has_words_for_most_kinds() -> None:
    for table in (FIELDS,):
        for category, text in table.items():
            assert len(text.split("|")) == 15 or category is Category.BIOMETRICS, category
    assert set(FIELDS) == set(Category)
    assert set(VALUES) <= set(Category)


@pytest.mark.slow
@pytest.mark.timeout(60)  # a few seconds; hours, if each were compared with each
def test_a_hundred_thousand_classes_take_no_minute() -> None:
    names = [
        f"black lat {n} white Kerry blue terrier {chr(97 + n % 26)}{chr(97 + n // 26 % 26)}" for n in range(100_000)
    ]
    told = recognise([*names, "race"])
    assert told.n == 100_001


@given(st.lists(st.text(max_size=40), max_size=8))
def test_order_does_not_matter_and_names_are_among_those_given(names: list[str]) -> None:
    told, again = recognise(names), recognise(names[::-1])
    assert {c: set(h) for c, h in told.sure.items()} == {c: set(h) for c, h in again.sure.items()}
    assert all(set(held) <= set(names) for held in (*told.sure.values(), *told.doubtful.values(), told.hidden))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["a", "A", "a_", "lat ", "不", "الـ", "\u0301", "B-"])
def test_a_long_name_takes_no_long_time(piece: str) -> None:
    recognise([piece * 1_000_000])
