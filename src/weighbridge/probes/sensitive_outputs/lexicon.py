"""Words by which an output says that it tells something that can hurt people: our own list, to be added to.

Kinds: the special categories of personal data in article 9 of the General Data Protection Regulation (racial or ethnic
origin, political opinions, religious or philosophical beliefs, trade union membership, genetic and biometric data,
health, sex life and sexual orientation), its article 10 (convictions and offences), caste (as in article 1 of the
Convention on the Elimination of All Forms of Racial Discrimination, General Recommendation 29), and what finds or
expels people: addresses, coordinates, places, immigration status. Labels of entities: OntoNotes 5.0 (NORP, GPE, LOC).

Languages are parted by bars, in this order: English, French, Spanish, Portuguese, German, Italian, Russian, Ukrainian,
Arabic, Chinese, Hindi, Swahili, Indonesian, Turkish, Amharic. Accents, capitals and the way words are joined do not
matter. No speaker of Amharic, Hindi or Swahili has read our words yet; a word that is missing here is not seen.

A mark before a word says how much it tells:

- none: it tells wherever it stands in a name;
- `=`: it tells if it is the whole name, but for words that only say in which form (`race_code`, never `race_time`);
- `?`: it has another common meaning. Alone it leaves the matter open; beside a name of the same kind it tells;
- `~`: it mostly means something else. Beside a name of the same kind it tells, and it is no such name to others.
"""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """What an output tells."""

    ADDRESS = "address"
    COORDINATES = "coordinates"
    PLACE = "place"
    ETHNICITY = "ethnicity"
    RELIGION = "religion"
    HEALTH = "health"
    SEXUALITY = "sexuality"
    POLITICS = "politics"
    BIOMETRICS = "biometrics"
    CASTE = "caste"
    UNION = "union"
    MIGRATION = "migration"
    CRIME = "crime"


