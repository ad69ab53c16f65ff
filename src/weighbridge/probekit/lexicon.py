"""Words that name columns, by meaning and language: our own list, to be added to.

Languages are parted by bars, in this order: English, French, Spanish, Portuguese, German, Italian, Dutch, Arabic (as
it is spelt in Latin letters, then in its own), Swahili, Indonesian, Turkish, Somali, Polish (where it is there).
Accents, capitals, spaces and words that only join others do not matter.
"""

from __future__ import annotations

from enum import StrEnum


class Meaning(StrEnum):
    """What a column about people holds; the value is how a note calls it."""

    FULL_NAME = "name"
    EMAIL = "e-mail address"
    PHONE = "phone number"
    OFFICIAL = "official number"
    RECORD = "number of a record"
    ACCOUNT = "account"
    ADDRESS = "address"
    COORDINATE = "coordinate"
    PERSON = "number of a person"
    AGE = "age"
    BIRTH = "birth date"
    SEX = "sex"
    PLACE = "place"
    DATE = "date of an event"
    ORIGIN = "origin"
    LANGUAGE = "language"
    RELIGION = "religion"
    MARITAL = "marital status"
    FAMILY = "family or household"
    EDUCATION = "education"
    WORK = "work"
    BODY = "body"
    DISABILITY = "disability"
    HEALTH = "health"
    MONEY = "money"
    NEED = "need"
    CONVICTION = "conviction"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


