"""Beginnings and parts of words that tell, whatever the ending; abbreviations, parties, scales and codes.

Written as in the lexicon, with its marks: a beginning stands for every word that begins so, but for `UNRELATED`. A star
before it: also inside a word (German compounds). Accents and capitals do not matter. Our own list.
"""

from __future__ import annotations

from weighbridge.probes.sensitive_outputs.lexicon import Category

BEGINNINGS: dict[Category, str] = {
    Category.ADDRESS: """
        domicil, *anschrift, *adresse, postleitz, hausnumm, wohnort, indirizz, enderec, logradour, адрес,
        anwani, alamat, ikamet, ?residenc, прописк, местожит, wohnsitz, wohnungsadr, adresnyi, hausadr, prozhiv,
        прожива
    """,
    Category.COORDINATES: """
        latitud, longitud, geoloc, geokoord, geocoord, georef, geotag, breitengrad, langengrad, долгот, довгот,
        геолок, геопоз
    """,
    Category.PLACE: """
        birthplac, *geburtsort, aufenthaltsort, местонахожд, местополож, місцезнах, hometown, geburtsland
    """,
    Category.ETHNICITY: """
        ethnic, ethniz, ethnis, ethniq, etnic, etnik, etnisit, etnis, этнич, этнос, етніч, racial, *hautfarb,
        nationalit, nacionalid, nazionalit, staatsangeh, национальност, національн, ?indigen, ?indigene, aborig,
        autochton, uyghur, uighur, uygur, uigur, ouighour, ouigour, уйгур, rohingy, рохинг, kurdisch, kurden,
        kurdin, kurdis, курдск, курдян, hispanic, latinx, ?latinoam, afroameri, afroam, afrodesc, afrolat,
        tibetan, тибетц, tchetch, tchetchen, tschetsch, чечен, цыган, циган, zigeuner, tsigan, татарин, татарк,
        mestiz, mulat, quilombol, maghreb, tigray, ?pribum, еврейк, tsigane, ?multiethn, kurdes, kurdas, kurdos,
        ромск, ромськ, volkszugeh, herkunftsl, народност, этническ, ?schwarze, jawan, sundan, batakn
    """,
    Category.RELIGION: """
        *religi, религ, реліг, musulm, muslim, moslem, mussulm, мусульм, islami, ислам, іслам, catholi, catolic,
        cattolic, katholi, katoli, католи, ?protestan, evangelic, evangelik, evangelis, evangeliq, евангел,
        християн, христиан, chretien, christli, ?cristian, hristiyan, bouddh, buddhis, budis, буддис, hindou,
        hindui, induis, индуис, jewis, judais, judis, judeu, judeia, juif, juiv, иуде, іуде, еврей, єврей,
        yahudi, ?hebrai, ebrei, ebraic, sunnit, sunnis, shiit, schiit, chiit, шиит, шиїт, суннит, суніт, salafi,
        wahhab, vahhab, alevi, alawi, ahmadi, yazidi, yezidi, jesid, ezidi, bahai, zoroast, atheis, atheism,
        ateis, атеис, атеїс, apostat, apostas, blasphem, heretic, kafir, kuffar, православ, ?ortodox, ?orthodox,
        pentecos, adventis, mormon, jehov, иегов, єгов, lutheran, luteran, лютеран, presbyter, methodis,
        ?baptis, баптист, вероиспов, віроспов, waislam, wakristo, mkristo, dindar, mezhep, madhehebu, churchgo,
        *konfession, *glaubens, ?confession, gurdwar, hasidi, mennonit, glaubig, croyant, ?creyent, ?crent,
        credent, верующ, вірян, прихожан, парафіян, богослуж, kirchenm, мечет, молитв, kirchgang, kirchenst,
        namaz, salatul
    """,
    Category.HEALTH: """
        ?diagnos, ?диагно, ?діагно, schizo, esquizo, шизофр, schwanger, pregnan, embaraz, gravid, grossess,
        ?enceint, беремен, вагітн, hamilel, gebelik, kehamil, handicap, disabil, discapac, behinder,
        schwerbehind, инвалид, інвалід, krankh, *krankheit, maladi, enferm, malatti, doenc, болезн, заболев,
        захворю, хвороб, diseas, illness, seropos, soropos, sieropos, serostat, сероположит, sideen, sidatiq,
        sidosos, hivpo, hivneg, diabet, диабет, діабет, diyabet, epilep, эпилеп, autis, аутиз, autist, demenz,
        demenc, dementia, деменц, alzheim, ?parkinson, ?depressi, ?depresi, ?депресс, psychiat, psiquiat,
        psichiat, psikiyat, психиатр, psychot, suicid, suizid, selbstmord, самоубий, самогуб, intihar, ?addict,
        toxicom, toxicodep, alcoholi, alkoholi, алкоголи, abortion, avortem, schwangerschaftsabb, oncolog,
        onkolog, онколог, carcino, karzinom, leukem, leucem, leukam, лейкем, hepatit, гепатит, tubercul,
        tuberkul, туберкул, hypertens, hipertens, asthma, астма, hemophil, hamophil, гемофил, chemothe, dialys,
        miscarr, menstru, contracep, trisom, syphil, sifilis, сифилис, gonorr, chlamyd, ?herpes, obesit, ?obeso,
        anorex, bulim, medicat, medikament, antidepress, antiretro, methadon, metadon, ?vaccin, ?vacun, ?impfst,
        psoria, parapleg, tetrapleg, thalass, ugonjwa, magonjwa, penyakit, hastalik, malaria, ebola, ?lupus,
        sclerosis, comorbid, morbidit, ?symptom, infertil, опьян, наркоман, narcoman, drogad, droguead,
        drogensu, malad, *erkrank, bolnoi, seelisch, psychisch, psiquic, psychiq, ?schmerz, depresyon, депресі,
        депреси, angstst, ansied, anksiyet
    """,
    Category.SEXUALITY: """
        homosex, homosek, homossex, homoseks, omosess, гомосекс, гомосексуал, heterosex, heteross, eterosess,
        гетеросекс, bisex, biseks, bissex, bisess, бисекс, бісекс, transgen, transsex, transex, transess,
        transseks, трансген, транссекс, lesbi, lesbo, лесби, лесбі, lgbt, лгбт, pansex, intersex, schwul,
        escinsel, sexualid, sexualit, sessualit, seksualit, сексуальност, сексуальніст, travest, transvest,
        nonbinar, genderque, genderflu, cisgen, polyamor, ?queer, gayness, ?asexual
    """,
    Category.POLITICS: """
        ?politic, ?politiq, ?politik, politisch, politicamente, политич, політич, dissid, disident, диссид,
        дисид, regimekrit, regimegegn, oppositionel, opositor, opozisyon, ?oposici, ?opozic, ?opposizi,
        opposant, oppositor, оппозиц, опозиц, activis, ativis, attivis, aktivis, активист, активіст, protester,
        manifestant, demonstrant, протестующ, протестувал, separatis, сепаратис, separatista, anarchis,
        anarquis, анархис, communis, comunis, kommunis, komunis, коммунис, комуніс, socialist, sozialist,
        socialdem, sozialdem, fascis, faschis, fasist, фашис, nationalist, nacionalist, voter, voted, votant,
        votacion, votou, wahlberecht, избирател, виборц, sedicio, seditio, ?subversiv, dissent, whistleblow,
        *partei, партийн, партійн, muhalif, muhalef, mpinzan, wapinzan, oposisi, pembangkang, ?secesion,
        ?secession, ideolog, идеолог, ідеолог, antigov, antiregim, ?revolucionari, ?revolutionar, ?rebeld,
        maandaman, инакомысл, oppositionsp, oppositionsm, oppositionsf, ?opposition, votad, wahlent, wahlverh,
        ?kremlin
    """,
    Category.BIOMETRICS: """
        biometr, biyometr, биометр, біометр, *fingerabdr, voiceprint, stimmabdr, facerecog, gesichtserk,
        faceprint, faceembed, дактило, ?genom, ?genotyp, ?genetic, отпечатк, irisscan, iriserk, irisc, retinasc,
        ?genprof, dnaprof
    """,
    Category.CASTE: """
        dalit, brahmin, ksatriya, kshatriy, shudra, кастов, subcast, jaati, savarna
    """,
    Category.UNION: """
        gewerksch, syndical, syndique, sindical, sindicat, sindacat, sindacal, профсоюз, профспілк, sendika,
        tradeunion, laborunion, unionist, unioniz, unionis
    """,
    Category.MIGRATION: """
        immigr, inmigr, imigra, имигр, иммигр, іммігр, migrant, мигрант, мігрант, emigrant, refugee, refugie,
        refugia, rifugiat, fluchtling, gefluchtet, asylum, asylsu, asylan, asylb, asylst, беженец, беженц,
        біженец, біженц, pengungs, multeci, gocmen, siginmac, ?undocument, indocument, deportat, deportad,
        deportee, abschieb, *aufenthaltst, ?staatenlos, apatrid, apolid, wakimbiz, mkimbiz, wahamiaj, expulsad,
        ?naturaliz, einburger, ?displac, desplazad, geflucht, exiliad, ?exile, zuwander, einwander, auslander,
        ausreisepfl, sinpapel, переселен, ?внутриперем
    """,
    Category.CRIME: """
        crimin, krimin, кримин, кримін, condamn, condenad, condannat, vorbestr, vorstraf, straftat, strafreg,
        судим, преступ, злочин, terroris, террорис, терорис, felon, delinq, delincu, prisoner, imprison, incarc,
        encarcel, haftling, gefangen, заключенн, detenut, narapid, hukuml, recidivi, rezidiv, рецидивис,
        reincid, jihad, extremis, ekstremis, экстремис, mugshot, ?probation, mhalif, wahalif, ?inculpad,
        haftstraf, verurteil, condamne, inculpe, presidiari, осужден, засуджен, арестант, ?заарешт
    """,
}
"""Beginnings of words."""