FIELDS: dict[Category, str] = {
    Category.ADDRESS: """
        address, street address, home address, =street, street name, street number, house number, house no, =addr,
        ?zip, zip code, zipcode, postcode, post code, postal code, =residence, place of residence, domicile
        | adresse, =rue, nom de rue, code postal, lieu de residence, adresse postale
        | =direccion, direccion postal, direccion de casa, domicilio, =calle, codigo postal, lugar de residencia
        | endereco, =rua, morada, =cep, logradouro
        | anschrift, wohnadresse, =strasse, hausnummer, postleitzahl, =plz, wohnort
        | indirizzo, ?via, residenza, codice postale
        | адрес, =улица, номер дома, почтовый индекс, место жительства
        | адреса, =вулиця, номер будинку, поштовий індекс, місце проживання
        | ?عنوان, ?العنوان, عنوان السكن, عنوان المنزل, العنوان البريدي, محل الإقامة, مكان السكن, الرمز البريدي, =الشارع
        | 地址, 住址, 街道, 邮政编码, 邮编, 门牌号
        | =पता, घर का पता, डाक पता, पिन कोड
        | anwani, =mtaa, anwani ya makazi
        | alamat, =jalan, kode pos
        | adres, =sokak, posta kodu, ikametgah
        | አድራሻ, የመኖሪያ አድራሻ
    """,
    Category.COORDINATES: """
        ?coordinate, ?coord, geo coordinates, gps coordinates, geographic coordinates, latitude, longitude, ?lat, ?lon,
        ?lng, ~long, lat lon, lat long, lat lng, =gps, gps location, gps position, geolocation, geo location, geopoint,
        geo point, geotag, =geo, geohash, exact location
        | ?coordonnees, coordonnees gps, coordonnees geographiques
        | latitud, ?longitud, ?coordenadas, coordenadas geograficas, coordenadas gps
        | localizacao gps
        | breitengrad, langengrad, ?koordinaten, geokoordinaten, gps koordinaten
        | latitudine, longitudine, coordinate gps, coordinate geografiche
        | ?широта, долгота, ?координаты, геолокация, географические координаты
        | ?широта, довгота, ?координати, геолокація
        | خط العرض, خط الطول, ?الإحداثيات, ?إحداثيات
        | 纬度, 经度, 经纬度, ?坐标, 地理坐标
        | अक्षांश, देशांतर
        | latitudo, longitudo
        | garis lintang, garis bujur, =lintang, =bujur, ?koordinat
        | enlem, boylam, ?koordinat, ?koordinatlar
        | ኬክሮስ, ኬንትሮስ
    """,
    Category.PLACE: """
        =location, =loc, =gpe, home location, user location, current location, hometown, home town, birthplace,
        place of birth, whereabouts, ?place, ?city, ?town, ?village, ?district, ?neighborhood, ?neighbourhood
        | localisation, lieu de naissance, ?lieu, ?ville, ?quartier
        | ubicacion, localizacion, lugar de nacimiento, ?ciudad, ?lugar
        | localizacao, local de nascimento, ?cidade
        | standort, aufenthaltsort, geburtsort, ?ort
        | luogo di nascita, posizione geografica, ?luogo
        | местоположение, местонахождение, место рождения, ?город
        | місцезнаходження, місце народження, ?місто
        | مكان الولادة, موقع جغرافي, ?الموقع, ?المكان
        | 所在地, 出生地, 地理位置, ?位置, ?地点
        | जन्म स्थान, ?स्थान
        | mahali pa kuzaliwa, ?mahali
        | lokasi, tempat lahir, ?tempat
        | dogum yeri, ?konum
        | የትውልድ ቦታ, ?ቦታ
    """,
    Category.ETHNICITY: """
        ethnicity, ethnic, ethnic group, ethnic origin, racial, racial origin, =race, ?eth, national origin,
        country of origin, =tribe, ?tribal, ?clan, skin color, skin colour, skin tone, ancestry, norp, =nationality,
        =indigenous, ethnic minority
        | ethnie, ethnique, origine ethnique, couleur de peau, =nationalite, ?tribu
        | etnia, etnico, origen etnico, grupo etnico, =raza, color de piel, =nacionalidad
        | origem etnica, =raca, raca cor, cor da pele, =nacionalidade
        | ethnizitat, ethnische, ethnische herkunft, hautfarbe, =rasse, volksgruppe, =staatsangehorigkeit
        | origine etnica, gruppo etnico, =razza, colore della pelle, =nazionalita
        | этническая, этничность, этническая принадлежность, =национальность, =раса, цвет кожи, ?племя
        | етнічна, етнічність, етнічна приналежність, =національність, =раса, колір шкіри
        | =العرق, ?عرق, الأصل العرقي, المجموعة العرقية, القبيلة, ?قبيلة, لون البشرة, =الجنسية
        | 民族, 种族, 族裔, 国籍, 肤色, 部落
        | जातीयता, नस्ल, =राष्ट्रीयता, जनजाति, त्वचा का रंग
        | kabila, =utaifa, rangi ya ngozi
        | etnis, =suku, suku bangsa, ?ras, warna kulit, =kewarganegaraan
        | etnik, etnik koken, etnisite, ?irk, ten rengi, =uyruk
        | ብሔር, ብሄር, ብሔረሰብ, ጎሳ, የቆዳ ቀለም
    """,
    Category.RELIGION: """
        religion, religious, religious belief, religious affiliation, =faith, ?denomination, =sect, religiosity, ?creed
        | religieux, religieuse, ?confession, croyance religieuse
        | religioso, religiosa, creencia religiosa, ?fe
        | religiao, crenca religiosa
        | religios, religionszugehorigkeit, konfession, ?glaube
        | religione, credo religioso, fede religiosa
        | религия, религиозная, вероисповедание, ?вера
        | релігія, релігійна, віросповідання, ?віра
        | =الدين, ?دين, ديانة, الديانة, المذهب, الطائفة, ?طائفة, المعتقد الديني
        | 宗教, 教派, ?信仰
        | =धर्म, मज़हब, धार्मिक, संप्रदाय
        | =dini, madhehebu, ?imani
        | =agama, keagamaan, ?kepercayaan
        | ?din, dini inanc, mezhep, ?inanc
        | ሃይማኖት, ሀይማኖት, ?እምነት
    """,
    Category.HEALTH: """
        =health, health status, health condition, health data, ?medical, medical condition, medical history, diagnosis,
        disease, illness, disability, ?disabled, mental health, mental illness, mental disorder, medication, symptom,
        pregnancy, =pregnant, blood type, blood group, =icd, hlth, vaccination status, =vaccinated, abortion, addiction,
        suicide, suicidal, self harm, substance abuse, drug use, drug abuse, ?impairment
        | =sante, etat de sante, maladie, ?diagnostic, handicap, grossesse, antecedents medicaux, groupe sanguin,
        sante mentale
        | =salud, estado de salud, enfermedad, diagnostico, discapacidad, embarazo, embarazada, historial medico,
        grupo sanguineo, salud mental
        | =saude, estado de saude, doenca, ?deficiencia, gravidez, historico medico, tipo sanguineo
        | =gesundheit, gesundheitszustand, krankheit, diagnose, behinderung, schwangerschaft, =schwanger, blutgruppe
        | =salute, stato di salute, malattia, diagnosi, disabilita, gravidanza, gruppo sanguigno
        | =здоровье, состояние здоровья, болезнь, заболевание, диагноз, инвалидность, беременность, группа крови
        | здоров я, стан здоров я, хвороба, захворювання, діагноз, інвалідність, вагітність, група крові
        | =الصحة, الحالة الصحية, مرض, المرض, ?تشخيص, ?التشخيص, إعاقة, الإعاقة, ?الحمل, فصيلة الدم
        | 健康状况, ?健康, 疾病, ?诊断, 病史, 残疾, 怀孕, 血型, 精神疾病
        | =स्वास्थ्य, बीमारी, रोग, विकलांगता, गर्भावस्था, रक्त समूह
        | =afya, hali ya afya, ugonjwa, ulemavu, ujauzito
        | =kesehatan, kondisi kesehatan, penyakit, disabilitas, kehamilan, =hamil, golongan darah
        | =saglik, saglik durumu, hastalik, ?tani, teshis, engellilik, =hamile, hamilelik, kan grubu
        | =ጤና, የጤና ሁኔታ, በሽታ, ሕመም, አካል ጉዳት, እርግዝና
    """,
    Category.SEXUALITY: """
        sexual orientation, sexuality, sexual preference, gender identity, sex life, lgbt, lgbtq, lgbtqi, lgbtqia
        | orientation sexuelle, vie sexuelle, identite de genre, homosexualite
        | orientacion sexual, vida sexual, identidad de genero, homosexualidad
        | orientacao sexual, identidade de genero, homossexualidade
        | sexuelle orientierung, sexualitat, geschlechtsidentitat, sexualleben
        | orientamento sessuale, vita sessuale, identita di genere
        | сексуальная ориентация, половая жизнь, гендерная идентичность
        | сексуальна орієнтація, гендерна ідентичність
        | التوجه الجنسي, الميول الجنسية, الهوية الجنسية
        | 性取向, 性倾向, 性别认同, 性生活
        | यौन अभिविन्यास, यौन रुझान, लैंगिक पहचान
        | mwelekeo wa kijinsia, mwelekeo wa kimapenzi
        | orientasi seksual, identitas gender
        | cinsel yonelim, cinsel tercih, cinsiyet kimligi
        | ጾታዊ ዝንባሌ
    """,
    Category.POLITICS: """
        political, political opinion, political view, political affiliation, political party, party affiliation,
        political leaning, =politics, ideology, dissent, dissident, ?opposition, protester, protestor, =protest,
        activist, activism, anti government, anti regime, regime critic, critical of government, =vote, =voter,
        voting intention, ?partisan, separatist, sedition, seditious, subversive, insurgent, =rebel, blasphemy
        | politique, opinion politique, appartenance politique, parti politique, dissidence, opposant, manifestant
        | opinion politica, afiliacion politica, partido politico, disidente, disidencia, opositor, activista,
        manifestante
        | opiniao politica, filiacao politica, filiacao partidaria, dissidente, ativista
        | politische, politische meinung, parteizugehorigkeit, oppositionelle, oppositioneller, regimekritiker,
        aktivist, demonstrant
        | opinione politica, orientamento politico, partito politico, oppositore, attivista
        | политические взгляды, политические убеждения, политическая, партийность, диссидент, инакомыслие,
        оппозиционер, ?оппозиция, активист, протестующий
        | політичні погляди, політичні переконання, політична, партійність, дисидент, інакодумство, опозиціонер,
        активіст, протестувальник
        | الرأي السياسي, الآراء السياسية, الانتماء السياسي, الحزب السياسي, ?معارض, ?معارضة, المعارضة, منشق, ناشط,
        متظاهر, سياسي
        | 政治面貌, 政治观点, 政治立场, 政治倾向, ?政治, 党派, 异见, 异议人士, 持不同政见, 抗议者, 活动人士
        | राजनीतिक, राजनीतिक विचार, राजनीतिक दल, असंतुष्ट, ?विरोधी, प्रदर्शनकारी
        | maoni ya kisiasa, msimamo wa kisiasa, kisiasa, chama cha siasa, mpinzani, wapinzani, mwanaharakati,
        mwandamanaji
        | pandangan politik, afiliasi politik, partai politik, politik, pembangkang, ?oposisi, aktivis
        | siyasi, siyasi gorus, siyasi dusunce, parti uyeligi, muhalif
        | የፖለቲካ አመለካከት, የፖለቲካ ፓርቲ, የፖለቲካ, ተቃዋሚ, ተቃዋሚዎች
    """,
    Category.BIOMETRICS: """
        biometric, ?fingerprint, iris scan, =face id, =faceid, face embedding, facial recognition, face recognition,
        retina scan, voiceprint, voice print, ?dna, dna profile, =gait, genetic data
        | donnees biometriques, biometrique, empreinte digitale
        | datos biometricos, biometrico, huella dactilar
        | dados biometricos, biometria, impressao digital
        | biometrische, fingerabdruck
        | dati biometrici, impronta digitale
        | биометрия, биометрические данные, отпечаток пальца, отпечатки пальцев
        | біометрія, біометричні дані, відбиток пальця, відбитки пальців
        | البصمة, بصمة الإصبع, بصمات الأصابع, البيانات البيومترية
        | 生物识别, 指纹, 人脸识别, 虹膜
        | बायोमेट्रिक, फिंगरप्रिंट, उंगलियों के निशान
        | alama za vidole
        | biometrik, sidik jari
        | biyometrik, parmak izi
        | የጣት አሻራ, ባዮሜትሪክ
    """,
    Category.CASTE: """
        caste, subcaste, sub caste, =jati, ?varna, scheduled caste, scheduled tribe
        | caste | casta | casta | =kaste | casta | каста | каста | ?طبقة اجتماعية | 种姓
        | जाति, उपजाति, अनुसूचित जाति, अनुसूचित जनजाति, ?वर्ण
        | =tabaka | =kasta | ?kast | ?ዘር
    """,
    Category.UNION: """
        trade union, labor union, labour union, union member, union membership, unionized, trade unionist
        | syndicat, appartenance syndicale, ?syndique
        | sindicato, afiliacion sindical, sindical
        | filiacao sindical
        | gewerkschaft, gewerkschaftsmitglied, gewerkschaftszugehorigkeit
        | sindacato, appartenenza sindacale, iscrizione sindacale
        | профсоюз, членство в профсоюзе
        | профспілка, членство у профспілці
        | نقابة, النقابة, عضوية النقابة
        | 工会
        | ट्रेड यूनियन, मजदूर संघ, श्रमिक संघ
        | chama cha wafanyakazi
        | serikat pekerja, serikat buruh
        | sendika, sendika uyeligi
        | የሰራተኛ ማህበር, የሠራተኞች ማህበር
    """,
    Category.MIGRATION: """
        immigration, immigration status, migration status, =migrant, immigrant, refugee, asylum, asylum seeker,
        ?undocumented, residence permit, visa status, ?visa, ?legal status, deportation, ?displaced,
        internally displaced, ?stateless, =citizenship, citizenship status
        | statut migratoire, =immigre, refugie, demandeur d asile, droit d asile, sans papiers, titre de sejour
        | situacion migratoria, estatus migratorio, migrante, inmigrante, refugiado, solicitante de asilo, indocumentado
        | situacao migratoria, imigrante, requerente de asilo
        | aufenthaltsstatus, aufenthaltstitel, migrationsstatus, fluchtling, asyl, asylbewerber
        | permesso di soggiorno, immigrato, rifugiato, richiedente asilo
        | миграционный статус, мигрант, иммигрант, беженец, вид на жительство, =гражданство
        | міграційний статус, мігрант, біженець, =громадянство
        | وضع الهجرة, مهاجر, لاجئ, لاجئين, اللاجئين, اللجوء, طالب لجوء, نازح, نازحين
        | 移民, 难民, 庇护, 居留身份
        | प्रवासी, शरणार्थी, =नागरिकता
        | mkimbizi, wakimbizi, mhamiaji, wahamiaji, =uraia
        | imigrasi, imigran, pengungsi, suaka
        | gocmen, gocmenlik durumu, multeci, siginmaci
        | ስደተኛ, ስደተኞች, ጥገኝነት
    """,
    Category.CRIME: """
        criminal record, criminal, =conviction, convicted, offender, ?offence, ?offense, felony, felon, arrest record,
        =arrested, =arrest, recidivism, recidivist, =crime, =prison, prisoner, =inmate, =parole, ?suspect, terrorist,
        terrorism, extremist, jihadist, gang member, sex offender
        | casier judiciaire, condamnation, criminel, delinquant, recidive, terroriste, =detenu
        | antecedentes penales, delito, =condena, delincuente, reincidencia, terrorista, =preso
        | antecedentes criminais, condenacao, criminoso
        | vorstrafen, vorstrafe, straftat, strafregister, straftater, haftling
        | precedenti penali, casellario giudiziale, reato, criminale, detenuto
        | судимость, преступление, преступник, террорист, заключенный
        | судимість, злочин, злочинець, терорист
        | السجل الجنائي, سوابق جنائية, جريمة, مجرم, إرهابي, سجين, معتقل
        | 犯罪记录, 前科, 犯罪, 罪犯, 恐怖分子, 嫌疑人, 囚犯
        | आपराधिक, अपराध, अपराधी, आतंकवादी, कैदी
        | uhalifu, mhalifu, gaidi, mfungwa
        | catatan kriminal, kejahatan, narapidana, teroris
        | sabika kaydi, sabika, ?suc, hukumlu, =mahkum
        | ወንጀል, ወንጀለኛ, አሸባሪ, እስረኛ
    """,
}
"""How a field is called that holds such a thing."""