WORDS: dict[Meaning, str] = {
    Meaning.FULL_NAME: """
        name, full name, first name, last name, forename, given name, middle name, surname, family name, maiden
        name, head name | nom, prenom, nom complet, nom de famille, noms et prenoms, nom et prenom | nombre,
        nombres, apellido, apellidos, nombre completo, primer nombre, primer apellido, segundo apellido | nome,
        sobrenome, nome completo, apelido, primeiro nome, ultimo nome | vorname, nachname, familienname,
        vollstandiger name, rufname | nome e cognome, cognome, nominativo | naam, voornaam, achternaam | ism, al
        ism, ism kamil, laqab, الاسم, اسم, الاسم الكامل, اللقب | jina, jina kamili, jina la kwanza, jina la familia
        | nama, nama lengkap, nama depan | isim, soyad, soyadi, ad soyad, adi soyadi | magac, magaca
        | imie, imiona, nazwisko, imie i nazwisko
        | имя, фамилия, фио, отчество | 姓名, 名字 | 氏名, 名前 | 이름, 성명
    """,
    Meaning.EMAIL: """
        email, e mail, mail, email address, mail address, contact email | courriel, adresse email, adresse mail,
        adresse electronique | correo, correo electronico | correio eletronico, endereco de email | e mail adresse,
        mailadresse | posta elettronica, indirizzo email | e mailadres | barid, barid iliktruni, البريد الالكتروني |
        barua pepe | surel, alamat email | eposta, e posta | iimayl
        | adres email, poczta elektroniczna
        | электронная почта, почта | 邮箱, 电子邮件, 电子邮箱, 電子郵件 | メールアドレス | 이메일
    """,
    Meaning.PHONE: """
        phone, phone number, telephone, telephone number, tel, mobile, mobile number, mobile phone, cell, cell
        phone, msisdn, contact number, contact phone, whatsapp, whatsapp number, home phone, work phone | telephone
        portable, numero de telephone, portable, gsm | telefono, celular, movil, numero de telefono, numero
        telefonico | telefone, telemovel, numero de telefone | telefon, telefonnummer, handy, handynummer,
        mobilnummer, rufnummer | cellulare, numero di telefono | telefoonnummer, telefoon, mobiel | hatif, raqm al
        hatif, jawwal, mobail, الهاتف, رقم الهاتف, الجوال | simu, nambari ya simu, namba ya simu | telepon, nomor
        telepon, no hp, nomor hp | telefon numarasi, cep telefonu | telefoon, lambarka telefoonka
        | numer telefonu, nr telefonu, komorka
        | телефон, номер телефона, мобильный | 电话, 手机, 手机号, 手机号码, 电话号码, 联系电话, 電話
        | 電話番号, 携帯電話 | 전화, 전화번호
    """,
    Meaning.OFFICIAL: """
        ssn, social security number, national id, national identifier, national identity number, nin, id card, id
        card number, passport, passport number, tax id, tax number, driver license, driving licence, driver licence
        number, voter id, licence plate, license plate, number plate, vin, nhs number, medicare number, unhcr id,
        ration card | numero de securite sociale, nir, carte d identite, numero de passeport, passeport, plaque d
        immatriculation | dni, nie, curp, rfc, cedula, cedula de identidad, pasaporte, nss, rut, documento de
        identidad, numero de documento, matricula | cpf, rg, nif, passaporte, numero de identidade, titulo de
        eleitor, cns | personalausweis, ausweisnummer, reisepass, steuernummer, sozialversicherungsnummer,
        kennzeichen | codice fiscale, carta d identita, targa | bsn, burgerservicenummer, paspoort, kenteken | raqm
        watani, raqm al huwiya, huwiya, jawaz, jawaz al safar, الرقم الوطني, رقم الهوية, جواز السفر | kitambulisho,
        nambari ya kitambulisho, pasipoti | nik, nomor ktp, ktp, nomor paspor | tc kimlik, tc kimlik no, kimlik no,
        pasaport | aqoonsi, baasaboor
        | pesel, numer pesel, dowod osobisty, nr dowodu
        | паспорт, номер паспорта, снилс, инн | 身份证, 身份证号, 身份证号码, 護照 | マイナンバー
        | 주민등록번호
    """,
    Meaning.RECORD: """
        mrn, medical record number, record number, case number, case id, file number, registration number,
        registration id, registration no, reference number, account number, policy number, claim number, admission
        number, hospital number, folio, household id, household number, hh id, family id, family number, family
        code, token number, card number | numero de dossier, numero d enregistrement, numero de cas, id menage,
        numero de menage | numero de expediente, expediente, numero de registro, historia clinica, id hogar, numero
        de hogar | numero do processo, prontuario, numero de registo, id familia | aktenzeichen, fallnummer, fall
        id, haushalts id, haushaltsnummer | numero cartella, numero pratica | dossiernummer, registratienummer |
        raqm al tasjil, raqm al malaf, raqm al aila, رقم التسجيل, رقم الملف | nambari ya usajili, namba ya usajili,
        nambari ya kaya | nomor registrasi, nomor rekam medis, nomor kk | dosya no, kayit no, hane no | lambarka
        diiwaangelinta
    """,
    Meaning.ACCOUNT: """
        username, user name, screen name, handle, login, nickname, twitter, twitter handle, facebook, instagram,
        telegram, profile url, linkedin, iban, bank account, bank account number, credit card, credit card number,
        card no, mobile money number, ip, ip address, mac, mac address, imei, imsi, device id, advertising id,
        cookie id | identifiant, pseudo, pseudonyme, compte bancaire, adresse ip | usuario, nombre de usuario,
        cuenta bancaria, direccion ip | nome de usuario, conta bancaria, endereco ip | benutzername, bankkonto,
        kontonummer, ip adresse | nome utente, conto bancario | gebruikersnaam, rekeningnummer | ism al mustakhdim,
        hisab bank | jina la mtumiaji, akaunti ya benki | nama pengguna, nomor rekening | kullanici adi, hesap no |
        akoon
    """,
    Meaning.ADDRESS: """
        address, street, street address, home address, house number, street name, residence address, address line |
        adresse, rue, adresse postale, adresse domicile | direccion, calle, domicilio | endereco, rua, morada,
        logradouro | anschrift, strasse, wohnadresse, hausnummer | indirizzo, via | adres, straat, straatnaam |
        unwan, al unwan, shari, العنوان, الشارع | anwani, mtaa | alamat, jalan | sokak, cadde | cinwaan, cinwaanka
        | adres zamieszkania, ulica
    """,
    Meaning.COORDINATE: """
        lat, latitude, lon, lng, long, longitude, gps, gps latitude, gps longitude, coordinates, coordinate,
        geolocation, geopoint, geo point, location gps, gps coordinates, x coord, y coord, easting, northing, geom,
        geometry, home lat, home lon, lat long, latlon, latlng | coordonnees, coordonnees gps | latitud, longitud,
        coordenadas | localizacao gps | breitengrad, langengrad, koordinaten | latitudine, longitudine, coordinate
        gps | breedtegraad, lengtegraad | khat al ard, khat al tul, خط العرض, خط الطول | latitudo, longitudo |
        lintang, bujur | enlem, boylam | isku duwayaasha
    """,
    Meaning.PERSON: """
        person, person id, patient, patient id, patient number, user, user id, userid, respondent, respondent id,
        participant, participant id, subject id, individual id, beneficiary, beneficiary id, client id, customer id,
        member id, employee id, employee number, staff id, student id, student number, pupil id, learner id, voter,
        worker id, refugee id, applicant id, case person id, resident id, rater id, reviewer id, author id, enrollee
        id | personne, id personne, id patient, numero patient, beneficiaire, id beneficiaire, id utilisateur,
        repondant, id eleve | persona, id persona, paciente, id paciente, beneficiario, id beneficiario, id usuario,
        encuestado, id alumno | pessoa, id pessoa, id do paciente, utente, entrevistado, id aluno | personen id,
        patienten id, patientennummer, kundennummer, teilnehmer, nutzer id, schuler id | id paziente, paziente, id
        utente, utente id | persoon id, patientnummer, deelnemer | raqm al marid, marid, mustafid, raqm al mustafid,
        المريض, المستفيد, رقم المستفيد | mtu, mgonjwa, mnufaika, mshiriki, nambari ya mgonjwa | id orang, pasien, id
        pasien, penerima manfaat, responden | kisi id, hasta, hasta no, yararlanici | bukaanka, ka faaiideyste
    """,
    Meaning.AGE: """
        age, ages, age years, age in years, age group, age band, age at diagnosis, age at admission, agegrp, age
        head, hh age | groupe d age, tranche d age, classe d age | edad, grupo de edad, rango de edad | idade, faixa
        etaria | alter, lebensalter, altersgruppe | eta, fascia di eta | leeftijd, leeftijdsgroep | umr, al umr,
        omr, العمر, عمر, السن | umri, miaka | umur, usia, kelompok umur | yas, yas grubu | da da, dada
        | wiek, grupa wiekowa
    """,
    Meaning.BIRTH: """
        birth, birth date, birthdate, date of birth, dob, birthday, year of birth, birth year, yob, born, month of
        birth | date de naissance, annee de naissance, naissance, ddn | fecha de nacimiento, nacimiento, ano de
        nacimiento, fecha nac | data de nascimento, nascimento, ano de nascimento | geburtsdatum, geburtsjahr,
        geburtstag, geboren | data di nascita, anno di nascita | geboortedatum, geboortejaar | tarikh al milad,
        milad, sanat al milad, تاريخ الميلاد | tarehe ya kuzaliwa, mwaka wa kuzaliwa | tanggal lahir, tgl lahir,
        tahun lahir | dogum tarihi, dogum yili | taariikhda dhalashada
        | data urodzenia, rok urodzenia
    """,
    Meaning.SEX: """
        sex, gender, sex at birth, gender identity, sex head | sexe, genre | sexo, genero | genero | geschlecht |
        sesso, genere | geslacht | jins, al jins, naw, الجنس, النوع | jinsia, jinsi | jenis kelamin, kelamin |
        cinsiyet | jinsiga, jinsi
        | plec
    """,
    Meaning.PLACE: """
        place, location, zip, zipcode, zip code, postcode, post code, postal code, city, town, village, district,
        province, region, state, county, ward, camp, site, settlement, country, municipality, neighbourhood,
        neighborhood, governorate, subdistrict, sub county, parish, block, zone, area, adm, admin, residence, home
        town, birthplace, place of birth, place of residence, hospital, facility, clinic, school, shelter | code
        postal, ville, commune, departement, pays, quartier, prefecture, lieu, lieu de residence, camp de refugies,
        localite, hopital | codigo postal, ciudad, municipio, distrito, provincia, departamento, pais, barrio,
        estado, localidad, parroquia, lugar, hospital | cidade, bairro, freguesia, concelho, cep, regiao,
        localidade, uf | plz, postleitzahl, stadt, ort, wohnort, landkreis, bundesland, gemeinde, land, kreis,
        krankenhaus | cap, citta, comune, regione, paese, luogo di nascita | gemeente, stad, provincie, woonplaats,
        dorp, wijk | madina, qarya, muhafaza, mintaqa, balad, mukhayyam, hay, المدينة, المحافظة, القرية, المنطقة,
        المخيم, البلد | wilaya, mkoa, kijiji, kata, kambi, mji, nchi, mahali | kota, kabupaten, kecamatan, desa,
        kelurahan, provinsi, kode pos, negara | il, ilce, sehir, mahalle, koy, posta kodu, ulke, kamp | degmada,
        magaalo, tuulo, gobol, xerada
        | miasto, miejscowosc, gmina, powiat, wojewodztwo, kod pocztowy
    """,
    Meaning.DATE: """
        admission date, date of admission, discharge date, date of discharge, arrival date, date of arrival,
        registration date, date of registration, visit date, date of visit, date of death, death date, interview
        date, date of interview, hire date, enrolment date, enrollment date, diagnosis date, date of diagnosis,
        displacement date, entry date, exit date, date, timestamp, datetime, admitted, discharged, checkin, check in
        | date d admission, date de sortie, date d arrivee, date d enregistrement, date de deces | fecha, fecha de
        ingreso, fecha de alta, fecha de llegada, fecha de registro, fecha de defuncion | data, data de admissao,
        data de alta, data de chegada, data de registo, data do obito | datum, aufnahmedatum, entlassungsdatum,
        ankunftsdatum, sterbedatum | data di ricovero, data di dimissione | opnamedatum, ontslagdatum | tarikh,
        tarikh al tasjil, tarikh al wusul, التاريخ, تاريخ التسجيل | tarehe, tarehe ya usajili | tanggal, tanggal
        masuk | tarih, kayit tarihi | taariikh
    """,
    Meaning.ORIGIN: """
        race, ethnicity, ethnic group, ethnic, tribe, clan, caste, nationality, citizenship, native country, country
        of birth, country of origin, origin, birth country, migration status, immigration status, legal status,
        displacement status, visa, skin color, skin colour | ethnie, origine, nationalite, pays d origine, pays de
        naissance, groupe ethnique | raza, etnia, nacionalidad, pais de origen, pais de nacimiento | raca, cor da
        pele, nacionalidade, pais de origem, raca cor | staatsangehorigkeit, nationalitat, herkunft, herkunftsland,
        geburtsland | nazionalita, cittadinanza, paese di nascita | nationaliteit, herkomst, geboorteland | jinsiya,
        al jinsiya, asl, qabila, الجنسية, القبيلة | kabila, uraia, utaifa | suku, kebangsaan, kewarganegaraan |
        uyruk, etnik koken | qabiil, qabiilka, jinsiyad
        | obywatelstwo, narodowosc
    """,
    Meaning.LANGUAGE: """
        language, mother tongue, native language, first language, home language, language spoken, spoken language |
        langue, langue maternelle | idioma, lengua, lengua materna | lingua, lingua materna | sprache, muttersprache
        | lingua parlata | taal, moedertaal | lugha, al lugha, اللغة | lugha ya kwanza | bahasa, bahasa ibu | dil,
        ana dil | luqad, luqadda
    """,
    Meaning.RELIGION: """
        religion, faith, denomination, religious affiliation, sect | confession | religion o culto | religiao,
        crenca | konfession, religionszugehorigkeit | religione | godsdienst | din, al diyana, madhhab, الدين,
        الديانة | dini | agama | dini inanc | diinta
    """,
    Meaning.MARITAL: """
        marital status, marital, civil status, married, spouse | etat civil, situation matrimoniale, situation
        familiale, statut matrimonial | estado civil | situacao conjugal | familienstand | stato civile |
        burgerlijke staat | hala ijtimaiya, al hala al ijtimaiya, الحالة الاجتماعية | hali ya ndoa | status
        perkawinan, status pernikahan | medeni durum, medeni hal | xaaladda guurka
        | stan cywilny
    """,
    Meaning.FAMILY: """
        household, hh, household size, hh size, family size, number of children, children, num children, dependents,
        dependants, siblings, relationship, relation to head, relationship to head, head of household, number of
        dependents, household head, family, sibsp, parch, household type, family type, people in household, n
        children | menage, taille du menage, nombre d enfants, enfants, lien de parente, chef de menage, taille de
        la famille | hogar, tamano del hogar, hijos, numero de hijos, parentesco, jefe de hogar | agregado familiar,
        tamanho do agregado, filhos, numero de filhos, chefe de familia | haushalt, haushaltsgrosse, kinder, anzahl
        kinder | nucleo familiare, figli, numero di figli | huishouden, kinderen, gezinsgrootte | aila, usra, hajm
        al aila, adad al atfal, الاسرة, حجم الاسرة, عدد الاطفال | kaya, ukubwa wa kaya, idadi ya watoto, watoto |
        rumah tangga, jumlah anak, anggota keluarga | hane, hane buyuklugu, cocuk sayisi | qoys, qoyska, tirada
        carruurta
    """,
    Meaning.EDUCATION: """
        education, education level, educational level, schooling, school grade, highest education, literacy,
        qualification | niveau d etudes, niveau d education, diplome, scolarite | educacion, escolaridad, nivel
        educativo, estudios, nivel de estudios | escolaridade, educacao, nivel de escolaridade | bildung,
        schulabschluss, bildungsabschluss, ausbildung | istruzione, titolo di studio | opleiding, opleidingsniveau |
        talim, taalim, al mustawa al talimi, التعليم, المستوى التعليمي | elimu, kiwango cha elimu | pendidikan |
        egitim, egitim durumu | waxbarasho
        | wyksztalcenie
    """,
    Meaning.WORK: """
        occupation, job, job title, profession, work, workclass, work class, employment, employment status,
        employer, trade, livelihood | metier, emploi, travail, employeur, poste | ocupacion, profesion, empleo,
        trabajo, oficio, cargo | ocupacao, profissao, emprego, trabalho | beruf, arbeit, arbeitgeber, tatigkeit |
        professione, occupazione, lavoro, mestiere | beroep, werk, werkgever | mihna, al mihna, amal, wazifa,
        المهنة, العمل, الوظيفة | kazi, ajira | pekerjaan | meslek | shaqo, shaqada
        | zawod
    """,
    Meaning.BODY: """
        height, weight, body height, body weight, bmi, stature, shoe size, eye color, hair color, eye colour, hair
        colour, muac | taille, poids, imc | estatura, peso, altura, talla | peso corporal | grosse, korpergrosse,
        gewicht, korpergewicht | altezza | lengte, gewicht | tul, wazn, الطول, الوزن | urefu, uzito | tinggi badan,
        berat badan | boy, kilo | dherer, miisaan
    """,
    Meaning.DISABILITY: """
        disability, disabled, impairment, disability status, disability type | handicap, situation de handicap |
        discapacidad | deficiencia | behinderung | disabilita | handicap type | iaqa, ieaqa, الاعاقة, اعاقة |
        ulemavu | disabilitas | engellilik, engel durumu | naafo, naafanimo
    """,
    Meaning.HEALTH: """
        diagnosis, disease, illness, hiv, hiv status, icd, medication, symptom, symptoms, blood type, pregnant,
        pregnancy, cause of death, health status, mental health, allergy, allergies, vaccination, cholesterol, blood
        pressure | diagnostic, maladie, traitement, enceinte, groupe sanguin | diagnostico, enfermedad, tratamiento,
        embarazo, embarazada | doenca, tratamento, gravidez | diagnose, krankheit, behandlung, schwanger | diagnosi,
        malattia, gravidanza | ziekte, behandeling | tashkhis, marad, haml, التشخيص, المرض | ugonjwa, utambuzi,
        ujauzito, matibabu | penyakit, diagnosa, hamil | teshis, hastalik, tani | cudur, cudurka
    """,
    Meaning.MONEY: """
        income, salary, wage, wages, earnings, debt, household income, monthly income, annual income, net worth,
        salary class, income class, capital gain, capital loss, credit score, pension, cash received | revenu,
        salaire, dette, revenus | ingreso, ingresos, salario, sueldo, deuda | renda, rendimento, divida, renda
        familiar | einkommen, gehalt, lohn, schulden | reddito, stipendio, debito | inkomen, salaris, loon | dakhl,
        ratib, الدخل, الراتب | mapato, mshahara | pendapatan, gaji, penghasilan | gelir, maas | dakhli, mushahar
    """,
    Meaning.NEED: """
        need, needs, priority need, priority needs, vulnerability, vulnerabilities, vulnerability score, protection
        concern, gbv, abuse, case type, reason for flight, reason for displacement | besoin, besoins, vulnerabilite
        | necesidad, necesidades, vulnerabilidad | necessidade, necessidades, vulnerabilidade | bedarf, bedurfnisse,
        schutzbedarf | bisogno, bisogni | behoefte, behoeften | ihtiyaj, ihtiyajat, الاحتياجات | mahitaji, hitaji |
        kebutuhan | ihtiyac, ihtiyaclar | baahi, baahiyaha
    """,
    Meaning.CONVICTION: """
        political opinion, political affiliation, party, vote, voted, union member, trade union, sexual orientation,
        sexuality, criminal record, crime, offense, offence, conviction, sentence, arrest, recidivism | opinion
        politique, parti, orientation sexuelle, casier judiciaire, syndicat | partido, orientacion sexual,
        antecedentes penales, delito | partido politico, orientacao sexual, crime cometido | partei, sexuelle
        orientierung, vorstrafen, gewerkschaft | partito, orientamento sessuale | partij, seksuele geaardheid |
        hizb, الحزب | chama cha siasa | partai, orientasi seksual | parti uyeligi, cinsel yonelim | xisbi
    """,
}