UNRELATED = """
    islamabad исламабад longitudinal longitudinally longitudinale longitudinales longitudinals protestware
    residencial адресат адресація адресация evangeline evangelista christiania диагностика diagnostics parkinsonia
    herpestes displacement gravidade gravidity emailadresse mailadresse ipadresse webadresse macadresse speicheradresse
    internetadresse hostadresse latitudinal religiously enfermeria travesty jewison
    transgenic transgenico transgenique politicas transgenicos transgeniques
"""
"""Words that begin so and mean something else."""

TERMS: dict[Category, str] = {
    Category.ADDRESS: """
        home addr, addr line, street addr, postal addr, mailing addr, =hausnr, strasse nr, plz, cod postal,
        dom addr, 住所, 番地, 郵便番号, 通讯地址, 家庭地址, 户籍, 주소, 우편번호, dia chi, kod pocztowy,
        woonadres, adresgegevens, نشانی, ঠিকানা, عنوان الإقامة, lieu d habitation, calle y numero,
        numero civico, nr domu, ev adresi, mahalle, rt rw, नगर पता, ?pincode, ?eircode, ?apartment no, ?flat no,
        ?doorno, место проживания, проживание, ?резиденция, =ulica, =straat
    """,
    Category.COORDINATES: """
        latlon, latlng, latlong, ?lats, ?lons, x geo, geo x, geo y, ?easting, ?northing, ?wgs, ?geom,
        what three words, ?plus code, 緯度, 経度, 위도, 경도, vi do, kinh do, gps coord, geo coord, gps trace,
        gps track
    """,
    Category.PLACE: """
        ville de naissance, pays de naissance, commune de naissance, ciudad de nacimiento, pais de nacimiento,
        cidade de nascimento, pais de nascimento, naturalidade, citta di nascita, comune di nascita,
        geburtsstadt, country of birth, birth country, birth city, city of birth, town of birth, =whereabout,
        safehouse, safe house, shelter address, workplace location, school location, last seen location,
        город рождения, страна рождения, місто народження, بلد الميلاد, مكان الميلاد, 籍贯, 出身地, 出生地点,
        출생지, noi sinh, nchi ya kuzaliwa, negara lahir, dogum sehri, جائے پیدائش, born in, born in country,
        nacido en, nascido em, nato a, geboren in, lives in, living in, wohnt in, vive en, habite a
    """,
    Category.ETHNICITY: """
        nationality, ethnicities, ethn, ethgrp, eth group, eth cd, race eth, raceeth, ?ethno, ?natl, nat origin,
        country origin, ?heritage group, mother tongue, native language, skintone, fitzpatrick, إثنية, إثني,
        اثنية, العرقية, القومية, القبلية, أصل عرقي, نژاد, قومیت, 人種, 民族构成, 국적, 인종, 민족, dan toc,
        narodowosc, pochodzenie etniczne, etniciteit, herkomst, afkomst, ?herkunft, ?migrationshintergrund,
        milliyet, etnisitesi, kebangsaan, asili ya kabila, kabila lake, kikabila, ukabila, нація, народность,
        народність, ?нация, चमड़ी का रंग, समुदाय, origine raciale, origen racial, origem racial, razziale,
        raciale, black african, black british, black american, white british, white caucasian, asian american,
        south asian, east asian, ?pashtun, ?tajik, ?uzbek, ?balochi, ?baloch, ?karen, ?roma people,
        travellers community, ?jat, ?pygmy, ?san people, sami people, ?mapuche, ?maya, ?quechua, ?aymara,
        armenians, ?armenian, ?crimean tatar, luhya, kalenjin, luo tribe, ?gurage, ?sidama, ብሔረሰቦች, ጎሳዎች, роми,
        рома народ, ромка, ?jawa, ?sunda, ?batak, ?dayak, papuans, chinese indonesian, rangi ya mwili, ?negra,
        personne noire, pessoa preta, pessoa negra, afro, ?gens du voyage, kurds, uyghurs, hui minority,
        minorite visible, minorite ethnique, minoria etnica, minoranza etnica, ethnische minderheit, azinlik,
        ?minderheit
    """,
    Category.RELIGION: """
        relig, mtu wa dini, muslimah, muslima, muslimin, muslimat, kafir, kuffar, infidel, ?believer,
        ?nonbeliever, ?hijab, ?niqab, ?kippah, ?kosher, ?halal, ?baptised, ?baptized, ?jewess, hasidic, haredi,
        hebreu, ?judia, judias, hebrea, ebrea, ebraica, cristiana, catolica, evangelica, evangelico, judaica,
        umbanda, candomble, pentecostal, judin, мусульманка, христианка, еврейка, иудейка, верующий, віруючий,
        християнка, مسلمة, مسلمات, مسيحية, يهودية, سنية, شيعية, علوية, كافر, كفار, مرتد, ديني, دينية, ملحدة,
        إسلامي, إسلامية, 回教, 伊斯兰, 信教, 佛教徒, 无神论, 基督, 道教, 藏传佛教, 종교, 기독교, 불교, 이슬람,
        ton giao, dao phat, wyznanie, religia, geloof, levensbeschouwing, مذهب, مذہب, ধর্ম, जैन, पारसी,
        बौद्ध धर्म, इस्लाम, नास्तिक, यहुदी, mwislam, mkatoliki, mprotestanti, mpagani, muumini, dhehebu,
        agamanya, beragama, buddha agama, hindu agama, kafirun, islam agama, muslimlik, alevilik, sunni mezhep,
        hanefi, safii, gayrimuslim, dinsiz, ኦርቶዶክስ ተዋሕዶ, ካቶሊክ, እስላም, ሙስሊሞች, ክርስቲያኖች, believe in god,
        believer in god, belief in god, mosque attendancedance, attends church, attends mosque, pray daily,
        ?worship, kirchensteuer, pratiquant, pratiquante, ibadah, swala
    """,
    Category.HEALTH: """
        phq, ?gad, ?icd, ?dsm, hivaid, viral load, sti result, std status, ?sti, ?bmi, hemoglobin,
        ?blood pressure, blood sugar, glucose level, ?cholesterol, ?ckd, ?copd, cvd, ?chd, ?stroke history,
        brca, sickle cell, down syndrome, tb status, ?tb, ?ivf, mh flag, ?dx, ?rx, diagnosis code, ?prognosis,
        comorbidity, special needs, wheelchair user, deaf person, ?deaf, ?blind person, vih positivo,
        vih positif, sida positif, malade du sida, ?enceinte, embarazadas, cancer patient, ?cancer du, enfermo,
        enferma, doente, malato, malata, ?krank, ?kranke, больной, больная, хворий, ?хвора, вич положительный,
        вич статус, вич инфекция, віл статус, віл позитивний, ?снід, ?спид, مصاب, مريض, مرضى, حامل, معاق,
        ذوي الإعاقة, الحالة النفسية, نقص المناعة, 孕妇, 病情, 症状, 残障, 障害者, 障害, 病歴, 妊娠, 抑郁,
        精神病, 肝炎, 肺结核, 艾滋, 질병, 장애인, 임신, benh, khuyet tat, choroba, niepelnosprawnosc, ciaza,
        ziekte, handicap status, zwanger, بیماری, মানসিক রোগ, विकलांग, गर्भवती, टीबी, मानसिक स्वास्थ्य,
        mjamzito, mgonjwa, mlemavu, vvu, virusi vya ukimwi, afya ya akili, odha, hiv aids, difabel,
        penyandang disabilitas, gangguan jiwa, engelli, ?gebe, ruh sagligi, ?aşı durumu, ነፍሰ ጡር, ኤች አይ ቪ,
        አካል ጉዳተኛ, ?mmse, ?audit c, ?seizure, ?relapse, ?sober, ?overdose, ?rehab, ?eating disorder,
        panic disorder, ?ocd diagnosis, ?ocd
    """,
    Category.SEXUALITY: """
        sex orient, sexorient, sexual orient, sex pref, sexual pref, ?sogi, ?msm, ?wsw, same sex partner,
        same sex, samesex, gender ident, trans woman, trans man, trans person, trans people, transwoman,
        transman, ?ftm, ?mtf, ?closeted, ?outed, coming out, gays, ?marica, ?maricon, ?viado, ?sapatao, ?frocio,
        ?схильність, гомо, лгбт, ориентация сексуальная, مثلية, مثلية الجنس, مثليون, متحول جنسيا, شاذ, الشذوذ,
        同志, 女同性恋, 男同性恋, 变性人, 同性愛, 性的指向, 성적지향, 동성애, tinh duc, khuynh huong tinh duc,
        dong tinh, orientacja seksualna, seksuele geaardheid, geaardheid, همجنسگرا, উভলিঙ্গ, किन्नर, हिजड़ा,
        ट्रांसजेंडर, lesbianas, lesbiennes, mashoga, mwelekeo wa ngono, ?banci, ?homo, ?lesbi, ?gey, ?ibne,
        travesti, cinsel kimlik, ጾታ ዝንባሌ, ግብረሰዶም, sexual activity, ?sex worker, ?prostitut, ?sexual partner,
        ?fetish, gay club, gay bar, attracted to, attracted to men, attracted to women, likes men,
        sleeps with men, attirance sexuelle, atraccion sexual
    """,
    Category.POLITICS: """
        voted for, vote for, votes for, party id, party vote, party member, party membership, partyid, pol view,
        polview, pol party, political part, pol affil, ?pol, opposition party, opposition member,
        opposition leader, opposition activist, opposition supporter, opposition figure, government critic,
        human rights defender, protest participant, ?protest, rally attendance, party preference, party support,
        ?gop, ?tory, ?labour party, ?dem, afd, cdu, ?csu, ?spd, ?fdp, ?grune, die linke, ?npd, akp, chp, ?hdp,
        ?mhp, iyi parti, dem parti, bjp, ?inc party, aap party, cpim, ?shiv sena, ?tmc, ?rss member, ?pti,
        ?ppp party, pmln, ?anc, zanu pf, ?mdc, ?eff, psoe, ?vox, podemos, ciudadanos, lfi,
        rassemblement national, front national, parti socialiste, les republicains, lrem, pdip, gerindra,
        ?golkar, ?pks, единая россия, кпрф, лдпр, фбк, навальный, ?яблоко, слуга народу,
        європейська солідарність, partido dos trabalhadores, ?psol, psdb, bolsonarista, lulista, petista,
        chavista, peronista, psuv, lega nord, fratelli d italia, movimento cinque stelle, hamas, hezbollah,
        fatah, ikhwan, muslim brotherhood, الإخوان, الإخوان المسلمين, حماس, حزب الله, فتح حركة, pkk, ?ypg,
        fetocu, gulenist, fetö, tplf, ?olf, ?ccm, chadema, ?odm, ?jubilee party, ?kmt, dpp taiwan, 民进党,
        国民党, 共产党, 党员, 民主派, 反对派, 反对党, 上访, 维权, 政党, 政治思想, 支持政党, 정당, 정치 성향,
        정치성향, dang vien, chinh tri, poglady polityczne, partia polityczna, politieke voorkeur, گرایش سیاسی,
        রাজনৈতিক মত, राजनैतिक, पार्टी सदस्य, विपक्ष, ?आंदोलनकारी, mwanachama wa chama, upinzani,
        pilihan politik, simpatisan, ?demonstran, oy verdi, ?oy, eylemci, ?protestocu, ተቃዋሚ ፓርቲ, ?ፓርቲ,
        ብልጽግና ፓርቲ, opposants, ?militant, militante politique, ?frondeur, gilet jaune, electeur, electrice,
        wahler, wahlerin, ?wahl, elettore, votante, eleitor, votou em, a vote pour, voto a, voto por,
        голосовал за, голосовал, голосувал за, голосував, член партии, член партії, ?митинг, ?мітинг, صوت ل,
        ناخب, حزبي, انتماء حزبي, معارض سياسي, ناشطة, متظاهرة, متظاهرون, معارضون, معارضين, ?proteste, ?protesta,
        ?manifestacion, ?dissenter, prodemocracy, pro democracy, partai politik, pro kremlin, pro putin,
        pro russian, pro ukrainian, pro palestinian, pro israel, anti putin, anti war, partido votado,
        parti vote, vote intention, intention de vote, intencion de voto, intencao de voto, intenzione di voto,
        wahlabsicht, parteipraferenz, ?simpatizante, ?sympathisant, ?leaning, ?ideologia, orientation politique,
        bord politique, membre parti, membre du parti, miembro del partido, miembro partido, membro do partido,
        membro partido, membro del partito, parteimitglied, membre d un parti, parti uyesi, uye parti,
        anggota partai, rebel sympathiser, ?sympathise with, sympathise with rebel
    """,
    Category.BIOMETRICS: """
        face vector, face template, fingerprint hash, iris code, irisscan, palm print, palmprint, voice id,
        gait signature, genotype, ?snp, 顔認証, 指紋, 지문, van tay, genetic test, dna sample, днк профиль,
        huella digital, huellas digitales, huellas dactilares, empreintes digitales, impressoes digitais,
        impronte digitali, reconocimiento facial, reconhecimento facial, reconnaissance faciale,
        riconoscimento facciale, скан лица, распознавание лиц, yuz tanima
    """,
    Category.CASTE: """
        caste sc, sc st, scst, ?obc, जात, ओबीसी, बहुजन, ?gotra, ?burakumin, ?osu, 種姓, জাতি
    """,
    Category.UNION: """
        union membership, union dues, union rep, union organizer, union organiser, member of union,
        syndicaliste, sindicalista, sindicalizado, betriebsrat, 노조, cong doan, vakbond, 労働組合, نقابي
    """,
    Category.MIGRATION: """
        imm status, immig, ?alien, ?alien number, uscis, ?visa type, residency status, ?citizenship,
        citizen status, green card, greencard, daca, ?overstay, illegal alien, stateless person, idp camp,
        refugiado, refugiada, refugiees, migrante, immigree, sans papier, sin papeles, indocumentada,
        aufenthaltserlaubnis, duldung, geduldet, беженка, нелегал, вид жительства, لاجئة, مهاجرين, مهاجرة,
        نازحة, إقامة غير شرعية, 非法移民, 在留資格, 난민, ti nan, uchodzca, vluchteling, verblijfsstatus,
        پناهنده, শরণার্থী, घुसपैठिया, mhamiaji haramu, pencari suaka, siginmaci, kacak gocmen, ስደተኝነት,
        country of asylum, ?asile, demande d asile, pedido de asilo, ?solicitud de asilo, deplace interne,
        deplaces, displaced person, ?ausweisung, kimlik yok
    """,
    Category.CRIME: """
        rap sheet, ?felonies, priors count, prior conviction, prior arrest, ?jail, jailed, ?gang, ?wanted,
        ?watchlist, watch list, no fly list, casier, antecedente penal, ex convict, exconvict, ficha criminal,
        ?detenido, detenida, ?polizeilich, ?fuhrungszeugnis, fedina penale, ?осужден, осужденный, осуждена,
        засуджений, заключенная, مدان, سجناء, سجينة, مجرمة, إرهابية, معتقلين, 犯人, 逃犯, 案底, 通缉, 被捕,
        前科者, 범죄, 전과, tien an, pham nhan, karalnosc, przestepca, strafblad, veroordeeld, جرم, অপরাধী,
        मुजरिम, गिरफ्तार, wahalifu, mfungwa, magaidi, mantan napi, tersangka, terpidana, suclu, tutuklu,
        sabikali, ተከሳሽ, ታሳሪ
    """,
}
"""Further words, abbreviations and names of parties, as in the lexicon. Japanese, Korean, Vietnamese, Polish, Dutch,
Persian, Urdu and Bengali have hardly more than the name of each kind."""

CODES: dict[Category, str] = {
    Category.HEALTH: r"""
        phq\W?[2489] gad\W?[27] icd\W?(?:9|10|11) dsm\W?(?:4|5|iv|v) cd4 hba?1c a1c(?![a-z]) hb\W?a1c hcv hbv hpv
        hsv\W?[12] sars\W?cov t2dm t1dm covid\W?19 brca\W?[12] ves\W?13 sf\W?36 eq\W?5d
    """,
    Category.POLITICS: r"8964 (?<![a-z])m5s",
}
"""Names of scales, tests and codes that hold digits, as regular expressions on the name in small letters."""