VALUES: dict[Category, str] = {
    Category.ETHNICITY: """
        african american, afro american, hispanic, ?latino, ?latina, latinx, ?caucasian, ?asian, ?arab, ?african,
        ?european, ?native american, pacific islander, ~roma, romani, gypsy, sinti, kurd, kurdish, uyghur, uighur,
        rohingya, tutsi, hutu, hazara, tigrayan, ~amhara, ~oromo, ~somali, ~hausa, ~igbo, ~yoruba, fulani, ~zulu,
        ~xhosa, maasai, kikuyu, tatar, chechen, tibetan, ~berber, amazigh, inuit, aboriginal, mestizo, mulatto, ~black,
        ~white, ~indian, han chinese, biracial, multiracial, mixed race
        | kurde, ~noir, ~blanc, ~arabe, metis, maghrebin
        | gitano, ~negro, ~blanco, ?indigena, kurdo
        | ~branco, ~preto, ?pardo, quilombola, cigano
        | kurdisch, ~schwarz, ~weiss, zigeuner
        | curdo, ~nero, ~bianco, zingaro
        | цыган, цыгане, курд, курды, татарин, чеченец, еврей, ?славянин
        | циган, цигани, кримський татарин
        | كردي, أكراد, أمازيغي, تركماني, ~عربي
        | 汉族, 维吾尔, 藏族, 回族, 蒙古族, 苗族
        | आदिवासी
        | mkikuyu, mjaluo, mmaasai
        | tionghoa
        | ?kurt, cerkes
        | ~አማራ, ~ኦሮሞ, ትግራዋይ, ትግሬ
    """,
    Category.RELIGION: """
        muslim, =islam, islamic, =christian, christianity, catholic, ?protestant, ?orthodox, jew, jewish, judaism,
        hindu, hinduism, buddhist, buddhism, sikh, sikhism, ?jain, yazidi, yezidi, bahai, ahmadi, ahmadiyya, shia,
        shiite, sunni, alevi, alawite, druze, ?mormon, jehovah witness, atheist, ?agnostic, apostate, ?pagan,
        zoroastrian, falun gong, ?evangelical, coptic
        | musulman, musulmane, chretien, catholique, juif, juive, bouddhiste, athee
        | musulmana, cristiano, catolico, judio, budista, ateo
        | muculmano, cristao, judeu
        | muslimisch, moslem, christlich, katholisch, judisch, ?jude, konfessionslos
        | musulmano, cattolico, ebreo
        | мусульманин, мусульмане, христианин, христиане, православный, католик, иудей, буддист, атеист, шиит, суннит
        | християнин, християни, православний, католик, іудей, атеїст
        | مسلم, مسلمون, مسلمين, مسيحي, مسيحيين, يهودي, سني, شيعي, درزي, علوي, إيزيدي, ملحد, قبطي
        | 穆斯林, 伊斯兰教, 基督教, 基督徒, 天主教, 佛教, 犹太, 印度教, 法轮功
        | मुसलमान, मुस्लिम, हिंदू, हिन्दू, ईसाई, सिख, बौद्ध, यहूदी
        | mwislamu, muislamu, waislamu, mkristo, wakristo
        | kristen, katolik, konghucu
        | musluman, hristiyan, yahudi, ateist
        | ሙስሊም, ክርስቲያን, ?ኦርቶዶክስ, ፕሮቴስታንት, እስልምና
    """,
    Category.HEALTH: """
        hiv, hiv positive, =aids, ?cancer, ?tumor, ?tumour, ?malignant, ?benign, diabetes, diabetic, ?depression,
        ?depressed, schizophrenia, ?bipolar, autism, autistic, adhd, epilepsy, tuberculosis, covid, pneumonia,
        alzheimer, dementia, ptsd, ?anxiety, melanoma, carcinoma, seropositive
        | seropositif, vih, ?sida, diabete
        | seropositivo
        | soropositivo
        | ?krebs, zuckerkrankheit
        | sieropositivo, diabete
        | вич, ?рак, диабет, туберкулез
        | ?віл, діабет, туберкульоз
        | ?سرطان, السكري, الإيدز
        | 癌症, 糖尿病, 抑郁症, 艾滋病
        | मधुमेह, कैंसर, एड्स, एचआईवी
        | ukimwi, kisukari, kifua kikuu, saratani
        | kanker, tbc
        | ?kanser, diyabet, ?verem
        | ካንሰር, ኤድስ
    """,
    Category.SEXUALITY: """
        gay, lesbian, homosexual, homosexuality, bisexual, heterosexual, transgender, transsexual, ?queer, nonbinary,
        ?non binary, ~straight, ~trans
        | homosexuel, lesbienne, bisexuel
        | lesbiana
        | homossexual, lesbica
        | schwul, lesbisch, homosexuell
        | omosessuale
        | гей, лесбиянка, гомосексуал, бисексуал
        | лесбійка, гомосексуал
        | مثلي الجنس, ?مثلي, مثليين
        | 同性恋, 双性恋, 跨性别
        | समलैंगिक
        | ?shoga, msagaji
        | homoseksual, waria
        | escinsel, lezbiyen, biseksuel
        | ግብረ ሰዶማዊ
    """,
    Category.POLITICS: """
        communist, socialist, fascist, ~liberal, ~conservative, ?democrat, ?republican, islamist, ?leftist, ?loyalist,
        left wing, right wing, far right, far left, pro government
        | communiste | comunista | comunista | kommunist | comunista | коммунист | комуніст | شيوعي | 共产党员
        | कम्युनिस्ट | mkomunisti | komunis | komunist | ኮሚኒስት
    """,
    Category.CASTE: """
        brahmin, kshatriya, vaishya, shudra, dalit, =obc | | | | | | | | |
        | ब्राह्मण, क्षत्रिय, वैश्य, शूद्र, दलित | | | |
    """,
}
"""What such a field says of somebody."""