JOINS = _set(
    """
    a an and at by for from in of on or per the to au aux d de des du en et l la le les ou al con del el los las o por y
    da das do dos e na am dem der die im und von zu zum di il lo van het een wa ya za cha kwa fi min
    """
)
"""Words that only join others."""

OWNERS = _set(
    """
    my our your s self current q hh su sa son seu ihr patient person respondent participant member individual
    beneficiary client customer employee student user head victim applicant household case
    """
)
"""Words that say whose it is."""

SHAPES = _set(
    """
    yr yrs year years month months ans anos jahre anni jaar code cod group grp band range cat category class bin
    level lvl value val desc label txt str text num nr number no id key name nom nombre type clean raw new old orig
    final std norm
    """
)
"""Words that say in which form it is written."""

THINGS = _set(
    """
    sepal petal pixel px sensor temperature temp humidity pressure voltage volt current rpm torque alcohol acid ash
    phenols flavanoids proline radius texture perimeter concavity smoothness compactness symmetry fractal density
    wavelength channel feature feat dim dimension embedding component pc attr bill flipper species spectrum
    intensity frequency amplitude vibration accelerometer gyroscope station magnitude galaxy star flux molecule atom
    gene probe isotope reactor engine battery
    """
)
"""Words that name measurements of things."""

