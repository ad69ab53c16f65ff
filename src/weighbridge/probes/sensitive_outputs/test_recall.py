"""Names that a list of words misses: abbreviations, inflected forms, and words beside others."""

import pytest

from weighbridge.probes.sensitive_outputs.recognition import names_no_output, recognise


def sure(name: str) -> set[str]:
    return {category.value for category, held in recognise((name,)).sure.items() if held}


def told(name: str) -> set[str]:
    return sure(name) | {category.value for category, held in recognise((name,)).doubtful.items() if held}


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("gps_lat", "coordinates"), ("lon_deg", "coordinates"), ("GeoLat", "coordinates"), ("home_addr", "address"),
        ("PLZ_ort", "address"), ("住所", "address"), ("evangélico", "religion"), ("evangélica", "religion"),
        ("muslimah", "religion"), ("kafir", "religion"), ("ISLAM_rel", "religion"), ("mtu_wa_dini", "religion"),
        ("hivpos", "health"), ("ICD10_F20", "health"), ("PHQ9", "health"), ("sidéen", "health"), ("GAD-7", "health"),
        ("CD4_count", "health"), ("HbA1c", "health"), ("sex_orient", "sexuality"), ("nationality_jp", "ethnicity"),
        ("إثنية", "ethnicity"), ("ville_de_naissance", "place"), ("voted_for_AKP", "politics"),
        ("opposition_party_member", "politics"), ("isGay", "sexuality"), ("homossexuais", "sexuality"),
        ("религиозность", "religion"), ("уйгурка", "ethnicity"), ("Heimatadresse", "address"), ("AfD_Wähler", "politics"),
        ("tôn_giáo", "religion"), ("종교", "religion"), ("trans_woman", "sexuality"), ("Oppositionspolitiker", "politics"), ("psychische_Erkrankung", "health"),
        ("Schwarzer_Mensch", "ethnicity"), ("huella_digital", "biometrics"), ("координаты_дома", "coordinates"),
        ("undocumented_worker", "migration"), ("stateless person", "migration"),
        ("believes_in_god", "religion"), ("Kirchenmitglied", "religion"), ("attracted_to_men", "sexuality"),
        ("black_voters", "ethnicity"),
    ],
)  # fmt: skip
def test_an_abbreviated_or_inflected_name_tells(name: str, category: str) -> None:
    assert category in sure(name)


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("opposition_supporter", "politics"), ("lat_x", "coordinates"), ("opposition_rank", "politics"),
        ("faith_level_before", "religion"), ("cancer_in_2019", "health"), ("city_now", "place"), ("zip_of_shop", "address"),
        ("asian_share", "ethnicity"), ("tribe_old", "ethnicity"), ("orthodox_share", "religion"),
    ],
)  # fmt: skip
def test_a_word_that_is_doubtful_alone_is_at_least_doubtful_in_company(name: str, category: str) -> None:
    assert category in told(name)


@pytest.mark.parametrize(
    "name",
    [
        "address_book_sort", "Jew's_harp", "straight_line", "therapist", "latency", "Turkey", "black_tea", "white_wine",
        "street_food", "race_condition", "horse_race", "Christian_Dior", "depression_glass", "bipolar_transistor",
        "cancer_constellation", "party_hat", "political_map", "queer_eye", "union_find", "orientation", "HIVE_table",
        "indian_ocean", "longitudinal", "addressing_mode", "black_box", "memory_address", "landscape_orientation",
        # twenty more
        "address_bus_width", "place_order", "placeholder", "coordinator", "latchkey",
        "opposite_side", "faithfully", "subversion_repo", "refuge", "syndication_feed", "deportivo", "romanian_leu",
        "islamabad", "Protestware", "hivemind", "raceway", "faceted", "castaway", "trans_siberian",
        "black_friday", "white_noise", "native_code", "oriental_rug", "sectional", "asilomar", "gadget",
        "separator", "brahms", "benign_traffic", "prior_probability", "votes_count", "via_email", "republican_river",
        "crime_novel", "residence_time", "facial_expression", "church_building", "mosque", "politeness", "latent_dim",
        "StatelessEstimator", "y_std", "convert_to_list", "displacement", "make_spd_matrix", "in_place_op",
        "NeighborhoodComponentsAnalysis", "enc_coord_logits",
    ],
)  # fmt: skip
def test_a_false_friend_is_free(name: str) -> None:
    assert told(name) == set()


@pytest.mark.parametrize("name", ["ახალი_დასახელება", "საცხოვრებელი", "გვარი"])
def test_a_name_in_a_script_that_we_have_no_words_in_stays_open(name: str) -> None:
    assert recognise((name, "spam")).unread == (name,)
    assert recognise(("α_coef", "spam", "宗教")).unread == ()


@pytest.mark.parametrize(
    "name", ["y", "y_true", "target", "class_label", "outcome", "Label_ID", "", "12", "result_code"]
)
def test_a_target_that_says_nothing(name: str) -> None:
    assert names_no_output(name)


@pytest.mark.parametrize("name", ["species", "hiv_status", "income_class", "цена"])
def test_a_target_that_says_something(name: str) -> None:
    assert not names_no_output(name)


def test_only_the_meaning_that_is_named_beside_it_frees_a_word() -> None:
    assert {c.value for c, held in recognise(("red", "green", "opposition")).doubtful.items() if held} == {"politics"}
