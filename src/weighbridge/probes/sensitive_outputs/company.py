"""What stands beside an ambiguous word in one name: it settles the word, frees it, or leaves it open."""

from __future__ import annotations

from weighbridge.probes.sensitive_outputs.lexicon import Category

_PEOPLE = """
    man men woman women girl boy people person community voter voters folk student population neighbour minority origin
    mensch menschen frau mann personne homme femme persona personas hombre mujer pessoa homem mulher persone uomo donna
    человек люди женщина мужчина людина люди orang mtu watu kisi insan
    descent ancestry heritage male female teen adult worker owner members supporter defendant resident residents
"""

TELLING: dict[Category, str] = {
    Category.ADDRESS: """
        addr address home street house plz postal post residence postcode mailing postale
        maison haus wohnung casa дома дом житла rumah nyumba ev منزل
    """,
    Category.COORDINATES: """
        gps geo deg degree degrees wgs lat lon lng latitude longitude coord coords coordinate utm position
        decimal min sec home dd
        maison haus wohnung casa дома дом житла rumah nyumba ev منزل
    """,
    Category.PLACE: """
        birth born naissance nacimiento nascimento nascita geburt home residence gps live lives lived
        рождения народження kuzaliwa lahir dogum
        дома vivienda wohn habitation morada
    """,
    Category.ETHNICITY: _PEOPLE
    + """
        race ethnicity ethnic eth ethn racial nationality asian hispanic latino
    """,
    Category.RELIGION: _PEOPLE
    + """
        rel relig religion faith belief affiliation church religious worship dini agama
    """,
    Category.HEALTH: """
        patient patients diagnosed diagnosis disorder history icd hiv condition pos positive suffering
        treatment medical clinical screening stage comorbid dx mental
        tanisi tani patienten diagnose diagnostico diagnostic
    """,
    Category.SEXUALITY: _PEOPLE
    + """
        sex sexual sexuality orientation orient gay lesbian gender lgbt homosexual partner
    """,
    Category.POLITICS: """
        party political politics election candidate regime government supporter supporters voter voters
        voted vote member activist rally leader critic wahler partei chama
    """,
    Category.BIOMETRICS: """
        template biometric enrolled enrollment scan hash id vector match
    """,
    Category.CASTE: """
        caste category certificate reservation
    """,
    Category.UNION: """
        member membership dues labour labor trade organizer
    """,
    Category.MIGRATION: """
        immigration status applicant permit illegal residence citizenship overstay expiry
        person people worker immigrant migrant alien stay
    """,
    Category.CRIME: """
        criminal police convicted prior record arrest court sentence inmate prison gang
    """,
}
"""Beside one of these words, an ambiguous word tells."""

_THINGS = """
    sort algorithm api font glass hat eye map line lines transistor constellation table food tea wine coffee box color
    colour pixel mode width height button file files cache queue thread stack network server driver function engine lib
    library module widget template holder size version token byte bytes icon image matrix vector shape filter
"""

HARMLESS: dict[Category, str] = {
    Category.ADDRESS: _THINGS
    + """
        sign light lamp style art artist fair hockey wise performance archive compress fly car tie slider
        hoodie sesame wall bank
        time email mail
    """,
    Category.COORDINATES: _THINGS
    + """
        screen bbox text translation pulldown muscle machine
        logit logits enc mask grid patch
    """,
    Category.PLACE: _THINGS
    + """
        order bet mat value name_space hall gas tour bus car memory decimal first second third file market
        court fire cooling
        component components analysis generator sampling statistic pole radius
    """,
    Category.ETHNICITY: _THINGS
    + """
        condition conditions time times horse arms car cars track boat drag lap rat bike winner dance code
        speaker ocean app method support resolution currency pale ale rug elephant shorthair leopard house
        cobain vonnegut russell
    """,
    Category.RELIGION: _THINGS
    + """
        harp healer dior slater bale good bad louboutin sunday banknote currency gin slang bus tube harvest
    """,
    Category.HEALTH: _THINGS
    + """
        potion bar points check zodiac horoscope ward junction outlet feature option user account great
        tropical economic trench imaging device
        traffic packet
        display protein prior
    """,
    Category.SEXUALITY: _THINGS
    + """
        edge jacket poker razor flush
    """,
    Category.POLITICS: _THINGS
    + """
        asteroid planet jupiter mars lunar astronomical conservative science geography party_hat thumb flow
        count up down helpful average upvote downvote river bay review
    """,
    Category.BIOMETRICS: _THINGS
    + """
        device browser audio key molecular certificate content ssh gpg ssl algorithm
    """,
    Category.CASTE: _THINGS,
    Category.UNION: _THINGS,
    Category.MIGRATION: _THINGS
    + """
        data schema database card mastercard payment debit credit http rest
        estimator function service behavior behaviour feature
    """,
    Category.CRIME: _THINGS
    + """
        cardiac warrant distribution bayes bayesian green plank minute list
        novel fiction film series genre thriller scene story drama comedy
    """,
}
"""Beside one of these words, an ambiguous word has its other meaning."""