KINDS = _set(
    """
    species breed animal animals pet livestock cylinder cylinders mpg horsepower vehicle model manufacturer product sku
    isbn
    """
)
"""Words that name what kind of animal or goods a row is."""

TEXTS = _set(
    """
    text texts document documents doc id idx index lang language locale label labels split source url uri title topic
    category subset dataset license licence score rating sentiment target prompt response completion instruction input
    output answer question context chosen rejected role turn conversation system assistant tokens token length n num
    number words chars count hash sha md version date timestamp created
    """
)
"""Words that name what stands beside a text in a collection of texts."""

TIMES = _set(
    """
    date datetime timestamp time day month year quarter period wave round visit week session cycle episode semester term
    mois annee periode trimestre fecha mes ano anno periodo datum monat jahr zeitraum welle maand mese tarih tarehe
    tanggal bulan taariikh miesiac rok شهر سنة تاريخ
    """
)
"""Words that say when, at a name's end."""

SEXES = _set(
    """
    m f w h male female man woman men women boy girl homme femme masculin feminin hombre mujer masculino femenino
    feminino homem mulher mann frau mannlich weiblich maschio femmina uomo donna man vrouw dhakar untha ذكر انثي
    انثى mume mke mwanaume mwanamke laki lakilaki perempuan erkek kadin dheddig
    """
)
"""How a person's sex is written in a cell."""