OTHERWISE: dict[Category, str] = {
    Category.ADDRESS: """
        ip address, ipv address, mac address, email address, e mail address, mail address, web address, memory address,
        bus address, server address, wallet address, bitcoin address, contract address, base address, url address,
        host address, bluetooth address, adresse ip, adresse mac, adresse email, adresse mail, adresse electronique,
        adresse web, direccion ip, direccion de correo, endereco ip, endereco de email, indirizzo ip, indirizzo email,
        ip адрес, ip адреса, электронный адрес, email адрес, alamat email, alamat ip, anwani ya barua pepe,
        address book, address bus, address space,
        addressing mode,
        e posta adresi, ip adresi, zip file, ip地址, 网址, 邮件地址, 电子邮件地址
    """,
    Category.COORDINATES: """
        pixel coordinate, image coordinate, texture coordinate, box coordinate, bbox coordinate,
        bounding box coordinate, x coordinate, y coordinate, z coordinate, coordinate system, uv coordinate,
        screen coordinate, atom coordinate
    """,
    Category.PLACE: "in place, memory location, file location, place value, decimal place, first place, second place",
    Category.RELIGION: """
        jew s harp, jew harp, kafir lime, jewish rye, good faith, bad faith,
        banknote denomination, currency denomination
    """,
    Category.HEALTH: """
        plant disease, crop disease, leaf disease, fruit disease, tree disease, animal disease, battery health,
        system health, server health, service health, node health, network health, machine health, health check,
        health bar, health points, forest health, soil health, plant health, fault diagnosis, engine diagnosis,
        great depression, tropical depression, bipolar transistor, cancer zodiac, game addiction points,
        maladie des plantes, pflanzenkrankheit, penyakit tanaman, 植物病害
    """,
    Category.POLITICS: "political map, political geography",
    Category.BIOMETRICS: """
        device fingerprint, browser fingerprint, audio fingerprint, key fingerprint, molecular fingerprint,
        certificate fingerprint, content fingerprint
    """,
    Category.CRIME: "prisoner dilemma, cardiac arrest, arrest warrant template",
    Category.MIGRATION: "data migration, schema migration, database migration, bird migration, cell migration",
    Category.ETHNICITY: "human race, race condition, race track, arms race, boat race, race car, tribal dance",
}
"""Where a word of a category stands for something else."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


FORMS = _set(
    """
    id ids code codes type types name names value values label labels class classes category categories text str num
    nr no number flag is has was the a an of user person people patient subject victim head applicant respondent client
    customer citizen individual predicted pred prediction output target detected inferred declared self reported y out
    field score prob probability group groups status level info details data entity tag start end begin inside unit
    single last first current main primary his her their my your full
    """
)
"""Words that only say in which form, or whose, or how sure."""

TOPICS = _set(
    """
    sport sports technology tech business science entertainment world travel food fashion weather finance economy
    economics arts art culture education lifestyle autos automotive music film movie movies games gaming opinion society
    deporte deportes tecnologia economia cultura ciencia wirtschaft kultur wissenschaft technik economie science culture
    спорт экономика культура наука технологии رياضة اقتصاد تكنولوجيا ثقافة 体育 科技 财经 娱乐 olahraga ekonomi
    teknologi spor ekonomi teknoloji michezo uchumi
    """
)
"""Names of topics of news: beside two of them, `health` or `politics` is most likely a topic too."""

COLOURS = _set(
    """
    red green blue yellow orange purple pink brown grey gray beige cyan magenta violet rouge vert bleu jaune rojo verde
    azul amarillo rot grun blau gelb rosso giallo blu
    """
)
LANGUAGES = _set(
    """
    english french spanish german italian portuguese russian arabic swahili amharic turkish hindi chinese japanese
    korean dutch polish ukrainian vietnamese thai persian hebrew greek indonesian bengali urdu eng fra spa deu ita por
    rus ara zho hin swa tur
    """
)
ZODIAC = _set("aries taurus gemini leo virgo libra scorpio sagittarius capricorn aquarius pisces")
DIRECTIONS = _set("left right top bottom up down north south east west short wide narrow tall")
ELECTRONICS = _set("enabled active inactive on off")
BESIDES: tuple[tuple[frozenset[str], frozenset[Category]], ...] = (
    (COLOURS, frozenset({Category.ETHNICITY})),
    (LANGUAGES, frozenset({Category.ETHNICITY, Category.COORDINATES, Category.RELIGION})),
    (ZODIAC, frozenset({Category.HEALTH})),
    (DIRECTIONS, frozenset({Category.COORDINATES, Category.SEXUALITY, Category.POLITICS})),
    (ELECTRONICS, frozenset({Category.HEALTH})),
)
"""Beside two names of one of these sets, a word of these kinds with another common meaning has that other meaning."""

HIDDEN = _set(
    """
    label class target output out y id idx index type
    yes no true false t f n si oui non ja nein nao да нет так ні نعم لا 是 否 हाँ नहीं ndiyo hapana ya tidak evet hayir
    አዎ አይ sim verdadero falso vrai faux wahr falsch
    """
)
"""Names of classes that say nothing of what they are about; a number after them does not help."""

NUMBERED = _set("cls category cat cluster group item kind c l k topic field tag entity state code value")
"""Words that say nothing with a number after them: `cat` is an animal, `cat_3` is nothing."""

UNTELLING = _set("outcome result response dependent variable var column col truth gt answer ground dv")
"""Besides `HIDDEN`, `NUMBERED` and `FORMS`: words of the name of a target that do not say what is foretold."""
